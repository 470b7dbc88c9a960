"""Formulas and templates of numeric questions; the only door to simpleeval.

simpleeval walks an ast with bounded powers and strings; we hand it our functions and no names but the numbers.
"""

import ast
import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from string import Formatter
from typing import Any

Numbers = Mapping[str, int | float]
LARGEST_N = 10_000
MOST_BITS = 4_096


def _comb(n: int, k: int) -> int:
    """Ways to choose k of n, for an n that does not keep anybody waiting. Raises ValueError."""
    if n > LARGEST_N:
        raise ValueError(f"comb is for n up to {LARGEST_N:,}")
    return math.comb(n, k)


def _power(base: float, exponent: float) -> float:
    """base ** exponent, of a size that does not keep anybody waiting. Raises OverflowError."""
    if abs(exponent) * math.log2(abs(base) + 2) > MOST_BITS:
        raise OverflowError("the power is too large")
    return base**exponent  # type: ignore[no-any-return]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sqrt": math.sqrt, "log": math.log, "log2": math.log2, "exp": math.exp, "ceil": math.ceil,
    "floor": math.floor, "round": round, "min": min, "max": max, "comb": _comb, "erf": math.erf,
}  # fmt: skip


LONGEST = 500
"""Characters of a formula."""
_SPEC = re.compile(r"[+]?,?(\.\d{1,2})?[defg%]?")


class FormulaError(ValueError):
    """The formula or template cannot be worked out; the message says why."""


def evaluate(expression: str, numbers: Numbers) -> float:
    """The formula's value. Raises FormulaError when it cannot be worked out or is not a finite number."""
    import simpleeval

    tree = _parsed(expression)
    operators = {**simpleeval.DEFAULT_OPERATORS, ast.Pow: _power}
    evaluator = simpleeval.SimpleEval(operators=operators, functions=FUNCTIONS, names=dict(numbers))
    try:
        value = evaluator.eval(expression, tree)
        finite = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except (simpleeval.InvalidExpression, ArithmeticError, ValueError, TypeError, RecursionError) as error:
        raise FormulaError(f"`{expression}` cannot be worked out: {error}") from None
    if not finite:
        raise FormulaError(f"`{expression}` gives {value!r}, not a finite number")
    return value  # type: ignore[no-any-return]  # simpleeval has no types


_NODES = (
    ast.Constant, ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.Name, ast.Load,
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.USub, ast.UAdd,
    ast.And, ast.Or, ast.Not, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE,
)  # fmt: skip


@lru_cache(maxsize=4096)
def _parsed(expression: str) -> ast.expr:
    """The formula's tree: numbers, names, operators and calls of our functions, nothing else. Raises FormulaError."""
    if len(expression) > LONGEST:
        raise FormulaError(f"a formula has at most {LONGEST} characters, not {len(expression)}")
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(f"`{expression}` is no formula: {error}") from None
    for node in ast.walk(tree):
        if not isinstance(node, _NODES) or (isinstance(node, ast.Constant) and type(node.value) not in (int, float)):
            raise FormulaError(f"`{expression}` holds more than numbers, names, operators and functions")
    return tree


def fill(template: str, numbers: Numbers) -> str:
    """The template with `{name}` and `{name:spec}` replaced; `{{` stands for a brace. Raises FormulaError."""
    out = []
    try:
        for literal, name, spec, conversion in Formatter().parse(template):
            out.append(literal)
            if name is not None:
                out.append(_filled(name, spec or "", conversion, numbers))
    except FormulaError:
        raise
    except ValueError as error:
        raise FormulaError(f"the template cannot be read ({error}); write {{{{ for a brace") from None
    return "".join(out)


def _filled(name: str, spec: str, conversion: str | None, numbers: Numbers) -> str:
    if not name.isidentifier() or conversion:
        raise FormulaError(f"`{{{name}}}` should be the name of a number: no dots, brackets or `!`")
    if name not in numbers:
        raise FormulaError(f"`{{{name}}}` is not among the numbers: {', '.join(numbers)}")
    if not _SPEC.fullmatch(spec):
        raise FormulaError(f"`{{{name}:{spec}}}` should have a format like `,` or `.2f` or `.1%`")
    try:
        return format(numbers[name], spec) if spec else plain(numbers[name])
    except (ValueError, OverflowError) as error:
        raise FormulaError(f"`{{{name}:{spec}}}` cannot show {numbers[name]}: {error}") from None


def plain(value: int | float) -> str:
    """A number as a person would write it: no trailing `.0`, no binary noise."""
    return str(value) if isinstance(value, int) else f"{value:.10g}"
