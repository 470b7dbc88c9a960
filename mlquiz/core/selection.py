"""Which questions, in what order: pure choices over small rows, so that ten thousand of them cost milliseconds."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

from mlquiz.core.draw import shuffled

Reason: TypeAlias = Literal["asked for", "missed", "revised", "due", "new", "worth most"]


class Candidate(NamedTuple):
    """A question that may be asked, the seconds expected for it, and why it is asked.

    `recall` is the chance (0..1) of knowing it today, null for an unseen or a revised one; `points` those of 100 that
    asking it today is worth on the interview day, null before the final phase.
    """

    id: str
    topic: str
    seconds: int
    recall: float | None = None
    reason: Reason = "asked for"
    points: float | None = None


FAR = 50
"""Questions too long for what is left of the time after which no shorter one is looked for."""


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
) -> list[Candidate]:
    """Today's session: what was missed today, then what is due, then `new` unseen questions, within the bounds.

    Due questions come with the highest recall first (revised ones, which have none, before them): a backlog is never
    dumped, and what is nearly remembered is cheapest to keep. Unseen ones come by weight, counting the questions
    `met` of each topic before, and at random within a topic.
    """
    ranked = sorted(shuffled(sorted(due), chance), key=lambda row: -(row.recall if row.recall is not None else 2))
    fresh = interleaved(shuffled(sorted(unseen), chance), weights, new, met)
    return within([*missed, *apart(ranked), *fresh], bounds, chance)


def final(
    missed: Iterable[Candidate], stakes: Iterable[Candidate], bounds: Bounds, chance: Callable[[], float]
) -> list[Candidate]:
    """The session of a day of the final phase: what was missed today, then whatever is worth most for its time.

    What is worth nothing is left alone, however long it has been due.
    """
    worth = [(row.points / row.seconds, row) for row in stakes if row.points is not None and row.points > 0]
    worth.sort(key=lambda pair: (-pair[0], pair[1].id))
    return within([*missed, *apart(row for _, row in worth)], bounds, chance)


def within(rows: Iterable[Candidate], bounds: Bounds, chance: Callable[[], float]) -> list[Candidate]:
    """In order, whatever fits into the seconds; then, by chance, the first that does not fit.

    So a long question displaces no short ones, and has its day all the same. Its chance is the seconds left over its
    own, which makes the expected length of a session that of the bound (randomised rounding); where nothing fits at
    all, it is asked.
    """
    chosen: list[Candidate] = []
    long: list[Candidate] = []
    spent = 0
    for row in rows:
        if bounds.questions is not None and len(chosen) >= bounds.questions:
            break
        if bounds.seconds is not None and spent + row.seconds > bounds.seconds:
            long.append(row)
            if len(long) == FAR:
                break
            continue
        chosen.append(row)
        spent += row.seconds
    room = bounds.questions is None or len(chosen) < bounds.questions
    left = (bounds.seconds or 0) - spent
    if long and room and left > 0 and (not chosen or chance() * long[0].seconds < left):
        chosen.append(long[0])
    return chosen


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


def apart(rows: Iterable[Candidate]) -> Iterator[Candidate]:
    """The rows nearly in order, but two of one topic in a row only where nothing else is near (eight places ahead)."""
    coming, last = iter(rows), None
    ahead = list(islice(coming, 8))
    while ahead:
        place = next((n for n, row in enumerate(ahead) if row.topic != last), 0)
        row = ahead.pop(place)
        ahead += islice(coming, 1)
        last = row.topic
        yield row
