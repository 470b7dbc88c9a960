"""What is remembered of a question, and when it is due: the FSRS-6 forgetting curve in closed form.

`due` reads this on every shell prompt, so it loads nothing: NamedTuples, no FSRS package.
"""

from collections.abc import Iterable
from math import exp
from typing import NamedTuple

from mlquiz.core.plan import Plan

DECAY = 0.1542
"""Exponent of the forgetting curve: the last of the 21 default weights of FSRS-6."""
FACTOR = 0.9 ** (-1 / DECAY) - 1
"""Makes recall 0.9 when the days elapsed equal the stability."""
DRIFT_STEP = 0.05
DRIFT_PRIOR, INFORMATION = 0.25, 0.12
"""Variance of the drift between learners, and what one answer tells of it: P (1 - P), about that of reviews in time."""


class Memory(NamedTuple):
    """Stability in days, difficulty 1..10, and the day (since 1970-01-01) of the last review that moved it."""

    stability: float
    difficulty: float
    last: int


class Load(NamedTuple):
    """Due by topic, and what is left of today's share of new questions."""

    topics: dict[str, int]
    new: int

    @property
    def due(self) -> int:
        return sum(self.topics.values())


def recall(memory: Memory, day: int) -> float:
    """Chance (0..1) of knowing the question on that day, by the FSRS-6 curve; elapsed days are never negative."""
    elapsed = day - memory.last
    return float((1 + FACTOR * elapsed / memory.stability) ** -DECAY) if elapsed > 0 else 1.0


def span(retention: float) -> float:
    """The interval at which recall falls to `retention`, in stabilities: 1 at 0.9."""
    return float((retention ** (-1 / DECAY) - 1) / FACTOR)


def due(memory: Memory, plan: Plan) -> int:
    """The day on which recall falls to the plan's retention; at least a day after the last review."""
    return memory.last + max(1, int(span(plan.retention) * memory.stability + 0.5))


def drifted(chance: float, drift: float) -> float:
    """`chance` moved by the learner's drift on the logit scale, logit P = logit recall + b: odds times exp(b)."""
    chance = 1e-6 if chance < 1e-6 else chance if chance < 1 - 1e-6 else 1 - 1e-6
    known = chance * exp(drift)
    return known / (known + 1 - chance)


def chances(stabilities: Iterable[float], days: int, drift: float) -> list[float]:
    """Recall so many days (1 or more) after a review, moved by the drift: `recall` and `drifted` for thousands."""
    odds = exp(drift)
    out = []
    for stability in stabilities:
        chance = (1 + FACTOR * days / stability) ** -DECAY
        chance = 1e-6 if chance < 1e-6 else chance if chance < 1 - 1e-6 else 1 - 1e-6
        known = chance * odds
        out.append(known / (known + 1 - chance))
    return out


def drift_after(drift: float, chance: float, known: bool) -> float:
    """The drift after one answer: b += 0.05 * (known - P), P the drifted chance."""
    return drift + DRIFT_STEP * (known - drifted(chance, drift))


def drift_variance(answers: int) -> float:
    """How uncertain the drift is after so many answers to seen questions.

    What is left of the prior, and the noise of a step that never gets smaller, which settles at half the step
    (stochastic approximation with a constant gain; Benveniste, Metivier and Priouret 1990).
    """
    left = float((1 - DRIFT_STEP * INFORMATION) ** (2 * answers))
    return DRIFT_PRIOR * left + DRIFT_STEP / 2 * (1 - left)
