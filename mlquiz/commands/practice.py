"""`mlquiz practice`: questions in code, one after the other, each in a file that is run whenever it is saved."""

from collections.abc import Sequence
from pathlib import Path

from mlquiz.bank.catalogue import Row
from mlquiz.commands.desk import Desk
from mlquiz.commands.filters import Filters, fitting, named
from mlquiz.commands.quiz import candidate
from mlquiz.commands.sitting import Manner, can_ask, chance, judge, sit
from mlquiz.core.draw import draw
from mlquiz.core.memory import due
from mlquiz.core.question import LEVELS
from mlquiz.core.words import count
from mlquiz.errors import Exit, MlquizError
from mlquiz.session import PRACTICE
from mlquiz.store import memories
from mlquiz.world import World

CODED = ("code", "sql")


def practice(world: World, said: Sequence[str], filters: Filters, number: int | None, folder: Path | None) -> Exit:
    """Those named, or all that fit and are not solved yet, easy ones first; what was begun comes before the rest.

    A question is solved while it was known and is not due.
    """
    with Desk(world, writing=True) as desk:
        can_ask(world, Manner(), desk.settings.plain, "`mlquiz quiz --kind code --jsonl` is for scripts.")
        workspace = folder or desk.settings.workspace or world.paths.workspace
        rows = desk.catalogue.rows()
        if said:
            chosen = list(dict.fromkeys(_coded(named(rows, name)).id for name in said))
        else:
            fits = fitting(rows, filters, desk.catalogue.syllabus())
            chosen = _open(desk, [row for row in fits if row.kind in CODED])
            begun = _begun(desk, chosen, workspace)
            chosen.sort(key=lambda id_: id_ not in begun)
        here = [id_ for id_ in chosen if id_ not in desk.barred.ids] or chosen
        row_of = {row.id: row for row in rows}
        asked = [candidate(row_of[id_]) for id_ in here[:number]]
        manner = Manner(workspace=workspace)
        return sit(desk, PRACTICE, asked, manner, chance(world, manner), chosen)


def _begun(desk: Desk, ids: list[str], workspace: Path) -> set[str]:
    """Those with a file of the learner's own making. Raises MlquizError for a workspace that cannot be looked at."""
    from mlquiz.players.bench import Bench
    from mlquiz.players.editor import Editor

    bench = Bench(workspace, Editor(desk.world.environ), judge, keeps=True)
    try:
        files = {file.stem for file in workspace.iterdir()} if workspace.is_dir() else set()
    except OSError as error:
        raise MlquizError(f"{workspace} cannot be used for practice: {error.strerror}; --dir names another.") from None
    there = desk.catalogue.get(id_ for id_ in ids if id_ in files)
    return {question.id for question in there if not bench.fresh(draw(question, 0))}


def _coded(row: Row) -> Row:
    if row.kind not in CODED:
        raise MlquizError(f"{row.id} is not answered in code, so there is nothing to run; `mlquiz quiz --id` asks it.")
    return row


def _open(desk: Desk, rows: list[Row]) -> list[str]:
    """Those still to be solved, by level and length. Raises MlquizError where there are none."""
    if not rows:
        raise MlquizError("No question in code fits; `mlquiz bank list --kind code` shows what there is.")
    today, known, idle = desk.world.today(), memories.memories(desk.log), memories.suspended(desk.log)
    missed = set(memories.missed_today(desk.log, today))

    def solved(row: Row) -> bool:
        met = known.get(row.id)
        return bool(met and met.memory and due(met.memory, desk.plan) > today) and row.id not in missed

    left = [row for row in rows if not solved(row) and row.id not in idle]
    if not left:
        raise MlquizError(
            f"All {count(len(rows), 'question')} in code that fit are solved or suspended;"
            " `mlquiz practice ID` does one again."
        )
    return [row.id for row in sorted(left, key=lambda row: (LEVELS.index(row.level), row.seconds, row.id))]
