"""What msgspec has against a value, in words for the author of a file, and where in the value it stands."""

import difflib
import re
from collections.abc import Iterable, Iterator

import msgspec


def explained(error: msgspec.ValidationError) -> tuple[tuple[str | int, ...], str]:
    """The path below the value that was converted, and what should be done."""
    said, _, below = str(error).rpartition(" - at `")
    return (tuple(_parts(below.rstrip("`"))), _advice(said)) if said else ((), _advice(below))


def near(name: object, known: Iterable[str]) -> str:
    """`; did you mean …?` where one of the known names is close."""
    close = difflib.get_close_matches(str(name), sorted(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


_ADVICE = {
    "Expected `str`, got `int`": "should be text, not a number; put it in quotes",
    "Expected `str`, got `float`": "should be text, not a number; put it in quotes",
    "Expected `str`, got `bool`": 'should be text, not true or false; put it in quotes: "true"',
    "Expected `str`, got `null`": "is empty; it should be text",
    "Expected `str` of length >= 1": "is empty; it should be text",
    "Expected `array`, got `str`": "should be a list: [a, b] or a line for each with -",
    "Expected `array`, got `object`": "should be a list: a line for each with -",
    "Expected `object`, got `str`": "should be a mapping: name: value",
}
_NAMES = {
    "array": "a list",
    "object": "a mapping",
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "null": "nothing",
}


def _advice(said: str) -> str:
    if said in _ADVICE:
        return _ADVICE[said]
    if matched := re.fullmatch(r"Object missing required field `(\w+)`", said):
        return f"lacks `{matched[1]}`"
    if matched := re.fullmatch(r"Object contains unknown field `(.+)`", said):
        return f"has the unknown field `{matched[1]}`"
    if matched := re.fullmatch(r"Expected `(\w+)`, got `(\w+)`", said):
        wanted, got = (_NAMES.get(name, name) for name in matched.groups())
        return f"should be {wanted}, not {got}"
    return said[:1].lower() + said[1:]


def _parts(below: str) -> Iterator[str | int]:
    """`$[0].why` as (0, "why"); msgspec writes `[...]` for a key of a mapping."""
    for word, place in re.findall(r"\.([^.\[\]`]+)|\[(\d+|\.\.\.)\]", below):
        if word:
            yield word
        elif place != "...":
            yield int(place)
