"""Leave to run programs of a bank that is not mlquiz's own: asked for once, and again for every file that changes.

It is given to what stands in a file, not to a name, and kept beside the profiles, outside every log.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from mlquiz.commands.desk import typed
from mlquiz.core.words import count
from mlquiz.errors import MlquizError, UsageError
from mlquiz.world import World, write_whole


def allow(
    world: World, programs: Mapping[str, str], doing: str, this_time: bool = False, for_good: bool = False
) -> None:
    """Returns if the programs of these files (path: SHA-256 of its bytes) may run; asks where that is not known yet.

    `for_good` is a yes said beforehand, `this_time` one that is not remembered.
    `doing` begins the question: `Checking`. Raises UsageError where nobody can be asked, MlquizError when refused.
    """
    if this_time or not programs:
        return
    try:
        known = trusted(world.paths.trusted)
    except MlquizError as error:
        world.say(f"mlquiz: {error}")
        known = {}
    new = {file: digest for file, digest in programs.items() if known.get(file) != digest}
    if not new:
        return
    if not for_good:
        _ask(world, new, len(new.keys() & known.keys()), doing)
    try:
        _remember(world.paths.trusted, {**known, **new})
    except OSError as error:
        world.say(f"mlquiz: That cannot be remembered, so it is asked again next time: {error}.")


def _ask(world: World, new: Mapping[str, str], changed: int, doing: str) -> None:
    """Returns after a yes."""
    where = typed(_folder(new))
    if not world.stdin.isatty():
        raise UsageError(f"{doing} runs the programs in {where}; --run-programs allows that, --allow for good.")
    from mlquiz.players.prompts import confirm

    since = f" ({changed:,} changed since you allowed it)" if changed else ""
    if not confirm(
        f"{doing} runs the programs of {count(len(new), 'file')}{since} in {where} on this machine."
        " Run them, and again unasked while they stay as they are?"
    ):
        raise MlquizError("Nothing was run.")


def trusted(path: Path) -> dict[str, str]:
    """What may run, as file: SHA-256. Raises MlquizError for a file that does not say."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        files = said["files"]
        if not all(isinstance(digest, str) for digest in files.values()):
            raise ValueError("a digest should be text")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise MlquizError(f"{path} cannot be read ({error}), so it allows nothing; delete it.") from None
    return dict(files)


def _remember(path: Path, files: Mapping[str, str]) -> None:
    """Written whole or not at all; files that are gone are forgotten."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    there = {file: digest for file, digest in sorted(files.items()) if os.path.exists(file)}
    write_whole(path, json.dumps({"version": 1, "files": there}, indent=2) + "\n", 0o600)


def _folder(files: Mapping[str, str]) -> Path:
    """The folder that holds them all; where there is none, on Windows, the first one's."""
    folders = [os.path.dirname(file) for file in files]
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:
        return Path(folders[0])
