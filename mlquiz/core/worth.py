"""What asking a question today is worth on the interview day: the gain in the chance of knowing it, and its time.

Costs are in units of the question's own expected seconds; they are those of the simulation that the rule was chosen by,
moved to the learner's own medians where there are answers to go by.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from statistics import median
from typing import NamedTuple

from mlquiz.core.memory import Memory, chances, drifted, recall
from mlquiz.core.scheduler import KNOWN_PRIOR, outcomes, stabilities

SUCCESSES = (0.22, 0.63, 0.15)
"""Chances of hard, good and easy, given that it is known."""
SHRINK = 10
"""Answers that the usual pace counts for."""
CAP = 5.0
"""Recorded times above so many times the expected are cut to it: somebody fetched a coffee."""


class Pace(NamedTuple):
    """Time over expected time: of a new question known and not, of a seen one known and not, of a re-ask."""

    new_known: float = 0.5
    new_unknown: float = 1.25
    known: float = 1 / 3
    unknown: float = 0.75
    again: float = 1 / 3


class Timed(NamedTuple):
    """A first-of-day answer: the question's kind, whether it was the first of all, known, time over expected time."""

    kind: str
    first: bool
    known: bool
    ratio: float


def paces(answers: Iterable[Timed]) -> Mapping[str, Pace]:
    """The learner's pace by kind: own medians, shrunk to the usual pace."""
    found: dict[str, dict[str, list[float]]] = {}
    for answer in answers:
        field = ("new_" if answer.first else "") + ("known" if answer.known else "unknown")
        found.setdefault(answer.kind, {}).setdefault(field, []).append(min(CAP, answer.ratio))
    usual = Pace()._asdict()
    return {
        kind: Pace(**usual | {
            field: (len(ratios) * median(ratios) + SHRINK * usual[field]) / (len(ratios) + SHRINK)
            for field, ratios in fields.items()
        })
        for kind, fields in found.items()
    }  # fmt: skip


def seen_seconds(chance: float, seconds: int, pace: Pace) -> float:
    """Expected for a question met before, known with this chance; what is missed is asked again."""
    return seconds * (chance * pace.known + (1 - chance) * (pace.unknown + pace.again))


def new_seconds(chance: float, seconds: int, pace: Pace) -> float:
    """Expected for a question not met yet, known with this chance."""
    return seconds * (chance * pace.new_known + (1 - chance) * (pace.new_unknown + pace.again))


class Worth(NamedTuple):
    """The gain (0..1) in the chance of knowing a question on the day, the seconds expected, that chance today."""

    gain: float
    seconds: float
    known: float


def of_seen(memory: Memory, drift: float, today: int, day: int, seconds: int, pace: Pace) -> Worth:
    """Of a question met before and not studied today."""
    known = drifted(recall(memory, today), drift)
    again, hard, good, easy = chances(stabilities(memory, today), day - today, drift)
    passed = SUCCESSES[0] * hard + SUCCESSES[1] * good + SUCCESSES[2] * easy
    gain = (1 - known) * again + known * passed - drifted(recall(memory, day), drift)
    return Worth(gain, seen_seconds(known, seconds, pace), known)


def of_unseen(chance: float, today: int, day: int, seconds: int, pace: Pace) -> Worth:
    """Of a question not met yet, known with this chance at its first meeting."""
    learnt, kept = _first(day - today)
    return Worth(chance * kept + (1 - chance) * learnt, new_seconds(chance, seconds, pace), chance)


@cache
def _first(days: int) -> tuple[float, float]:
    """After so many days: recall of what was not known at its first meeting; what the meeting adds to what was."""
    again, _, good, _ = outcomes(None, 0)
    prior = Memory(KNOWN_PRIOR, 5.0, 0)
    met = good._replace(stability=max(good.stability, KNOWN_PRIOR))
    return recall(again, days), recall(met, days) - recall(prior, days)
