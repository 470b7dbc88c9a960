"""`mlquiz bank check --mutants`: the tests of questions in code tried on small changes of their references."""

from collections.abc import Sequence
from pathlib import Path

from mlquiz.bank.check import located
from mlquiz.bank.items import Item
from mlquiz.bank.mutation import EACH, LEDGER, OVERALL, Score, coded, digest, kept, ledger, mutate
from mlquiz.commands.desk import shown, typed
from mlquiz.core.trial import Judge
from mlquiz.core.words import count
from mlquiz.errors import Exit, Problem
from mlquiz.players.progress import progress
from mlquiz.world import World, write_whole


def check(world: World, roots: Sequence[Path], items: Sequence[Item], judge: Judge, whole: bool) -> Exit:
    """Runs the mutants of what changed since its bank's ledger was written, and writes that anew.

    `whole`: these are all items there are, so verdicts on others are of questions that have gone.
    Prints each mutant that lives, says what share of all is noticed, and ends with BANK where that is too little.
    """
    scores: dict[str, Score] = {}
    problems: list[Problem] = []
    for root in roots:
        here = [item for item in coded(items) if Path(item.file).is_relative_to(root.resolve())]
        if here:
            found, idle = _root(world, root, here, judge, whole)
            scores |= found
            problems += idle
    for item in coded(items):
        if score := scores.get(item.question.id):
            for name in score.survivors:
                print(shown(located(item, "reference", f"a mutant lives: {name}")), file=world.stdout)
            if score.blunt:
                told = f"its tests notice {score.killed} of {score.mutants} mutants; they should notice {EACH:.0%}"
                problems.append(located(item, "reference", told))
    for problem in sorted(problems):
        print(shown(problem), file=world.stdout)
    mutants, noticed = (sum(getattr(score, what) for score in scores.values()) for what in ("mutants", "killed"))
    if mutants:
        share = f"{noticed / mutants:.1%} of {count(mutants, 'mutant')} noticed"
        world.say(f"{share} in {count(len(scores), 'question')}; {OVERALL:.0%} should be.")
    return Exit.BANK if problems or noticed < OVERALL * mutants else Exit.OK


def _root(
    world: World, root: Path, items: list[Item], judge: Judge, whole: bool
) -> tuple[dict[str, Score], list[Problem]]:
    """One bank's scores by id, and its waivers that waive nothing."""
    file = root / LEDGER
    known = kept(file)
    digests = {item.question.id: digest(item) for item in items}
    right = {id_: score for id_, score in known.items() if digests.get(id_) == score.digest}
    with progress("Mutants", world.stderr) as tell:
        mutated = mutate([item for item in items if item.question.id not in right], judge, tell)
    new = {score.id: score for score in mutated.scores}
    for item in mutated.lacking:
        world.say(shown(located(item, "requires", "its mutants are not run here: a package is missing")))
    now = {id_: score for id_, score in {**known, **new}.items() if id_ in digests or not whole}
    if now != known:
        try:
            file.parent.mkdir(exist_ok=True)
            write_whole(file, ledger(now))
        except OSError as error:
            world.say(f"mlquiz: {typed(file)} cannot be written, so the same is run again next time: {error}.")
    idle = [
        located(item, "proof.waived", f"the tests notice this mutant, or there is none: {name}")
        for item, name in mutated.idle
    ]
    return right | new, idle
