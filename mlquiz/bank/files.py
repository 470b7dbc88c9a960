"""The files of a bank, and all that stands in them; what `bank check` works on."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mlquiz.errors import BankError, Problem

if TYPE_CHECKING:
    from mlquiz.bank.items import Item
    from mlquiz.bank.reader import Document

SYLLABUS = "syllabus.yaml"
AUDIT = "audit"


def files(root: Path) -> list[str]:
    """Every question file below the root, by path; hidden ones, the syllabus and the ledgers are passed over."""
    found: list[str] = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".") and name != AUDIT]
        wanted = (name for name in names if name.endswith((".yaml", ".yml")) and not name.startswith("."))
        found.extend(os.path.join(folder, name) for name in wanted if name != SYLLABUS)
    return sorted(found)


def sound(path: str) -> bool:
    """Whether the file's name is text: others are told by `survey` and passed over elsewhere."""
    return not any("\ud800" <= character <= "\udfff" for character in path)


class Surveyed(NamedTuple):
    """All whole questions of some files, and what is wrong with the rest.

    `digests` has the SHA-256 of what was read, by file: the same as the catalogue's.
    """

    files: list[str]
    items: "list[Item]"
    problems: list[Problem]
    digests: dict[str, str]


def survey(roots: tuple[Path, ...], paths: tuple[Path, ...]) -> Surveyed:
    """Reads the files of `paths`, or of all roots; ids are held unique over all roots too. Raises BankError."""
    from mlquiz.bank.items import understand
    from mlquiz.bank.syllabus import load

    syllabus = load(roots[0])
    found = list(dict.fromkeys(file for path in paths or roots for file in _below(path.resolve())))
    beside = dict.fromkeys(file for root in roots for file in files(root.resolve()))
    problems = [_unsound(file) for file in found if not sound(file)]
    first: dict[str, Item] = {}
    wanted: list[Item] = []
    digests: dict[str, str] = {}
    for file in filter(sound, dict.fromkeys([*beside, *found])):
        document, digest = _read(file)
        reading = understand(document, file, syllabus)
        twice = [
            (item, known) for item in reading.items if (known := first.setdefault(item.question.id, item)) is not item
        ]
        if file in found:
            digests[file] = digest
            wanted += reading.items
            problems += [*reading.problems, *_place(file, roots[0].resolve(), reading.home), *map(_twice, twice)]
    return Surveyed(found, wanted, problems, digests)


def _read(file: str) -> "tuple[Document, str]":
    """The file and the digest of its bytes, from one reading: whoever agrees to its programs agrees to these."""
    from hashlib import sha256

    from mlquiz.bank.reader import Document, contents, parse, unreadable

    try:
        data = contents(Path(file))
    except OSError as error:
        return Document(None, {}, [unreadable(file, error)]), ""
    return parse(data, file), sha256(data).hexdigest()


def _twice(pair: "tuple[Item, Item]") -> Problem:
    item, known = pair
    message = f"{item.question.id} stands already at {known.file}:{known.line}; ids are unique"
    return Problem(item.file, item.line, "$", message)


def _unsound(file: str) -> Problem:
    shown = file.encode("utf-8", "backslashreplace").decode()
    return Problem(shown, 0, "$", "has a name that is not UTF-8, so it is passed over; rename it")


def _below(path: Path) -> list[str]:
    if path.is_dir():
        return files(path)
    if path.is_file():
        return [str(path)]
    raise BankError(f"There is no file or folder {path}.")


def _place(file: str, bank: Path, home: tuple[str, str] | None) -> list[Problem]:
    """In the shipped bank, where a file stands says what is in it."""
    if home is None or not Path(file).is_relative_to(bank):
        return []
    topic, subtopic = home
    wanted = f"{topic.replace('.', '/')}/{subtopic}.yaml"
    if Path(file).relative_to(bank).as_posix() == wanted:
        return []
    return [Problem(file, 1, "$", f"should stand at {wanted}, by its topic and subtopic")]
