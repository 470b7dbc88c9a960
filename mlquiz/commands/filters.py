"""What people type to say which questions or days they mean, understood; and the rows that fit."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from mlquiz.bank.catalogue import Row
from mlquiz.bank.syllabus import Syllabus
from mlquiz.core.question import KINDS, LEVELS
from mlquiz.errors import MlquizError, UsageError
from mlquiz.world import EPOCH


class Filters(NamedTuple):
    """As typed; null where nothing was said."""

    area: str | None = None
    topic: str | None = None
    skill: str | None = None
    kind: str | None = None
    level: str | None = None


def fitting(rows: Sequence[Row], filters: Filters, syllabus: Syllabus) -> list[Row]:
    """The rows that fit all filters. Raises MlquizError or UsageError for a name that is none."""
    found = list(rows)
    if filters.area:
        topics = {topic.id for topic in syllabus.area(filters.area).topics}
        found = [row for row in found if row.topic in topics]
    if filters.topic:
        topic = syllabus.topic(filters.topic).id
        found = [row for row in found if row.topic == topic]
    if filters.skill:
        skill = syllabus.skill(filters.skill).id
        found = [row for row in found if skill in row.skills]
    if filters.kind:
        kind = _one_of(filters.kind, KINDS, "kind")
        found = [row for row in found if row.kind == kind]
    if filters.level:
        level = _one_of(filters.level, LEVELS, "level")
        found = [row for row in found if row.level == level]
    return found


def _one_of(said: str, known: Sequence[str], noun: str) -> str:
    found = [name for name in known if name.startswith(said.casefold())]
    if len(found) != 1:
        raise UsageError(f"{said!r} is no {noun}; there are {', '.join(known)}.")
    return found[0]


def named(rows: Sequence[Row], said: str) -> Row:
    """The question of this id, or the only one whose id or slug begins so. Raises MlquizError, naming the nearest."""
    import difflib

    ids = {row.id: row for row in rows}
    if said in ids:
        return ids[said]
    slugs = {id_: id_.rpartition(".")[2] for id_ in ids}
    found = (
        [id_ for id_ in ids if slugs[id_] == said]
        or [id_ for id_ in ids if id_.startswith(said)]
        or [id_ for id_ in ids if slugs[id_].startswith(said)]
    )
    if len(found) == 1:
        return ids[found[0]]
    near = found[:5] or difflib.get_close_matches(said, list(ids), n=3, cutoff=0.4)
    raise MlquizError(f"There is no question {said!r}" + (f"; did you mean {', '.join(near)}?" if near else "."))


def coming_day(said: str, today: int) -> int:
    """The day of a date that is today or to come, or so many days or weeks ahead (`30d`, `2w`). Raises UsageError."""
    if span := _span(said):
        return today + span
    day = _day(said)
    if day is None:
        raise UsageError(f"{said!r} is no day; write a date like 2026-12-18, or 30d or 2w from today.")
    if day < today:
        raise UsageError(f"{said} is past.")
    return day


def _span(said: str) -> int | None:
    """`7d` or `2w` in days."""
    span = re.fullmatch(r"([1-9]\d{0,3})\s*([dw])", said.strip().casefold())
    return int(span[1]) * {"d": 1, "w": 7}[span[2]] if span else None


def _day(said: str) -> int | None:
    try:
        return date.fromisoformat(said.strip()).toordinal() - EPOCH.toordinal()
    except ValueError:
        return None


def first_day(said: str, today: int) -> int:
    """The first of the days meant by `7d` or `2w` (up to today), or by a date. Raises UsageError."""
    if span := _span(said):
        return today - span + 1
    day = _day(said)
    if day is None:
        raise UsageError(f"{said!r} is no span or day; write 7d, 2w or a date like 2026-11-03.")
    if day > today:
        raise UsageError(f"{said} has not come yet, so there is nothing to report since then.")
    return day
