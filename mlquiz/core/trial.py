"""What the tests of an answer in code said of it."""

from typing import Literal, NamedTuple, Protocol, TypeAlias

from msgspec import Struct

from mlquiz.core.question import Code, Sql

Ending: TypeAlias = Literal["passed", "failed", "raised", "timed out", "out of memory", "not attempted"]


class Result(Struct, frozen=True, omit_defaults=True):
    """One test: how it ended, why in words, the answer's own line behind it, and its seconds (0 where it never ran)."""

    name: str
    outcome: Ending
    note: str = ""
    line: int | None = None
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        return self.outcome == "passed"

    @property
    def failure(self) -> str:
        """How it ended and why, in a line; for one that did not pass."""
        said = self.note if self.outcome in ("failed", "raised") else ""
        told = said or f"{self.outcome}: {self.note}".removesuffix(": ")
        return f"{told} (line {self.line})" if self.line else told


class Judged(NamedTuple):
    """Every test's result, in the order given, what the answer printed meanwhile, and a package that was missing."""

    results: list[Result]
    printed: str = ""
    lacks: str = ""

    @property
    def passed(self) -> bool:
        """Whether every test passed."""
        return all(result.passed for result in self.results)


class Judge(Protocol):
    """Runs an answer's source through the tests of its question: each within `seconds`, up to the `first` failure."""

    def __call__(self, body: Code | Sql, source: str, *, seconds: float = ..., first: bool = ...) -> Judged: ...
