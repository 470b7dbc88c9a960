"""The kinds of answer, as evidence in the bank's own terms, and how text typed by a person becomes one.

Answers name option keys, step keys and criteria, never display letters, so a log outlives every shuffle.
"""

import math
import re
import unicodedata
from typing import Any, Literal, TypeAlias, assert_never

import msgspec
from msgspec import Struct

from mlquiz.core.question import Concrete, Kind, Multi, Number, Open, Order, Output, Short, Single

Confidence: TypeAlias = Literal["sure", "unsure", "guessed"]
CONFIDENCES: tuple[Confidence, ...] = ("sure", "unsure", "guessed")


class Picked(Struct, frozen=True):
    """Option keys ticked (single, multi)."""

    keys: list[str]


class Computed(Struct, frozen=True, omit_defaults=True):
    """A number (numeric), and the text it was typed as, where it was typed."""

    value: float
    text: str = ""


class Given(Struct, frozen=True):
    """Text as typed (short, output)."""

    text: str


class Arranged(Struct, frozen=True):
    """Step keys in the learner's order (order)."""

    order: list[str]


class Explained(Struct, frozen=True, omit_defaults=True):
    """Ids of the criteria and red flags that the learner ticked (open), and what was written."""

    points: list[str]
    text: str = ""


class DontKnow(Struct, frozen=True):
    """Said so: graded wrong, and never a guess."""

    dont_know: Literal[True] = True


Answer: TypeAlias = Picked | Computed | Given | Arranged | Explained | DontKnow


class Reply(Struct, frozen=True):
    """An answer, the confidence given before the verdict (null: not asked), the seconds it took (null: not told).

    `paced` says that the seconds were measured at a terminal and may count as hesitation.
    """

    answer: Answer
    confidence: Confidence | None = None
    seconds: float | None = None
    paced: bool = False


class Verdict(Struct, frozen=True):
    """Score 0..1, right or not, and a note on the misconception behind a known wrong answer."""

    score: float
    right: bool
    note: str = ""


class Unclear(ValueError):
    """The answer cannot be understood and is asked again at no cost; the message says what is wanted."""


SHAPES: dict[Kind, type[Picked | Computed | Given | Arranged | Explained]] = {
    "single": Picked,
    "multi": Picked,
    "numeric": Computed,
    "order": Arranged,
    "short": Given,
    "output": Given,
    "open": Explained,
}


def decode(kind: Kind, raw: Any) -> Answer:
    """The answer in a decoded JSON object, by the kind of the question that is open. Raises Unclear."""
    if isinstance(raw, dict) and raw.get("dont_know") is True:
        return DontKnow()
    try:
        return msgspec.convert(raw, SHAPES[kind])
    except msgspec.ValidationError as error:
        raise Unclear(f'this question wants {EXPECTED[kind]} or {{"dont_know":true}}: {error}') from None


def evidence(text: str) -> Answer:
    """The answer as the log holds it: every shape has a field of its own, so no tag is stored."""
    raw = msgspec.json.decode(text)
    shapes: dict[str, type[Any]] = {
        "dont_know": DontKnow, "keys": Picked, "value": Computed, "order": Arranged, "points": Explained, "text": Given,
    }  # fmt: skip
    return msgspec.convert(raw, next(shape for field, shape in shapes.items() if field in raw))  # type: ignore[no-any-return]


EXPECTED: dict[Kind, str] = {
    "single": '{"keys":["one option key"]}',
    "multi": '{"keys":["option keys"]}',
    "numeric": '{"value":0.42}',
    "order": '{"order":["step keys"]}',
    "short": '{"text":"a word or two"}',
    "output": '{"text":"what it prints"}',
    "open": '{"text":"your answer"}, then {"points":["ids met"]},',
}


def checked(body: Concrete, answer: Answer) -> Answer:
    """The same answer if it speaks of this body. Raises Unclear, naming what does not belong."""
    match answer:
        case DontKnow():
            return answer
        case Picked(keys):
            assert isinstance(body, Single | Multi)
            _belongs(keys, [option.key for option in body.options], "option")
            if isinstance(body, Single) and len(keys) != 1:
                raise Unclear("pick exactly one option")
            if not keys:
                raise Unclear("pick at least one option; at least two are true")
        case Arranged(order):
            assert isinstance(body, Order)
            _belongs(order, list(body.steps), "step")
            if len(order) != len(body.steps):
                raise Unclear(f"name all {len(body.steps)} steps, each once")
        case Computed(value):
            assert isinstance(body, Number)
            if not math.isfinite(value):
                raise Unclear("the answer should be a finite number")
        case Given(text):
            assert isinstance(body, Short | Output)
            if not text.strip():
                raise Unclear("type an answer")
        case Explained(points):
            assert isinstance(body, Open)
            _belongs(points, [point.id for point in [*body.rubric, *body.red_flags]], "criterion")
        case other:
            assert_never(other)
    return answer


def _belongs(given: list[str], known: list[str], noun: str) -> None:
    for key in given:
        if key not in known:
            raise Unclear(f"{key!r} is no {noun} of this question; they are {', '.join(known)}")
    if len(set(given)) != len(given):
        raise Unclear(f"a {noun} is named twice")


_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:e[+-]?\d+)?", re.IGNORECASE)


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


def near_miss(body: Short, text: str) -> bool:
    """Whether the text is one edit away from an accepted answer and neither accepted nor rejected by name.

    Only letters of words of five or more count as slips: `L1` for `L2` is another answer, not a typing error.
    """
    given = normalised(text)
    if given in {normalised(known) for known in [*body.accept, *(wrong.text for wrong in body.reject)]}:
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
