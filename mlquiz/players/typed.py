"""Answers typed as text: options and orders by the numbers shown, words that may be misspelt."""

from collections.abc import Callable

from mlquiz.core.answer import Answer, Arranged, Given, Picked, Unclear, checked
from mlquiz.core.question import Multi, Order, Short, Single
from mlquiz.core.text import near_miss, tidy


def arrangement(body: Order, text: str) -> Arranged:
    """Steps by the numbers shown: `3 1 2` or `312`. Raises Unclear."""
    words = text.replace(",", " ").split()
    digits = words if len(words) > 1 else list("".join(words))
    keys = list(body.steps)
    if sorted(digits) != [str(n) for n in range(1, len(keys) + 1)]:
        raise Unclear(f"name each of 1 to {len(keys)} once, like {example(len(keys))}")
    return Arranged([keys[int(digit) - 1] for digit in digits])


def example(n: int) -> str:
    """How an order of n steps is typed: `21345`."""
    return "".join(str(place) for place in [2, 1, *range(3, n + 1)])


def once_more(body: Short, asked: set[str] | None = None) -> Callable[[str], Answer]:
    """Reads a short answer; what is one edit away from right is asked again, and taken as it is the second time.

    `asked` gathers what was asked again.
    """
    asked = set() if asked is None else asked

    def read(text: str) -> Answer:
        text = tidy(text).strip()
        if near_miss(body, text) and text not in asked:
            asked.add(text)
            raise Unclear("that is close; check the spelling, or give it again to leave it so")
        return checked(body, Given(text))

    return read


def picks(body: Single | Multi, text: str) -> Picked:
    """The options of these numbers. Raises Unclear."""
    return Picked([body.options[place].key for place in places(text, len(body.options))])


def places(text: str, most: int) -> list[int]:
    """`1 3`, `1,3` or `13` as places from 0. Raises Unclear."""
    words = text.replace(",", " ").split()
    digits = list(words[0]) if len(words) == 1 and most < 10 else words
    if not digits or any(not digit.isdecimal() or not 1 <= int(digit) <= most for digit in digits):
        raise Unclear(f"type numbers from 1 to {most}")
    return sorted({int(digit) - 1 for digit in digits})
