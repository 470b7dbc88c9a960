"""A day's questions by the plan: which, in what order, and why each. Pure, so that days to come can be tried out.

Until the final phase what fades comes first, then new questions; in it, whatever is worth most on the interview day
for the time it takes. `selection` orders and bounds; `worth` says what asking brings; this puts the two together.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple

from mlquiz.core.ability import Ability
from mlquiz.core.memory import Memory, drifted, due, recall
from mlquiz.core.plan import Plan
from mlquiz.core.selection import Bounds, Candidate, final, today
from mlquiz.core.worth import Pace, new_seconds, of_seen, of_unseen, seen_seconds

USUAL = Pace()


class Item(NamedTuple):
    """A question as choosing sees it; `seconds` are those its author expects."""

    id: str
    topic: str
    kind: str
    difficulty: int
    seconds: int


class Pool(NamedTuple):
    """What there is to choose from: missed today and not known since, seen, not met, revised since it was met.

    `met` counts the questions met of each topic. What was studied today is neither seen nor missed here.
    """

    missed: Sequence[Item]
    seen: Sequence[tuple[Item, Memory]]
    unseen: Sequence[Item]
    revised: Sequence[Item]
    met: Mapping[str, int]


class Learner(NamedTuple):
    """What is known of the learner: ability, drift, pace by kind; the weight of a topic, and of a question in it;
    how uncertain the drift is (its variance)."""

    ability: Ability
    drift: float
    paces: Mapping[str, Pace]
    weights: Mapping[str, float]
    shares: Mapping[str, float]
    drift_variance: float = 0.0

    def pace(self, item: Item) -> Pace:
        return self.paces.get(item.kind, USUAL)


def agenda(
    pool: Pool, learner: Learner, plan: Plan, day: int, new: int, bounds: Bounds, chance: Callable[[], float]
) -> list[Candidate]:
    """The questions of `day`, within the bounds, at most `new` of them not met: in the final phase that bounds only
    where the plan says how many, and on days off."""
    missed = [
        Candidate(item.id, item.topic, _whole(item.seconds * learner.pace(item).again), None, "missed")
        for item in pool.missed
    ]
    if plan.final(day) and plan.interview is not None:
        stakes = list(_stakes(pool, learner, day, plan.interview))
        if plan.rests(day) or plan.new_per_day is not None:
            fresh = sorted((row for row in stakes if row.recall is None), key=_value)
            stakes = [*(row for row in stakes if row.recall is not None), *fresh[:new]]
        return final(missed, stakes, bounds, chance)
    revised = list(_fresh(pool.revised, learner, "revised"))
    unseen = list(_fresh(pool.unseen, learner, "new")) if new else []
    ripe = _ripe(pool, learner, plan.on(day), day)
    return today(missed, [*revised, *ripe], unseen, new, learner.weights, bounds, chance, pool.met)


def _value(row: Candidate) -> tuple[float, str]:
    """The most points for its time first."""
    return -(row.points or 0.0) / row.seconds, row.id


def _whole(seconds: float) -> int:
    return max(1, round(seconds))


def _fresh(items: Iterable[Item], learner: Learner, reason: Literal["revised", "new"]) -> Iterator[Candidate]:
    chance = cache(learner.ability.chance)
    for item in items:
        seconds = new_seconds(chance(item.topic, item.difficulty), item.seconds, learner.pace(item))
        yield Candidate(item.id, item.topic, _whole(seconds), None, reason)


def _ripe(pool: Pool, learner: Learner, plan: Plan, day: int) -> Iterator[Candidate]:
    """Questions whose recall has fallen to the plan's retention."""
    for item, memory in pool.seen:
        if due(memory, plan) <= day:
            known = drifted(recall(memory, day), learner.drift)
            seconds = _whole(seen_seconds(known, item.seconds, learner.pace(item)))
            yield Candidate(item.id, item.topic, seconds, known, "due")


def _stakes(pool: Pool, learner: Learner, day: int, interview: int) -> Iterator[Candidate]:
    """Everything, with what asking it today is worth on the interview day."""
    for item, memory in pool.seen:
        worth = of_seen(memory, learner.drift, day, interview, item.seconds, learner.pace(item))
        points = 100 * learner.shares[item.topic] * worth.gain
        yield Candidate(item.id, item.topic, _whole(worth.seconds), worth.known, "worth most", points)
    chance = cache(learner.ability.chance)
    for item in (*pool.unseen, *pool.revised):
        worth = of_unseen(chance(item.topic, item.difficulty), day, interview, item.seconds, learner.pace(item))
        points = 100 * learner.shares[item.topic] * worth.gain
        yield Candidate(item.id, item.topic, _whole(worth.seconds), None, "worth most", points)
