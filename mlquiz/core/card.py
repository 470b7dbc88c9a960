"""The score card of a mock interview: what was asked and drawn at its beginning, and what came of it."""

from collections.abc import Callable, Iterable, Sequence
from math import fsum
from typing import NamedTuple

from msgspec import Struct

from mlquiz.core.mock import STAGES, Band, Stage, Yardstick, yardstick


class Slot(Struct, frozen=True):
    """A question drawn: its seed, its part of the interview, what it counts by; the chance held of knowing it then."""

    id: str
    seed: int
    stage: Stage
    topic: str
    difficulty: int
    seconds: int
    chance: float
    kind: str = ""


class Mock(Struct, frozen=True):
    """An interview as it began: its seconds, what was drawn, and what readiness said of it: points, low and high."""

    seconds: int
    slots: list[Slot]
    expected: tuple[float, float, float]
    level: str | None = None
    area: str | None = None


class Given(NamedTuple):
    """What came of a question: its score 0..1, whether it was known, the seconds it took (null: not told)."""

    score: float
    known: bool
    seconds: float | None


class Line(Struct, frozen=True):
    """A question on the card; score, known and seconds are null where it was not answered."""

    question: str
    stage: Stage
    topic: str
    expected_seconds: int
    score: float | None = None
    known: bool | None = None
    seconds: float | None = None


class Part(Struct, frozen=True):
    """A stage, an area or a topic: `n` questions, `answered` of them; points of 100; seconds taken and expected."""

    id: str
    title: str
    n: int
    answered: int
    points: float
    seconds: float
    expected_seconds: int


class Card(Struct, frozen=True):
    """A mock interview: points of 100 and their band; beside them what a prepared candidate would have on these
    questions (mean and standard deviation), and what readiness said (an 80 % interval). `spent` is in seconds."""

    id: str
    day: int
    seconds: int
    spent: float
    pauses: int
    points: float
    band: Band
    prepared: float
    spread: float
    expected: float
    low: float
    high: float
    stages: list[Part]
    areas: list[Part]
    topics: list[Part]
    lines: list[Line]
    drill: str


def card(
    id_: str,
    day: int,
    mock: Mock,
    spent: float,
    pauses: int,
    given: dict[str, Given],
    title: Callable[[str], str],
    program: str,
) -> Card:
    """The card; what was not answered counts nothing. `title` gives that of an area or topic."""
    lines = [_line(slot, given.get(slot.id)) for slot in mock.slots]
    yard: Yardstick = yardstick([(slot.difficulty, slot.seconds, slot.kind) for slot in mock.slots])
    points = _points(lines)
    topics = _parts(lines, lambda line: line.topic, dict.fromkeys(line.topic for line in lines), title)
    return Card(
        id_,
        day,
        mock.seconds,
        spent,
        pauses,
        points,
        yard.band(points),
        yard.points,
        yard.spread,
        *mock.expected,
        _parts(lines, lambda line: line.stage, STAGES, str),
        _parts(lines, lambda line: _area(line.topic), dict.fromkeys(_area(line.topic) for line in lines), title),
        topics,
        lines,
        _drill(topics, program),
    )


def _area(topic: str) -> str:
    return topic.partition(".")[0]


def _line(slot: Slot, given: Given | None) -> Line:
    return Line(slot.id, slot.stage, slot.topic, slot.seconds, *(given or ()))


def _points(lines: Iterable[Line]) -> float:
    """Of 100: scores weighted by the seconds that their questions are worth."""
    rows = list(lines)
    whole = sum(line.expected_seconds for line in rows)
    return 100 * fsum((line.score or 0.0) * line.expected_seconds for line in rows) / whole if whole else 0.0


def _parts(
    lines: Sequence[Line], of: Callable[[Line], str], names: Iterable[str], title: Callable[[str], str]
) -> list[Part]:
    out = []
    for name in names:
        rows = [line for line in lines if of(line) == name]
        if rows:
            answered = [line for line in rows if line.score is not None]
            taken = fsum(line.seconds or 0.0 for line in answered)
            expected = sum(line.expected_seconds for line in rows)
            out.append(Part(name, title(name), len(rows), len(answered), _points(rows), taken, expected))
    return out


def _drill(topics: Sequence[Part], program: str) -> str:
    """The command that drills the topic that cost most; empty where none did."""
    lost = [((100 - part.points) * part.expected_seconds, part.id) for part in topics]
    most, topic = max(lost, default=(0.0, ""))
    return f"{program} quiz --topic {topic}" if most > 0 else ""
