"""`mlquiz plan`: until when, how much a day, of what; shown, and changed by what is said."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from mlquiz.bank.syllabus import Syllabus
from mlquiz.commands.desk import Desk
from mlquiz.commands.filters import coming_day
from mlquiz.commands.forecast import outlooks
from mlquiz.commands.outlook import expected
from mlquiz.commands.ready import readiness
from mlquiz.core.plan import Plan
from mlquiz.core.question import LEVELS
from mlquiz.core.readiness import beside
from mlquiz.core.words import wrapped
from mlquiz.errors import Exit, MlquizError, UsageError
from mlquiz.store import memories
from mlquiz.world import EPOCH, World, iso

WEEKDAYS = tuple(f"{EPOCH + timedelta(days=n + 4):%a}" for n in range(7))  # 1970-01-05 was a Monday
NOTHING = ("none", "no", "never", "")
LONGEST, MOST = 24 * 60, 1_000
AHEAD = 14
"""Days that are looked ahead without an interview."""


class Said(NamedTuple):
    """What was said, as typed; null and empty where nothing was."""

    interview: str | None = None
    minutes: int | None = None
    new: int | None = None
    off: str | None = None
    levels: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    retention: float | None = None

    def anything(self) -> bool:
        return self != Said()


def plan(world: World, said: Said, as_json: bool) -> Exit:
    """Changes the plan by what was said, and shows it. Raises UsageError, with nothing changed, for nonsense."""
    today = world.today()
    with Desk(world, writing=said.anything()) as desk:
        before = memories.plan(desk.log)
        if said.anything():
            new = changed(before, said, desk.catalogue.syllabus(), today)
            desk.journal().plan(new, iso(world.now()), today)
            desk.plan = new.on(today)
        now = memories.plan(desk.log)
        until = today + (now.left(today) or AHEAD)
        course = expected(desk, until)
        ready = readiness(desk, until, course)
        if course and ready.overall:
            apart = course.stopped[""], ready.overall.then
            days = [day._replace(points=beside(day.points, *apart)) for day in course.days]
            course = course._replace(days=days)
        titles, seen = desk.catalogue.syllabus().names(), memories.last_day(desk.log)
        last = next(reversed(outlooks(desk, 0)), None)
        plain = desk.settings.plain or world.environ.get("TERM") == "dumb"
    if as_json:
        from mlquiz.reports.data import plan_json

        world.stdout.write(plan_json(now, ready, course))
        return Exit.OK
    from mlquiz.reports.plan import ahead_lines, away, moved, plan_lines, since_then

    kept = ready.overall.kept if ready.overall else None
    lines = [*moved(before, now, today), *plan_lines(now, today, titles, WEEKDAYS, ready), since_then(last, kept, now)]
    for line in filter(None, [*lines, away(seen, now, today)]):
        print(wrapped(line), file=world.stdout)
    if course:
        print("", *ahead_lines(course, now, plain), sep="\n", file=world.stdout)
    return Exit.OK


def changed(before: Plan, said: Said, syllabus: Syllabus, today: int) -> Plan:
    """The plan after what was said; its start moves only with the date. Raises UsageError."""
    new = before
    if said.interview is not None:
        day = None if said.interview.casefold() in NOTHING else coming_day(said.interview, today)
        if day == today:
            raise UsageError("The interview is today: there is nothing left to plan. Good luck.")
        if day != before.interview:
            new = new._replace(interview=day, start=today if day is not None else None)
    if said.minutes is not None:
        new = new._replace(minutes=_within(said.minutes, 1, LONGEST, "--minutes"))
    if said.new is not None:
        new = new._replace(new_per_day=_within(said.new, 0, MOST, "--new"))
    if said.off is not None:
        new = new._replace(days_off=_days(said.off))
    if said.levels:
        new = new._replace(levels=_levels(said.levels))
    if said.retention is not None:
        if not 0.7 <= said.retention <= 0.98:
            raise UsageError(f"--retention should be between 0.7 and 0.98, not {said.retention:g}.")
        new = new._replace(retention=said.retention)
    if said.weights:
        new = new._replace(weights=_weights(said.weights, before, syllabus))
    return new


def _within(number: int, least: int, most: int, flag: str) -> int:
    if not least <= number <= most:
        raise UsageError(f"{flag} should be between {least:,} and {most:,}, not {number:,}.")
    return number


def _days(said: str) -> tuple[int, ...]:
    """Weekdays by their first letters, `sat,sun`."""
    if said.casefold() in NOTHING:
        return ()
    days = set()
    for word in said.replace(",", " ").casefold().split():
        found = [
            n for n, name in enumerate(WEEKDAYS) if len(word) >= 2 and word[:3].startswith(name.casefold()[: len(word)])
        ]
        if len(found) != 1:
            raise UsageError(f"{word!r} is no day of the week; write --off sat,sun, or --off none.")
        days.add(found[0])
    if len(days) == len(WEEKDAYS):
        raise UsageError("A week without a day to study leaves nothing to plan.")
    return tuple(sorted(days))


def _levels(said: Sequence[str]) -> tuple[str, ...]:
    words = [word for text in said for word in text.replace(",", " ").casefold().split()]
    if words == ["all"]:
        return ()
    for word in words:
        if word not in LEVELS:
            raise UsageError(f"{word!r} is no level; there are {', '.join(LEVELS)}, and all.")
    return tuple(level for level in LEVELS if level in words)


def _weights(said: Sequence[str], before: Plan, syllabus: Syllabus) -> dict[str, float]:
    """Factors by area or topic, `sys=2`; 1 takes one out, and `none` all."""
    new = dict(before.weights)
    for text in said:
        if text.casefold() in NOTHING:
            new.clear()
            continue
        name, sign, number = text.rpartition("=")
        try:
            factor = float(number) if sign else -1.0
        except ValueError:
            factor = -1.0
        if not 0 <= factor <= 100:
            raise UsageError(f"{text!r} should be an area or topic and a factor from 0 to 100, like system-design=2.")
        try:
            id_ = syllabus.area(name).id
        except MlquizError:
            try:
                id_ = syllabus.topic(name).id
            except MlquizError as error:
                raise UsageError(str(error)) from None
        new[id_] = factor
    new = {id_: factor for id_, factor in new.items() if factor != 1}
    if not any(new.get(topic, 1) * new.get(topic.partition(".")[0], 1) for topic in syllabus.topics()):
        raise UsageError("With these weights no topic is left.")
    return new
