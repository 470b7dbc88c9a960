"""The compiled bank looked at without leaving a trace: as it was left, or brought up to date in memory alone."""

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

from mlquiz.bank.compiler import Compiled, Progress


class AsLeft(Compiled):
    """As the last command left it: nothing is read anew. Raises sqlite3.Error where there is none, or a damaged one."""

    def _open(self, path: Path, progress: Progress) -> None:  # noqa: ARG002  # nothing is compiled
        self.db = _look(path)

    def all(self, query: str, values: tuple[object, ...] = ()) -> list[Any]:
        return self.db.execute(query, values).fetchall()


class Apart(Compiled):
    """In step with the files, on a copy in memory. Raises BankError as Compiled does."""

    def _open(self, path: Path, progress: Progress) -> None:
        try:
            self._connect(path, progress)
        except sqlite3.Error:  # a copy of a damaged one
            self._connect(":memory:", progress)

    def _database(self, path: Path | str) -> sqlite3.Connection:
        copy = sqlite3.connect(":memory:", isolation_level=None)
        if isinstance(path, Path):
            with contextlib.suppress(sqlite3.Error), contextlib.closing(_look(path)) as left:
                left.backup(copy)
        return copy

    def all(self, query: str, values: tuple[object, ...] = ()) -> list[Any]:
        try:
            return self.db.execute(query, values).fetchall()
        except sqlite3.DatabaseError:
            self.db.close()
            self._connect(":memory:", self.progress)
            return self.db.execute(query, values).fetchall()


def _look(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
