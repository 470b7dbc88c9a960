"""The banks in use: the shipped one, those that `--bank` names, those of the settings. All commands see the same."""

import os
from pathlib import Path

from mlquiz import settings
from mlquiz.settings import Settings
from mlquiz.world import World


def roots(world: World, known: Settings | None = None) -> tuple[Path, ...]:
    """The shipped bank and one's own, each once. A folder of the settings that is not there is told on stderr."""
    found = [world.paths.bank]
    for path in own(world, known):
        if path in world.paths.banks or path.is_dir():
            found.append(path)
        else:
            world.say(
                f"mlquiz: There is no bank at {path}, which your settings name; gone on without it."
                " `mlquiz doctor` says where it is named."
            )
    return tuple(found)


def own(world: World, known: Settings | None = None) -> tuple[Path, ...]:
    """Folders of one's own, there or not: those of `--bank` first, so that they are written into."""
    known = known or settings.load(world.paths.settings, world.environ)
    found: dict[str, Path] = {}
    for path in (*world.paths.banks, *known.banks):
        found.setdefault(os.path.realpath(path), path)
    found.pop(os.path.realpath(world.paths.bank), None)
    return tuple(found.values())
