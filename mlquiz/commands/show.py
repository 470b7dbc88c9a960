"""`mlquiz show`: one question with its answer, and the learner's history of it."""

from mlquiz.commands.desk import Desk, typed
from mlquiz.commands.filters import named
from mlquiz.core.draw import draw
from mlquiz.core.memory import due, recall
from mlquiz.errors import Exit
from mlquiz.store import memories
from mlquiz.world import World, day_name


def show(world: World, said: str) -> Exit:
    """Prints it; a numeric question with one draw of its numbers."""
    from mlquiz.players.sheet import sheet

    with Desk(world) as desk:
        id_ = named(desk.catalogue.rows(), said).id
        question = desk.catalogue.get([id_])[0]
        place = desk.catalogue.stands(id_)
        where = f"{typed(place[0])}:{place[1]}" if place else ""
        met = memories.met(desk.log, id_)
        today = world.today()
        state = "Not met yet."
        if id_ in memories.suspended(desk.log):
            state = f"Suspended; `mlquiz resume {id_}` asks it again."
        elif met and met.memory:
            when = day_name(due(met.memory, desk.plan))
            chance = (
                "Answered today"
                if met.memory.last == today
                else f"Chance of knowing it {recall(met.memory, today):.0%}"
            )
            state = f"{chance}; due {when}."
        elif met and met.first is None:
            state = "Revised since you answered it; due today."
        history = list(memories.reviews(desk.log, id_))
        sheet(draw(question, 0), history, state, where, world.stdout)
    return Exit.OK
