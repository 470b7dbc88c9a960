"""`mlquiz bank`: browse the questions, check them, start a new one."""

import json
from collections.abc import Sequence
from pathlib import Path

from mlquiz.commands.desk import open_catalogue, shown, typed
from mlquiz.commands.filters import Filters, fitting
from mlquiz.errors import BankError, Exit, UsageError
from mlquiz.world import World


def browse(world: World, filters: Filters) -> Exit:
    """Prints id, kind, level and skills of each question that fits, a line each."""
    catalogue = open_catalogue(world)
    rows = fitting(catalogue.rows(), filters, catalogue.syllabus())
    wide = max((len(row.id) for row in rows), default=0)
    for row in rows:
        print(f"{row.id:<{wide}}  {row.kind:<7}  {row.level:<6}  {', '.join(row.skills)}", file=world.stdout)
    world.say(f"{len(rows)} question{'' if len(rows) == 1 else 's'}.")
    return Exit.OK


def schema(world: World) -> Exit:
    from mlquiz.bank.schema import json_schema

    print(json.dumps(json_schema(), indent=2), file=world.stdout)
    return Exit.OK


def check(world: World, paths: Sequence[Path], run_programs: bool) -> Exit:
    """Checks every question of the bank, or those of the files and folders named; BANK if anything is wrong."""
    from mlquiz.bank import check as checking
    from mlquiz.bank.files import survey
    from mlquiz.players.markup import plain
    from mlquiz.sandbox.programs import run

    roots = (world.paths.bank, *world.paths.banks)
    surveyed = survey(roots, tuple(paths))
    foreign = [path for path in surveyed.files if not Path(path).is_relative_to(world.paths.bank.resolve())]
    if foreign and not run_programs:
        _allow(world, foreign)
    with _progress(world) as progress:
        checked = checking.check(surveyed.items, run, lambda text: plain(text, 10_000), progress)
    problems = sorted([*surveyed.problems, *checked.problems])
    for problem in problems:
        print(shown(problem), file=world.stdout)
    for problem in checked.not_run:
        world.say(shown(problem))
    count = f"{len(surveyed.items)} question{'' if len(surveyed.items) == 1 else 's'} in {len(surveyed.files)} files"
    if problems:
        world.say(f"mlquiz: {len(problems)} problem{'' if len(problems) == 1 else 's'}; {count} checked.")
        return Exit.BANK
    world.say(
        f"All is well: {count} checked"
        + (f", {len(checked.not_run)} programs not run here." if checked.not_run else ".")
    )
    return Exit.OK


def _allow(world: World, foreign: list[str]) -> None:
    """Asks before programs of somebody else's bank are run. Raises UsageError where nobody can be asked."""
    where = typed(Path(foreign[0]).parent)
    if not world.stdin.isatty():
        raise UsageError(f"Checking {where} runs the programs in it; --run-programs allows that.")
    import questionary

    if not questionary.confirm(
        f"Checking runs the programs in {where} on this machine. Run them?", default=False
    ).unsafe_ask():
        raise BankError("Nothing was checked.")


def _progress(world: World):  # type: ignore[no-untyped-def]  # a context manager that gives a function of (done, whole)
    from contextlib import contextmanager

    from rich.console import Console
    from rich.progress import Progress

    @contextmanager
    def shown_progress():  # type: ignore[no-untyped-def]
        console = Console(file=world.stderr)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("Checking", total=None)
            yield lambda done, whole: bar.update(task, completed=done, total=whole)

    return shown_progress()
