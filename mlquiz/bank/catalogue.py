"""The compiled bank: a small SQLite file in the cache that re-reads only the bank files that changed.

It may be deleted at any time. The quick commands go no further than `refresh` on an unchanged bank, which is a stat of
each file; yaml and msgspec are loaded only when something has to be read.
"""

import contextlib
import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mlquiz import __version__
from mlquiz.bank.files import SYLLABUS, files
from mlquiz.errors import BankError, Problem

if TYPE_CHECKING:
    from mlquiz.bank.syllabus import Syllabus
    from mlquiz.core.question import Question

RACY = 2_000_000_000
"""A file changed less than this (ns) before it was read may change again within the same time stamp."""

_TABLES = """
create table file (path text primary key, changed integer, size integer, read integer, digest text) strict;
create table entry (
    id text, file text, place integer, topic text, subtopic text, kind text, level text, seconds integer,
    skills text, key text, question blob, primary key (id, file, place)
) strict;
create table problem (file text, line integer, path text, message text) strict;
create index entry_file on entry (file);
create index problem_file on problem (file);
create table bank (layout text, digest text, count integer, syllabus blob) strict;
create view asked as
    select * from entry where (file, place) = (
        select file, place from entry as same where same.id = entry.id order by file, place limit 1
    );
"""


def _layout() -> str:
    """Changes whenever what is compiled may: a catalogue of another layout is compiled anew."""
    package = Path(__file__).parent.parent
    shapes = (package / "core/question.py", package / "bank/schema.py", package / "bank/reader.py", Path(__file__))
    return " ".join([__version__, *(str(os.stat(shape).st_mtime_ns) for shape in shapes)])


class Row(NamedTuple):
    """What there is to choose by, of one question."""

    id: str
    topic: str
    subtopic: str
    kind: str
    level: str
    seconds: int
    skills: tuple[str, ...]


class _Stat(NamedTuple):
    changed: int
    size: int


Progress = Callable[[int, int], None]
"""Called with (files read, files to read)."""


def _quiet(done: int, whole: int) -> None:
    """No progress shown."""


class Catalogue:
    """The bank in `roots` (the first holds the syllabus), compiled beside `path`. Raises BankError if there is none."""

    def __init__(self, path: Path, roots: tuple[Path, ...], progress: Progress = _quiet) -> None:
        self.roots = tuple(root.resolve() for root in roots)
        for root in self.roots:
            if not root.is_dir():
                raise BankError(f"There is no bank at {root}; --bank names a folder of question files.")
        self.db = self._open(path)
        self._refresh(progress)

    def _open(self, path: Path) -> sqlite3.Connection:
        name = hashlib.sha256("\0".join(map(str, self.roots)).encode()).hexdigest()[:12]
        path = path.with_name(f"{path.stem}-{name}{path.suffix}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return self._connect(path)
        except (OSError, sqlite3.Error):
            with contextlib.suppress(OSError):
                path.unlink()  # a catalogue that cannot be read is compiled anew
        try:
            return self._connect(path)
        except (OSError, sqlite3.Error):
            return self._connect(":memory:")  # no cache can be written here: compile for this run alone

    def _connect(self, path: Path | str) -> sqlite3.Connection:
        db = sqlite3.connect(path, timeout=10, isolation_level=None)
        tables = {name for (name,) in db.execute("select name from sqlite_master")}
        if tables and "bank" not in tables:
            raise sqlite3.DatabaseError("not a catalogue")
        if not tables or db.execute("select layout from bank").fetchone() != (_layout(),):
            db.execute("begin immediate")
            for kind, name in db.execute("select type, name from sqlite_master where sql is not null").fetchall():
                db.execute(f"drop {kind} if exists {name}")
            for statement in _TABLES.split(";\n"):
                db.execute(statement)
            db.execute("insert into bank values (?, '', 0, null)", (_layout(),))
            db.execute("commit")
        return db

    def _refresh(self, progress: Progress) -> None:
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
            return stat.changed > read - RACY and now > read + RACY

        changed = [path for path, stat in there.items() if differs(path, stat)]
        gone = known.keys() - there.keys()
        if not changed and not gone:
            return
        self.db.execute("begin immediate")
        try:
            self._compile(changed, gone, there, progress)
            self.db.execute("commit")
        except BaseException:
            self.db.execute("rollback")
            raise

    def _files(self) -> Iterator[tuple[str, _Stat]]:
        for path in [str(self.roots[0] / SYLLABUS), *(path for root in self.roots for path in files(root))]:
            with contextlib.suppress(FileNotFoundError):
                stat = os.stat(path)
                yield path, _Stat(stat.st_mtime_ns, stat.st_size)

    def _compile(self, changed: list[str], gone: Iterable[str], there: dict[str, _Stat], progress: Progress) -> None:
        import msgspec

        from mlquiz.bank.syllabus import load

        syllabus = str(self.roots[0] / SYLLABUS)
        if syllabus in changed or syllabus in gone:
            changed = list(there)
        parsed = load(self.roots[0])
        for path in gone:
            self._forget(path)
        for done, path in enumerate(changed):
            progress(done, len(changed))
            read = time.time_ns()
            self._forget(path)
            if path != syllabus:
                self._store(path, parsed)
            digest = hashlib.sha256(Path(path).read_bytes()).hexdigest() if os.access(path, os.R_OK) else "unreadable"
            self.db.execute("insert into file values (?, ?, ?, ?, ?)", (path, *there[path], read, digest))
        progress(len(changed), len(changed))
        count = self.db.execute("select count(distinct id) from entry").fetchone()[0]
        files = self.db.execute("select path, digest from file order by path").fetchall()
        digest = hashlib.sha256(repr(files).encode()).hexdigest()
        self.db.execute(
            "update bank set digest = ?, count = ?, syllabus = ?", (digest, count, msgspec.json.encode(parsed))
        )

    def _forget(self, path: str) -> None:
        for table, column in (("file", "path"), ("entry", "file"), ("problem", "file")):
            self.db.execute(f"delete from {table} where {column} = ?", (path,))

    def _store(self, path: str, syllabus: "Syllabus") -> None:
        import msgspec

        from mlquiz.bank.reader import read
        from mlquiz.bank.schema import understand

        items, problems = understand(read(Path(path), path), path, syllabus)
        self.db.executemany("insert into problem values (?, ?, ?, ?)", problems)
        self.db.executemany(
            "insert into entry values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (q.id, path, item.line, q.topic, q.subtopic, q.kind, q.level, q.seconds, " ".join(q.skills), q.key,
                 msgspec.json.encode(q))
                for item in items for q in [item.question]
            ],
        )  # fmt: skip

    @property
    def digest(self) -> str:
        """Changes whenever any file of the bank does."""
        return str(self.db.execute("select digest from bank").fetchone()[0])

    def __len__(self) -> int:
        return int(self.db.execute("select count from bank").fetchone()[0])

    def problems(self) -> list[Problem]:
        """What is wrong in the files, and every question that stands twice (the first one is asked)."""
        found = [Problem(*row) for row in self.db.execute("select * from problem")]
        twice = self.db.execute(
            """select entry.file, entry.place, '$', entry.id, asked.file, asked.place
               from entry join asked
                 on asked.id = entry.id and (entry.file, entry.place) != (asked.file, asked.place)"""
        )
        for file, line, path, question, first, place in twice:
            found.append(Problem(file, line, path, f"{question} stands already at {first}:{place}; ids are unique"))
        return sorted(found)

    def syllabus(self) -> "Syllabus":
        import msgspec

        from mlquiz.bank.syllabus import Syllabus

        return msgspec.json.decode(self.db.execute("select syllabus from bank").fetchone()[0], type=Syllabus)

    def keys(self) -> dict[str, str]:
        """Each question's current key."""
        return dict(self.db.execute("select id, key from asked"))

    def rows(self) -> list[Row]:
        """Everything there is to choose from, by id."""
        found = self.db.execute("select id, topic, subtopic, kind, level, seconds, skills from asked order by id")
        return [Row._make((*row[:6], tuple(row[6].split()))) for row in found]

    def get(self, ids: Iterable[str]) -> list["Question"]:
        """These questions in this order; those that are not there are left out."""
        import msgspec

        from mlquiz.core.question import Question

        found = (self.db.execute("select question from asked where id = ?", (id_,)).fetchone() for id_ in ids)
        return [msgspec.json.decode(row[0], type=Question) for row in found if row]

    def stands(self, question: str) -> tuple[Path, int] | None:
        """File and line of a question."""
        row = self.db.execute("select file, place from asked where id = ?", (question,)).fetchone()
        return (Path(row[0]), row[1]) if row else None

    def close(self) -> None:
        self.db.close()
