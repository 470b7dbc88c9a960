"""Copies of the log, one a day, the last seven kept: what is lost with a bad disk is a day at most."""

import contextlib
import os
import sqlite3
from pathlib import Path

from mlquiz.errors import JournalError
from mlquiz.store.database import damage
from mlquiz.store.snapshot import source

KEPT = 7


def keep_copy(log: sqlite3.Connection, folder: Path, day: str) -> Path | None:
    """Copies the log as it stands before the first write of `day` (an ISO date); None where today's copy is there.

    A log that holds nothing is not copied, and no copy whose answers are not in the log makes room: the log only grows,
    so what stands there has been lost here. Raises JournalError, naming the newest copy, for a log that is
    damaged (a copy of it would push out one that is whole), and OSError where no copy can be written.
    """
    copy = folder / f"log-{day}.db"
    if copy.exists() or log.execute("select not exists (select 1 from review)").fetchone()[0]:
        return None
    if found := damage(log):
        newest = max(copies(folder), default=None)
        advice = f"The newest copy is {newest}." if newest else "There is no copy of it."
        raise JournalError(f"The log is damaged ({found[0]}). {advice}")
    half = folder / f".log-{day}-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = sqlite3.connect(half)
        try:
            log.backup(target)
        finally:
            target.close()
        os.chmod(half, 0o600)
        half.replace(copy)
        others = [other for other in copies(folder) if other != copy]
        others.sort(key=lambda other: (other < copy, other))  # a later day than today: the clock was wrong
        for old in others[: max(0, len(others) + 1 - KEPT)]:
            if _within(old, log):
                old.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            half.unlink(missing_ok=True)
        raise OSError(f"today's copy of the log cannot be written to {folder}: {error}") from None
    return copy


def copies(folder: Path) -> list[Path]:
    """All copies, oldest first."""
    return sorted(folder.glob("log-[0-9]*.db"))


def newest(copy: Path) -> str | None:
    """The id of a copy's last answer; none where it holds no answer, or cannot be read."""
    try:
        with contextlib.closing(source(copy)) as log:
            found: str | None = log.execute("select max(id) from review").fetchone()[0]
            return found
    except (sqlite3.Error, OSError):
        return None


def _within(copy: Path, log: sqlite3.Connection) -> bool:
    last = newest(copy)
    return last is None or log.execute("select 1 from review where id = ?", (last,)).fetchone() is not None


def lost(log: sqlite3.Connection, folder: Path) -> Path | None:
    """The newest copy that holds answers, where the log holds none at all: it was lost, or begun anew."""
    if log.execute("select exists (select 1 from review)").fetchone()[0]:
        return None
    return next((copy for copy in reversed(copies(folder)) if newest(copy)), None)
