"""What the tests said of an answer in code, in words: the same at a terminal, in plain mode and read aloud."""

from collections.abc import Sequence
from typing import NamedTuple

from mlquiz.core.parts import Case, UnitTest
from mlquiz.core.question import Code, Sql
from mlquiz.core.text import tidy
from mlquiz.core.trial import Judged, Result
from mlquiz.core.words import count

ROWS = 8
"""Rows of a case's tables that are shown."""
PRINTED = 4
"""Lines of what an answer printed that are shown."""


class Failed(NamedTuple):
    """A test that did not pass: its name, what it ran (code, or the tables), how it ended, the answer's own line."""

    name: str
    ran: str
    told: str
    line: str = ""


def verdict(judged: Judged) -> str:
    """How many passed, in a sentence."""
    results = judged.results
    passed = sum(result.passed for result in results)
    if judged.lacks:
        return f"It needs {judged.lacks}, which is not installed."
    if not ran(judged):
        return "Nothing is written yet."
    if broken(results):
        return "It does not run."
    if passed == len(results):
        return f"All {count(passed, 'test')} pass."
    return f"{passed} of {count(len(results), 'test')} pass."


def ran(judged: Judged) -> bool:
    """Whether anything was run."""
    return any(result.outcome != "not attempted" for result in judged.results)


def broken(results: Sequence[Result]) -> bool:
    """Whether it ended before any test: they all say the same."""
    first = results[0]
    same = all(
        (result.outcome, result.note, result.line) == (first.outcome, first.note, first.line) for result in results
    )
    return len(results) > 1 and same and not first.passed and first.outcome != "failed"


def failures(body: Code | Sql, source: str, judged: Judged, most: int = 3) -> tuple[list[Failed], list[str]]:
    """The first failed tests in full, at most so many, and the names of the others."""
    failed = [result for result in judged.results if not result.passed and result.outcome != "not attempted"]
    if failed and broken(judged.results):
        return [Failed("", "", failed[0].failure, _line(source, failed[0]))], []
    items: Sequence[UnitTest | Case] = body.tests if isinstance(body, Code) else body.cases
    ran = {item.name: _ran(item) for item in items}
    full = [Failed(result.name, ran.get(result.name, ""), result.failure, _line(source, result)) for result in failed]
    return full[:most], [each.name for each in full[most:]]


def unrun(judged: Judged) -> str:
    """How many tests were left out after one that ran too long, in a sentence; empty where none was."""
    left = sum(result.outcome == "not attempted" for result in judged.results)
    return f"{count(left, 'test')} not run after that." if 0 < left < len(judged.results) else ""


def some(names: Sequence[str], room: int) -> str:
    """As many of the names as fit into so many characters, and how many more there are."""
    shown = list(names)
    while len(", ".join(shown)) > room and len(shown) > 1:
        shown.pop()
    left = len(names) - len(shown)
    return ", ".join(shown) + (f" and {left} more" if left else "")


def printed(judged: Judged) -> str:
    """The first lines of what the answer printed."""
    lines = judged.printed.rstrip().split("\n")
    return "\n".join([*lines[:PRINTED], *(["…"] if len(lines) > PRINTED else [])])


def _line(source: str, result: Result) -> str:
    lines = source.splitlines()
    return tidy(lines[result.line - 1].strip()) if result.line and result.line <= len(lines) else ""


def _ran(item: UnitTest | Case) -> str:
    """The call of a test, or the tables of a case; nothing of a test that is a program of its own."""
    if isinstance(item, UnitTest):
        return item.call or ""
    return "\n".join(_table(name, rows) for name, rows in item.data.items())


def _table(name: str, rows: list[list[object]]) -> str:
    shown = [", ".join("NULL" if value is None else str(value) for value in row) for row in rows[:ROWS]]
    more = [f"and {len(rows) - ROWS} more"] if len(rows) > ROWS else []
    return f"{name}: {' | '.join([*shown, *more]) or 'no rows'}"
