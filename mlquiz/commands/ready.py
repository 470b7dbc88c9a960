"""`mlquiz ready`: how much of the bank would be known today, and on a day to come."""

from mlquiz.commands.desk import Desk
from mlquiz.commands.filters import coming_day
from mlquiz.commands.outlook import counted, expected, headings, model
from mlquiz.core.course import Course
from mlquiz.core.memory import drift_variance
from mlquiz.core.readiness import Entry, Ready
from mlquiz.core.readiness import ready as judged
from mlquiz.errors import Exit
from mlquiz.store import memories
from mlquiz.world import World


def ready(world: World, on: str | None, as_json: bool) -> Exit:
    """Prints the points out of 100 with their interval, by area and topic: on a day, or that of the interview.

    Raises UsageError for a day that is none.
    """
    day = None if on is None else coming_day(on, world.today())
    with Desk(world) as desk:
        if day is None:
            day = world.today() + (desk.plan.left(world.today()) or 0)
        found = readiness(desk, day, expected(desk, day))
        plain = desk.settings.plain or world.environ.get("TERM") == "dumb"
    if as_json:
        from mlquiz.reports.data import ready_json

        world.stdout.write(ready_json(found))
    else:
        from mlquiz.reports.ready import ready_lines

        print(ready_lines(found, plain), file=world.stdout)
    return Exit.OK


def readiness(desk: Desk, day: int, course: Course | None = None) -> Ready:
    """Readiness on a day, by what the log says now and the plan's weights; if the plan is kept by its course."""
    rows, met, weights = counted(desk), memories.memories(desk.log), desk.weights()
    return judged(
        [Entry(row.topic, row.difficulty, met[row.id].memory if row.id in met else None) for row in rows],
        [heading._replace(weight=weights[heading.topic]) for heading in headings(desk.catalogue.syllabus())],
        model(desk),
        (memories.drift(desk.log), drift_variance(memories.traced(desk.log))),
        desk.world.today(),
        day,
        {id_: (points, course.stopped[id_]) for id_, points in course.points.items()} if course else {},
        len(desk.catalogue) - len(rows),
    )
