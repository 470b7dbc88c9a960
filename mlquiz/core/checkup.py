"""What the doctor finds: parts, each with its facts and with what is wrong in it."""

from typing import NamedTuple, TypeAlias

from mlquiz.errors import Exit

Fact: TypeAlias = "str | int | bool | list[Fact] | dict[str, Fact] | None"


class Finding(NamedTuple):
    """Something wrong and what to do about it; `exit` is the status it calls for, OK for a mere warning."""

    message: str
    advice: str
    exit: Exit = Exit.OK


class Part(NamedTuple):
    """One part of the whole. A fact of the shape {value, origin} says where it comes from."""

    title: str
    facts: dict[str, Fact]
    findings: list[Finding]


def worst(parts: list[Part]) -> Exit:
    """The gravest status that any finding calls for: a log that is lost weighs more than a bank or a setting."""
    return max((finding.exit for part in parts for finding in part.findings), default=Exit.OK)


def sourced(value: Fact, origin: str) -> Fact:
    return {"value": value, "origin": origin}
