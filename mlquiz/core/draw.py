"""From (question, seed) to an exercise: numbers drawn, options and steps shuffled; the same for a seed, for ever."""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar, assert_never

import msgspec

from mlquiz.core.formula import FormulaError, evaluate, fill
from mlquiz.core.question import (
    Code,
    Concrete,
    Exercise,
    Multi,
    Number,
    Numeric,
    Open,
    Order,
    Output,
    Question,
    Short,
    Single,
    Slipped,
    Sql,
)

T = TypeVar("T")


def draw(question: Question, seed: int) -> Exercise:
    """The question as it is asked with this seed. Raises FormulaError when a numeric question has no finite key."""
    chance = Random(f"{question.id}:{seed}").random
    params: dict[str, int | float] = {}
    prompt, explanation = question.prompt, question.explanation
    body: Concrete
    match question.body:
        case Single() | Multi() as choice:
            body = msgspec.structs.replace(choice, options=shuffled(choice.options, chance))
        case Order() as order:
            keys = shuffled(list(order.steps), chance)
            body = msgspec.structs.replace(order, steps={key: order.steps[key] for key in keys})
        case Numeric() as numeric:
            params = {name: picked(choice.values, chance) for name, choice in numeric.params.items()}
            numbers = with_derived(numeric, params)
            prompt, explanation = fill(prompt, numbers), fill(explanation, numbers)
            body = concrete(numeric, numbers)
        case Short() | Output() | Code() | Sql() | Open() as same:
            body = same
        case other:
            assert_never(other)
    return Exercise(question, seed, prompt, explanation, body, params)


def with_derived(numeric: Numeric, params: dict[str, int | float]) -> dict[str, int | float]:
    """The numbers drawn, and those that follow from them, in the order in which the file gives them."""
    numbers = dict(params)
    for name, formula in numeric.derived.items():
        numbers[name] = evaluate(formula, numbers)
    return numbers


def concrete(numeric: Numeric, numbers: dict[str, int | float]) -> Number:
    """The key and the known wrong values for these numbers; a mistake with no value for them is left out."""
    value = evaluate(numeric.answer, numbers)
    mistakes = []
    for slip in numeric.mistakes:
        try:
            mistakes.append(Slipped(evaluate(slip.expr, numbers), slip.why))
        except FormulaError:
            continue
    return Number(value, numeric.tolerance.margin(value), numeric.unit, mistakes)


def picked(values: Sequence[T], chance: Callable[[], float]) -> T:
    return values[int(chance() * len(values))]


def shuffled(values: Sequence[T], chance: Callable[[], float]) -> list[T]:
    """Fisher and Yates' shuffle through `.random()` alone, which Python promises never to change."""
    out = list(values)
    for last in range(len(out) - 1, 0, -1):
        other = int(chance() * (last + 1))
        out[last], out[other] = out[other], out[last]
    return out
