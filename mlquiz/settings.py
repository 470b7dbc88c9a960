"""What a learner may set, and where it was said: config.toml, overridden by MLQUIZ_*, overridden by flags."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from mlquiz.errors import SettingsError


class Settings(NamedTuple):
    """`confidence`: ask how sure before the verdict. `plain`: no boxes, no redraw, numbered prompts.

    `banks`: folders of one's own questions; `--bank` adds to them. `workspace`: the folder of practice.
    """

    confidence: bool = True
    plain: bool = False
    banks: tuple[Path, ...] = ()
    workspace: Path | None = None


class Found(NamedTuple):
    """The settings in force, where each was said, and what was said that makes no sense (it is passed over)."""

    settings: Settings
    origins: dict[str, str]
    wrong: list[str]


class _Said(NamedTuple):
    name: str
    value: Any
    origin: str


DEFAULT = "default"
OURS = "MLQUIZ_"
"""What the names of our variables begin with."""
VARIABLES = {"confidence": "MLQUIZ_CONFIDENCE", "plain": "MLQUIZ_PLAIN", "banks": "MLQUIZ_BANK",
             "workspace": "MLQUIZ_WORKSPACE"}  # fmt: skip
"""The variable of each setting."""
OF_THE_WORLD = ("MLQUIZ_HOME", "MLQUIZ_PROFILE", "MLQUIZ_TODAY")
"""Variables that are no settings: they say where things are, and when."""
PROGRAMS = ("MLQUIZ_PAGER",)
"""Variables that name a program, for mlquiz alone."""
_BOOLEANS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
    "": False,
}


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """The settings in force. Raises SettingsError, naming the file or the variable and what it should hold."""
    found = look(path, environ)
    if found.wrong:
        raise SettingsError("\n".join(found.wrong))
    return found.settings


def look(path: Path, environ: Mapping[str, str]) -> Found:
    """The same with the origin of each setting; what is wrong is told and never raised."""
    wrong: list[str] = []
    said = [*_file(path, wrong), *_variables(environ, wrong)]
    origins = dict.fromkeys(Settings._fields, DEFAULT) | {name: origin for name, _, origin in said}
    return Found(Settings(**{name: value for name, value, _ in said}), origins, wrong)


def strangers(environ: Mapping[str, str]) -> list[str]:
    """Variables that look like mlquiz's own and are not: slips of the finger, mostly."""
    return sorted(name for name in environ if name.startswith(OURS) and name not in known_variables())


def known_variables() -> list[str]:
    return [*VARIABLES.values(), *OF_THE_WORLD, *PROGRAMS]


def _file(path: Path, wrong: list[str]) -> Iterator[_Said]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return
    except (OSError, UnicodeDecodeError) as error:
        wrong.append(f"{path} cannot be read: {error}.")
        return
    import tomllib

    try:
        values: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        wrong.append(f"{path} cannot be read: {error}.")
        return
    for name, value in values.items():
        line = re.search(rf"^[ \t]*{re.escape(name)}[ \t]*=", text, re.MULTILINE)
        where = f"{path}:{text.count(chr(10), 0, line.start()) + 1}" if line else str(path)
        try:
            yield _Said(name, _of_file(name, value, path.parent), where)
        except ValueError as error:
            wrong.append(f"{where}: {error}.")


def _of_file(name: str, value: object, folder: Path) -> Any:
    """A value of config.toml; folders are taken from where the file is. Raises ValueError."""
    if name not in Settings._fields:
        raise ValueError(f"there is no setting {name!r}; there are {', '.join(Settings._fields)}")
    if name == "workspace":
        if isinstance(value, str) and value:
            return folder / _expanded(value)
        raise ValueError(f'workspace should be a folder, like "~/mlquiz", not {value!r}')
    if name != "banks":
        if isinstance(value, bool):
            return value
        raise ValueError(f"{name} should be true or false, not {value!r}")
    if isinstance(value, list) and all(isinstance(text, str) and text for text in value):
        return tuple(folder / _expanded(text) for text in value)
    raise ValueError(f'banks should be a list of folders, like ["~/questions"], not {value!r}')


def _variables(environ: Mapping[str, str], wrong: list[str]) -> Iterator[_Said]:
    for name, variable in VARIABLES.items():
        if variable in environ:
            try:
                yield _Said(name, _of_variable(name, environ[variable]), variable)
            except ValueError as error:
                wrong.append(f"{variable} {error}.")


def _of_variable(name: str, text: str) -> Any:
    """The value of a variable. Raises ValueError."""
    if name == "workspace":
        return _expanded(text) if text else None
    if name == "banks":
        return tuple(_expanded(folder) for folder in text.split(os.pathsep) if folder)
    value = _BOOLEANS.get(text.strip().casefold())
    if value is None:
        raise ValueError(f"should be 1 or 0, not {text!r}")
    return value


def _expanded(folder: str) -> Path:
    """The folder with `~` written out. Raises ValueError where that is nobody's home."""
    try:
        path = Path(folder).expanduser()
    except RuntimeError:
        path = None
    if path is None or "\0" in folder:
        raise ValueError(f"should name folders, and {folder!r} is none")
    return path
