"""`mlquiz review`: today's session."""

from mlquiz.commands.desk import Desk
from mlquiz.commands.outlook import learner, pool
from mlquiz.commands.sitting import Manner, can_ask, chance, sit
from mlquiz.core.agenda import agenda
from mlquiz.core.memory import due
from mlquiz.core.selection import Bounds
from mlquiz.core.words import count
from mlquiz.errors import Exit
from mlquiz.session import REVIEW
from mlquiz.store import memories
from mlquiz.world import World


def review(world: World, limit: int | None, minutes: int | None, manner: Manner) -> Exit:
    """What was missed today, what is due, then today's share of new questions, within what is left of the minutes.

    In the final phase before an interview whatever is worth most on that day comes first.
    """
    with Desk(world, writing=True) as desk:
        can_ask(world, manner, desk.settings.plain)
        random, day = chance(world, manner), world.today()
        seconds = round(desk.seconds_left() if minutes is None else 60 * minutes)
        over = minutes is None and desk.over()
        bounds = Bounds(0 if over else limit, seconds)
        waiting, known = pool(desk, day), learner(desk)
        asked = agenda(waiting, known, desk.plan, day, desk.load().new, bounds, random)
        beside = _missing(desk, day)
        if not asked and not manner.jsonl:
            world.say(_nothing(desk, over))
            for sentence in desk.barred.told(beside, world.program):
                world.say(f"mlquiz: {sentence}")
            return Exit.OK
        return sit(desk, REVIEW, asked, manner, random, beside)


def _nothing(desk: Desk, over: bool) -> str:
    """Why nothing is asked, and what can be."""
    program = desk.world.program
    if over:
        today = f"Today's time is used up ({count(desk.plan.minutes, 'minute')})."
        return f"{today} `{program} review --minutes 10` goes on; `{program} plan --minutes` changes it for good."
    return f"Nothing is due today and no new questions are left. `{program} quiz` asks whatever you like."


def _missing(desk: Desk, day: int) -> list[str]:
    """What cannot be asked here and would be due, or new while there is a share of new questions left."""
    known, new = memories.memories(desk.log), desk.load().new
    found = []
    for id_ in sorted(desk.barred.ids - memories.suspended(desk.log)):
        met = known.get(id_)
        if (met is None and new) or (met and (met.first is None or (met.memory and due(met.memory, desk.plan) <= day))):
            found.append(id_)
    return found
