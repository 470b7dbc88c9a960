"""A value that was expected beside the one that came, and the difference in words. Used in the child."""

import math

SHOWN = 200
"""Characters of a value that are shown."""


def plain(value: object) -> object:
    """An array or a number of NumPy as the Python value it stands for."""
    kind = type(value)
    if kind.__module__.partition(".")[0] == "numpy" and hasattr(value, "tolist"):
        return value.tolist()
    return value


def shape(value: object) -> str:
    """A value's kind, in words."""
    kind = type(value)
    return "None" if value is None else f"{'an' if kind.__name__[0] in 'aeiou' else 'a'} {kind.__name__}"


def shown(value: object) -> str:
    """The value as Python writes it, cut where it is long."""
    try:
        text = repr(value)
    except Exception as error:
        return f"a value whose repr fails ({type(error).__name__})"
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def near(want: float, got: float, tol: float) -> bool:
    try:
        return abs(got - want) <= tol
    except OverflowError:  # a whole number beyond all floats
        return False


def differs(want: object, got: object, tol: float, where: str = "") -> str:
    """How `got` differs from `want`, in words; empty where it does not.

    Numbers are equal within `tol` (absolute), NaN equals NaN, True is not 1; lists, tuples and arrays are alike.
    """
    got = plain(got)
    at = f" at {where}" if where else ""
    if isinstance(want, bool) or want is None or isinstance(want, str):
        return "" if type(got) is type(want) and got == want else f"expected {shown(want)}{at}, got {shown(got)}"
    if isinstance(want, (int, float)):
        if isinstance(got, bool) or not isinstance(got, (int, float)):
            return f"expected the number {shown(want)}{at}, got {shape(got)}: {shown(got)}"
        if want == got or (math.isnan(want) and math.isnan(got)) or near(want, got, tol):
            return ""
        return f"expected {shown(want)}{at}, got {shown(got)}"
    if isinstance(want, list):
        if not isinstance(got, (list, tuple)):
            return f"expected a list{at}, got {shape(got)}: {shown(got)}"
        if len(got) != len(want):
            return f"expected {len(want)} values{at}, got {len(got)}: {shown(got)}"
        pairs = enumerate(zip(want, got, strict=True))
        return next((d for n, (a, b) in pairs if (d := differs(a, b, tol, f"{where}[{n}]"))), "")
    if isinstance(want, dict):
        if not isinstance(got, dict):
            return f"expected a dict{at}, got {shape(got)}: {shown(got)}"
        if got.keys() != want.keys():
            return f"expected the keys {shown(sorted(map(str, want)))}{at}, got {shown(sorted(map(str, got)))}"
        return next((d for key in want if (d := differs(want[key], got[key], tol, f"{where}[{key!r}]"))), "")
    raise TypeError(f"a test cannot expect {shape(want)}")
