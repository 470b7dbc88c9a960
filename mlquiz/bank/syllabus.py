"""Areas, topics, subtopics and skills: what questions may be filed under, and how people name it."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from mlquiz.errors import BankError, MlquizError, Problem

FEW = 20
"""So many names fit into a sentence."""
Weight = Annotated[float, Meta(gt=0)]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*(?!\n)$")]


class Subtopic(Struct, frozen=True, forbid_unknown_fields=True):
    id: Slug
    title: str
    weight: Weight = 1.0


class Topic(Struct, frozen=True, forbid_unknown_fields=True):
    """`complete` says that the topic holds what its plan wants, and may be held to it.

    The plan is so many questions as its weight says, and as those of its subtopics say; by kind (SQL among code) and
    by level as `kinds` and `levels` say.
    """

    id: Annotated[str, Meta(pattern=r"^[a-z]+\.[a-z_]+(?!\n)$")]
    title: str
    subtopics: Annotated[list[Subtopic], Meta(min_length=1)]
    weight: Weight = 1.0
    aliases: list[str] = []
    seed_path: str = ""
    complete: bool = False
    kinds: dict[str, int] = {}
    levels: dict[str, int] = {}


class Area(Struct, frozen=True, forbid_unknown_fields=True):
    id: Annotated[str, Meta(pattern=r"^[a-z]+(?!\n)$")]
    title: str
    topics: Annotated[list[Topic], Meta(min_length=1)]
    weight: Weight = 1.0
    aliases: list[str] = []
    seed_path: str = ""


class Skill(Struct, frozen=True, forbid_unknown_fields=True):
    id: Slug
    title: str
    seed_path: str = ""


Entry = TypeVar("Entry", Area, Topic, Skill)


class Syllabus(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of it."""

    format: Literal[1]
    areas: Annotated[list[Area], Meta(min_length=1)]
    skills: Annotated[list[Skill], Meta(min_length=1)]

    def topics(self) -> dict[str, Topic]:
        return {topic.id: topic for area in self.areas for topic in area.topics}

    def area_of(self, topic: str) -> Area:
        return next(area for area in self.areas if any(known.id == topic for known in area.topics))

    def titles(self, topic: str) -> tuple[str, str]:
        """The titles of a topic's area and of the topic."""
        return self.area_of(topic).title, self.topics()[topic].title

    def names(self) -> dict[str, str]:
        """The title of every area and topic, by id."""
        topics = {id_: topic.title for id_, topic in self.topics().items()}
        return {area.id: area.title for area in self.areas} | topics

    def weights(self) -> dict[str, float]:
        """Each topic's share: area weight times topic weight within the area; they sum to 1."""
        whole = sum(area.weight for area in self.areas)
        return {
            topic.id: area.weight / whole * topic.weight / sum(other.weight for other in area.topics)
            for area in self.areas
            for topic in area.topics
        }

    def area(self, said: str) -> Area:
        """The area of this id, title, alias or unique beginning. Raises MlquizError, naming what there is."""
        return _named(said, self.areas, "area")

    def topic(self, said: str) -> Topic:
        """The same for a topic; `bias_variance` and `bias` do for `ml.bias_variance`."""
        return _named(said, self.topics().values(), "topic")

    def skill(self, said: str) -> Skill:
        return _named(said, self.skills, "skill")


def _named(said: str, entries: Iterable[Entry], noun: str) -> Entry:
    wanted = _folded(said)
    entries = list(entries)
    names = {entry.id: {_folded(name) for name in _names(entry)} for entry in entries}
    for fits in (lambda name: name == wanted, lambda name: name.startswith(wanted)):
        found = [entry for entry in entries if any(map(fits, names[entry.id]))]
        if len(found) == 1 and wanted:
            return found[0]
        if found and wanted:
            raise MlquizError(f"{said!r} could be {_list(found)}; name one {noun}.")
    import difflib

    near = difflib.get_close_matches(wanted, [name for known in names.values() for name in known], n=3)
    close = [entry for entry in entries if names[entry.id] & set(near)]
    there = f"there are {_list(entries)}." if len(entries) <= FEW else "`mlquiz bank list` shows those in use."
    raise MlquizError(f"There is no {noun} {said!r}; " + (f"did you mean {_list(close)}?" if close else there))


def _names(entry: Area | Topic | Skill) -> list[str]:
    return [entry.id, entry.id.rpartition(".")[2], entry.title, *getattr(entry, "aliases", [])]


def _folded(name: str) -> str:
    return name.strip().casefold().replace("_", "-").replace(" ", "-")


def _list(entries: Sequence[Area | Topic | Skill]) -> str:
    return ", ".join(entry.id for entry in entries)


def load(bank: Path) -> Syllabus:
    """The syllabus of a bank. Raises BankError when it is missing or broken: nothing can be asked without it."""
    from mlquiz.bank.advice import explained
    from mlquiz.bank.reader import Document, dotted, read

    path = bank / "syllabus.yaml"
    document: Document = read(path, str(path))
    wrong = list(document.problems)
    if not wrong:
        try:
            syllabus = msgspec.convert(document.value, Syllabus)
        except msgspec.ValidationError as error:
            below, message = explained(error)
            wrong = [Problem(str(path), document.line(below), dotted(below), message)]
        else:
            wrong = [Problem(str(path), document.line(below), dotted(below), said) for below, said in _amiss(syllabus)]
    if wrong:
        raise BankError(f"The syllabus in {bank} cannot be used.", wrong)
    return syllabus


def _amiss(syllabus: Syllabus) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Ids that stand twice, and topics outside their area."""
    named: list[tuple[tuple[str | int, ...], str]] = []
    for at, area in enumerate(syllabus.areas):
        named.append((("areas", at), f"area {area.id}"))
        for place, topic in enumerate(area.topics):
            path = ("areas", at, "topics", place)
            named.append((path, f"topic {topic.id}"))
            named += [((*path, "subtopics", n), f"subtopic {topic.id} {s.id}") for n, s in enumerate(topic.subtopics)]
            if not topic.id.startswith(f"{area.id}."):
                yield (*path, "id"), f"should begin with {area.id}."
    named += [(("skills", place), f"skill {skill.id}") for place, skill in enumerate(syllabus.skills)]
    known: set[str] = set()
    for where, name in named:
        if name in known:
            yield where, f"the {name} stands here a second time"
        known.add(name)
