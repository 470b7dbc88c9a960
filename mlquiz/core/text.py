"""Text as people type it: numbers in their many notations, short answers, what has to be taken out of any text."""

import math
import re
import unicodedata

from mlquiz.core.answer import Computed, Unclear
from mlquiz.core.question import Short

_BETWEEN_NAMES = re.compile(r"[][(),;/]|\b(?:or|aka)\b")
_NUMBER = re.compile(r"[+-]?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:e[+-]?\d+)?", re.IGNORECASE)


def number(text: str, unit: str = "") -> Computed:
    """A number as people type it: 0.42, 1e-3, 1/3, 1,234.5, with the unit or % behind it. Raises Unclear."""
    shown = text.strip() if len(text.strip()) <= 24 else f"{text.strip()[:24]}…"
    typed = text.strip()
    text = text.replace("−", "-").strip()  # a typographic minus
    share = False
    if unit and text.casefold().endswith(unit.casefold()):
        text = text[: -len(unit)].rstrip()
    elif text.endswith("%"):
        if unit:
            raise Unclear(f"the answer is wanted in {unit}, not in percent")
        text, share = text[:-1].rstrip(), True
    above, _, below = text.partition("/")
    value = _plain(above, shown)
    if "/" in text:
        divisor = _plain(below, shown)
        if divisor == 0:
            raise Unclear("a fraction cannot have 0 below the line")
        value /= divisor
    if not math.isfinite(value):
        raise Unclear("that number is too large")
    return Computed(value / 100 if share else value, typed)


def _plain(text: str, shown: str) -> float:
    text = text.strip()
    if not _NUMBER.fullmatch(text) or not re.search(r"\d", text.split("e")[0].split("E")[0]):
        hint = " (write the decimal point as a point)" if re.fullmatch(r"[+-]?\d+,\d+", text) else ""
        raise Unclear(f"{shown!r} is not a number{hint}; write it like 0.42, 1e-3, 1/3 or 1,234.5")
    return float(text.replace(",", ""))


def normalised(text: str) -> str:
    """A short answer without what does not matter: case, spaces, hyphens, quotes, an article, a closing point."""
    text = re.sub(r"[\s‐-―_-]+", " ", unicodedata.normalize("NFKC", text).casefold())
    before = None
    while before != text:
        before = text
        text = re.sub(r"^(a|an|the) ", "", text.strip(" .!?\"'`“”‘’"))
    return text


def names(text: str) -> list[str]:
    """The text, and where it gives several names for one thing, as in `ridge (L2)`, each of these; all normalised."""
    whole = normalised(text)
    parts = [part for name in _BETWEEN_NAMES.split(whole) if (part := normalised(name))]
    return [whole] if parts in ([], [whole]) else [whole, *parts]


def accepted(body: Short, text: str) -> bool:
    """Whether the text is an accepted answer, or else not rejected by name and made of accepted ones alone."""
    right = {normalised(known) for known in body.accept}
    whole, *parts = names(text)
    rejected = {normalised(wrong.text) for wrong in body.reject}
    return whole in right or (whole not in rejected and bool(parts) and right.issuperset(parts))


def near_miss(body: Short, text: str) -> bool:
    """Whether the text is one edit away from an accepted answer and neither accepted nor rejected by name.

    Only letters of words of five or more count as slips: `L1` for `L2` is another answer, not a typing error.
    """
    given = normalised(text)
    if accepted(body, text) or given in {normalised(wrong.text) for wrong in body.reject}:
        return False
    return any(_one_edit(given, normalised(known)) for known in body.accept)


def _one_edit(a: str, b: str) -> bool:
    if min(len(a), len(b)) < 5 or abs(len(a) - len(b)) > 1 or a == b:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    changed = a[start : len(a) - end], b[start : len(b) - end]
    if any(character.isdigit() for piece in changed for character in piece):
        return False
    swapped = len(changed[0]) == len(changed[1]) == 2 and changed[0] == changed[1][::-1]
    return swapped or max(map(len, changed)) == 1


def tidy(text: str) -> str:
    """Text from a learner or a child process without control and direction characters; newline and tab stay."""
    return "".join(character for character in text if not forbidden(character))


def forbidden(character: str) -> bool:
    """C0 but newline and tab, C1, and the characters that turn the direction of writing."""
    code = ord(character)
    return (
        (code < 0x20 and character not in "\n\t")
        or 0x7F <= code <= 0x9F
        or code in (0x061C, 0x200E, 0x200F)
        or 0x202A <= code <= 0x202E
        or 0x2066 <= code <= 0x2069
        or 0xD800 <= code <= 0xDFFF
    )
