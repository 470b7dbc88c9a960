"""How ready the learner is: the chance of knowing each question on a day, averaged by weight, with an honest interval.

A question that was met has its recall. One that was not has the chance of a logistic model with one ability, an offset
for each topic and the question's difficulty, fitted to first meetings alone: what was never asked says nothing else.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import exp, fsum, sqrt
from typing import NamedTuple

from msgspec import Struct

from mlquiz.core.memory import Memory, drifted, recall
from mlquiz.core.scheduler import Step
from mlquiz.core.standing import Z80, Heading

BASE = 0.4
"""Logit of knowing a question of middle difficulty, for a learner in the middle."""
ABILITY_SD, TOPIC_SD, LEVEL_SD = 0.9, 0.5, 0.5
EASE = {1: 1.2, 2: 0.6, 3: 0.0, 4: -0.6, 5: -1.2}
"""What a question's difficulty adds to the logit before anything is known of the learner."""
ENOUGH = 30
"""First meetings of a difficulty from which on its ease is fitted, too."""
STEPS, PRECISE = 50, 1e-9


class Meeting(NamedTuple):
    """A question's first answer: its topic, its difficulty 1..5, whether it was known."""

    topic: str
    difficulty: int
    known: bool


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
    """The points of the whole, an area or a topic: on the day asked about, and today."""

    id: str
    title: str
    then: Points
    now: Points


class Ready(Struct, frozen=True):
    """Readiness on `day`, if nothing more is studied until then. `left_out` counts questions that are not asked."""

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


class Ability(NamedTuple):
    """The fitted model: its unknowns by name (ability, topics, difficulties), the most likely values, their covariance.

    Maximum a posteriori under normal priors; the covariance is the inverse of the Hessian there (Laplace).
    """

    places: Mapping[str | int, int]
    values: list[float]
    covariance: list[list[float]]

    def terms(self, topic: str, difficulty: int) -> list[int]:
        """The places of the unknowns that a question's logit is a sum of."""
        return [self.places[name] for name in ("", topic, difficulty) if name in self.places]

    def chance(self, topic: str, difficulty: int) -> float:
        """Chance (0..1) of knowing a question at its first meeting."""
        logit = BASE + EASE[difficulty] + fsum(self.values[place] for place in self.terms(topic, difficulty))
        return 1 / (1 + exp(-logit))


def ability(meetings: Iterable[Meeting], topics: Iterable[str]) -> Ability:
    """The model after these first meetings, by Newton's method; topics without any keep their prior."""
    cells: Counter[tuple[str, int]] = Counter()
    known: Counter[tuple[str, int]] = Counter()
    levels: Counter[int] = Counter()
    for meeting in meetings:
        cell = meeting.topic, meeting.difficulty
        cells[cell] += 1
        known[cell] += meeting.known
        levels[meeting.difficulty] += 1
    names: list[str | int] = ["", *dict.fromkeys([*topics, *(topic for topic, _ in cells)])]
    names += sorted(level for level, n in levels.items() if n >= ENOUGH)
    spreads = [ABILITY_SD, *(LEVEL_SD if isinstance(name, int) else TOPIC_SD for name in names[1:])]
    found = Ability({name: n for n, name in enumerate(names)}, [0.0] * len(names), [])
    for _ in range(STEPS):
        slope = [-value / spread**2 for value, spread in zip(found.values, spreads, strict=True)]
        bend = [[(row == column) / spreads[row] ** 2 for column in range(len(names))] for row in range(len(names))]
        for (topic, difficulty), n in cells.items():
            p = found.chance(topic, difficulty)
            terms = found.terms(topic, difficulty)
            for row in terms:
                slope[row] += known[topic, difficulty] - n * p
                for column in terms:
                    bend[row][column] += n * p * (1 - p)
        covariance = inverse(bend)
        step = [fsum(a * b for a, b in zip(row, slope, strict=True)) for row in covariance]
        found = Ability(found.places, [v + d for v, d in zip(found.values, step, strict=True)], covariance)
        if max(map(abs, step)) < PRECISE:
            break
    return found


def meetings(steps: Iterable[Step], keys: Mapping[str, str], difficulty: Mapping[str, int]) -> list[Meeting]:
    """First answers to questions under their current keys, as corrected. One taken back leaves no first meeting."""
    first: dict[str, Step] = {}
    for step in sorted(steps, key=lambda step: (step.day, step.root, step.id)):
        if keys.get(step.question) != step.key:
            continue
        met = first.setdefault(step.question, step)
        if step.root == met.root:
            first[step.question] = step  # a correction stands in the place of what it corrects
    return [
        Meeting(question.rpartition(".")[0], difficulty[question], step.rating > 1)
        for question, step in first.items()
        if step.standing and question in difficulty
    ]


def ready(
    questions: Sequence[Entry],
    headings: Sequence[Heading],
    model: Ability,
    drift: float,
    today: int,
    day: int,
    left_out: int = 0,
) -> Ready:
    """Readiness today and on `day`, by area and topic; a topic's weight is shared by its questions."""
    shares = Counter(question.topic for question in questions)
    weights = {heading.topic: heading.weight / shares[heading.topic] for heading in headings if shares[heading.topic]}

    def stands(question: Entry, on: int) -> Standing:
        chance = drifted(recall(question.memory, on), drift) if question.memory else None
        return Standing(question.topic, question.difficulty, weights[question.topic], chance)

    def line(id_: str, title: str, topics: Collection[str]) -> Line | None:
        rows = [question for question in questions if question.topic in topics]
        then, now = (points((stands(row, on) for row in rows), model) for on in (day, today))
        return Line(id_, title, then, now) if then and now else None

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


def inverse(matrix: Sequence[Sequence[float]]) -> list[list[float]]:
    """The inverse of a symmetric positive definite matrix, by Gauss and Jordan; no pivots are needed for such."""
    size = len(matrix)
    rows = [[*row, *(float(n == place) for n in range(size))] for place, row in enumerate(matrix)]
    for place in range(size):
        pivot = rows[place][place]
        rows[place] = [value / pivot for value in rows[place]]
        for other in range(size):
            if other != place and (factor := rows[other][place]):
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[place], strict=True)]
    return [row[size:] for row in rows]


def points(questions: Iterable[Standing], model: Ability) -> Points | None:
    """What is expected of these questions, by their weights; nothing without any.

    The variance is that of the model's unknowns, carried over to the mean (delta method), and that of which
    questions happen to be known.
    """
    slope = [0.0] * len(model.values)
    whole = mean = chance = 0.0
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
        mean += row.weight * p
        chance += row.weight**2 * p * (1 - p)
    if not whole:
        return None
    carried = fsum(
        a * b * value
        for a, row_ in zip(slope, model.covariance, strict=True)
        for b, value in zip(slope, row_, strict=True)
    )
    half = Z80 * sqrt(carried + chance) / whole
    at = mean / whole
    return Points(100 * at, 100 * max(0.0, at - half), 100 * min(1.0, at + half), seen, unseen)
