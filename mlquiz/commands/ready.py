"""`mlquiz ready`: how much of the bank would be known today, and on a day to come."""

from collections import Counter

from mlquiz.bank.catalogue import Row
from mlquiz.commands.desk import Desk
from mlquiz.commands.filters import coming_day
from mlquiz.commands.report import headings
from mlquiz.core.readiness import Ability, Entry, Ready, ability, meetings
from mlquiz.core.readiness import ready as expected
from mlquiz.errors import Exit
from mlquiz.store import memories
from mlquiz.store.journal import steps
from mlquiz.world import World


def ready(world: World, on: str | None, as_json: bool) -> Exit:
    """Prints the points out of 100 with their interval, by area and topic. Raises UsageError for a day that is none."""
    day = world.today() if on is None else coming_day(on, world.today())
    with Desk(world) as desk:
        found = readiness(desk, day)
        plain = desk.settings.plain or world.environ.get("TERM") == "dumb"
    if as_json:
        from mlquiz.reports.data import ready_json

        world.stdout.write(ready_json(found))
    else:
        from mlquiz.reports.ready import ready_lines

        print(ready_lines(found, plain), file=world.stdout)
    return Exit.OK


def asked(desk: Desk) -> list[Row]:
    """The questions that count: neither suspended, nor beside the plan's levels, nor impossible to ask here."""
    out = memories.suspended(desk.log) | desk.outside
    return [row for row in desk.catalogue.rows() if row.id not in out]


def share(desk: Desk) -> dict[str, float]:
    """What one question of each topic weighs."""
    counts = Counter(row.topic for row in asked(desk))
    return {topic: weight / max(1, counts[topic]) for topic, weight in desk.weights().items()}


def model(desk: Desk) -> Ability:
    """What first meetings say of the learner."""
    difficulty = {row.id: row.difficulty for row in desk.catalogue.rows()}
    return ability(meetings(steps(desk.log), desk.catalogue.keys(), difficulty), desk.catalogue.syllabus().topics())


def readiness(desk: Desk, day: int) -> Ready:
    """Readiness on a day, by what the log says now and the plan's weights."""
    rows, met, weights = asked(desk), memories.memories(desk.log), desk.weights()
    return expected(
        [Entry(row.topic, row.difficulty, met[row.id].memory if row.id in met else None) for row in rows],
        [heading._replace(weight=weights[heading.topic]) for heading in headings(desk.catalogue.syllabus())],
        model(desk),
        memories.drift(desk.log),
        desk.world.today(),
        day,
        len(desk.catalogue) - len(rows),
    )
