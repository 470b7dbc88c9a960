"""The log looked at from outside: nothing in its folder changes, and damage is told and not raised."""

import math
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from mlquiz.errors import JournalError
from mlquiz.store.database import Log, damage, recognise, scripts
from mlquiz.store.snapshot import source

FEW = 5
SHUT = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}
"""What SQLite says when nothing need be wrong with the file itself."""
REFOLD = "delete from memory; delete from trace; update state set bank = ''"
"""SQL that has the next command fold the whole log anew; it touches the projection only."""


class OlderLog(JournalError):
    """A log that the next session brings up to date."""


class ShutLog(JournalError):
    """A log that cannot be opened here and now; it may well be whole."""


class Counts(NamedTuple):
    """What is in a log: its schema's number, answers that stand, answers taken back, questions suspended."""

    schema: int
    answers: int
    taken_back: int
    suspended: int


@contextmanager
def looking(path: Path) -> Iterator[Log]:
    """The log, opened for reading. Raises JournalError when it is none that this mlquiz can read."""
    if not path.exists():
        raise JournalError(f"There is no log at {path}.")
    try:
        with closing(source(path)) as log:
            if (version := recognise(log, path)) < scripts()[-1][0]:
                raise OlderLog(f"{path} is of an older mlquiz, or was only begun (its version is {version}).")
            yield log
    except sqlite3.Error as error:
        kind = ShutLog if getattr(error, "sqlite_errorcode", 0) & 0xFF in SHUT else JournalError
        raise kind(f"{path} cannot be read: {error}.") from None


def sqlite_version() -> str:
    return sqlite3.sqlite_version


def counts(log: Log) -> Counts:
    queries = (
        "pragma user_version",
        "select count(*) from standing_review",
        "select count(*) from retraction",
        "select count(*) from suspended",
    )
    return Counts(*(int(log.execute(query).fetchone()[0]) for query in queries))


def amiss(log: Log) -> list[str]:
    """What SQLite finds wrong with the file, the first few of it; nothing if it is whole."""
    found = damage(log, "integrity_check", FEW)
    lost = 0 if found else len(log.execute("pragma foreign_key_check").fetchall())
    return found + ([f"{lost} entries speak of answers that are not there"] if lost else [])


def answered(log: Log) -> dict[str, int]:
    """How many answers stand, by question."""
    rows = log.execute("select question, count(*) from standing_review group by question order by question")
    return dict(rows.fetchall())


def folded_keys(log: Log) -> dict[str, str]:
    """The keys under which the projection stands."""
    return dict(log.execute("select question, key from memory").fetchall())


def unfaithful(log: Log, keys: Mapping[str, str]) -> list[str]:
    """Questions whose memory is not what a replay of the log under these keys says; the learner's drift among them."""
    from mlquiz.store.journal import Journal

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        log.backup(copy)
        Journal(copy, str).rebuild(keys, "")
        here, there = _projection(log), _projection(copy)
    return sorted(name for name in here.keys() | there.keys() if not _same(here.get(name), there.get(name)))


def _projection(log: Log) -> dict[str, list[tuple[object, ...]]]:
    found = {"drift": log.execute("select drift from state").fetchall()}
    for question, *memory in log.execute("select question, key, stability, difficulty, last, first from memory"):
        found[question] = [tuple(memory)]
    for question, *trace in log.execute("select question, day, id, recall, known from trace order by day, id"):
        found.setdefault(question, []).append(tuple(trace))
    return found


def _same(one: object, other: object) -> bool:
    """Equal but for the last digits of a float."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other
