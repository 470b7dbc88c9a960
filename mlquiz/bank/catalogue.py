"""The compiled bank: what there is to ask, and the questions themselves. `compiler` keeps it in step with the files."""

import os
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mlquiz.bank.compiler import Compiled, Progress
from mlquiz.errors import BankError, Problem

if TYPE_CHECKING:
    from mlquiz.bank.syllabus import Syllabus
    from mlquiz.core.question import Question


class Row(NamedTuple):
    """What there is to choose by, of one question."""

    id: str
    topic: str
    subtopic: str
    kind: str
    level: str
    difficulty: int
    seconds: int
    skills: tuple[str, ...]


class Coded(NamedTuple):
    """A question answered in code: the file it stands in, that file's SHA-256, the packages it takes."""

    id: str
    file: str
    digest: str
    requires: tuple[str, ...]


def _quiet(done: int, whole: int) -> None:
    """No progress shown."""


class Catalogue:
    """The bank in `roots` (the first holds the syllabus), compiled beside `path`. Raises BankError if there is none.

    `opened` may be one of `glance`, which leave the file as it is.
    """

    def __init__(
        self, path: Path, roots: tuple[Path, ...], progress: Progress = _quiet, opened: type[Compiled] = Compiled
    ) -> None:
        roots = tuple(root.resolve() for root in roots)
        for root in roots:
            if not root.is_dir():
                raise BankError(f"There is no bank at {root}; --bank names a folder of question files.")
        name = f"{zlib.crc32(os.fsencode(chr(0).join(map(str, roots)))):08x}"
        self.db = opened(path.with_name(f"{path.stem}-{name}{path.suffix}"), roots, progress)

    @property
    def digest(self) -> str:
        """Changes whenever any file of the bank does."""
        return str(self.db.all("select digest from bank")[0][0])

    def __len__(self) -> int:
        return int(self.db.all("select count from bank")[0][0])

    def problems(self) -> list[Problem]:
        """What is wrong in the files, and every question that stands twice (the first one is asked)."""
        found = [Problem(*row) for row in self.db.all("select * from problem")]
        for file, line, question, first, place in self.db.all("select * from twice"):
            found.append(Problem(file, line, "$", f"{question} stands already at {first}:{place}; ids are unique"))
        return sorted(found)

    def twice(self) -> list[str]:
        """Ids that stand more than once."""
        return [id_ for (id_,) in self.db.all("select distinct id from twice order by id")]

    def syllabus(self) -> "Syllabus":
        import msgspec

        from mlquiz.bank.syllabus import Syllabus

        return msgspec.json.decode(self.db.all("select syllabus from bank")[0][0], type=Syllabus)

    def keys(self) -> dict[str, str]:
        """Each question's current key."""
        return dict(self.db.all("select id, key from asked"))

    def rows(self) -> list[Row]:
        """Everything there is to choose from, by id."""
        found = self.db.all(
            "select id, topic, subtopic, kind, level, difficulty, seconds, skills from asked order by id"
        )
        return [Row._make((*row[:7], tuple(row[7].split()))) for row in found]

    def coded(self) -> list[Coded]:
        """Everything that is answered in code, and so brings tests that are programs."""
        found = self.db.all(
            """select id, file, digest, requires from asked join file on file.path = asked.file
               where kind in ('code', 'sql') order by id"""
        )
        return [Coded(id_, file, digest, tuple(requires.split())) for id_, file, digest, requires in found]

    def get(self, ids: Iterable[str]) -> list["Question"]:
        """These questions in this order; those that are not there are left out."""
        import msgspec

        from mlquiz.core.question import Question

        found = (self.db.all("select question from asked where id = ?", (id_,)) for id_ in ids)
        return [msgspec.json.decode(question, type=Question) for rows in found for (question,) in rows]

    def holds(self, ids: Iterable[str]) -> int:
        """How many of these there are."""
        return sum(self.stands(id_) is not None for id_ in ids)

    def stands(self, question: str) -> tuple[Path, int] | None:
        """File and line of a question."""
        rows = self.db.all("select file, place from asked where id = ?", (question,))
        return (Path(rows[0][0]), rows[0][1]) if rows else None

    def close(self) -> None:
        self.db.db.close()
