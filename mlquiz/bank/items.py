"""From the document of a bank file to its questions, and every Problem at its file:line and $.path."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, NamedTuple, TypeAlias, get_args, get_origin

import msgspec

from mlquiz.bank.advice import explained, near
from mlquiz.bank.reader import Document, dotted, told
from mlquiz.bank.revision import fingerprints
from mlquiz.bank.schema import BODIES, COMMON, FIELDS, Common, Proof
from mlquiz.bank.soundness import unsound
from mlquiz.bank.syllabus import Syllabus
from mlquiz.core.question import KINDS, Body, Kind, Question
from mlquiz.errors import Problem

FORMAT = 1
HEAD = ("format", "topic", "subtopic", "questions")
Path: TypeAlias = tuple[str | int, ...]
WITHOUT_PROGRAM: frozenset[Kind] = frozenset({"single", "multi", "order", "short", "open"})
"""Kinds that bring no program, but for one in their proof."""


class Item(NamedTuple):
    """A question with what only the checker reads, and where it stands."""

    question: Question
    proof: Proof
    was: list[str]
    file: str
    path: Path
    line: int

    @property
    def brings_program(self) -> bool:
        """Whether checking it runs a program that it brings along; a kind not thought of here does."""
        return self.question.kind not in WITHOUT_PROGRAM or bool(self.proof.verify or self.proof.check)


class Reading(NamedTuple):
    """A file's questions (those that are whole), what is wrong with the others, and its (topic, subtopic) if known."""

    items: list[Item]
    problems: list[Problem]
    home: tuple[str, str] | None


def understand(document: Document, name: str, syllabus: Syllabus) -> Reading:
    """All questions of a document. One question's mistakes do not spoil the others."""
    if document.problems:
        return Reading([], document.problems, None)
    file = _File(document, name, syllabus)
    home = file.head(document.value)
    return Reading(list(file.items(*home)) if home else [], file.problems, home)


class _File:
    """One file on its way to questions; problems gather as it goes."""

    def __init__(self, document: Document, name: str, syllabus: Syllabus) -> None:
        self.document, self.name, self.syllabus = document, name, syllabus
        self.problems: list[Problem] = []
        self.skills = {skill.id for skill in syllabus.skills}

    def wrong(self, path: Path, message: str) -> None:
        self.problems.append(Problem(self.name, self.document.line(path), dotted(path), told(message)))

    def head(self, head: Any) -> tuple[str, str] | None:
        """The file's topic and subtopic, unless there is too much wrong to read on."""
        if not isinstance(head, dict):
            self.wrong((), f"should be a mapping with {', '.join(HEAD)}")
            return None
        self.unknown((), head, HEAD)
        if missing := [name for name in HEAD if name not in head]:
            self.wrong((), f"lacks {', '.join(missing)}")
            return None
        if type(head["format"]) is not int or head["format"] != FORMAT:
            self.wrong(("format",), f"should be {FORMAT}; a newer mlquiz may know {head['format']!r}")
            return None
        topics, topic, subtopic = self.syllabus.topics(), head["topic"], head["subtopic"]
        if not isinstance(topic, str) or topic not in topics:
            self.wrong(("topic",), f"is no topic of the syllabus: {topic!r}{near(topic, topics)}")
            return None
        subtopics = [known.id for known in topics[topic].subtopics]
        if subtopic not in subtopics:
            self.wrong(("subtopic",), f"should be one of {', '.join(subtopics)}, not {subtopic!r}")
            return None
        if not isinstance(head["questions"], list):
            self.wrong(("questions",), "should be a list")
            return None
        return topic, subtopic

    def items(self, topic: str, subtopic: str) -> Iterator[Item]:
        for place, raw in enumerate(self.document.value["questions"]):
            found = len(self.problems)
            item = self.item(("questions", place), raw, topic, subtopic)
            if item is not None and len(self.problems) == found:
                yield item

    def item(self, path: Path, raw: Any, topic: str, subtopic: str) -> Item | None:
        if not isinstance(raw, dict):
            self.wrong(path, "should be a mapping: a question")
            return None
        kind = raw.get("kind")
        if not isinstance(kind, str) or kind not in BODIES:
            self.wrong((*path, "kind"), f"should be one of {', '.join(KINDS)}, not {kind!r}")
            return None
        fields = FIELDS[kind]
        found = len(self.problems)
        self.unknown(path, raw, ("kind", *(field.encode_name for field in fields)))
        for field in fields:
            if field.encode_name in raw:
                self.convert((*path, field.encode_name), raw[field.encode_name], field.type)
            elif field.required:
                self.wrong(path, f"lacks `{field.encode_name}`")
        if len(self.problems) > found:
            return None
        names = {field.encode_name for field in COMMON}
        common = msgspec.convert({name: value for name, value in raw.items() if name in names}, Common)
        body: Body = msgspec.convert({n: value for n, value in raw.items() if n not in names}, BODIES[kind])
        question = _question(common, topic, subtopic, kind, body)
        self.filed(path, question)
        for below, message in unsound(question):
            self.wrong((*path, *below), message)
        return Item(question, common.proof, common.was, self.name, path, self.document.line(path))

    def convert(self, path: Path, raw: Any, wanted: Any) -> None:
        try:
            msgspec.convert(raw, wanted)
        except msgspec.ValidationError as error:
            found, of = len(self.problems), _values(wanted)
            if of and isinstance(raw, dict):  # msgspec does not say which of a mapping's values it is
                for name, value in raw.items():
                    self.convert((*path, name), value, of)
            if len(self.problems) > found:
                return
            below, message = explained(error)
            self.wrong((*path, *below), message)

    def unknown(self, path: Path, raw: dict[str, Any], known: Iterable[str]) -> None:
        for name in raw:
            if name not in known:
                self.wrong((*path, name), f"is no field here{near(name, known)}")

    def filed(self, path: Path, question: Question) -> None:
        """Whether it stands under its topic, and its skills are some."""
        if not question.id.startswith(question.topic + "."):
            self.wrong((*path, "id"), f"should begin with {question.topic}.")
        for place, skill in enumerate(question.skills):
            if skill not in self.skills:
                hint = near(skill, self.skills) or "; `mlquiz bank list` shows those in use"
                self.wrong((*path, "skills", place), f"is no skill of the syllabus: {skill}{hint}")


def _values(wanted: Any) -> Any:
    """The type of a mapping's values; nothing for what is no mapping."""
    inner = get_args(wanted)[0] if get_origin(wanted) is Annotated else wanted
    return get_args(inner)[1] if get_origin(inner) is dict else None


def _question(common: Common, topic: str, subtopic: str, kind: str, body: Body) -> Question:
    prompt, explanation = common.prompt.rstrip("\n"), common.explanation.rstrip("\n")
    revision, key = fingerprints(kind, prompt, body)
    return Question(
        id=common.id,
        revision=revision,
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
