"""Which questions, in what order: pure choices over small rows, so that ten thousand of them cost milliseconds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from mlquiz.core.draw import shuffled


class Candidate(NamedTuple):
    """A question that may be asked. `recall` is today's, null for an unseen or a revised one."""

    id: str
    topic: str
    seconds: int
    recall: float | None = None


class Bounds(NamedTuple):
    """How much a session may hold: so many questions, so many seconds; null for no bound."""

    questions: int | None = None
    seconds: int | None = None


def today(
    missed: Iterable[Candidate],
    due: Iterable[Candidate],
    unseen: Iterable[Candidate],
    new: int,
    weights: Mapping[str, float],
    bounds: Bounds,
    chance: Callable[[], float],
    met: Mapping[str, int],
) -> list[str]:
    """Today's session: what was missed today, then what is due, then `new` unseen questions, within the bounds.

    Due questions come with the highest recall first (revised ones, which have none, before them): a backlog is never
    dumped, and what is nearly remembered is cheapest to keep. Unseen ones come by weight, counting the questions
    `met` of each topic before, and at random within a topic.
    """
    ranked = sorted(shuffled(sorted(due), chance), key=lambda row: -(row.recall if row.recall is not None else 2))
    fresh = interleaved(shuffled(sorted(unseen), chance), weights, new, met)
    return within([*missed, *apart(ranked), *fresh], bounds)


class Stake(NamedTuple):
    """A question in the final phase: its expected seconds, and the points that asking it today is worth on the day."""

    id: str
    topic: str
    seconds: int
    points: float


def final(missed: Iterable[Candidate], stakes: Iterable[Stake], bounds: Bounds) -> list[str]:
    """The session of a day of the final phase: what was missed today, then whatever is worth most for its time.

    What is worth nothing is left alone, however long it has been due.
    """
    worth = sorted(
        (stake for stake in stakes if stake.points > 0), key=lambda stake: (-stake.points / stake.seconds, stake.id)
    )
    return within([*missed, *apart([Candidate(stake.id, stake.topic, stake.seconds) for stake in worth])], bounds)


def within(rows: Iterable[Candidate], bounds: Bounds) -> list[str]:
    """In order, whatever fits into the seconds; then, if any are left, the first that does not fit.

    So a long question displaces no short ones, and is asked all the same: the session runs over by one at most.
    """
    chosen: list[str] = []
    long: list[str] = []
    spent = 0
    for row in rows:
        if bounds.questions is not None and len(chosen) >= bounds.questions:
            break
        if bounds.seconds is not None and spent + row.seconds > bounds.seconds:
            long.append(row.id)
            continue
        chosen.append(row.id)
        spent += row.seconds
    room = bounds.questions is None or len(chosen) < bounds.questions
    return [*chosen, *long[:1]] if room and spent < (bounds.seconds or 0) else chosen


def interleaved(
    rows: Sequence[Candidate],
    weights: Mapping[str, float],
    most: int | None = None,
    before: Mapping[str, int] = MappingProxyType({}),
) -> list[Candidate]:
    """The first `most` of the rows, so ordered that every stretch holds the topics by their weights.

    `before` counts what came of each topic already: a topic too light for one day has its turn on another.
    """
    waiting: dict[str, list[Candidate]] = {}
    for row in reversed(rows):
        waiting.setdefault(row.topic, []).append(row)
    taken = {topic: before.get(topic, 0) for topic in waiting}
    out: list[Candidate] = []
    while waiting and (most is None or len(out) < most):
        topic = min(waiting, key=lambda name: ((taken[name] + 0.5) / max(weights.get(name, 1.0), 1e-9), name))
        taken[topic] += 1
        out.append(waiting[topic].pop())
        if not waiting[topic]:
            del waiting[topic]
    return out


def apart(rows: Sequence[Candidate]) -> list[Candidate]:
    """The rows nearly in order, but two of one topic in a row only where nothing else is near (eight places ahead)."""
    waiting, out = list(rows), list[Candidate]()
    while waiting:
        ahead = waiting[:8]
        place = next((n for n, row in enumerate(ahead) if not out or row.topic != out[-1].topic), 0)
        out.append(waiting.pop(place))
    return out
