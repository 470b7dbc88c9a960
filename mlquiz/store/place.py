"""The log's place: whether there is a log, whether it may be written, whether it is still the same file."""

import errno
import os
from pathlib import Path
from typing import NamedTuple

from mlquiz.errors import JournalError


def there(path: Path) -> bool:
    """Whether there is a log. Raises JournalError where that cannot be told."""
    try:
        os.stat(path)  # Path.exists() would take a folder that may not be entered for one without a log
        found = True
    except OSError as error:
        found = False
        if error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            raise JournalError(f"The log cannot be opened: {error}. MLQUIZ_HOME can name another place.") from None
    if not found:
        refuse_adrift(path)
    return found


def refuse_adrift(path: Path) -> None:
    """Raises JournalError where a link on the way to the log leads nowhere: what it led to is out of reach, not lost.

    The log itself may be a link to a file that is still to be made.
    """
    to_be_made = Path(os.path.realpath(path)).parent.is_dir()
    for place in (path, *path.parents):
        if place.is_symlink() and not place.exists() and not (place == path and to_be_made):
            raise JournalError(
                f"The log is out of reach: {place} is a link to {os.readlink(place)}, which is not there. Is its disk"
                " mounted?"
            )


def barred(path: Path) -> Path | None:
    """The first of the log's files, or their folder, that may not be written; None where all may."""
    beside = (path, Path(f"{path}-wal"), Path(f"{path}-shm"))
    places = [path.parent, *filter(os.path.exists, beside)]
    return next((place for place in places if not os.access(place, os.W_OK)), None)


class Standing(NamedTuple):
    """A file as it was found: its path, and the number by which its disk knows it."""

    path: str
    number: int


def standing(path: str) -> Standing | None:
    """The file there; None for a log in memory, whose path is empty. Raises JournalError where there is none now."""
    return Standing(path, _number(path)) if path else None


def refuse_moved(file: Standing | None) -> None:
    """Raises JournalError where another file is in its place: an open log would be written where nobody finds it."""
    if file and _number(file.path) != file.number:
        raise _moved(file.path)


def _number(path: str) -> int:
    try:
        return os.stat(path).st_ino
    except OSError:
        raise _moved(path) from None


def _moved(path: str) -> JournalError:
    return JournalError(f"{path} was moved or replaced while it was open; what is written to it now would be lost.")
