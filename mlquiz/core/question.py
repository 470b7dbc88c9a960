"""A question: what every kind shares, and one body for each kind, as a closed union.

A new kind is a Struct here, a line in `Body`, and then wherever mypy points.
"""

import hashlib
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from mlquiz.core.parts import (
    Case,
    Criterion,
    Name,
    Option,
    Parameter,
    Part,
    Slip,
    Text,
    Tolerance,
    UnitTest,
    WrongOutput,
    WrongText,
)

Level: TypeAlias = Literal["screen", "onsite", "senior"]
LEVELS: tuple[Level, ...] = ("screen", "onsite", "senior")


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


class Code(Part, frozen=True, tag_field="kind", tag="code"):
    """A function to write, judged by running its tests. `requires` are packages beyond the standard library."""

    language: Literal["python"]
    starter: Text
    reference: Text
    tests: Annotated[list[UnitTest], Meta(min_length=1)]
    requires: list[Name] = []
    hints: list[Text] = []


class Sql(Part, frozen=True, tag_field="kind", tag="sql"):
    """One SELECT to write in SQLite's dialect. `ordered`: the order of the rows is asked for."""

    schema: Text
    ordered: bool
    reference: Text
    cases: Annotated[list[Case], Meta(min_length=1)]
    hints: list[Text] = []


class Open(Part, frozen=True, tag_field="kind", tag="open"):
    """Explain or design; the learner ticks the rubric beside a model answer."""

    rubric: Annotated[list[Criterion], Meta(min_length=1)]
    red_flags: list[Criterion]
    model_answer: Text


Body: TypeAlias = Single | Multi | Numeric | Order | Short | Output | Code | Sql | Open
Kind: TypeAlias = Literal["single", "multi", "numeric", "order", "short", "output", "code", "sql", "open"]
KINDS: tuple[Kind, ...] = ("single", "multi", "numeric", "order", "short", "output", "code", "sql", "open")


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


Concrete: TypeAlias = Single | Multi | Number | Order | Short | Output | Code | Sql | Open


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
