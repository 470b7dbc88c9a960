"""The kinds of answer, as evidence in the bank's own terms, and how JSON becomes one.

Answers name option keys, step keys and criteria, never display letters, so a log outlives every shuffle.
"""

import math
from typing import Any, Literal, TypeAlias, assert_never

import msgspec
from msgspec import Struct

from mlquiz.core.question import Code, Concrete, Kind, Multi, Number, Open, Order, Output, Short, Single, Sql
from mlquiz.core.trial import Result

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


class Ran(Struct, frozen=True, omit_defaults=True):
    """Source as written, what its tests said when it was run, and how many hints were looked at (code, sql)."""

    source: str
    results: list[Result] = []
    hints: int = 0


class Explained(Struct, frozen=True, omit_defaults=True):
    """Ids of the criteria and red flags that the learner ticked (open), and what was written."""

    points: list[str]
    text: str = ""


class DontKnow(Struct, frozen=True):
    """Said so: graded wrong, and never a guess."""

    dont_know: Literal[True] = True


Answer: TypeAlias = Picked | Computed | Given | Arranged | Ran | Explained | DontKnow


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


SHAPES: dict[Kind, type[Picked | Computed | Given | Arranged | Ran | Explained]] = {
    "single": Picked,
    "multi": Picked,
    "numeric": Computed,
    "order": Arranged,
    "short": Given,
    "output": Given,
    "code": Ran,
    "sql": Ran,
    "open": Explained,
}


def decode(kind: Kind, raw: Any) -> Answer:
    """The answer in a decoded JSON object, by the kind of the question that is open. Raises Unclear.

    Source comes without results: those are not the answerer's to tell.
    """
    if isinstance(raw, dict) and raw.get("dont_know") is True:
        return DontKnow()
    try:
        answer = msgspec.convert(raw, SHAPES[kind])
        return Ran(answer.source) if isinstance(answer, Ran) else answer
    except msgspec.ValidationError as error:
        raise Unclear(f'this question wants {EXPECTED[kind]} or {{"dont_know":true}}: {error}') from None


class _Stored(Struct, frozen=True):
    """The fields of all shapes: each has one that no other has, so the log needs no tag."""

    dont_know: bool = False
    keys: list[str] | None = None
    value: float | None = None
    order: list[str] | None = None
    points: list[str] | None = None
    source: str | None = None
    results: list[Result] = []
    hints: int = 0
    text: str = ""


_STORED = msgspec.json.Decoder(_Stored)


def evidence(text: str) -> Answer:
    """The answer as the log holds it."""
    stored = _STORED.decode(text)
    if stored.dont_know:
        return DontKnow()
    if stored.keys is not None:
        return Picked(stored.keys)
    if stored.value is not None:
        return Computed(stored.value, stored.text)
    if stored.order is not None:
        return Arranged(stored.order)
    if stored.source is not None:
        return Ran(stored.source, stored.results, stored.hints)
    return Given(stored.text) if stored.points is None else Explained(stored.points, stored.text)


EXPECTED: dict[Kind, str] = {
    "single": '{"keys":["one option key"]}',
    "multi": '{"keys":["option keys"]}',
    "numeric": '{"value":0.42}',
    "order": '{"order":["step keys"]}',
    "short": '{"text":"a word or two"}',
    "output": '{"text":"what it prints"}',
    "code": '{"source":"the whole file"}',
    "sql": '{"source":"one SELECT"}',
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
        case Ran(source):
            assert isinstance(body, Code | Sql)
            if not source.strip():
                raise Unclear("write an answer")
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
