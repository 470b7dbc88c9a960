"""What a session came to."""

from math import fsum
from typing import NamedTuple


class Line(NamedTuple):
    """An answer in the summary."""

    topic: str
    score: float
    right: bool
    seconds: float | None
    confidence: str | None


class Tally(NamedTuple):
    """Some answers together: how many, how many right, their mean score 0..1, the seconds they took."""

    topic: str
    asked: int
    right: int
    score: float
    seconds: float

    @classmethod
    def of(cls, topic: str, lines: list[Line]) -> "Tally":
        score = fsum(line.score for line in lines) / len(lines)
        return cls(
            topic, len(lines), sum(line.right for line in lines), score, sum(line.seconds or 0 for line in lines)
        )


class Summary(NamedTuple):
    """A session's end: one line an answer that stands, how many questions were passed over or not reached,
    how many are due tomorrow, and how many still are today."""

    lines: list[Line]
    skipped: int
    left: int
    interrupted: bool
    tomorrow: int
    due: int = 0

    def tallies(self) -> list[Tally]:
        """One a topic."""
        topics = sorted({line.topic for line in self.lines})
        return [Tally.of(topic, [line for line in self.lines if line.topic == topic]) for topic in topics]

    @property
    def whole(self) -> Tally | None:
        """All answers together; none without any."""
        return Tally.of("All", self.lines) if self.lines else None
