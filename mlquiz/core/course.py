"""The days to come if the plan is kept: its own rule tried out, many times, on what is believed of the learner.

Each run draws an ability and a drift from what is believed, then every answer by its chance; memory moves as it would.
Runs come in pairs of opposite abilities, which takes most of the noise out of their mean (antithetic variates;
Hammersley and Morton 1956). An interval is that between runs and that of which questions happen to be known, together.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, partial
from math import fsum, sqrt
from random import Random
from statistics import NormalDist
from typing import NamedTuple

from mlquiz.core.ability import Ability, cholesky
from mlquiz.core.agenda import Item, Learner, Pool, agenda
from mlquiz.core.interval import Z80
from mlquiz.core.memory import Memory, drifted, recall
from mlquiz.core.plan import Plan
from mlquiz.core.readiness import Points
from mlquiz.core.scheduler import KNOWN_PRIOR, outcomes
from mlquiz.core.selection import Bounds
from mlquiz.core.worth import SUCCESSES

WORK = 90_000
"""Questions times days that are tried out in all; fewer runs of a bigger bank."""
FEWEST, MOST = 6, 16
NORMAL = NormalDist()
LONGEST = 366
"""Days that are looked ahead at most."""


class Studied(NamedTuple):
    """A day to come: minutes, questions met and reviewed (means), and the points of 100 held on the next morning."""

    day: int
    minutes: float
    new: float
    reviews: float
    points: Points


class Course(NamedTuple):
    """Every day until the last, and the points on that day, by the id of topic and area ("" is the whole); and those
    of the same learners if they stop now."""

    days: list[Studied]
    points: dict[str, Points]
    stopped: dict[str, Points]


class Left(NamedTuple):
    """What is left of today: new questions and seconds."""

    new: int
    seconds: float


class Held(NamedTuple):
    """What is held of a group of questions: weight, weighted sum of chances, weighted variance; met and not met."""

    weight: float
    mean: float
    variance: float
    seen: int
    unseen: int


def course(
    entries: Sequence[tuple[Item, Memory | None]], learner: Learner, plan: Plan, today: int, until: int, left: Left
) -> Course:
    """The course of the days from `today` to the eve of `until`; the same for the same log."""
    runs = WORK // max(1, len(entries) * (until - today))
    lower = cholesky(learner.ability.covariance)
    found = []
    for n, (skill, drift) in enumerate(_draws(min(MOST, max(FEWEST, runs)) // 2)):
        random = Random(f"course:{n}:topics")
        others = [NORMAL.inv_cdf(min(max(random.random(), 1e-9), 1 - 1e-9)) for _ in lower[1:]]
        for side in (1, -1):
            truth = learner.ability.moved(lower, [side * skill, *(side * draw for draw in others)])
            drifted_by = learner.drift + side * drift * sqrt(learner.drift_variance)
            found.append(_Run(entries, learner, (truth, drifted_by), plan, Random(f"course:{n}").random))
    topics = {item.topic for item, _ in entries}
    groups = ["", *sorted({topic.partition(".")[0] for topic in topics}), *sorted(topics)]

    def points() -> dict[str, Points]:
        return {name: combined([run.held(until, partial(_in, name)) for run in found]) for name in groups}

    stopped = points()
    for day in range(today, until):
        for run in found:
            run.study(day, left if day == today else Left(plan.share(day), 60.0 * plan.minutes))
    days = [_mean_day(day, [run.days[n] for run in found]) for n, day in enumerate(range(today, until))]
    return Course(days, points(), stopped)


def _in(group: str, topic: str) -> bool:
    return group in ("", topic, topic.partition(".")[0])


class _Tried(NamedTuple):
    seconds: float
    new: int
    reviews: int
    held: Held


class _Run:
    """One learner who might be: an ability and a drift that are the truth here, and memories as they come to be."""

    def __init__(
        self, entries: Sequence[tuple[Item, Memory | None]], learner: Learner, truth: tuple[Ability, float],
        plan: Plan, chance: Callable[[], float],
    ) -> None:  # fmt: skip
        self.items = {item.id: item for item, _ in entries}
        self.memories = {item.id: memory for item, memory in entries if memory}
        self.learner, self.plan, self.chance = learner, plan, chance
        self.truth, self.drift = cache(truth[0].chance), truth[1]
        self.met = Counter(self.items[id_].topic for id_ in self.memories)
        self.days: list[_Tried] = []

    def study(self, day: int, left: Left) -> None:
        """A day's session, missed questions asked again."""
        spent, new, reviews = 0.0, 0, 0
        if not self.plan.rests(day):
            seen = [(self.items[id_], memory) for id_, memory in self.memories.items() if memory.last < day]
            unseen = [item for id_, item in self.items.items() if id_ not in self.memories]
            pool, bounds = Pool([], seen, unseen, [], self.met), Bounds(None, round(left.seconds))
            for row in agenda(pool, self.learner, self.plan, day, left.new, bounds, self.chance):
                met = row.id in self.memories
                new, reviews = new + (not met), reviews + met
                spent += self._answer(self.items[row.id], day)
        self.days.append(_Tried(spent, new, reviews, self.held(day + 1)))

    def _answer(self, item: Item, day: int) -> float:
        """Answers by chance, moves the memory, and gives the seconds it took."""
        pace, memory = self.learner.pace(item), self.memories.get(item.id)
        again, hard, good, easy = outcomes(memory, day)
        if memory is None:
            known = self.chance() < self.truth(item.topic, item.difficulty)
            self.met[item.topic] += 1
            self.memories[item.id] = good._replace(stability=max(good.stability, KNOWN_PRIOR)) if known else again
            return item.seconds * (pace.new_known if known else pace.new_unknown + pace.again)
        if self.chance() >= drifted(recall(memory, day), self.drift):
            self.memories[item.id] = again
            return item.seconds * (pace.unknown + pace.again)
        luck = self.chance()
        self.memories[item.id] = hard if luck < SUCCESSES[0] else easy if luck >= 1 - SUCCESSES[2] else good
        return item.seconds * pace.known

    def held(self, day: int, belongs: Callable[[str], bool] = lambda _: True) -> Held:
        """What is held on the morning of a day, of the topics that belong."""
        weight = mean = variance = 0.0
        seen = unseen = 0
        for id_, item in self.items.items():
            if not belongs(item.topic):
                continue
            share, memory = self.learner.shares[item.topic], self.memories.get(id_)
            if memory is None:
                unseen += 1
                p = self.truth(item.topic, item.difficulty)
            else:
                seen += 1
                p = drifted(recall(memory, day), self.drift)
            weight += share
            mean += share * p
            variance += share * share * p * (1 - p)
        return Held(weight, mean, variance, seen, unseen)


def _mean_day(day: int, runs: Sequence[_Tried]) -> Studied:
    def mean(values: Sequence[float]) -> float:
        return fsum(values) / len(runs)

    return Studied(
        day,
        mean([run.seconds for run in runs]) / 60,
        mean([run.new for run in runs]),
        mean([run.reviews for run in runs]),
        combined([run.held for run in runs]),
    )


def combined(runs: Sequence[Held]) -> Points:
    """The points of several runs in one, with an 80 % interval; a group that weighs nothing has none."""
    means = [run.mean / run.weight if run.weight else 0.0 for run in runs]
    mean = fsum(means) / len(runs)
    between = fsum((value - mean) ** 2 for value in means) / max(1, len(runs) - 1)
    within = fsum(run.variance / run.weight**2 if run.weight else 0.0 for run in runs) / len(runs)
    half = Z80 * sqrt(between + within)
    seen = round(fsum(run.seen for run in runs) / len(runs))
    whole = runs[0].seen + runs[0].unseen
    return Points(100 * mean, 100 * max(0.0, mean - half), 100 * min(1.0, mean + half), seen, whole - seen)


def _draws(pairs: int) -> list[tuple[float, float]]:
    """Standard normal draws of two unknowns that matter most, one of each pair of runs: spread evenly over the half
    line, and of variance 1, so that few runs tell the spread of many."""
    quantiles = [NORMAL.inv_cdf(0.5 + (n + 0.5) / (2 * pairs)) for n in range(pairs)]
    first = _scaled(quantiles)
    second = [z * (1 if n % 2 else -1) for n, z in enumerate(reversed(first))]
    along = fsum(a * b for a, b in zip(first, second, strict=True)) / pairs
    return list(zip(first, _scaled([b - along * a for a, b in zip(first, second, strict=True)]), strict=True))


def _scaled(draws: Sequence[float]) -> list[float]:
    """The draws, of variance 1 about zero."""
    scale = sqrt(len(draws) / fsum(z * z for z in draws))
    return [scale * z for z in draws]
