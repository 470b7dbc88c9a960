"""Sheets for readers who answer the bank blind, and what their answers say of it.

    python tests/blind.py sheet PLAN --seed 7 ID... > sheet.md       questions with neither key nor id
    python tests/blind.py mark PLAN answers.yaml --reader NAME       agreed or not, and the flaws ticked
        [--ledger question_bank/audit/blind.csv]

PLAN is a file that keeps which question stands where; a reader does not see it. Answers are YAML, one entry a question:

    Q1: {answer: b, flaws: [], level: onsite, note: ""}

An answer is letters (`a c`), a number, step numbers (`3 1 2`), text, source that the tests run,
or of an open question the ids of the points met.
"""

import argparse
import csv
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, assert_never

import msgspec
import yaml

from mlquiz.bank.files import survey
from mlquiz.core.answer import Answer, Explained, Given, Picked, Ran, Unclear, checked
from mlquiz.core.draw import draw
from mlquiz.core.grading import grade
from mlquiz.core.question import Code, Exercise, Multi, Number, Open, Order, Output, Question, Short, Single, Sql
from mlquiz.core.text import number
from mlquiz.players.typed import arrangement
from mlquiz.sandbox.judge import judged

BANK = Path(__file__).parent.parent / "question_bank"
FLAWS = ("unclear", "two right", "none right", "given away", "level wrong")
LABELS = "abcde"
COLUMNS = ("id", "revision", "reader", "answer", "agreed", "flaw")


class Plan(msgspec.Struct):
    """Which questions stand on a sheet, in order, with their revisions, and the seed that shuffles their options."""

    seed: int
    revisions: dict[str, str]


def drawn(ids: Iterable[str], seed: int, bank: Path) -> list[Exercise]:
    """As they stand on the sheet. Exits for an id that is not in the bank."""
    known: dict[str, Question] = {item.question.id: item.question for item in survey((bank,), ()).items}
    if missing := [id_ for id_ in ids if id_ not in known]:
        sys.exit(f"not in {bank}: {', '.join(missing)}")
    return [draw(known[id_], seed) for id_ in ids]


class Reading(msgspec.Struct):
    """What a reader says of one question."""

    answer: str | int | float | list[str | int]
    flaws: list[str] = []
    level: str = ""
    note: str = ""


class Marked(NamedTuple):
    """A reading beside its question."""

    exercise: Exercise
    reading: Reading
    answer: Answer | None
    score: float
    agreed: bool

    def row(self, reader: str) -> tuple[str, ...]:
        """As the ledger holds it, the answer in the bank's own terms."""
        question = self.exercise.question
        given = msgspec.json.encode(self.answer).decode() if self.answer else str(self.reading.answer)
        if isinstance(self.answer, Ran):
            passed = sum(result.passed for result in self.answer.results)
            given = f"{passed} of {len(self.answer.results)} tests pass"
        flaws = "; ".join(self.reading.flaws)
        return question.id, question.revision, reader, given, "yes" if self.agreed else "no", flaws


def sheet(exercise: Exercise, n: int) -> str:
    """One question as a reader sees it, in Markdown."""
    body = exercise.body
    shown = f"## Q{n} ({exercise.question.kind})\n\n{exercise.prompt.rstrip()}\n\n"
    match body:
        case Single() | Multi():
            lines = [f"{label}) {option.text}" for label, option in zip(LABELS, body.options, strict=False)]
        case Order():
            lines = [f"{place}. {text}" for place, text in enumerate(body.steps.values(), 1)]
            lines += ["", "(An order that works, as numbers.)"]
        case Output():
            lines = ["```python", body.program.rstrip(), "```"]
        case Number():
            lines = [f"(in {body.unit})"] if body.unit else []
        case Code():
            lines = ["```python", body.starter.rstrip(), "```"]
        case Sql():
            lines = ["```sql", body.schema.rstrip(), "```"]
        case Short() | Open():
            lines = []
        case other:
            assert_never(other)
    return shown + "\n".join(lines) + "\n"


def understood(exercise: Exercise, given: str | int | float | list[str | int]) -> Answer:
    """A reader's answer in the bank's own terms. Raises Unclear."""
    body = exercise.body
    words = [str(part) for part in given] if isinstance(given, list) else str(given).replace(",", " ").split()
    match body:
        case Single() | Multi():
            letters = "".join(words).lower()
            if not letters or set(letters) - set(LABELS[: len(body.options)]):
                raise Unclear(f"{given!r} names no option")
            return checked(body, Picked([body.options[LABELS.index(letter)].key for letter in letters]))
        case Number():
            return checked(body, number(str(given), body.unit))
        case Order():
            return arrangement(body, " ".join(words))
        case Short() | Output():
            return checked(body, Given(str(given)))
        case Code() | Sql():
            return checked(body, Ran(str(given), judged(body, str(given)).results))
        case Open():
            return checked(body, Explained(words))
        case other:
            assert_never(other)


def marked(exercise: Exercise, reading: Reading) -> Marked:
    """An answer that cannot be understood agrees with nothing."""
    if strange := set(reading.flaws) - set(FLAWS):
        raise ValueError(f"{', '.join(sorted(strange))}: a flaw is one of {', '.join(FLAWS)}")
    try:
        answer = understood(exercise, reading.answer)
    except Unclear:
        return Marked(exercise, reading, None, 0.0, False)
    verdict = grade(exercise.body, answer)
    return Marked(exercise, reading, answer, verdict.score, verdict.right)


def told(mark: Marked) -> str:
    """A line on one reading."""
    question, reading = mark.exercise.question, mark.reading
    word = "agrees   " if mark.agreed else "DISAGREES"
    level = f" level {question.level}, said {reading.level}" if reading.level not in ("", question.level) else ""
    flaws = f" [{', '.join(reading.flaws)}]" if reading.flaws else ""
    note = f" {reading.note}" if reading.note else ""
    said = grade(mark.exercise.body, mark.answer).note if isinstance(mark.answer, Ran) else repr(reading.answer)
    answered = "" if mark.agreed else f" said {said} ({mark.score:.2f})"
    return f"{word} {question.id}{answered}{level}{flaws}{note}"


def main(arguments: list[str]) -> int:
    """Prints a sheet, or what readers' answers are worth; exits 1 where one disagrees."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bank", type=Path, default=BANK)
    verbs = parser.add_subparsers(dest="verb", required=True)
    asking = verbs.add_parser("sheet")
    asking.add_argument("plan", type=Path)
    asking.add_argument("ids", nargs="+")
    asking.add_argument("--seed", type=int, required=True)
    marking = verbs.add_parser("mark")
    marking.add_argument("plan", type=Path)
    marking.add_argument("answers", type=Path)
    marking.add_argument("--reader", required=True)
    marking.add_argument("--ledger", type=Path)
    options = parser.parse_args(arguments)
    if options.verb == "sheet":
        exercises = drawn(options.ids, options.seed, options.bank)
        print("\n".join(sheet(exercise, n) for n, exercise in enumerate(exercises, 1)))
        questions = [exercise.question for exercise in exercises]
        plan = Plan(options.seed, {question.id: question.revision for question in questions})
        options.plan.write_bytes(msgspec.json.encode(plan))
        return 0
    plan = msgspec.json.decode(options.plan.read_bytes(), type=Plan)
    exercises = drawn(plan.revisions, plan.seed, options.bank)
    said = yaml.safe_load(options.answers.read_text(encoding="utf-8"))
    readings = msgspec.convert(said, dict[str, Reading])
    read = {n: exercise for n, exercise in enumerate(exercises, 1) if f"Q{n}" in readings}
    revised = {n for n, exercise in read.items() if plan.revisions[exercise.question.id] != exercise.question.revision}
    marks = [marked(exercise, readings[f"Q{n}"]) for n, exercise in read.items() if n not in revised]
    print("\n".join(told(mark) for mark in marks))
    print(
        f"{sum(mark.agreed for mark in marks)} of {len(marks)} agree; {len(exercises) - len(read)} were not answered, "
        f"{len(revised)} were revised since."
    )
    if options.ledger:
        enter(options.ledger, [mark.row(options.reader) for mark in marks])
    return 0 if all(mark.agreed for mark in marks) else 1


def enter(ledger: Path, rows: list[tuple[str, ...]]) -> None:
    """Adds rows to the ledger; the same reader's earlier one of the same question goes."""
    new = {(row[0], row[2]) for row in rows}
    held = list(csv.reader(ledger.read_text(encoding="utf-8").splitlines()))[1:] if ledger.exists() else []
    kept = [tuple(row) for row in held if (row[0], row[2]) not in new]
    ledger.parent.mkdir(exist_ok=True)
    with ledger.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([COLUMNS, *sorted([*kept, *rows])])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
