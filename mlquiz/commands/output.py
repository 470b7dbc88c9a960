"""Where a report or a card goes, and in which format."""

from pathlib import Path

from mlquiz.errors import MlquizError, UsageError
from mlquiz.world import write_whole

SUFFIXES = {
    "": "terminal",
    ".txt": "terminal",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".csv": "csv",
}
"""What a file's name says about the format wanted in it."""


def format_of(output: Path | None) -> str:
    """The format that a file's name asks for. Raises UsageError for a name that asks for another one."""
    suffix = output.suffix.lower() if output else ""
    if suffix not in SUFFIXES:
        raise UsageError(f"No report is written as {suffix}; --format says what {output} is to hold.")
    return SUFFIXES[suffix]


def no_format(said: str) -> UsageError:
    """For what is no format."""
    return UsageError(f"{said!r} is no format; there are terminal, markdown, html, json and csv.")


def write(text: str, path: Path) -> None:
    """The whole of it or nothing: a report that was there stays until the new one is written."""
    try:
        if path.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        if path.exists() and not path.is_file():  # a pipe, a device
            path.write_text(text, encoding="utf-8", newline="")
        else:
            write_whole(path, text)
    except OSError as error:
        raise MlquizError(f"{path} cannot be written: {error.strerror}.") from None
