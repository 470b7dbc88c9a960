"""From the mappings of a bank file to Questions, every Problem at its file:line and $.path; JSON Schema for editors.

Each kind's Struct in `core.question` is the one definition; what a file adds to it (id, level, proof…) stands here.
"""

import difflib
import re
from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Annotated, Any, NamedTuple, TypeAlias, assert_never

import msgspec
from msgspec import Meta

from mlquiz.bank.reader import Document, dotted
from mlquiz.bank.syllabus import Syllabus
from mlquiz.core.draw import draw
from mlquiz.core.formula import FormulaError
from mlquiz.core.grading import arranged
from mlquiz.core.question import (
    KINDS,
    Body,
    Level,
    Multi,
    Numeric,
    Open,
    Order,
    Output,
    Part,
    Question,
    Short,
    Single,
    Text,
    fingerprint,
)  # fmt: skip
from mlquiz.errors import Problem

FORMAT = 1
DRAWS = 8
"""Draws tried when a file is read; `mlquiz bank check` tries two hundred."""
BODIES: dict[str, Any] = dict(zip(KINDS, (Single, Multi, Numeric, Order, Short, Output, Open), strict=True))
Path: TypeAlias = tuple[str | int, ...]


class WrongOrder(Part, frozen=True):
    """An order that has to be refused, and why."""

    order: list[str]
    why: Text


class Environment(Part, frozen=True):
    """Where a key was produced, when that takes more than the standard library."""

    python: str
    packages: dict[str, str] = {}


class Proof(Part, frozen=True):
    """What only the checker reads."""

    verify: Text | None = None
    check: Text | None = None
    wrong: list[WrongOrder] = []
    weak: Text | None = None
    weak_meets: list[str] = []
    env: Environment | None = None


class Common(Part, frozen=True):
    """What every kind has in a file."""

    id: Annotated[str, Meta(pattern=r"^[a-z]+\.[a-z_]+\.[a-z0-9-]+$")]
    skills: Annotated[list[str], Meta(min_length=1, max_length=4)]
    level: Level
    difficulty: Annotated[int, Meta(ge=1, le=5)]
    seconds: Annotated[int, Meta(ge=10, le=3600)]
    prompt: Text
    explanation: Text
    references: list[Text] = []
    was: list[str] = []
    proof: Proof = Proof()


class Item(NamedTuple):
    """A question with what only the checker reads, and where it stands."""

    question: Question
    proof: Proof
    was: list[str]
    file: str
    path: Path
    line: int


class Reading(NamedTuple):
    """A file's questions (those that are whole) and what is wrong with the others."""

    items: list[Item]
    problems: list[Problem]


_COMMON = msgspec.structs.fields(Common)
_FIELDS = {kind: (*_COMMON, *msgspec.structs.fields(body)) for kind, body in BODIES.items()}
_HEAD = ("format", "topic", "subtopic", "questions")


def understand(document: Document, name: str, syllabus: Syllabus) -> Reading:
    """All questions of a document. One question's mistakes do not spoil the others."""
    if document.problems:
        return Reading([], document.problems)
    file = _File(document, name, syllabus)
    return Reading(list(file.items()), file.problems)


class _File:
    """One file on its way to questions; problems gather as it goes."""

    def __init__(self, document: Document, name: str, syllabus: Syllabus) -> None:
        self.document, self.name, self.syllabus = document, name, syllabus
        self.problems: list[Problem] = []
        self.skills = {skill.id for skill in syllabus.skills}

    def wrong(self, path: Path, message: str) -> None:
        self.problems.append(Problem(self.name, self.document.line(path), dotted(path), message))

    def items(self) -> Iterator[Item]:
        head = self.document.value
        if not isinstance(head, dict):
            return self.wrong((), f"should be a mapping with {', '.join(_HEAD)}")
        self._unknown((), head, _HEAD)
        if missing := [name for name in _HEAD if name not in head]:
            return self.wrong((), f"lacks {', '.join(missing)}")
        if head["format"] != FORMAT:
            return self.wrong(("format",), f"should be {FORMAT}; a newer mlquiz may know {head['format']!r}")
        topics = self.syllabus.topics()
        if not isinstance(head["topic"], str) or head["topic"] not in topics:
            return self.wrong(
                ("topic",), f"is no topic of the syllabus: {head['topic']!r}{_near(head['topic'], topics)}"
            )
        subtopics = [subtopic.id for subtopic in topics[head["topic"]].subtopics]
        if head["subtopic"] not in subtopics:
            return self.wrong(("subtopic",), f"should be one of {', '.join(subtopics)}, not {head['subtopic']!r}")
        if not isinstance(head["questions"], list):
            return self.wrong(("questions",), "should be a list")
        for place, raw in enumerate(head["questions"]):
            found = len(self.problems)
            item = self._item(("questions", place), raw, head["topic"], head["subtopic"])
            if item is not None and len(self.problems) == found:
                yield item

    def _item(self, path: Path, raw: Any, topic: str, subtopic: str) -> Item | None:
        if not isinstance(raw, dict):
            self.wrong(path, "should be a mapping: a question")
            return None
        kind = raw.get("kind")
        if not isinstance(kind, str) or kind not in BODIES:
            self.wrong((*path, "kind"), f"should be one of {', '.join(KINDS)}, not {kind!r}")
            return None
        fields = _FIELDS[kind]
        self._unknown(path, raw, ["kind", *(field.encode_name for field in fields)])
        found = len(self.problems)
        for field in fields:
            if field.encode_name in raw:
                self._convert((*path, field.encode_name), raw[field.encode_name], field.type)
            elif field.required:
                self.wrong(path, f"lacks `{field.encode_name}`")
        if len(self.problems) > found:
            return None
        names = {field.encode_name for field in _COMMON}
        common = msgspec.convert({name: value for name, value in raw.items() if name in names}, Common)
        rest = {name: value for name, value in raw.items() if name not in names and name != "kind"}
        body: Body = msgspec.convert({"kind": kind, **rest}, BODIES[kind])
        question = _question(common, topic, subtopic, kind, body)
        self._sound(path, question)
        return Item(question, common.proof, common.was, self.name, path, self.document.line(path))

    def _convert(self, path: Path, raw: Any, wanted: Any) -> None:
        try:
            msgspec.convert(raw, wanted)
        except msgspec.ValidationError as error:
            said, _, below = str(error).partition(" - at `")
            self.wrong((*path, *_parts(below.rstrip("`"))), _advice(said))

    def _unknown(self, path: Path, raw: dict[str, Any], known: Any) -> None:
        for name in raw:
            if name not in known:
                self.wrong((*path, name), f"is no field here{_near(name, known)}")

    def _sound(self, path: Path, question: Question) -> None:
        """What the shape alone does not say, and a session could not do without."""
        if "TODO" in question.prompt:
            self.wrong(path, f"{question.id} is not finished: its prompt still holds a TODO")
        if not question.id.startswith(question.topic + "."):
            self.wrong((*path, "id"), f"should begin with {question.topic}.")
        for place, skill in enumerate(question.skills):
            if skill not in self.skills:
                self.wrong((*path, "skills", place), f"is no skill of the syllabus: {skill}{_near(skill, self.skills)}")
        body = question.body
        match body:
            case Single() | Multi():
                self._options(path, body)
            case Order():
                self._order(path, body)
            case Open():
                self._rubric(path, body)
            case Numeric():
                self._numbers(path, question, body)
            case Short() | Output():
                pass
            case other:
                assert_never(other)

    def _options(self, path: Path, body: Single | Multi) -> None:
        true = sum(option.correct for option in body.options)
        if isinstance(body, Single) and true != 1:
            self.wrong((*path, "options"), f"should have exactly one `correct: true`, not {true}")
        if isinstance(body, Multi) and not 2 <= true <= 4:
            self.wrong((*path, "options"), f"should have 2 to 4 `correct: true`, not {true}")
        if len({option.key for option in body.options}) < len(body.options):
            self.wrong((*path, "options"), "has two options with the same text or id")

    def _order(self, path: Path, body: Order) -> None:
        for place, pair in enumerate(body.before):
            for key in pair:
                if key not in body.steps:
                    self.wrong((*path, "before", place), f"names {key!r}, which is no step")
        try:
            arranged(body)
        except ValueError as error:
            self.wrong((*path, "before"), str(error))

    def _rubric(self, path: Path, body: Open) -> None:
        ids = [point.id for point in [*body.rubric, *body.red_flags]]
        if len(set(ids)) < len(ids):
            self.wrong((*path, "rubric"), "has two criteria or red flags with the same id")
        for field, points, sign in (("rubric", body.rubric, 1), ("red_flags", body.red_flags, -1)):
            for place, point in enumerate(points):
                if point.points * sign <= 0:
                    self.wrong((*path, field, place, "points"), f"should be {'above' if sign > 0 else 'below'} 0")

    def _numbers(self, path: Path, question: Question, body: Numeric) -> None:
        for name in [*body.params, *body.derived]:
            if not name.isidentifier():
                self.wrong((*path, "params"), f"{name!r} cannot be used in a formula; use letters, digits and _")
                return
        try:
            for seed in range(DRAWS):
                draw(question, seed)
        except FormulaError as error:
            self.wrong(path, str(error))


def _question(common: Common, topic: str, subtopic: str, kind: str, body: Body) -> Question:
    prompt, explanation = common.prompt.rstrip("\n"), common.explanation.rstrip("\n")
    key = fingerprint(kind, *_decides(body))
    return Question(
        id=common.id,
        revision=fingerprint(key, prompt, *_shown(body)),
        key=key,
        topic=topic,
        subtopic=subtopic,
        skills=common.skills,
        level=common.level,
        difficulty=common.difficulty,
        seconds=common.seconds,
        prompt=prompt,
        explanation=explanation,
        references=common.references,
        body=body,
    )


def _decides(body: Body) -> tuple[object, ...]:
    """All of a body that decides the grade."""
    match body:
        case Single() | Multi():
            return (sorted((option.key, option.correct) for option in body.options),)
        case Numeric():
            return body.params, body.derived, body.answer, body.tolerance, body.unit
        case Order():
            return sorted(body.steps), sorted(body.before)
        case Short():
            return sorted(body.accept), sorted(wrong.text for wrong in body.reject)
        case Output():
            return (body.output,)
        case Open():
            return (sorted((point.id, point.points) for point in [*body.rubric, *body.red_flags]),)
        case other:
            assert_never(other)


def _shown(body: Body) -> tuple[object, ...]:
    """All of a body that the learner sees before answering, but what the key holds already."""
    match body:
        case Single() | Multi():
            return (sorted(option.text for option in body.options),)
        case Order():
            return (body.steps,)
        case Output():
            return (body.program,)
        case Numeric() | Short() | Open():
            return ()
        case other:
            assert_never(other)


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
    """`$[0].why` as ("0", "why"); msgspec writes `[...]` for a key of a mapping."""
    for word, place in re.findall(r"\.([^.\[\]`]+)|\[(\d+|\.\.\.)\]", below):
        if word:
            yield word
        elif place != "...":
            yield int(place)


def _near(name: Any, known: Any) -> str:
    close = difflib.get_close_matches(str(name), list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a bank file, for editors that check YAML as it is typed."""
    items = [
        msgspec.defstruct(
            kind.capitalize() + "Question",
            [(field.name, field.type, _default(field)) for field in _FIELDS[kind]],
            kw_only=True, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag=kind,
        )
        for kind in KINDS
    ]  # fmt: skip
    file = msgspec.defstruct(
        "BankFile",
        [("format", int), ("topic", str), ("subtopic", str), ("questions", list[reduce(or_, items)])],  # type: ignore[misc]
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
