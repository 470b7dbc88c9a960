"""`mlquiz due`: what waits today. It runs in shell prompts, so it loads next to nothing."""

from mlquiz.commands.desk import Desk
from mlquiz.errors import Exit
from mlquiz.world import World


def due(world: World, count: bool, as_json: bool, exit_code: bool) -> Exit:
    """Prints what is due and what is left of today's new questions; DUE with `exit_code` while either remains
    and today's minutes are not used up."""
    with Desk(world) as desk:
        load = desk.load()
        waits = exit_code and bool(load.due + load.new) and not desk.over()
    if as_json:
        from mlquiz.reports.data import due_json

        world.stdout.write(due_json(load))
    elif count:
        print(load.due + load.new, file=world.stdout)
    else:
        from mlquiz.reports.plain import due_lines

        print(due_lines(load), file=world.stdout)
    return Exit.DUE if waits else Exit.OK
