"""`mlquiz doctor`: all that a bug report should say, and what is wrong with what to do. It changes nothing.

Whatever is wrong in one part, the others are looked at all the same.
"""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from mlquiz import settings
from mlquiz import world as worlds
from mlquiz.commands import examination, surroundings
from mlquiz.core.checkup import Fact, Finding, Part, worst
from mlquiz.core.text import tidy
from mlquiz.errors import Exit, MlquizError, SettingsError
from mlquiz.world import World


def doctor(profile: str | None, banks: tuple[Path, ...], as_json: bool) -> Exit:
    """Prints every part; the status is that of the worst thing found."""
    from mlquiz.reports.doctor import doctor_json, doctor_lines

    world, trouble = _world(profile, banks)
    hide = _hider()
    parts = [_private(part, hide) for part in _parts(world, trouble)]
    world.stdout.write(doctor_json(parts) if as_json else doctor_lines(parts))
    return worst(parts)


def _world(profile: str | None, banks: tuple[Path, ...]) -> tuple[World, str | None]:
    """The world as it was asked for, or as near to that as can be had, and what stood in the way."""
    trouble: SettingsError | None = None
    for without in ((), ("MLQUIZ_TODAY",), ("MLQUIZ_TODAY", "MLQUIZ_PROFILE"), settings.OF_THE_WORLD):
        environ = {name: value for name, value in os.environ.items() if name not in without}
        try:
            world = worlds.real(None if "MLQUIZ_PROFILE" in without else profile, banks, environ)
        except SettingsError as error:
            trouble = trouble or error
        else:
            return world._replace(environ=os.environ), str(trouble) if trouble else None
    assert trouble is not None
    raise trouble


def _parts(world: World, trouble: str | None) -> list[Part]:
    found = settings.look(world.paths.settings, world.environ)
    catalogue = None

    def bank() -> Part:
        nonlocal catalogue
        part, catalogue = examination.bank(world, found)
        return part

    looks: list[tuple[str, Exit, Callable[[], Part]]] = [
        ("versions", Exit.FAILURE, surroundings.versions),
        ("places", Exit.FAILURE, lambda: surroundings.places(world, trouble)),
        ("settings", Exit.USAGE, lambda: surroundings.settled(world, found)),
        ("terminal", Exit.FAILURE, lambda: surroundings.terminal(world)),
        ("bank", Exit.BANK, bank),
        ("log", Exit.JOURNAL, lambda: examination.log(world, catalogue)),
        ("programs", Exit.FAILURE, lambda: examination.programs(world)),
    ]
    try:
        return [_looked(title, code, look) for title, code, look in looks]
    finally:
        if catalogue:
            catalogue.close()


def _looked(title: str, code: Exit, look: Callable[[], Part]) -> Part:
    """The part; where it cannot even be looked at, that is the finding."""
    try:
        return look()
    except (MlquizError, OSError) as error:
        return Part(title, {}, [Finding(f"This could not be looked at: {error}.", "Mend that, and look again.", code)])


def _private(part: Part, hide: Callable[[str], str]) -> Part:
    """The part without the learner's home and name, and without what a terminal would act on."""
    findings = [Finding(hide(finding.message), hide(finding.advice), finding.exit) for finding in part.findings]
    facts = {name: _hidden(fact, hide) for name, fact in part.facts.items()}
    return Part(part.title, facts, findings)


def _hidden(fact: Fact, hide: Callable[[str], str]) -> Fact:
    match fact:
        case str():
            return hide(fact)
        case list():
            return [_hidden(value, hide) for value in fact]
        case dict():
            return {hide(name): _hidden(value, hide) for name, value in fact.items()}
        case _:
            return fact


def _hider() -> Callable[[str], str]:
    """Turns the home folder into `~`, and the user's name elsewhere in a path into `<user>`."""
    names = {os.environ.get(name, "") for name in ("USER", "LOGNAME", "USERNAME")}
    homes = set()
    with suppress(RuntimeError):  # a user without a home
        home = Path.home()
        names.add(home.name)
        homes = {str(home), os.path.realpath(home)} - {home.anchor}
    end = r"(?![\w.-])"
    found = [(re.compile(re.escape(home) + end), "~") for home in sorted(homes, key=len, reverse=True)]
    found += [(re.compile(rf"(?<=[/\\]){re.escape(name)}{end}"), "<user>") for name in names - {"", "mlquiz"}]

    def hide(text: str) -> str:
        text = "<user>" if text in names - {"", "mlquiz"} else tidy(text)
        for what, shown in found:
            text = what.sub(shown, text)
        return text

    return hide
