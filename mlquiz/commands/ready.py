"""`mlquiz ready`: how much of the bank would be known today, and on a day to come."""

from mlquiz.commands.desk import Desk
from mlquiz.commands.filters import coming_day
from mlquiz.commands.report import headings
from mlquiz.core.readiness import Question, Ready, ability, meetings
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


def readiness(desk: Desk, day: int) -> Ready:
    """Readiness on a day, by what the log says now; suspended questions and those that cannot be asked are left out."""
    rows = desk.catalogue.rows()
    out = memories.suspended(desk.log) | desk.barred.ids
    asked = [row for row in rows if row.id not in out]
    met = memories.memories(desk.log)
    syllabus = desk.catalogue.syllabus()
    found = meetings(steps(desk.log), desk.catalogue.keys(), {row.id: row.difficulty for row in rows})
    return expected(
        [Question(row.topic, row.difficulty, met[row.id].memory if row.id in met else None) for row in asked],
        headings(syllabus),
        ability(found, syllabus.topics()),
        memories.drift(desk.log),
        desk.world.today(),
        day,
        len(rows) - len(asked),
    )
