"""What stands in a bank file beside the kinds' own fields, and the JSON Schema of such a file for editors.

Each kind's Struct in `core.question` is the one definition; what a file adds to it (id, level, proof…) stands here.
"""

from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from mlquiz.core.parts import Part, Text
from mlquiz.core.question import KINDS, Code, Level, Multi, Numeric, Open, Order, Output, Short, Single, Sql

BODIES: dict[str, Any] = dict(zip(KINDS, (Single, Multi, Numeric, Order, Short, Output, Code, Sql, Open), strict=True))


class Wrong(Part, frozen=True):
    """An order or a solution that has to be refused, and why."""

    why: Text
    order: list[str] | None = None
    code: Text | None = None


class Waiver(Part, frozen=True):
    """A mutant of the reference, by name, that no test can tell from it, and why."""

    mutant: Text
    why: Text


class Environment(Part, frozen=True):
    """Where a key was produced, when that takes more than the standard library."""

    python: str
    packages: dict[str, str] = {}


class Proof(Part, frozen=True):
    """What only the checker reads."""

    verify: Text | None = None
    check: Text | None = None
    wrong: list[Wrong] = []
    waived: list[Waiver] = []
    weak: Text | None = None
    weak_meets: list[str] = []
    env: Environment | None = None


class Common(Part, frozen=True):
    """What every kind has in a file."""

    id: Annotated[str, Meta(pattern=r"^[a-z]+\.[a-z_]+\.[a-z0-9-]+(?!\n)$")]
    skills: Annotated[list[str], Meta(min_length=1, max_length=4)]
    level: Level
    difficulty: Annotated[int, Meta(ge=1, le=5)]
    seconds: Annotated[int, Meta(ge=10, le=3600)]
    prompt: Text
    explanation: Text
    references: list[Text] = []
    was: list[str] = []
    proof: Proof = Proof()


COMMON = msgspec.structs.fields(Common)
FIELDS = {kind: (*COMMON, *msgspec.structs.fields(body)) for kind, body in BODIES.items()}
"""What a question of each kind may say in a file, `kind` itself aside."""


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a bank file, for editors that check YAML as it is typed."""
    items = [
        msgspec.defstruct(
            kind.capitalize() + "Question",
            [(field.name, field.type, _default(field)) for field in FIELDS[kind]],
            kw_only=True, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag=kind,
        )
        for kind in KINDS
    ]  # fmt: skip
    file = msgspec.defstruct(
        "BankFile",
        [("format", Literal[1]), ("topic", str), ("subtopic", str), ("questions", list[reduce(or_, items)])],  # type: ignore[misc]
        frozen=True,
        forbid_unknown_fields=True,
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(file)}


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.required:
        return msgspec.field(name=field.encode_name)
    if field.default is not msgspec.NODEFAULT:
        return msgspec.field(default=field.default, name=field.encode_name)
    return msgspec.field(default_factory=field.default_factory, name=field.encode_name)
