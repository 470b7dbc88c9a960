"""A copy in memory of a log that cannot be written: read-only, on a full disk, held by another program.

Reading goes on there: the copy can be migrated and folded, and the file stays as it is.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from mlquiz.errors import JournalError
from mlquiz.store.database import Log, header_version, migrate, opened, recognise

LOCKLESS = "win32-none" if os.name == "nt" else "unix-none"
"""SQLite's file system without locks: where no process has the log open there is nobody to wait for."""


def snapshot(path: Path) -> Log:
    """The log as it stands, brought up to date in memory. Raises JournalError when it cannot be read."""
    try:
        header_version(path)
        copy = opened(":memory:")
        try:
            with closing(source(path)) as there:
                there.backup(copy)
            migrate(copy, recognise(copy, path))
        except BaseException:
            copy.close()
            raise
    except (OSError, sqlite3.Error) as error:
        raise JournalError(f"{path} cannot be read: {error}.") from None
    return copy


def source(path: Path) -> Log:
    """The log, open for reading in the way that makes no file beside it and leaves out no answer."""
    uri, wal, shm = path.absolute().as_uri(), Path(f"{path}-wal"), Path(f"{path}-shm")
    if not wal.exists() or not wal.stat().st_size:
        return sqlite3.connect(f"{uri}?immutable=1", uri=True)
    if shm.exists():  # another process may be writing
        return sqlite3.connect(f"{uri}?mode=ro", uri=True)
    alone = sqlite3.connect(f"{uri}?mode=ro&vfs={LOCKLESS}", uri=True)
    alone.execute("pragma locking_mode = exclusive")  # so that the index of the WAL is kept in memory
    return alone
