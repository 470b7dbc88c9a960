"""The logistic model of first answers: one ability, an offset for each topic, the question's difficulty.

What was never asked is judged by it. It is fitted to first meetings alone: later answers speak of memory.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import exp, fsum, sqrt
from typing import NamedTuple

from mlquiz.core.scheduler import Step

BASE = 0.4
"""Logit of knowing a question of middle difficulty, for a learner in the middle."""
ABILITY_SD, TOPIC_SD, LEVEL_SD = 0.9, 0.5, 0.5
EASE = {1: 1.2, 2: 0.6, 3: 0.0, 4: -0.6, 5: -1.2}
"""What a question's difficulty adds to the logit before anything is known of the learner."""
ENOUGH = 30
"""First meetings of a difficulty from which on its ease is fitted, too."""
STEPS, PRECISE = 50, 1e-9


LUCK: Mapping[str, float] = {"single": 0.125}
"""Chance that what is not known is answered right all the same, by kind: one in four, half of it called a guess where
that is asked."""


class Asked(NamedTuple):
    """What the model knows of a question: its difficulty 1..5 and its kind."""

    difficulty: int
    kind: str


class Meeting(NamedTuple):
    """A question's first answer: its topic, its difficulty 1..5, whether it was known, how likely by luck."""

    topic: str
    difficulty: int
    known: bool
    luck: float = 0.0


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

    def moved(self, lower: Sequence[Sequence[float]], shift: Sequence[float]) -> "Ability":
        """The model elsewhere in its posterior: `lower` is `cholesky` of the covariance, `shift` normal draws."""
        values = [
            value + fsum(a * b for a, b in zip(row, shift, strict=False))
            for value, row in zip(self.values, lower, strict=True)
        ]
        return self._replace(values=values)


def ability(meetings: Iterable[Meeting], topics: Iterable[str]) -> Ability:
    """The model after these first meetings, by Fisher scoring; topics without any keep their prior.

    What luck may have answered counts with its chance c as in a three-parameter logistic model (Birnbaum 1968):
    P(right) = c + (1 - c) p.
    """
    cells: Counter[tuple[str, int, float]] = Counter()
    known: Counter[tuple[str, int, float]] = Counter()
    levels: Counter[int] = Counter()
    for meeting in meetings:
        cell = meeting.topic, meeting.difficulty, meeting.luck
        cells[cell] += 1
        known[cell] += meeting.known
        levels[meeting.difficulty] += 1
    names: list[str | int] = ["", *dict.fromkeys([*topics, *(topic for topic, *_ in cells)])]
    names += sorted(level for level, n in levels.items() if n >= ENOUGH)
    spreads = [ABILITY_SD, *(LEVEL_SD if isinstance(name, int) else TOPIC_SD for name in names[1:])]
    found = Ability({name: n for n, name in enumerate(names)}, [0.0] * len(names), [])
    for _ in range(STEPS):
        slope = [-value / spread**2 for value, spread in zip(found.values, spreads, strict=True)]
        bend = [[(row == column) / spreads[row] ** 2 for column in range(len(names))] for row in range(len(names))]
        for (topic, difficulty, luck), n in cells.items():
            p = found.chance(topic, difficulty)
            right = luck + (1 - luck) * p
            steep = (1 - luck) * p * (1 - p)
            informed = steep / (right * (1 - right))
            terms = found.terms(topic, difficulty)
            for row in terms:
                slope[row] += (known[topic, difficulty, luck] - n * right) * informed
                for column in terms:
                    bend[row][column] += n * steep * informed
        covariance = inverse(bend)
        step = [fsum(a * b for a, b in zip(row, slope, strict=True)) for row in covariance]
        step = [part / max(1.0, *map(abs, step)) for part in step]  # no leap: far from the top it would overshoot
        found = Ability(found.places, [v + d for v, d in zip(found.values, step, strict=True)], covariance)
        if max(map(abs, step)) < PRECISE:
            break
    return found


def meetings(steps: Iterable[Step], keys: Mapping[str, str], asked: Mapping[str, Asked]) -> list[Meeting]:
    """First answers to questions under their current keys, as corrected. One taken back leaves no first meeting."""
    first: dict[str, Step] = {}
    for step in sorted(steps, key=lambda step: (step.day, step.root, step.id)):
        if keys.get(step.question) != step.key:
            continue
        met = first.setdefault(step.question, step)
        if step.root == met.root:
            first[step.question] = step  # a correction stands in the place of what it corrects
    return [
        Meeting(question.rpartition(".")[0], asked[question].difficulty, step.rating > 1, _luck(asked[question], step))
        for question, step in first.items()
        if step.standing and question in asked
    ]


def _luck(asked: Asked, step: Step) -> float:
    return LUCK.get(asked.kind, 0.0) * (2 if step.unasked else 1)


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


def cholesky(matrix: Sequence[Sequence[float]]) -> list[list[float]]:
    """The rows, up to the diagonal, of the lower triangular L with L Lᵀ = `matrix`, symmetric positive definite."""
    rows: list[list[float]] = []
    for n, row in enumerate(matrix):
        out: list[float] = []
        for m in range(n):
            out.append((row[m] - fsum(a * b for a, b in zip(out, rows[m], strict=False))) / rows[m][m])
        out.append(sqrt(row[n] - fsum(a * a for a in out)))
        rows.append(out)
    return rows
