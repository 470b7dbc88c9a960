"""Evidence of each kind, as somebody gives it who knows, and as somebody gives it who does not."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar, assert_never

from mlquiz.core.answer import Answer, Arranged, Computed, Explained, Given, Picked, Ran
from mlquiz.core.draw import picked
from mlquiz.core.grading import arranged, grade, solution, tests
from mlquiz.core.parts import Criterion, Option
from mlquiz.core.question import Code, Concrete, Multi, Number, Open, Order, Output, Short, Single, Sql
from mlquiz.core.trial import Result

T = TypeVar("T")
Chance = Callable[[], float]
TEMPTED = 0.65
"""How often a wrong answer is the one this learner tends to."""
KNOWN_POINT, UNKNOWN_POINT = 0.88, 0.35
"""Chance of making a point of the rubric."""
KNOWN_FLAG, UNKNOWN_FLAG = 0.05, 0.25
AMONG = 4
"""A single is guessed right once in so many."""


class Tendency(NamedTuple):
    """Which of a question's wrong answers tempts the learner, as a share of the way through them; and one more."""

    first: float
    second: float

    def of(self, values: Sequence[T], chance: Chance) -> T:
        """Mostly the same one."""
        return values[int(self.first * len(values))] if chance() < TEMPTED else picked(values, chance)


def of_knowing(body: Concrete, chance: Chance) -> Answer:
    """An answer that is right; the words, the decimals and the points left out vary."""
    match body:
        case Single() | Multi() | Order() | Code() | Sql():
            return solution(body)
        case Number():
            return _rounded(body.value, body)
        case Short():
            text = picked(body.accept, chance)
            return Given(text.lower() if chance() < 0.5 else text)
        case Output():
            return Given(body.output.rstrip("\n"))
        case Open():
            return _explained(body, KNOWN_POINT, KNOWN_FLAG, chance)
        case other:
            assert_never(other)


def of_not_knowing(body: Concrete, tendency: Tendency, chance: Chance) -> Answer:
    """A guess, mostly the same wrong one for the same tendency; where there are options it may be right."""
    match body:
        case Single():
            wrong = sorted((option for option in body.options if not option.correct), key=_key)
            return solution(body) if chance() * AMONG < 1 else Picked([tendency.of(wrong, chance).key])
        case Multi():
            return _ticked(body, tendency, chance)
        case Number():
            return _off(body, tendency, chance)
        case Order():
            return _swapped(body, tendency, chance)
        case Short():
            known = [*(wrong.text for wrong in body.reject), _near(body.accept[0])]
            return Given(tendency.of(known, chance))
        case Output():
            known = [*(wrong.value.rstrip("\n") for wrong in body.mistakes), _near(body.output.rstrip("\n"))]
            return Given(tendency.of(known, chance))
        case Code() | Sql():
            return _failing(body, tendency, chance)
        case Open():
            return _explained(body, UNKNOWN_POINT, UNKNOWN_FLAG, chance)
        case other:
            assert_never(other)


def _key(option: Option) -> str:
    return option.key


def _ticked(body: Multi, tendency: Tendency, chance: Chance) -> Picked:
    """The tempting statement ticked, a true one passed over, or both; now and then neither."""
    wrong = sorted(option.key for option in body.options if not option.correct)
    right = sorted(option.key for option in body.options if option.correct)
    ticked = {*right}
    if wrong and chance() < 0.7:
        ticked.add(tendency.of(wrong, chance))
    if chance() < 0.5:
        ticked.discard(right[int(tendency.second * len(right))])
    return Picked([option.key for option in body.options if option.key in ticked])


def _rounded(value: float, body: Number) -> Computed:
    """As few digits as are within the tolerance, typed."""
    for digits in range(3, 17):
        text = f"{value:.{digits}g}"
        if "e" not in text and grade(body, Computed(float(text))).right:
            return Computed(float(text), text)
    return Computed(value, repr(value))


def _off(body: Number, tendency: Tendency, chance: Chance) -> Computed:
    """The value of a known mistake, or a slip of the pen."""
    beliefs = sorted(body.mistakes, key=lambda slip: slip.why)
    if beliefs and chance() < 0.75:
        value = tendency.of(beliefs, chance).value
    else:
        value = body.value * picked((0.1, 0.5, 0.9, 1.1, 1.5, 2.0, 10.0), chance) + (1.0 if not body.value else 0.0)
    text = f"{value:.4g}"
    return Computed(float(text), text)


def _swapped(body: Order, tendency: Tendency, chance: Chance) -> Arranged:
    """Two neighbours in each other's place."""
    order = arranged(body)
    place = tendency.of(range(len(order) - 1), chance)
    order[place], order[place + 1] = order[place + 1], order[place]
    return Arranged(order)


def _near(text: str) -> str:
    """What is almost it: the last word or line missing, a letter where there is only one."""
    lines = text.split("\n")
    if len(lines) > 1:
        return "\n".join(lines[:-1])
    words = text.split()
    return " ".join(words[:-1]) if len(words) > 1 else f"{text}s"


def _failing(body: Code | Sql, tendency: Tendency, chance: Chance) -> Ran:
    """A try that passes some of the tests: from the one that the learner does not see, none or few."""
    names = tests(body)
    first = tendency.of(range(len(names)), chance)
    results = [
        Result(name, "passed") if n < first else Result(name, "failed", "expected 1, got 0")
        for n, name in enumerate(names)
    ]
    return Ran(body.starter if isinstance(body, Code) else "SELECT 1", results)


def _explained(body: Open, point: float, flag: float, chance: Chance) -> Explained:
    made = [criterion for criterion in body.rubric if chance() < point]
    raised = [criterion for criterion in body.red_flags if chance() < flag]
    return Explained([criterion.id for criterion in [*made, *raised]], _written([*made, *raised]))


def _written(points: Sequence[Criterion]) -> str:
    return " ".join(point.text for point in points) or "I would look at the data first."
