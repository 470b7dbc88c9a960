"""How ready the learner is: the chance of knowing each question on a day, averaged by weight, with an honest interval.

A question that was met has its recall. One that was not has the chance of a logistic model with one ability, an offset
for each topic and the question's difficulty, fitted to first meetings alone: what was never asked says nothing else.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import fsum, sqrt
from types import MappingProxyType
from typing import NamedTuple

from msgspec import Struct

from mlquiz.core.ability import Ability
from mlquiz.core.interval import Z80
from mlquiz.core.memory import Memory, drifted, recall
from mlquiz.core.standing import Heading


class Standing(NamedTuple):
    """A question that may be asked on the day: its weight in the whole, and its recall then (null: not met yet)."""

    topic: str
    difficulty: int
    weight: float
    recall: float | None = None


class Points(Struct, frozen=True):
    """Points out of 100 expected, and an 80 % interval; how many of the questions were met, and how many not."""

    points: float
    low: float
    high: float
    seen: int
    unseen: int


class Line(Struct, frozen=True):
    """The points of the whole, an area or a topic: on the day asked about if nothing more is studied, today, and on
    that day if the plan is kept (null: not looked into)."""

    id: str
    title: str
    then: Points
    now: Points
    kept: Points | None = None


class Ready(Struct, frozen=True):
    """Readiness on `day`. `left_out` counts questions that are not asked."""

    today: int
    day: int
    overall: Line | None
    areas: list[Line]
    topics: list[Line]
    left_out: int


class Entry(NamedTuple):
    """A question that may be asked; its memory, null where it was not met under its present key."""

    topic: str
    difficulty: int
    memory: Memory | None = None


def ready(
    questions: Sequence[Entry],
    headings: Sequence[Heading],
    model: Ability,
    drift: tuple[float, float],
    today: int,
    day: int,
    kept: Mapping[str, tuple[Points, Points]] = MappingProxyType({}),
    left_out: int = 0,
) -> Ready:
    """Readiness today and on `day`, by area and topic; a topic's weight is shared by its questions.

    `drift` is the learner's with its variance; `kept` has the points that a course brings if the plan is kept, and if
    one stops now, by area and topic, "" for all.
    """
    shares = Counter(question.topic for question in questions)
    weights = {heading.topic: heading.weight / shares[heading.topic] for heading in headings if shares[heading.topic]}

    def stands(question: Entry, on: int) -> Standing:
        memory = question.memory  # what was answered today counts with tomorrow's recall: it has just been read
        chance = drifted(recall(memory, max(on, memory.last + 1)), drift[0]) if memory else None
        return Standing(question.topic, question.difficulty, weights[question.topic], chance)

    def line(id_: str, title: str, topics: Collection[str]) -> Line | None:
        rows = [question for question in questions if question.topic in topics]
        then, now = (points((stands(row, on) for row in rows), model, drift[1]) for on in (day, today))
        if not then or not now:
            return None
        return Line(id_, title, then, now, beside(*kept[id_], then) if id_ in kept else None)

    areas = {heading.area: heading.area_title for heading in headings}
    return Ready(
        today,
        day,
        line("", "All", weights.keys()),
        _lines(line(id_, title, {h.topic for h in headings if h.area == id_}) for id_, title in areas.items()),
        _lines(line(heading.topic, heading.title, {heading.topic}) for heading in headings),
        left_out,
    )


def _lines(found: Iterable[Line | None]) -> list[Line]:
    return [line for line in found if line]


def points(questions: Iterable[Standing], model: Ability, drift_variance: float = 0.0) -> Points | None:
    """What is expected of these questions, by their weights; nothing without any.

    The variance is that of the model's unknowns and of the learner's drift, carried over to the mean (delta method),
    and that of which questions happen to be known.
    """
    slope = [0.0] * len(model.values)
    whole = mean = chance = drifting = 0.0
    seen = unseen = 0
    rows = list(questions)
    for row in rows:
        whole += row.weight
        p = row.recall
        if p is None:
            unseen += 1
            p = model.chance(row.topic, row.difficulty)
            for place in model.terms(row.topic, row.difficulty):
                slope[place] += row.weight * p * (1 - p)
        else:
            seen += 1
            drifting += row.weight * p * (1 - p)
        mean += row.weight * p
        chance += row.weight**2 * p * (1 - p)
    if not whole:
        return None
    carried = fsum(
        a * b * value
        for a, row_ in zip(slope, model.covariance, strict=True)
        for b, value in zip(slope, row_, strict=True)
    )
    half = Z80 * sqrt(carried + drifting**2 * drift_variance + chance) / whole
    at = mean / whole
    return Points(100 * at, 100 * max(0.0, at - half), 100 * min(1.0, at + half), seen, unseen)


def beside(points: Points, stopped: Points, then: Points) -> Points:
    """The points of a course moved so that stopping now has those of `then`: a course averages over what is believed
    of the learner, where readiness takes what is most likely."""
    by = then.points - stopped.points

    def moved(value: float) -> float:
        return min(100.0, max(0.0, value + by))

    return Points(moved(points.points), moved(points.low), moved(points.high), points.seen, points.unseen)
