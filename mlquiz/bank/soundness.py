"""What the shape of a question does not say, and no session could do without: one key, known steps, finite numbers."""

import math
import re
from collections.abc import Iterator
from typing import assert_never

from msgspec import UnsetType

from mlquiz.core.draw import draw
from mlquiz.core.formula import FormulaError
from mlquiz.core.grading import arranged, tests
from mlquiz.core.question import Code, Multi, Numeric, Open, Order, Output, Question, Short, Single, Sql

DRAWS = 8
"""Draws tried when a file is read; `mlquiz bank check` tries two hundred."""
MOST_VALUES = 10_000
_STEP = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")

Unsound = Iterator[tuple[tuple[str | int, ...], str]]
"""(path below the question, what is wrong there)"""


def unsound(question: Question) -> Unsound:
    """All that is wrong with a question whose shape is right."""
    for field in ("prompt", "explanation"):
        if not getattr(question, field).strip():
            yield (field,), "is empty; it should be text"
    if "TODO" in question.prompt:
        yield (), f"{question.id} is not finished: its prompt still holds a TODO"
    body = question.body
    match body:
        case Single() | Multi():
            yield from _options(body)
        case Order():
            yield from _order(body)
        case Open():
            yield from _rubric(body)
        case Numeric():
            yield from _numbers(question, body)
        case Code() | Sql():
            yield from _tests(body)
        case Short() | Output():
            pass
        case other:
            assert_never(other)


def _options(body: Single | Multi) -> Unsound:
    true = sum(option.correct for option in body.options)
    if isinstance(body, Single) and true != 1:
        yield ("options",), f"should have exactly one `correct: true`, not {true}"
    if isinstance(body, Multi) and not 2 <= true <= 4:
        yield ("options",), f"should have 2 to 4 `correct: true`, not {true}"
    for names in ({option.key for option in body.options}, {option.text.strip() for option in body.options}):
        if len(names) < len(body.options):
            yield ("options",), "has two options with the same text or id"
            break


def _order(body: Order) -> Unsound:
    for key, text in body.steps.items():
        if not _STEP.fullmatch(key):
            yield ("steps", key), "has a key that is no word; use letters, digits, _ and -"
        if not text.strip():
            yield ("steps", key), "is empty; it should be text"
    if len({text.strip() for text in body.steps.values()}) < len(body.steps):
        yield ("steps",), "has two steps with the same text"
    for place, pair in enumerate(body.before):
        for key in pair:
            if key not in body.steps:
                yield ("before", place), f"names {key!r}, which is no step"
        if pair in body.before[:place]:
            yield ("before", place), "stands here a second time and would count twice"
    try:
        arranged(body)
    except ValueError as error:
        yield ("before",), str(error)


def _tests(body: Code | Sql) -> Unsound:
    """Whether the tests have names of their own, and expect what the log and the judge can hold."""
    field = "tests" if isinstance(body, Code) else "cases"
    names = tests(body)
    for place, name in enumerate(names):
        if name in names[:place]:
            yield (field, place), f"is a second one of the name {name!r}"
    values = [test.expect for test in body.tests] if isinstance(body, Code) else [case.expect for case in body.cases]
    for place, value in enumerate(values):
        if what := _unsaid(value):
            yield (field, place, "expect"), f"holds {what}; a test of `code` can ask for that"
    if isinstance(body, Sql):
        for place, case in enumerate(body.cases):
            if what := _unsaid(list(case.data.values())):
                yield (field, place, "data"), f"holds {what}"


def _unsaid(value: object) -> str:
    """What of a value JSON would lose, in words; empty where it loses nothing."""
    if isinstance(value, float) and not math.isfinite(value):
        return "a number that is not finite"
    if isinstance(value, dict):
        if any(not isinstance(key, str) for key in value):
            return "a mapping whose keys are no text"
        value = list(value.values())
    if isinstance(value, list):
        return next(filter(None, map(_unsaid, value)), "")
    return "" if isinstance(value, str | int | float | None | UnsetType) else f"a {type(value).__name__}"


def _rubric(body: Open) -> Unsound:
    ids = [point.id for point in [*body.rubric, *body.red_flags]]
    if len(set(ids)) < len(ids):
        yield ("rubric",), "has two criteria or red flags with the same id"
    for field, points, sign in (("rubric", body.rubric, 1), ("red_flags", body.red_flags, -1)):
        for place, point in enumerate(points):
            if point.points * sign <= 0:
                yield (field, place, "points"), f"should be {'above' if sign > 0 else 'below'} 0"


def _numbers(question: Question, body: Numeric) -> Unsound:
    found = [*_names(body), *_ranges(body)]
    yield from found
    if found:
        return
    try:
        for seed in range(DRAWS):
            draw(question, seed)
    except FormulaError as error:
        yield (), str(error)


def _names(body: Numeric) -> Unsound:
    for field, names in (("params", body.params), ("derived", body.derived)):
        for name in names:
            if not name.isidentifier():
                yield (field,), f"{name!r} cannot be used in a formula; use letters, digits and _"
    for name in body.params.keys() & body.derived.keys():
        yield ("derived", name), "is the name of a number drawn, too"


def _ranges(body: Numeric) -> Unsound:
    """Whether the numbers to draw from are few enough to be listed."""
    for name, parameter in body.params.items():
        if parameter.between:
            low, high = parameter.between
            if (high - low) // parameter.step >= MOST_VALUES:
                yield ("params", name), f"gives over {MOST_VALUES:,} values; use a larger `step`"
