"""Keeps the compiled bank, a small SQLite file in the cache, in step with its files: only what changed is redone.

It may be deleted at any time. An unchanged bank costs a stat of each file; yaml and msgspec are loaded only when
something has to be read.
"""

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mlquiz.bank.files import SYLLABUS, files, sound
from mlquiz.bank.layout import layout

if TYPE_CHECKING:
    from mlquiz.bank.syllabus import Syllabus

RACY = 2_000_000_000
"""A file changed less than this (ns) before it was read may change again within the same time stamp."""

_TABLES = """
create table file (path text primary key, changed integer, size integer, read integer, digest text) strict;
create table entry (
    id text, root integer, file text, place integer, topic text, subtopic text, kind text, level text,
    difficulty integer, seconds integer, skills text, requires text, key text, question blob,
    primary key (id, root, file, place)
) strict;
create table problem (file text, line integer, path text, message text) strict;
create index entry_file on entry (file);
create index problem_file on problem (file);
create table bank (layout text, digest text, count integer, syllabus blob) strict;
create table twice (
    file text, place integer, id text, first_file text, first_place integer, primary key (id, file, place)
) strict;
create view asked as select * from entry where (id, file, place) not in (select id, file, place from twice);
"""


class _Stat(NamedTuple):
    changed: int
    size: int


Progress = Callable[[int, int], None]
"""Called with (files read, files to read)."""


class Compiled:
    """The database of the bank in these roots, up to date. Raises BankError when the syllabus cannot be used."""

    db: sqlite3.Connection

    def __init__(self, path: Path, roots: tuple[Path, ...], progress: Progress) -> None:
        self.path, self.roots, self.progress = path, roots, progress
        self._open(path, progress)

    def all(self, query: str, values: tuple[object, ...] = ()) -> list[Any]:
        """The rows of a query; a catalogue found damaged is compiled anew, once."""
        try:
            return self.db.execute(query, values).fetchall()
        except sqlite3.DatabaseError:
            self.db.close()
            with contextlib.suppress(OSError):
                self.path.unlink()
            self._open(self.path, self.progress)
            try:
                return self.db.execute(query, values).fetchall()
            except sqlite3.Error as error:  # or whoever reads the log would take it for the log's
                raise RuntimeError(f"the compiled bank cannot answer: {error}") from error

    def _open(self, path: Path, progress: Progress) -> None:
        """A catalogue that cannot be read is compiled anew; where none can be written, for this run alone."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return self._connect(path, progress)
        except (OSError, sqlite3.OperationalError):  # locked, read-only, no room
            return self._connect(":memory:", progress)
        except sqlite3.DatabaseError:  # no catalogue, or a broken one
            with contextlib.suppress(OSError):
                path.unlink()
                path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
        try:
            return self._connect(path, progress)
        except (OSError, sqlite3.Error):
            return self._connect(":memory:", progress)

    def _connect(self, path: Path | str, progress: Progress) -> None:
        self.db = self._database(path)
        try:
            if not self._laid_out():
                with self._writing():
                    if not self._laid_out():  # or another process has been quicker
                        self._lay_out()
            self._refresh(progress)
        except BaseException:
            self.db.close()
            raise

    def _database(self, path: Path | str) -> sqlite3.Connection:
        return sqlite3.connect(path, timeout=10, isolation_level=None)

    def _laid_out(self) -> bool:
        tables = {name for (name,) in self.db.execute("select name from sqlite_master")}
        if tables and "bank" not in tables:
            raise sqlite3.DatabaseError("not a catalogue")
        return bool(tables) and self.db.execute("select layout from bank").fetchone() == (layout(),)

    def _lay_out(self) -> None:
        made = self.db.execute("select type, name from sqlite_master where sql is not null").fetchall()
        for kind, name in sorted(made, key=lambda entry: entry[0] != "view"):
            self.db.execute(f"drop {kind} if exists {name}")
        for statement in _TABLES.split(";\n"):
            self.db.execute(statement)
        self.db.execute("insert into bank values (?, '', 0, null)", (layout(),))

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        self.db.execute("begin immediate")
        try:
            yield
            self.db.execute("commit")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self.db.execute("rollback")
            raise

    def _refresh(self, progress: Progress) -> None:
        if any(self._differences()[1:]):
            with self._writing():
                there, changed, gone = self._differences()  # another process may have been quicker
                if changed or gone:
                    self._compile(there, changed, gone, progress)

    def _differences(self) -> "tuple[dict[str, _Stat], list[str], set[str]]":
        """What is there, and of it what has changed; what has gone."""
        now = time.time_ns()
        there = dict(self._files())
        known = {
            path: (_Stat(changed, size), read)
            for path, changed, size, read in self.db.execute("select path, changed, size, read from file")
        }

        def differs(path: str, stat: _Stat) -> bool:
            if path not in known or known[path][0] != stat:
                return True
            read: int = known[path][1]
            return read - RACY < stat.changed <= now and now > read + RACY

        changed = [path for path, stat in there.items() if differs(path, stat)]
        if self._syllabus not in there:
            changed.append(self._syllabus)  # even an empty bank is not without one
        return there, changed, known.keys() - there.keys()

    @property
    def _syllabus(self) -> str:
        return str(self.roots[0] / SYLLABUS)

    def _files(self) -> Iterator[tuple[str, _Stat]]:
        for path in [self._syllabus, *(path for root in self.roots for path in files(root) if sound(path))]:
            with contextlib.suppress(FileNotFoundError):
                try:
                    stat = os.stat(path)
                except OSError:  # a link that leads nowhere or in a circle: the reader will say so
                    stat = os.lstat(path)
                yield path, _Stat(stat.st_mtime_ns, stat.st_size)

    def _compile(self, there: dict[str, _Stat], changed: list[str], gone: set[str], progress: Progress) -> None:
        from hashlib import sha256

        import msgspec

        from mlquiz.bank.syllabus import Syllabus, load

        if self._syllabus in changed:
            syllabus, changed = load(self.roots[0]), list(there)
        else:
            syllabus = msgspec.json.decode(self.db.execute("select syllabus from bank").fetchone()[0], type=Syllabus)
        for path in gone:
            self._forget(path)
        for done, path in enumerate(changed):
            progress(done, len(changed))
            read = time.time_ns()
            self._forget(path)
            digest = self._store(path, syllabus)
            self.db.execute("insert into file values (?, ?, ?, ?, ?)", (path, *there[path], read, digest))
        progress(len(changed), len(changed))
        self._find_twice()
        count = self.db.execute("select count(distinct id) from entry").fetchone()[0]
        files = self.db.execute("select path, digest from file order by path").fetchall()
        digest = sha256(repr(files).encode()).hexdigest()
        self.db.execute(
            "update bank set digest = ?, count = ?, syllabus = ?", (digest, count, msgspec.json.encode(syllabus))
        )

    def _find_twice(self) -> None:
        """Ids that stand more than once: the first root's first file is asked."""
        self.db.execute("delete from twice")
        self.db.execute(
            """insert into twice select file, place, id, first_file, first_place from (
                   select file, place, id, first_value(file) over same as first_file,
                          first_value(place) over same as first_place
                   from entry where id in (select id from entry group by id having count(*) > 1)
                   window same as (partition by id order by root, file, place)
               ) where (file, place) != (first_file, first_place)"""
        )

    def _forget(self, path: str) -> None:
        for table, column in (("file", "path"), ("entry", "file"), ("problem", "file")):
            self.db.execute(f"delete from {table} where {column} = ?", (path,))

    def _store(self, path: str, syllabus: "Syllabus") -> str:
        """Compiles one file; its digest."""
        from hashlib import sha256

        import msgspec

        from mlquiz.bank.items import understand
        from mlquiz.bank.reader import contents, parse, unreadable

        try:
            data = contents(Path(path))
        except OSError as error:
            self.db.execute("insert into problem values (?, ?, ?, ?)", unreadable(path, error))
            return "unreadable"
        digest = sha256(data).hexdigest()
        if path == self._syllabus:
            return digest
        items, problems, _ = understand(parse(data, path), path, syllabus)
        root = next(place for place, root in enumerate(self.roots) if Path(path).is_relative_to(root))
        self.db.executemany("insert into problem values (?, ?, ?, ?)", problems)
        self.db.executemany(
            "insert into entry values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (q.id, root, path, item.line, q.topic, q.subtopic, q.kind, q.level, q.difficulty, q.seconds,
                 " ".join(q.skills), " ".join(getattr(q.body, "requires", ())), q.key, msgspec.json.encode(q))
                for item in items for q in [item.question]
            ],
        )  # fmt: skip
        return digest
