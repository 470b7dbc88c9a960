"""A question: what every kind shares, and one body for each kind, as a closed union.

A new kind is a Struct here, a line in `Body`, and then wherever mypy points.
"""

import hashlib
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

Level: TypeAlias = Literal["screen", "onsite", "senior"]
LEVELS: tuple[Level, ...] = ("screen", "onsite", "senior")
Text: TypeAlias = Annotated[str, Meta(min_length=1)]
Name: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]*(?!\n)$")]


class Part(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A piece of a question as it stands in a bank file: a field nobody knows is a mistake."""


class Option(Part, frozen=True):
    """One thing to tick; `why` decides it, `misconception` names the belief that makes a distractor tempting."""

    text: Text
    why: Text
    correct: bool = False
    misconception: Text | None = None
    id: Name | None = None

    @property
    def key(self) -> str:
        """The stable name of the option: its id, or six hex digits of SHA-256 of its text."""
        return self.id or hashlib.sha256(self.text.encode()).hexdigest()[:6]


class Parameter(Part, frozen=True):
    """Where a number is drawn from: one of `choice`, or a whole number in `int: [lo, hi]` by `step`."""

    choice: Annotated[list[int | float], Meta(min_length=1)] | None = None
    between: tuple[int, int] | None = msgspec.field(name="int", default=None)
    step: Annotated[int, Meta(ge=1)] = 1

    def __post_init__(self) -> None:
        if (self.choice is None) == (self.between is None):
            raise ValueError("give either `choice: [...]` or `int: [lo, hi]`")
        if self.between and self.between[0] > self.between[1]:
            raise ValueError("`int: [lo, hi]` needs lo <= hi")

    @property
    def values(self) -> list[int | float]:
        if self.choice is not None:
            return self.choice
        assert self.between is not None
        return list(range(self.between[0], self.between[1] + 1, self.step))


class Tolerance(Part, frozen=True):
    """How far from the key still counts: `abs` in the answer's unit, or `rel` as a share of the key."""

    abs: Annotated[float, Meta(ge=0)] | None = None
    rel: Annotated[float, Meta(ge=0, lt=1)] | None = None

    def __post_init__(self) -> None:
        if (self.abs is None) == (self.rel is None):
            raise ValueError("give either `abs` or `rel`")

    def margin(self, key: float) -> float:
        return self.abs if self.abs is not None else (self.rel or 0.0) * abs(key)


class Slip(Part, frozen=True):
    """A wrong formula that people use, and what is wrong with it."""

    expr: Text
    why: Text


class WrongText(Part, frozen=True):
    """A wrong short answer that people give, and what is wrong with it."""

    text: Text
    why: Text


class WrongOutput(Part, frozen=True):
    """What people think a program prints, and why it does not."""

    value: Text
    why: Text


class Criterion(Part, frozen=True):
    """An atomic yes/no point of a rubric; a red flag has negative points."""

    id: Name
    points: int
    text: Text


class Single(Part, frozen=True, tag_field="kind", tag="single"):
    """One of exactly four options."""

    options: Annotated[list[Option], Meta(min_length=4, max_length=4)]


class Multi(Part, frozen=True, tag_field="kind", tag="multi"):
    """Which of five options are true; two to four are."""

    options: Annotated[list[Option], Meta(min_length=5, max_length=5)]


class Numeric(Part, frozen=True, tag_field="kind", tag="numeric"):
    """A number, from fresh numbers each time."""

    params: Annotated[dict[str, Parameter], Meta(min_length=1)]
    answer: Text
    tolerance: Tolerance
    mistakes: list[Slip]
    derived: dict[str, str] = {}
    unit: str = ""


class Order(Part, frozen=True, tag_field="kind", tag="order"):
    """Steps to put in order; `before` is a partial order over their keys."""

    steps: Annotated[dict[str, str], Meta(min_length=3, max_length=9)]
    before: Annotated[list[tuple[str, str]], Meta(min_length=2)]


class Short(Part, frozen=True, tag_field="kind", tag="short"):
    """A word or two."""

    accept: Annotated[list[Text], Meta(min_length=1)]
    reject: list[WrongText]


class Output(Part, frozen=True, tag_field="kind", tag="output"):
    """What a program prints."""

    language: Literal["python"]
    program: Text
    output: Text
    mistakes: list[WrongOutput]


class Open(Part, frozen=True, tag_field="kind", tag="open"):
    """Explain or design; the learner ticks the rubric beside a model answer."""

    rubric: Annotated[list[Criterion], Meta(min_length=1)]
    red_flags: list[Criterion]
    model_answer: Text


Body: TypeAlias = Single | Multi | Numeric | Order | Short | Output | Open
Kind: TypeAlias = Literal["single", "multi", "numeric", "order", "short", "output", "open"]
KINDS: tuple[Kind, ...] = ("single", "multi", "numeric", "order", "short", "output", "open")


class Question(Struct, frozen=True):
    """A question of the bank. `revision` covers what the learner sees and the key, `key` what decides the grade."""

    id: str
    revision: str
    key: str
    topic: str
    subtopic: str
    skills: list[str]
    level: Level
    difficulty: int
    seconds: int
    prompt: str
    explanation: str
    references: list[str]
    body: Body

    @property
    def kind(self) -> Kind:
        return type(self.body).__struct_config__.tag  # type: ignore[return-value]  # the tags are the kinds


class Slipped(Struct, frozen=True):
    """A mistake's value for the numbers drawn, and what is wrong with it."""

    value: float
    why: str


class Number(Struct, frozen=True):
    """A numeric body with its numbers drawn: the key, how far from it still counts, known wrong values."""

    value: float
    margin: float
    unit: str
    mistakes: list[Slipped]


Concrete: TypeAlias = Single | Multi | Number | Order | Short | Output | Open


class Exercise(Struct, frozen=True):
    """A question as it is asked once: numbers drawn, options and steps in the order shown."""

    question: Question
    seed: int
    prompt: str
    explanation: str
    body: Concrete
    params: dict[str, int | float]


def fingerprint(*parts: object) -> str:
    """12 hex digits of SHA-256 over the canonical JSON of the parts."""
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()[:12]
