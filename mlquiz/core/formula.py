"""Formulas and templates of numeric questions; the only door to simpleeval.

simpleeval walks an ast with bounded powers and strings; we hand it our functions and no names but the numbers.
"""

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from string import Formatter
from typing import Any

Numbers = Mapping[str, int | float]
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sqrt": math.sqrt, "log": math.log, "log2": math.log2, "exp": math.exp, "ceil": math.ceil,
    "floor": math.floor, "round": round, "min": min, "max": max, "comb": math.comb, "erf": math.erf,
}  # fmt: skip


class FormulaError(ValueError):
    """The formula or template cannot be worked out; the message says why."""


def evaluate(expression: str, numbers: Numbers) -> float:
    """The formula's value. Raises FormulaError when it cannot be worked out or is not a finite number."""
    import simpleeval

    evaluator = simpleeval.SimpleEval(functions=FUNCTIONS, names=dict(numbers))
    evaluator.nodes = {node: work for node, work in evaluator.nodes.items() if node.__name__ in _NODES}
    try:
        value = evaluator.eval(expression, _parsed(expression))
    except (simpleeval.InvalidExpression, SyntaxError, ArithmeticError, ValueError, TypeError) as error:
        raise FormulaError(f"`{expression}` cannot be worked out: {error}") from None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise FormulaError(f"`{expression}` gives {value!r}, not a finite number")
    return value


_NODES = {
    "Expr", "Constant", "UnaryOp", "BinOp", "BoolOp", "Compare", "IfExp", "Call", "Name",
}  # fmt: skip


@lru_cache(maxsize=4096)
def _parsed(expression: str) -> Any:
    import simpleeval

    return simpleeval.SimpleEval().parse(expression)


def fill(template: str, numbers: Numbers) -> str:
    """The template with `{name}` and `{name:spec}` replaced; `{{` stands for a brace. Raises FormulaError."""
    out = []
    try:
        for literal, name, spec, conversion in Formatter().parse(template):
            out.append(literal)
            if name is None:
                continue
            if not name.isidentifier() or conversion or "{" in (spec or ""):
                raise FormulaError(f"`{{{name}}}` should be the name of a number: no dots, brackets or `!`")
            if name not in numbers:
                raise FormulaError(f"`{{{name}}}` is not among the numbers: {', '.join(numbers)}")
            out.append(format(numbers[name], spec or "") if spec else plain(numbers[name]))
    except FormulaError:
        raise
    except ValueError as error:
        raise FormulaError(f"the template cannot be read ({error}); write {{{{ for a brace") from None
    return "".join(out)


def plain(value: int | float) -> str:
    """A number as a person would write it: no trailing `.0`, no binary noise."""
    return str(value) if isinstance(value, int) else f"{value:.10g}"
