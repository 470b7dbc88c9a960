"""Readiness as it was expected: written into the log at a session's end, and read back to see how it fared."""

from mlquiz.commands.desk import Desk
from mlquiz.commands.outlook import expected
from mlquiz.commands.ready import readiness
from mlquiz.core.readiness import Points
from mlquiz.core.report import Outlook
from mlquiz.errors import JournalError
from mlquiz.store import memories
from mlquiz.world import iso

AHEAD = 30
"""Days that are looked ahead without an interview."""
AFFORDABLE = 40_000
"""Questions times days that are looked through at a session's end; `plan` and `ready` take their time for more."""


def note(desk: Desk) -> None:
    """Writes what is expected now: on the day of the interview, or in a month if nothing more is studied."""
    world, today = desk.world, desk.world.today()
    left = desk.plan.left(today)
    on_day = today + (left or AHEAD)
    affordable = left and len(desk.catalogue) * left <= AFFORDABLE
    try:
        overall = readiness(desk, on_day, expected(desk, on_day) if affordable else None).overall
    except KeyboardInterrupt:  # the session is over, and all of it is kept
        return
    if overall is None:
        return
    body = {"now": _numbers(overall.now), "stop": _numbers(overall.then)}
    if overall.kept:
        body["kept"] = _numbers(overall.kept)
    try:
        desk.journal().forecast(today, on_day, body, iso(world.now()))
    except JournalError as error:
        world.say(f"mlquiz: {error} Your answers are kept; what they promise was not noted.")


def _numbers(points: Points) -> list[float]:
    return [round(points.points, 2), round(points.low, 2), round(points.high, 2)]


def outlooks(desk: Desk, since: int) -> list[Outlook]:
    """The last forecast of each day from `since` on, in order."""
    found = {}
    for day, on_day, body in memories.forecasts(desk.log):
        if day < since:
            continue
        kept = body.get("kept")
        points, low, high = kept or body["stop"]
        found[day] = Outlook(day, on_day, kept is not None, body["now"][0], points, low, high)
    return [found[day] for day in sorted(found)]
