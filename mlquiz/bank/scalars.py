"""What an unquoted value of a bank file means. What YAML 1.1 and a person would read differently is refused.

`no` is a country to a person and false to YAML, `012` is ten, `1:30` is ninety and `1e-9` is text.
"""

import math
import re
from collections.abc import Callable

_WORDS = {"yes", "no", "on", "off"}
_NULL = {"", "~", "null", "Null", "NULL"}
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def plain(text: str, resolve: Callable[[str], str]) -> str | int | float | bool | None:
    """An unquoted value. `resolve` tells the type that YAML 1.1 sees in it. Raises ValueError with advice."""
    if text in _NULL:
        return None
    if text.casefold() in ("true", "false"):
        return text.casefold() == "true"
    if text.casefold() in _WORDS:
        meant = "true" if text.casefold() in ("yes", "on") else "false"
        said = f'is {text}, which YAML 1.1 reads as {meant}; write "{text}" for the word, {meant} for the value'
        raise ValueError(said)
    if text in ("<<", "="):
        raise ValueError(f"uses {text}, which YAML 1.1 reserves; quote it")
    if _INT.fullmatch(text):
        if len(text) > 18:
            raise ValueError("is a whole number too large to store; quote it or write it as 1.0e+20")
        return int(text)
    read_as = resolve(text)
    if _FLOAT.fullmatch(text):
        if read_as != "float":
            reading = "text" if read_as == "str" else "a number to base 8"
            said = f'is {text}, which YAML 1.1 reads as {reading}; write {_decimal(text)}, or "{text}" for the text'
            raise ValueError(said)
        if not math.isfinite(float(text)):
            raise ValueError(f"is {text}, a number too large to store")
        return float(text)
    if read_as != "str":
        said = f'is {text}, which YAML 1.1 reads as {_NAMES.get(read_as, read_as)}; quote it: "{text}"'
        raise ValueError(said)
    return text


_NAMES = {"int": "a whole number of its own notation", "float": "a number of its own notation", "timestamp": "a date"}


def _decimal(text: str) -> str:
    """`012` as 12, `1e-9` as 1.0e-9, `-.5` as -0.5: so that YAML 1.1 takes it for the number a person reads."""
    mantissa, _, exponent = text.lower().partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, point, part = mantissa.lstrip("+-").partition(".")
    whole = whole.lstrip("0") or "0"
    if not point and not exponent:
        return sign + whole
    power = f"e{exponent if exponent[0] in '+-' else '+' + exponent}" if exponent else ""
    return f"{sign}{whole}.{part or '0'}{power}"
