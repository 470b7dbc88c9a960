"""What a learner may set: config.toml, overridden by MLQUIZ_*, overridden by flags."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from mlquiz.errors import SettingsError


class Settings(NamedTuple):
    """`confidence`: ask how sure before the verdict. `plain`: no boxes, no redraw, numbered prompts."""

    confidence: bool = True
    plain: bool = False


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
    settings = _file(path)
    for name in Settings._fields:
        variable = f"MLQUIZ_{name.upper()}"
        if variable in environ:
            value = _BOOLEANS.get(environ[variable].strip().casefold())
            if value is None:
                raise SettingsError(f"{variable} should be 1 or 0, not {environ[variable]!r}.")
            settings[name] = value
    return Settings(**settings)


def _file(path: Path) -> dict[str, bool]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}.") from None
    import tomllib

    try:
        values: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} cannot be read: {error}.") from None
    for name, value in values.items():
        if name not in Settings._fields:
            raise SettingsError(f"{path}: there is no setting {name!r}; there are {', '.join(Settings._fields)}.")
        if not isinstance(value, bool):
            raise SettingsError(f"{path}: {name} should be true or false, not {value!r}.")
    return values
