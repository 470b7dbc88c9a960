"""How answers move memory: FSRS-6 with default weights, and the fold of the log. The only door to the FSRS package.

Only a question's first answer of a day moves its memory; later ones are logged and move nothing.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from mlquiz.core.memory import Memory, drift_after, recall

KNOWN_PRIOR = 30.0
"""Days of stability at least, of a question known at its first meeting."""


class Step(NamedTuple):
    """What replay needs of an answer. `root`: its id, or that of the answer it replaces; `standing`: not retracted;
    `unasked`: nobody asked how sure it was."""

    id: str
    root: str
    question: str
    key: str
    day: int
    rating: int
    vouched: bool
    standing: bool
    unasked: bool = False


class Trace(NamedTuple):
    """A first-of-day answer to a seen question: the recall before it (without drift), and whether it was known."""

    day: int
    id: str
    question: str
    recall: float
    known: bool


class Folded(NamedTuple):
    """A question's history under its current key: memory (none: nothing counts), first day met, the drift's traces."""

    memory: Memory | None
    first: int
    traces: list[Trace]


class Replay(NamedTuple):
    memories: dict[str, Memory]
    drift: float


@cache
def _fsrs() -> Any:
    import fsrs_rs_python

    return fsrs_rs_python.FSRS(fsrs_rs_python.DEFAULT_PARAMETERS)


def outcomes(memory: Memory | None, day: int) -> tuple[Memory, Memory, Memory, Memory]:
    """Memory after an answer on `day`, by rating: again, hard, good, easy. Elapsed days are never negative."""
    import fsrs_rs_python

    before = fsrs_rs_python.MemoryState(memory.stability, memory.difficulty) if memory else None
    elapsed = max(0, day - memory.last) if memory else 0
    states = _fsrs().next_states(before, 0.9, elapsed)  # the retention matters to intervals only
    last = day if memory is None else max(day, memory.last)
    again, hard, good, easy = states.again.memory, states.hard.memory, states.good.memory, states.easy.memory
    return (
        Memory(again.stability, again.difficulty, last),
        Memory(hard.stability, hard.difficulty, last),
        Memory(good.stability, good.difficulty, last),
        Memory(easy.stability, easy.difficulty, last),
    )


def stabilities(memory: Memory, day: int) -> tuple[float, float, float, float]:
    """Those of `outcomes` for a memory before `day`, without all the rest: it is asked of thousands."""
    import fsrs_rs_python

    before = fsrs_rs_python.MemoryState(memory.stability, memory.difficulty)
    states = _fsrs().next_states(before, 0.9, max(0, day - memory.last))
    again, hard, good, easy = states.again.memory, states.hard.memory, states.good.memory, states.easy.memory
    return again.stability, hard.stability, good.stability, easy.stability


def learn(memory: Memory | None, rating: int, day: int) -> Memory:
    """Memory after an answer on `day`, rated 1..4 (again, hard, good, easy). Elapsed days are never negative."""
    if rating not in (1, 2, 3, 4):
        raise ValueError(f"{rating} is no rating")
    return outcomes(memory, day)[rating - 1]


def fold(steps: Iterable[Step]) -> Folded | None:
    """One question's memory from its answers, those under its current key, retracted ones among them; None without any.

    A retracted answer moves nothing, but it spends the first meeting: nobody un-misses by undo.
    """
    ordered = sorted(steps, key=lambda step: (step.day, step.root, step.id))
    if not ordered:
        return None
    meeting = ordered[0].root
    memory: Memory | None = None
    traces: list[Trace] = []
    for day, answers in groupby((step for step in ordered if step.standing), key=lambda step: step.day):
        step = next(answers)
        known = step.rating > 1
        if memory is not None:
            traces.append(Trace(day, step.id, step.question, recall(memory, day), known))
        memory = learn(memory, step.rating, day)
        if step.root == meeting and step.vouched:
            memory = memory._replace(stability=max(memory.stability, KNOWN_PRIOR))
    first = next((step.day for step in ordered if step.standing), ordered[0].day)
    return Folded(memory, first, traces)


def drift(traces: Iterable[Trace]) -> float:
    """The learner's drift b after these answers, in the order of the log: by day, then by id."""
    b = 0.0
    for trace in sorted(traces):
        b = drift_after(b, trace.recall, trace.known)
    return b


def replay(steps: Iterable[Step], keys: Mapping[str, str]) -> Replay:
    """All memories and the drift from the whole log; answers under another key than the current one do not count."""
    histories: dict[str, list[Step]] = {}
    for step in steps:
        if keys.get(step.question) == step.key:
            histories.setdefault(step.question, []).append(step)
    folded = {question: result for question, history in histories.items() if (result := fold(history))}
    memories = {question: result.memory for question, result in folded.items() if result.memory}
    return Replay(memories, drift(trace for result in folded.values() for trace in result.traces))
