"""The files of a bank, and all that stands in them; what `bank check` works on."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mlquiz.errors import BankError, Problem

if TYPE_CHECKING:
    from mlquiz.bank.schema import Item

SYLLABUS = "syllabus.yaml"
AUDIT = "audit"


def files(root: Path) -> Iterator[str]:
    """Every question file below the root, in order; hidden ones, the syllabus and the ledgers are passed over."""
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != AUDIT)
        for name in sorted(names):
            if name.endswith((".yaml", ".yml")) and not name.startswith(".") and name != SYLLABUS:
                yield os.path.join(folder, name)


class Surveyed(NamedTuple):
    """All whole questions of some files, and what is wrong with the rest."""

    files: list[str]
    items: "list[Item]"
    problems: list[Problem]


def survey(roots: tuple[Path, ...], paths: tuple[Path, ...]) -> Surveyed:
    """Reads the files of `paths`, or of all roots; ids are held unique over all of it. Raises BankError."""
    from mlquiz.bank.reader import read
    from mlquiz.bank.schema import understand
    from mlquiz.bank.syllabus import load

    syllabus = load(roots[0])
    found = [file for path in paths or roots for file in _below(path.resolve())]
    items, problems = [], []
    for file in dict.fromkeys(found):
        reading = understand(read(Path(file), file), file, syllabus)
        items += reading.items
        problems += reading.problems
        problems += _place(file, roots[0].resolve(), reading.items)
    first: dict[str, Item] = {}
    for item in items:
        known = first.setdefault(item.question.id, item)
        if known is not item:
            message = f"{item.question.id} stands already at {known.file}:{known.line}; ids are unique"
            problems.append(Problem(item.file, item.line, "$", message))
    return Surveyed(found, items, problems)


def _below(path: Path) -> list[str]:
    if path.is_file():
        return [str(path)]
    if path.is_dir():
        return list(files(path))
    raise BankError(f"There is no file or folder {path}.")


def _place(file: str, bank: Path, items: "list[Item]") -> list[Problem]:
    """In the shipped bank, where a file stands says what is in it."""
    if not items or not Path(file).is_relative_to(bank):
        return []
    question = items[0].question
    wanted = f"{question.topic.replace('.', '/')}/{question.subtopic}.yaml"
    if Path(file).relative_to(bank).as_posix() == wanted:
        return []
    return [Problem(file, 1, "$", f"should stand at {wanted}, by its topic and subtopic")]
