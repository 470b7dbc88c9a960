"""The log's place: whether there is a log, and whether it may be written."""

import os
from pathlib import Path

from mlquiz.errors import JournalError


def there(path: Path) -> bool:
    """Whether there is a log. Raises JournalError where that cannot be told."""
    try:
        found = path.exists()
    except OSError as error:
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
