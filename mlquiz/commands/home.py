"""`mlquiz` alone: today at a glance, and the next command to type."""

from collections.abc import Iterator

from mlquiz.commands.desk import Desk
from mlquiz.commands.forecast import outlooks
from mlquiz.commands.report import standing
from mlquiz.core.memory import Load
from mlquiz.core.words import clock, count, wrapped
from mlquiz.errors import Exit
from mlquiz.reports.home import home_lines
from mlquiz.reports.plan import away, dated, promised
from mlquiz.store import memories
from mlquiz.store.mocks import mocks
from mlquiz.world import World


def home(world: World) -> Exit:
    with Desk(world) as desk:
        load = desk.load()
        over = desk.over()
        told = [wrapped(line) for line in _told(desk, load, over) if line]
        text = home_lines(load, standing(desk), len(memories.suspended(desk.log)), len(desk.catalogue), told, over=over)
        print(text, file=world.stdout)
    return Exit.OK


def _told(desk: Desk, load: Load, over: bool) -> Iterator[str]:
    """What the plan has to say today."""
    plan, today = desk.plan, desk.world.today()
    yield dated(plan, today)
    yield promised(next(reversed(outlooks(desk, 0)), None), plan)
    yield away(memories.last_day(desk.log), plan, today)
    left = next((kept for kept in mocks(desk.log) if kept.day == today and not kept.ended), None)
    if left:
        on_clock = clock(left.mock.seconds - left.spent)
        yield f"A mock interview waits, with {on_clock} on its clock: {desk.world.program} mock"
    if plan.rests(today):
        yield "A day off by your plan: what is due can wait."
    elif over:
        yield f"Today's time is used up ({count(plan.minutes, 'minute')}); what is left can wait."
    elif load.due > plan.minutes:
        yield f"More is due than {count(plan.minutes, 'minute')} hold: what is worth most in them comes first."
