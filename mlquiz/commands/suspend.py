"""`mlquiz suspend` and `mlquiz resume`: never ask a question, ask it again."""

from mlquiz.commands.desk import Desk
from mlquiz.commands.filters import named
from mlquiz.errors import Exit, MlquizError
from mlquiz.store import memories
from mlquiz.world import World, iso


def suspend(world: World, said: str) -> Exit:
    return _mark(world, said, asked=False)


def resume(world: World, said: str) -> Exit:
    return _mark(world, said, asked=True)


def _mark(world: World, said: str, asked: bool) -> Exit:
    with Desk(world, writing=True) as desk:
        question = named(desk.catalogue.rows(), said).id
        idle = question in memories.suspended(desk.log)
        if asked and not idle:
            raise MlquizError(f"{question} is not suspended.")
        if not asked and idle:
            raise MlquizError(f"{question} is suspended already.")
        desk.journal().mark(question, "resumed" if asked else "suspended", iso(world.now()))
        done = "It is asked again" if asked else f"It is not asked until `mlquiz resume {question}`"
        print(f"{done}: {question}.", file=world.stdout)
    return Exit.OK
