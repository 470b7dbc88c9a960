"""The days of a report: what was answered on those behind, what comes due and what will be known on those ahead."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from math import fsum
from typing import NamedTuple

from mlquiz.core.memory import DECAY, FACTOR, Memory, drifted, due, recall
from mlquiz.core.plan import Plan
from mlquiz.core.report import Ahead, Day, Recall
from mlquiz.core.review import Review
from mlquiz.core.scheduler import Trace

AHEAD = 14
FORECAST_DAYS = (0, 1, 3, 7, 14, 21, 30)


class Known(NamedTuple):
    """What is remembered of the questions in the bank: memories, the learner's drift, what there is to meet, what was
    revised since it was met, every answer that moved a memory, and what is not to be asked again today."""

    memories: Mapping[str, Memory]
    drift: float = 0.0
    unseen: Collection[str] = ()
    revised: Collection[str] = ()
    traces: Collection[Trace] = ()
    put_off: Collection[str] = ()

    def of(self, belongs: Callable[[str], bool]) -> "Known":
        """The same of some questions only."""
        return self._replace(
            memories={question: memory for question, memory in self.memories.items() if belongs(question)},
            unseen=[question for question in self.unseen if belongs(question)],
            revised=[question for question in self.revised if belongs(question)],
            traces=[trace for trace in self.traces if belongs(trace.question)],
        )


def history(reviews: Iterable[Review]) -> list[Day]:
    """One a day with answers, in order."""
    days: dict[int, list[float]] = {}
    for review in reviews:
        days.setdefault(review.day, []).append(review.score)
    return [Day(day, len(scores), fsum(scores) / len(scores)) for day, scores in sorted(days.items())]


def forecast(known: Known, today: int) -> list[Recall]:
    """Mean recall of the seen questions today and on days to come, if nothing is studied; empty without any."""
    if not known.memories:
        return []

    def mean(day: int) -> float:
        chances = [drifted(recall(memory, day), known.drift) for memory in known.memories.values()]
        return fsum(chances) / len(chances)

    return [Recall(today + ahead, mean(today + ahead)) for ahead in FORECAST_DAYS]


def load(known: Known, plan: Plan, today: int) -> list[Ahead]:
    """Questions coming due on each of the coming days, if each is answered when it is due and not counted again."""
    first = {question: today + (question in known.put_off) for question in (*known.memories, *known.revised)}
    days = Counter(max(first[question], due(memory, plan)) for question, memory in known.memories.items())
    days.update(first[question] for question in known.revised)
    return [Ahead(day, days[day]) for day in range(today, today + AHEAD)]


def streak(reviews: Iterable[Review], known: Known, plan: Plan, today: int) -> int:
    """Days with answers up to today; neither a today without any yet nor a day with nothing due breaks it."""
    asked: dict[str, set[int]] = {}
    for review in reviews:
        asked.setdefault(review.question, set()).add(review.day)
    days = {day for met in asked.values() for day in met}
    waiting: list[tuple[int, int]] | None = None
    length = 0
    for day in range(today, min(days, default=today + 1) - 1, -1):
        if day in days:
            length += 1
        elif day < today:
            if waiting is None:  # nobody pays for it who studied every day
                waiting = _merged(_waiting(asked, known, plan, today))
            place = bisect_right(waiting, day, key=lambda stretch: stretch[0])
            if place and day <= waiting[place - 1][1]:
                break
    return length


def _waiting(asked: Mapping[str, Collection[int]], known: Known, plan: Plan, today: int) -> Iterable[tuple[int, int]]:
    """The stretches of days on which some question was due: from its due day to the day before it was answered."""
    for trace in known.traces:
        before = max((day for day in asked.get(trace.question, ()) if day < trace.day), default=None)
        if before is not None and trace.recall < 1:
            days = FACTOR * (trace.day - before) / (trace.recall ** (-1 / DECAY) - 1)  # the curve, for its stability
            yield due(Memory(days, 0, before), plan), trace.day - 1
    for memory in known.memories.values():
        yield due(memory, plan), today


def _merged(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same days as stretches that do not touch, in order."""
    out: list[tuple[int, int]] = []
    for first, last in sorted(stretches):
        if first > last:
            continue
        if out and first <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(last, out[-1][1]))
        else:
            out.append((first, last))
    return out
