"""`mlquiz` alone: today at a glance, and the next command to type."""

from mlquiz.commands.desk import Desk
from mlquiz.commands.report import standing
from mlquiz.errors import Exit
from mlquiz.reports.home import home_lines
from mlquiz.store import memories
from mlquiz.world import World


def home(world: World) -> Exit:
    with Desk(world) as desk:
        load = desk.load()
        print(
            home_lines(load, standing(desk), len(memories.suspended(desk.log)), len(desk.catalogue)), file=world.stdout
        )
    return Exit.OK
