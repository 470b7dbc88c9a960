"""What Tab offers: names out of the compiled bank, the log and the data folder.

It is asked between two key presses, so it loads neither yaml nor rich, compiles nothing and writes nothing; and it says
nothing where anything is amiss, because a shell would print that into the line being typed.
"""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from mlquiz import world as worlds
from mlquiz.bank.catalogue import Catalogue
from mlquiz.commands.banks import own
from mlquiz.world import World

Words = Sequence[str]
"""What is typed already of the command's own arguments."""


def offered(what: str, profile: str | None, banks: Words, words: Words, incomplete: str) -> list[str]:
    """Names that begin as typed, or else last parts of names that do (`defect` for `ml.bias_variance.defect-…`).

    `profile` and `banks` are what was typed before the command.
    """
    with contextlib.suppress(Exception):  # whatever it is: the command itself will say it
        world = worlds.real(profile, tuple(Path(folder).expanduser() for folder in banks))
        names = list(OFFERS[what](world, words))
        slugs = (name.rpartition(".")[2] for name in names)
        return [name for name in names if name.startswith(incomplete)] or [
            slug for slug in slugs if slug.startswith(incomplete)
        ]
    return []


def _catalogue(world: World) -> Catalogue:
    """The bank as the last command left it."""
    from mlquiz.bank.glance import AsLeft

    roots = (world.paths.bank, *(path for path in own(world) if path in world.paths.banks or path.is_dir()))
    return Catalogue(world.paths.compiled, roots, opened=AsLeft)


def _ids(world: World, _: Words) -> Iterable[str]:
    return (id_ for (id_,) in _catalogue(world).db.all("select id from asked order by id"))


def _suspended(world: World, _: Words) -> Iterable[str]:
    from mlquiz.store import memories
    from mlquiz.store.look import looking

    with looking(world.paths.log) as log:
        return sorted(memories.suspended(log))


def _topics(world: World, _: Words) -> Iterable[str]:
    return _catalogue(world).syllabus().topics()


def _areas(world: World, _: Words) -> Iterable[str]:
    return (area.id for area in _catalogue(world).syllabus().areas)


def _skills(world: World, _: Words) -> Iterable[str]:
    return sorted(skill.id for skill in _catalogue(world).syllabus().skills)


def _subtopics(world: World, words: Words) -> Iterable[str]:
    """Those of the topic of the question that is named on the line."""
    topics = _catalogue(world).syllabus().topics()
    named = [topics[topic] for word in words if (topic := word.rpartition(".")[0]) in topics]
    return (subtopic.id for topic in named for subtopic in topic.subtopics)


def _kinds(_world: World, _: Words) -> Iterable[str]:
    from mlquiz.core.question import KINDS

    return KINDS


def _levels(_world: World, _: Words) -> Iterable[str]:
    from mlquiz.core.question import LEVELS

    return LEVELS


def _profiles(world: World, _: Words) -> Iterable[str]:
    return world.paths.profiles()


def _coded(world: World, _: Words) -> Iterable[str]:
    return (row.id for row in _catalogue(world).coded())


OFFERS: dict[str, Callable[[World, Words], Iterable[str]]] = {
    "area": _areas,
    "coded": _coded,
    "id": _ids,
    "kind": _kinds,
    "level": _levels,
    "profile": _profiles,
    "skill": _skills,
    "subtopic": _subtopics,
    "suspended": _suspended,
    "topic": _topics,
}
