"""A mock interview: what is asked in so many minutes, as an interviewer would mix it, and what points are worth.

First a warm-up, then depth, a number, code or SQL, and a design at the end, drawn by the plan's weights. Bands compare
the points with those that a prepared candidate would have on the same questions, by their difficulty.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from math import fsum, sqrt
from typing import Literal, NamedTuple, TypeAlias

from mlquiz.core.agenda import Item
from mlquiz.core.draw import picked

Stage: TypeAlias = Literal["warm-up", "depth", "number", "code", "design"]
STAGES: tuple[Stage, ...] = ("warm-up", "depth", "number", "code", "design")
KINDS: Mapping[str, Stage] = {"numeric": "number", "code": "code", "sql": "code", "open": "design"}
"""What is not here is asked for depth, or to warm up."""
WARM, WARM_SECONDS = 2, 100
"""Questions to warm up with, and how long one may take."""
EASY = 2
"""The difficulty of a warm-up at most; where there is none so easy, the easiest will do."""
LONG_SHARE = 0.4
"""Of the time, for one question in code and for one of design, at most."""
NUMBERS = 900
"""Seconds of an interview for each number in it."""
PREPARED = {1: 0.90, 2: 0.75, 3: 0.60, 4: 0.40, 5: 0.25}
"""Chance that a prepared candidate knows a question, by its difficulty: what difficulty means in the bank."""

GUESS = 0.25

Band: TypeAlias = Literal["below", "borderline", "hire", "strong hire"]


class Drawn(NamedTuple):
    """A question of the interview and the part of it that it stands in."""

    item: Item
    stage: Stage


def drawn(
    items: Iterable[Item], weights: Mapping[str, float], seconds: int, chance: Callable[[], float]
) -> list[Drawn]:
    """Questions for so many seconds (those their authors expect), by stages; topics by their weights, each less likely
    the more often it is in. Nothing, where no question is short enough."""
    pools: dict[Stage, list[Item]] = {stage: [] for stage in STAGES}
    fitting = sorted(items)
    for item in [item for item in fitting if weights.get(item.topic, 0.0) > 0] or fitting:
        pools[KINDS.get(item.kind, "depth")].append(item)
    least = min((item.difficulty for item in pools["depth"]), default=EASY)
    pools["warm-up"] = [
        item for item in pools["depth"] if item.difficulty <= max(EASY, least) and item.seconds <= WARM_SECONDS
    ]
    taken: Counter[str] = Counter()
    chosen: dict[str, Drawn] = {}
    left = seconds

    def take(stage: Stage, most: float) -> bool:
        nonlocal left
        fits = [item for item in pools[stage] if item.id not in chosen and item.seconds <= min(most, left)]
        if not fits:
            return False
        item = _one(fits, weights, taken, chance)
        chosen[item.id] = Drawn(item, stage)
        taken[item.topic] += 1
        left -= item.seconds
        return True

    take("code", LONG_SHARE * seconds)
    take("design", LONG_SHARE * seconds)
    for _ in range(seconds // NUMBERS):
        take("number", seconds)
    for _ in range(WARM):
        take("warm-up", seconds)
    while take("depth", seconds):
        pass
    order = {stage: place for place, stage in enumerate(STAGES)}
    return sorted(chosen.values(), key=lambda row: order[row.stage])


def _one(
    items: Sequence[Item], weights: Mapping[str, float], taken: Mapping[str, int], chance: Callable[[], float]
) -> Item:
    """One of a topic drawn by weight over one more than it was taken already."""
    topics = sorted({item.topic for item in items})
    shares = [weights.get(topic, 0.0) / (1 + taken.get(topic, 0)) for topic in topics]
    mark = chance() * fsum(shares)
    passed = [place for place, share in enumerate(accumulate(shares)) if mark < share]
    topic = topics[passed[0]] if passed else picked(topics, chance)  # or nothing here weighs anything
    return picked([item for item in items if item.topic == topic], chance)


class Yardstick(NamedTuple):
    """What a prepared candidate would have on these questions: points of 100, and their standard deviation."""

    points: float
    spread: float

    def band(self, points: float) -> Band:
        """Hire from the mean of prepared candidates on, strong hire from a standard deviation above it (at most 95
        points), borderline down to one below."""
        if points >= min(95.0, self.points + self.spread):
            return "strong hire"
        if points >= self.points:
            return "hire"
        return "borderline" if points >= self.points - self.spread else "below"


def yardstick(questions: Sequence[tuple[int, int, str]]) -> Yardstick:
    """That of questions by (difficulty, seconds, kind); each counts by its seconds. What a candidate does not know is
    guessed one time in four where there are four options."""
    whole = sum(seconds for _, seconds, _ in questions)
    if not whole:
        return Yardstick(0.0, 0.0)
    right = [PREPARED[d] + (1 - PREPARED[d]) * (GUESS if kind == "single" else 0.0) for d, _, kind in questions]
    mean = fsum(p * seconds for p, (_, seconds, _) in zip(right, questions, strict=True)) / whole
    variance = fsum(p * (1 - p) * s**2 for p, (_, s, _) in zip(right, questions, strict=True)) / whole**2
    return Yardstick(100 * mean, 100 * sqrt(variance))
