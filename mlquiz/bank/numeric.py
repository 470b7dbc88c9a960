"""The gates of numeric questions: enough variants, mistakes that are wrong, the key reached by another route."""

import itertools
import json
import math
from collections.abc import Mapping

from mlquiz.bank.items import Item
from mlquiz.bank.programs import Run, ran
from mlquiz.bank.prose import Found
from mlquiz.core.answer import Computed
from mlquiz.core.draw import concrete, draw, with_derived
from mlquiz.core.formula import FormulaError
from mlquiz.core.grading import grade
from mlquiz.core.question import Number, Numeric

SEEDS = 200
VARIANTS = 12
FEWEST_MISTAKES = 3
APART = 0.95
"""Share of draws in which a mistake has to have a value, outside the tolerance."""
ALL = 10_000
"""Up to so many variants are gone through one by one: in none of them may a mistake be taken for the key."""
Drawn = list[tuple[dict[str, int | float], Number]]


def numeric(item: Item, body: Numeric, run: Run) -> Found:
    """What is wrong with the numbers of a question."""
    if len(body.mistakes) < FEWEST_MISTAKES:
        yield "mistakes", f"has {len(body.mistakes)} mistakes; it should have at least {FEWEST_MISTAKES}"
    if len({slip.why for slip in body.mistakes}) < len(body.mistakes):
        yield "mistakes", "two mistakes have the same `why`"
    variants = math.prod(len(set(parameter.values)) for parameter in body.params.values())
    if variants < VARIANTS:
        yield "params", f"gives {variants} variants; it should give at least {VARIANTS}"
    draws: Drawn = []
    for seed in range(SEEDS):
        try:
            exercise = draw(item.question, seed)
        except FormulaError as error:
            yield "answer", f"seed {seed}: {error}"
            return
        assert isinstance(exercise.body, Number)
        draws.append((exercise.params, exercise.body))
    for place, slip in enumerate(body.mistakes):
        apart = sum(_wrong(number, slip.why) for _, number in draws)
        if apart < APART * len(draws):
            yield f"mistakes[{place}]", f"lies outside the tolerance in only {apart} of {len(draws)} draws"
    yield from _everywhere(body) if variants <= ALL else ()
    yield from _recomputed(item, body, draws, run)


def _everywhere(body: Numeric) -> Found:
    """What fails for some of the numbers that can be drawn, though perhaps for none of the seeds tried."""
    accepted: dict[str, str] = {}
    apart: set[tuple[str, str]] = set()
    for values in itertools.product(*(parameter.values for parameter in body.params.values())):
        params = dict(zip(body.params, values, strict=True))
        try:
            number = concrete(body, with_derived(body, params))
        except FormulaError as error:
            yield "answer", f"{_told(params)}: {error}"
            return
        for slip in number.mistakes:
            if grade(number, Computed(slip.value)).right:
                accepted.setdefault(slip.why, _told(params))
        apart |= {
            (one.why, other.why)
            for one, other in itertools.combinations(number.mistakes, 2)
            if not math.isclose(one.value, other.value)
        }
    for place, known in enumerate(body.mistakes):
        if known.why in accepted:
            what = f"is graded as right where {accepted[known.why]}; change the numbers, or narrow the tolerance"
            yield f"mistakes[{place}]", what
    for one, other in itertools.combinations(body.mistakes, 2):
        if (one.why, other.why) not in apart:
            yield "mistakes", f"two have the same value whatever is drawn: {one.expr} and {other.expr}"


def _told(params: Mapping[str, float]) -> str:
    return ", ".join(f"{name} = {value:g}" for name, value in params.items())


def _wrong(number: Number, why: str) -> bool:
    """Whether the mistake has a value for these numbers that is graded wrong."""
    value = next((slip.value for slip in number.mistakes if slip.why == why), None)
    return value is not None and not grade(number, Computed(value)).right


_RECOMPUTE = """
import json
out = []
for names in json.loads({names!r}):
    exec(compile({check!r}, "proof.check", "exec"), names)
    out.append(float(names["result"]))
print()
print(json.dumps(out))
"""


def _recomputed(item: Item, body: Numeric, draws: Drawn, run: Run) -> Found:
    """The key by an independent route."""
    if not item.proof.check:
        yield "proof", "lacks `check`: a program that reaches the key by another route and puts it in `result`"
        return
    names = json.dumps([with_derived(body, params) for params, _ in draws])
    out, failure = ran(run, _RECOMPUTE.format(names=names, check=item.proof.check), "proof.check")
    if failure:
        yield "proof.check", f"fails: {failure}"
        return
    try:
        values = [float(value) for value in json.loads(out.strip().rpartition("\n")[2])]
        pairs = list(zip(values, draws, strict=True))
    except (ValueError, TypeError, OverflowError, RecursionError):  # something else was printed after them
        yield "proof.check", "ends before its `result` can be read; it should not print much, nor exit"
        return
    for seed, (value, (params, number)) in enumerate(pairs):
        if not abs(value - number.value) <= 1e-6 * max(1.0, abs(value), abs(number.value)):
            yield "proof.check", f"seed {seed} ({params}): gives {value}, the formula {number.value}"
            return
