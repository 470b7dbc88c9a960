"""The doctor's look at what mlquiz runs in: versions, places, settings, the terminal."""

import platform
import re
import shutil
from importlib import metadata
from pathlib import Path

from mlquiz import __version__
from mlquiz.core.checkup import Fact, Finding, Part, sourced
from mlquiz.errors import Exit
from mlquiz.settings import OURS, Found, known_variables, strangers
from mlquiz.world import World


def versions() -> Part:
    from mlquiz.store.look import sqlite_version

    facts: dict[str, Fact] = {
        "mlquiz": __version__,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": platform.platform(),
        "sqlite": sqlite_version(),
    }
    findings = []
    try:
        wanted = [need for need in metadata.requires("mlquiz") or () if "extra ==" not in need]
    except metadata.PackageNotFoundError:
        wanted = []
        advice = "Install it where this Python is: python -m pip install FOLDER."
        findings.append(Finding("mlquiz is run without being installed, so what it needs is not known.", advice))
    dependencies: dict[str, Fact] = {}
    for need in sorted(wanted, key=str.casefold):
        name, bounds = re.findall(r"^[\w.-]+|[^\s;]*", need)[:2]
        try:
            dependencies[name] = f"{metadata.version(name)} ({bounds})"
        except metadata.PackageNotFoundError:
            dependencies[name] = f"none ({bounds})"
            findings.append(Finding(f"{name} is not installed.", f'python -m pip install "{need}"', Exit.FAILURE))
    return Part("versions", {**facts, "dependencies": dependencies}, findings)


def places(world: World, trouble: str | None) -> Part:
    """Where things are; `trouble` is why the world could not be taken as it was asked for."""
    paths = world.paths
    facts: dict[str, Fact] = {
        "program": str(Path(__file__).parent.parent),
        "bank": str(paths.bank),
        "settings": _there(paths.settings),
        "data": _there(paths.data),
        "cache": _there(paths.cache),
        "profile": paths.data.name,
        "profiles": list(paths.profiles()),
    }
    advice = "Mend it: until then every command stops there. What follows is looked at without it."
    return Part("places", facts, [Finding(trouble, advice, Exit.USAGE)] if trouble else [])


def _there(path: Path) -> str:
    return str(path) if path.exists() else f"{path} (not there yet)"


def settled(world: World, found: Found) -> Part:
    """The settings, each with its origin, and the variables that are seen."""
    facts: dict[str, Fact] = {
        name: sourced(_told(value), found.origins[name]) for name, value in found.settings._asdict().items()
    }
    seen = {name: value for name, value in sorted(world.environ.items()) if name.startswith(OURS)}
    facts["variables"] = dict(seen)
    advice = "Mend it: until then every command stops there. Here it is passed over."
    findings = [Finding(message, advice, Exit.USAGE) for message in found.wrong]
    return Part("settings", facts, findings + [_stranger(name) for name in strangers(world.environ)])


def _told(value: object) -> Fact:
    """A setting's value as a fact: folders as text."""
    match value:
        case bool() | None:
            return value
        case tuple():
            return [str(path) for path in value]
        case _:
            return str(value)


def _stranger(name: str) -> Finding:
    import difflib

    known = known_variables()
    near = difflib.get_close_matches(name.removeprefix(OURS), [own.removeprefix(OURS) for own in known], n=1)
    advice = f"Did you mean {OURS}{near[0]}?" if near else f"There are {', '.join(known)}."
    return Finding(f"{name} is no variable of mlquiz, so it does nothing.", advice)


def terminal(world: World) -> Part:
    from mlquiz.players.editor import Editor

    findings = []
    try:
        editor = Editor(world.environ).command
    except ValueError as error:
        editor = []
        findings.append(Finding(f"$VISUAL or $EDITOR is no command: {error}.", "Close its quotation marks."))
    else:
        if not editor:
            advice = "VISUAL or EDITOR can name one; without it open questions are answered in one line."
            findings.append(Finding("The editor is not there.", advice))
    streams = {"stdin": world.stdin, "stdout": world.stdout, "stderr": world.stderr}
    names = ("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "LC_ALL", "LC_CTYPE", "LANG", "PYTHONUTF8")
    encoding = world.stdout.encoding or ""
    if world.stdout.isatty() and "utf" not in encoding.casefold():
        advice = "Set LANG to a UTF-8 locale, like C.UTF-8, or PYTHONUTF8=1."
        findings.append(Finding(f"The terminal speaks {encoding}, so many signs are shown as ?.", advice))
    facts: dict[str, Fact] = {
        **{name: "terminal" if stream.isatty() else "no terminal" for name, stream in streams.items()},
        "size": "x".join(map(str, shutil.get_terminal_size())),
        "encoding": encoding,
        "variables": {name: world.environ[name] for name in names if name in world.environ},
        "editor": " ".join(editor) if editor else None,
    }
    return Part("terminal", facts, findings)
