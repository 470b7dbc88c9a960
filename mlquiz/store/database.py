"""The log's file: opened with care, migrated in whole steps, refused by name when it is not ours to touch."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal, TypeAlias

from mlquiz.errors import JournalError
from mlquiz.store.place import barred, refuse_adrift

Log: TypeAlias = sqlite3.Connection
MIGRATIONS = Path(__file__).parent / "migrations"
APPLICATION = 0x6D6C7175
"""`mlqu`: SQLite's application_id, so that the file tells what it belongs to."""
HEADER = 100
WAIT = 5.0


class NewerLog(JournalError):
    """A log of a newer mlquiz."""


def scripts() -> list[tuple[int, Path]]:
    """(number, script) of every migration, in order."""
    return sorted((int(path.name[:4]), path) for path in MIGRATIONS.glob("[0-9][0-9][0-9][0-9]_*.sql"))


def open_log(path: Path) -> Log:
    """The log, made or migrated if need be. Raises JournalError when it cannot be used; the file is then untouched."""
    try:
        refuse_adrift(path)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = header_version(path)
        if place := barred(path):
            raise JournalError(f"The log cannot be written: {place} is read-only. MLQUIZ_HOME can name another place.")
        log = opened(path)
        _ours(log, path)
    except OSError as error:
        raise JournalError(f"The log cannot be opened: {error}. MLQUIZ_HOME can name another place.") from None
    except sqlite3.Error as error:
        raise JournalError(f"{path} cannot be used as a log: {said(error)}.") from None
    try:
        migrate(log, fresh)
    except (sqlite3.Error, JournalError) as error:
        log.close()
        raise JournalError(f"{path} cannot be brought up to date. {error}") from None
    return log


def read_log(path: Path) -> Log:
    """The log for reading. One that cannot be written is left as it is: a copy in memory stands in for it."""
    if not barred(path):
        with suppress(JournalError):  # no room, or locked; what bars reading too is said by the copy
            return open_log(path)
    from mlquiz.store.snapshot import snapshot

    return snapshot(path)


def open_memory() -> Log:
    """An empty log that lives in memory: for tests, and for reading before anything was answered."""
    log = opened(":memory:")
    migrate(log, 0)
    return log


def header_version(path: Path) -> int:
    """The number of the last migration, from the header's bytes 60 to 63, before SQLite opens the file."""
    try:
        with path.open("rb") as file:
            header = file.read(HEADER)
    except FileNotFoundError:
        return 0
    if not header:
        return 0
    if not header.startswith(b"SQLite format 3\0") or len(header) < HEADER:
        raise JournalError(f"{path} is not a log of mlquiz. Move it away; it was left untouched.")
    version, application = int.from_bytes(header[60:64]), int.from_bytes(header[68:72])
    _refuse(path, version, application, tables=False)
    return version


def opened(path: Path | str) -> Log:
    log = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
    log.execute("pragma foreign_keys = on")
    return log


def _ours(log: sqlite3.Connection, path: Path) -> None:
    """Looks again once SQLite has it open, at what may still sit in the WAL, before anything is written."""
    try:
        recognise(log, path)
        _use_wal(log)
        log.execute("pragma synchronous = full")
        with suppress(PermissionError):  # a file system without modes, or a log of somebody else's
            os.chmod(path, 0o600)
    except BaseException:
        log.close()
        raise


def recognise(log: Log, path: Path) -> int:
    """The version of a log that SQLite has open. Raises JournalError for one of a newer mlquiz or another program."""
    log.execute("begin")  # one look: another process may be migrating
    number: int = log.execute("pragma user_version").fetchone()[0]
    application = log.execute("pragma application_id").fetchone()[0]
    try:
        tables = log.execute("select count(*) from sqlite_master").fetchone()[0]
    except UnicodeDecodeError:  # SQLite quotes the schema that it cannot read, and Python cannot read the quotation
        raise sqlite3.DatabaseError("its schema is damaged") from None
    log.execute("commit")
    _refuse(path, number, application, bool(tables))
    return number


def _use_wal(log: sqlite3.Connection) -> None:
    """Switches to WAL. SQLite does not wait for other openers here, so we do."""
    give_up = time.monotonic() + WAIT
    while True:
        try:
            log.execute("pragma journal_mode = wal")
            return
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def _refuse(path: Path, version: int, application: int, tables: bool) -> None:
    if version > scripts()[-1][0]:
        raise NewerLog(f"{path} was written by a newer mlquiz (its version is {version}). Upgrade mlquiz to use it.")
    if (version or tables) and application != APPLICATION:
        raise JournalError(f"{path} belongs to another program. Move it away; it was left untouched.")


def migrate(log: sqlite3.Connection, known: int) -> None:
    latest = scripts()[-1][0]
    if known == latest:
        return
    with writing(log):
        version: int = log.execute("pragma user_version").fetchone()[0]
        for number, script in scripts():
            if number > version:
                for statement in _statements(script.read_text(encoding="utf-8")):
                    log.execute(statement)
                log.execute(f"pragma user_version = {number:d}")
        log.execute(f"pragma application_id = {APPLICATION:d}")


def _statements(script: str) -> Iterator[str]:
    """The script's statements: `executescript` would commit the transaction that has to hold them together."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


AMISS = (TypeError, ValueError, LookupError, ArithmeticError, AttributeError)
"""What the garbage of a damaged log ends in, and many a bug too."""


@contextmanager
def reading(path: Path, log: Callable[[], Log]) -> Iterator[None]:
    """Turns what a damaged log says while it is read into a sentence; what goes wrong over a whole one is a bug."""
    try:
        yield
    except sqlite3.Error as error:
        if isinstance(error, sqlite3.OperationalError):  # locked, no room: the log may be whole
            raise JournalError(f"{path} cannot be read: {said(error)}.") from None
        raise _unreadable(path, said(error)) from None
    except AMISS as error:
        if found := damage(log(), "integrity_check"):
            raise _unreadable(path, found[0]) from error
        raise


def _unreadable(path: Path, why: str) -> JournalError:
    return JournalError(
        f"{path} cannot be read: {why}. Move it away, with {path.name}-wal if that is there, and put the newest copy"
        " from the folder `copies` beside it in its place."
    )


def damage(log: Log, check: Literal["quick_check", "integrity_check"] = "quick_check", most: int = 1) -> list[str]:
    """The first things that SQLite finds wrong with the file; nothing for a log that is whole.

    The quick check does not hold indexes against their tables.
    """
    try:
        found = [str(line) for (line,) in log.execute(f"pragma {check}({most:d})")]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return [str(error)]
    return [line for line in found if line != "ok"]


@contextmanager
def writing(log: sqlite3.Connection) -> Iterator[None]:
    """One transaction: all of it or nothing. Raises JournalError when the log cannot be written."""
    try:
        log.execute("begin immediate")
    except sqlite3.Error as error:
        raise JournalError(f"The log cannot be written: {said(error)}. Nothing in it was changed.") from None
    try:
        yield
        log.execute("commit")
    except sqlite3.Error as error:
        _abandon(log)
        raise JournalError(f"The log cannot be written: {said(error)}. Nothing in it was changed.") from None
    except BaseException:
        _abandon(log)
        raise


def _abandon(log: sqlite3.Connection) -> None:
    """Back to before the transaction; where the disk fails here too, whoever opens the log next undoes it."""
    if log.in_transaction:
        with suppress(sqlite3.OperationalError):
            log.execute("rollback")


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF  # the kind, without the details


def said(error: sqlite3.Error) -> str:
    """What SQLite said, and in words of ours what can be helped."""
    match _code(error):
        case sqlite3.SQLITE_BUSY:
            return f"another program has kept it locked for {WAIT:.0f} seconds"
        case sqlite3.SQLITE_FULL:
            return "the disk is full"
        case sqlite3.SQLITE_IOERR:
            return f"{error} (is the disk full, or gone?)"
        case _:
            return str(error)
