"""`mlquiz bank`: browse the questions, check them, start a new one."""

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from mlquiz.commands.banks import roots
from mlquiz.commands.consent import allow
from mlquiz.commands.desk import open_catalogue, shown, typed
from mlquiz.commands.filters import Filters, fitting
from mlquiz.core.words import count
from mlquiz.errors import BankError, Exit
from mlquiz.world import World

if TYPE_CHECKING:
    from mlquiz.bank.items import Item
    from mlquiz.core.figures import Cue


def browse(world: World, filters: Filters) -> Exit:
    """Prints id, kind, level and skills of each question that fits, a line each."""
    with closing(open_catalogue(world)) as catalogue:
        rows = fitting(catalogue.rows(), filters, catalogue.syllabus())
    wide = max((len(row.id) for row in rows), default=0)
    for row in rows:
        print(f"{row.id:<{wide}}  {row.kind:<7}  {row.level:<6}  {', '.join(row.skills)}", file=world.stdout)
    world.say(f"{count(len(rows), 'question')}.")
    return Exit.OK


def stats(world: World) -> Exit:
    """Prints what the shipped bank holds beside what is planned, and every figure of it as a whole."""
    from mlquiz.bank.coverage import held
    from mlquiz.bank.files import survey
    from mlquiz.bank.syllabus import load
    from mlquiz.reports.bank import stats_lines

    surveyed = survey((world.paths.bank.resolve(),), ())
    figures = _figures(world, surveyed.items)
    for line in stats_lines(held(surveyed.items, load(world.paths.bank)), figures):
        print(line, file=world.stdout)
    if surveyed.problems:
        left_out = count(len(surveyed.problems), "problem")
        world.say(f"mlquiz: {left_out} in the bank's files; what they spoil is not counted. `bank check` tells all.")
    return Exit.OK


def _figures(world: World, items: Sequence["Item"]) -> list["Cue"]:
    """Every figure of the shipped bank as a whole."""
    from mlquiz.bank.classifier import found
    from mlquiz.bank.coverage import BLIND, coverage
    from mlquiz.bank.cues import cues
    from mlquiz.bank.debts import DEBTS, with_debts
    from mlquiz.bank.likeness import likenesses
    from mlquiz.bank.syllabus import load

    bank = world.paths.bank.resolve()
    here = [item for item in items if Path(item.file).is_relative_to(bank)]
    figures = [*cues(here, found), *likenesses(here), *coverage(here, load(bank), bank / BLIND)]
    return list(with_debts(figures, bank / DEBTS))


def schema(world: World) -> Exit:
    from mlquiz.bank.schema import json_schema

    print(json.dumps(json_schema(), indent=2), file=world.stdout)
    return Exit.OK


def check(
    world: World,
    paths: Sequence[Path],
    run_programs: bool,
    mutants: bool = False,
    allowed: bool = False,
    fresh: bool = False,
) -> Exit:
    """Checks every question of the bank, or those of the files and folders named; BANK if anything is wrong.

    `mutants`: where nothing is, the tests of questions in code are tried on mutants of their references.
    `fresh`: programs run that have run before and stayed as they are, too.
    """
    from mlquiz.bank import check as checking
    from mlquiz.bank.debts import DEBTS
    from mlquiz.bank.files import survey
    from mlquiz.bank.programs import Hands
    from mlquiz.players.markup import plain
    from mlquiz.players.progress import progress
    from mlquiz.sandbox.remembered import Remembered
    from mlquiz.sandbox.running import Running

    banks = roots(world)
    surveyed = survey(banks, tuple(paths))
    if not surveyed.files:
        raise BankError(f"There is no question file in {', '.join(typed(path) for path in paths or banks)}.")
    shipped = world.paths.bank.resolve()
    files = {
        item.file for item in surveyed.items if item.brings_program and not Path(item.file).is_relative_to(shipped)
    }
    allow(world, {file: surveyed.digests[file] for file in sorted(files)}, "Checking", run_programs, allowed)
    with progress("Checking", world.stderr) as tell, Running() as children:
        remembered = Remembered(world.paths.ran, children, fresh)
        hands = Hands(remembered.run, remembered.judged)
        checked = checking.check(surveyed.items, hands, lambda text: plain(text, 10_000), tell)
    try:
        remembered.save(whole=not paths)
    except OSError as error:
        world.say(f"mlquiz: What programs did cannot be remembered, so they run again next time: {error}.")
    problems = sorted([*surveyed.problems, *checked.problems])
    for problem in problems:
        print(shown(problem), file=world.stdout)
    whole = not paths and shipped in map(Path.resolve, banks)
    failing = [cue for cue in _figures(world, surveyed.items) if not cue.holds] if whole else []
    loose = [cue for cue in failing if not cue.put_up_with]
    for cue in failing:
        if cue.put_up_with:
            world.say(f"mlquiz: {cue.name}: {cue.figure}, and should be {cue.wanted}; it is no worse than {DEBTS}.")
        else:
            worst = f": {'; '.join(cue.worst)}" if cue.worst else ""
            print(f"The bank as a whole: {cue.name}: {cue.figure}; should be {cue.wanted}{worst}", file=world.stdout)
    for problem in checked.not_run:
        world.say(shown(problem))
    seen = f"{count(len(surveyed.items), 'question')} in {count(len(surveyed.files), 'file')} checked"
    if problems or loose:
        world.say(f"mlquiz: {count(len(problems) + len(loose), 'problem')}; {seen}.")
        return Exit.BANK
    missing = f", {count(len(checked.not_run), 'program')} not run here" if checked.not_run else ""
    world.say(f"All is well: {seen}{missing}.")
    if not mutants:
        return Exit.OK
    from mlquiz.commands import mutation

    with Running() as children:
        return mutation.check(world, banks, surveyed.items, children.judged, whole=not paths)
