"""From an exercise and an answer to a verdict: score, right or wrong, and the belief behind a known wrong answer."""

from typing import assert_never

from mlquiz.core.answer import (
    Answer,
    Arranged,
    Computed,
    DontKnow,
    Explained,
    Given,
    Picked,
    Ran,
    Verdict,
)
from mlquiz.core.question import Code, Concrete, Multi, Number, Open, Order, Output, Short, Single, Sql
from mlquiz.core.text import accepted, names, normalised
from mlquiz.core.trial import Result

OPEN_PASSES = 0.6


def grade(body: Concrete, answer: Answer) -> Verdict:
    """The verdict on an answer that speaks of this body (see `answer.checked`); 0 <= score <= 1."""
    if isinstance(answer, DontKnow):
        return Verdict(0.0, False)
    match body:
        case Single():
            assert isinstance(answer, Picked)
            return _single(body, answer)
        case Multi():
            assert isinstance(answer, Picked)
            return _multi(body, answer)
        case Number():
            assert isinstance(answer, Computed)
            return _number(body, answer)
        case Order():
            assert isinstance(answer, Arranged)
            return _order(body, answer)
        case Short():
            assert isinstance(answer, Given)
            return _short(body, answer)
        case Output():
            assert isinstance(answer, Given)
            return _output(body, answer)
        case Code() | Sql():
            assert isinstance(answer, Ran)
            return _ran(body, answer)
        case Open():
            assert isinstance(answer, Explained)
            return _open(body, answer)
        case other:
            assert_never(other)


def _single(body: Single, answer: Picked) -> Verdict:
    option = next(option for option in body.options if option.key == answer.keys[0])
    return Verdict(1.0, True) if option.correct else Verdict(0.0, False, option.misconception or "")


def _multi(body: Multi, answer: Picked) -> Verdict:
    """All five judged right scores 1, four score 0.5, fewer 0."""
    wrong = [option for option in body.options if (option.key in answer.keys) != option.correct]
    beliefs = {option.misconception for option in wrong if not option.correct and option.misconception}
    return Verdict({0: 1.0, 1: 0.5}.get(len(wrong), 0.0), not wrong, "; ".join(sorted(beliefs)))


def _number(body: Number, answer: Computed) -> Verdict:
    if _close(answer.value, body.value, body.margin):
        return Verdict(1.0, True)
    known = [slip for slip in body.mistakes if _close(answer.value, slip.value, body.margin)]
    if not known:
        return Verdict(0.0, False)
    nearest = min(known, key=lambda slip: abs(slip.value - answer.value)).value
    whys = [slip.why for slip in known if _close(slip.value, nearest, 0)]  # different slips may lead to one number
    return Verdict(0.0, False, " Or: ".join(whys))


def _close(a: float, b: float, margin: float) -> bool:
    """Within the margin, the margin's own rounding forgiven."""
    return abs(a - b) <= margin + 1e-9 * max(abs(a), abs(b), margin)


def _order(body: Order, answer: Arranged) -> Verdict:
    place = {key: n for n, key in enumerate(answer.order)}
    broken = [(first, then) for first, then in body.before if place[first] > place[then]]
    score = 1 - len(broken) / len(body.before)
    if not broken:
        return Verdict(1.0, True)
    first, then = broken[0]
    return Verdict(score, False, f"“{body.steps[first]}” has to come before “{body.steps[then]}”")


def _short(body: Short, answer: Given) -> Verdict:
    if accepted(body, answer.text):
        return Verdict(1.0, True)
    known = {normalised(wrong.text): wrong.why for wrong in reversed(body.reject)}  # the first of two alike
    return Verdict(0.0, False, next((known[name] for name in names(answer.text) if name in known), ""))


def _output(body: Output, answer: Given) -> Verdict:
    given = printed(answer.text)
    if given == printed(body.output):
        return Verdict(1.0, True)
    return Verdict(0.0, False, next((wrong.why for wrong in body.mistakes if printed(wrong.value) == given), ""))


def printed(text: str) -> str:
    """What a program prints, without trailing blanks and final newlines."""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n")


def _ran(body: Code | Sql, answer: Ran) -> Verdict:
    """The share of the tests that passed; the note is on the first that did not."""
    results = {result.name: result for result in answer.results}
    passed = sum(name in results and results[name].passed for name in tests(body))
    first = next((result for result in answer.results if not result.passed), None)
    note = f"{first.name}: {first.failure}" if first else ""
    return Verdict(passed / len(tests(body)), passed == len(tests(body)), note)


def tests(body: Code | Sql) -> list[str]:
    """The names of the tests or cases."""
    return [test.name for test in (body.tests if isinstance(body, Code) else body.cases)]


def _open(body: Open, answer: Explained) -> Verdict:
    ticked = set(answer.points)
    total = sum(point.points for point in body.rubric)
    earned = sum(point.points for point in [*body.rubric, *body.red_flags] if point.id in ticked)
    score = min(1.0, max(0.0, earned / total))
    flags = [flag.text for flag in body.red_flags if flag.id in ticked]
    return Verdict(score, score >= OPEN_PASSES - 1e-9, " ".join(flags))


def solution(body: Concrete) -> Answer:
    """The answer that is right; for an order, one of those that are."""
    match body:
        case Single() | Multi():
            return Picked([option.key for option in body.options if option.correct])
        case Number():
            return Computed(body.value)
        case Order():
            return Arranged(arranged(body))
        case Short():
            return Given(body.accept[0])
        case Output():
            return Given(body.output)
        case Code() | Sql():
            return Ran(body.reference, [Result(name, "passed") for name in tests(body)])
        case Open():
            return Explained([point.id for point in body.rubric])
        case other:
            assert_never(other)


def arranged(body: Order) -> list[str]:
    """Steps in an order that respects every pair (Kahn's algorithm, file order first). Raises ValueError on a cycle."""
    left, out = sorted(body.steps, key=lambda key: body.steps[key]), []
    while left:
        free = next(
            (key for key in left if not any(then == key and first in left for first, then in body.before)), None
        )
        if free is None:
            raise ValueError(f"the pairs in `before` go round in a circle through {', '.join(left)}")
        left.remove(free)
        out.append(free)
    return out
