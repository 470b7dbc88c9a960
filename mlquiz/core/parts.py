"""The pieces that questions are made of, as they stand in a bank file."""

import hashlib
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

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


Seconds: TypeAlias = Annotated[float, Meta(gt=0, le=20)]


class UnitTest(Part, frozen=True):
    """A test of a Python answer: a call and what it gives or raises, or code that asserts where these cannot say it.

    Numbers are equal within `tol` (absolute). `limit_seconds` is a time that the prompt states.
    """

    name: Text
    call: Text | None = None
    expect: Any | UnsetType = UNSET
    tol: Annotated[float, Meta(ge=0)] = 0.0
    raises: Text | None = None
    code: Text | None = None
    limit_seconds: Seconds | None = None

    def __post_init__(self) -> None:
        has = (self.call is not None, self.expect is not UNSET, self.raises is not None, self.code is not None)
        if has not in {(True, True, False, False), (True, False, True, False), (False, False, False, True)}:
            raise ValueError("give `call` with `expect` or `raises`, or `code` alone")


class Case(Part, frozen=True):
    """A small database and the rows that a SELECT gives on it; `columns`, where their names are asked for."""

    name: Text
    data: dict[str, list[list[Any]]]
    expect: list[list[Any]]
    columns: list[Text] = []
    limit_seconds: Seconds | None = None
