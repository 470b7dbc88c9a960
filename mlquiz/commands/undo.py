"""`mlquiz undo`: take back the last answers."""

from mlquiz.commands.desk import Desk
from mlquiz.core.words import count
from mlquiz.errors import Exit, MlquizError
from mlquiz.reports.plain import review_line
from mlquiz.store import memories
from mlquiz.world import World, iso


def undo(world: World, last: int) -> Exit:
    """Shows the last answers and takes them back. Raises MlquizError when there are none."""
    with Desk(world, writing=True) as desk:
        taken = memories.latest(desk.log, last)
        if not taken:
            raise MlquizError("There is no answer to take back.")
        for review in taken:
            print(review_line(review), file=world.stdout)
        desk.journal().retract(taken, iso(world.now()))
        print(f"Taken back: {count(len(taken), 'answer')}.", file=world.stdout)
    return Exit.OK
