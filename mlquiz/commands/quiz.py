"""`mlquiz quiz`: whatever is asked for, due or not; it counts like any review."""

from collections.abc import Sequence

from mlquiz.bank.catalogue import Row
from mlquiz.commands.desk import Desk
from mlquiz.commands.filters import Filters, fitting, named
from mlquiz.commands.report import standing
from mlquiz.commands.sitting import Manner, can_ask, chance, sit
from mlquiz.core.draw import shuffled
from mlquiz.core.selection import Candidate, interleaved
from mlquiz.errors import Exit, MlquizError
from mlquiz.session import QUIZ
from mlquiz.store import memories
from mlquiz.world import World


def quiz(
    world: World, filters: Filters, ids: Sequence[str], weak: bool, new: bool, number: int, manner: Manner
) -> Exit:
    """A quiz of `number` questions that fit, topics by their weights; named questions in the order given."""
    with Desk(world, writing=True) as desk:
        can_ask(world, manner, desk.settings.plain)
        random = chance(world, manner)
        rows = desk.catalogue.rows()
        fits: list[Row] = []
        if ids:
            chosen = [candidate(row) for row in dict.fromkeys(named(rows, said) for said in ids)]
        else:
            fits = _asked(desk, fitting(rows, filters, desk.catalogue.syllabus()), weak, new)
            here = [row for row in fits if row.id not in desk.barred.ids]
            candidates = shuffled([candidate(row) for row in here], random)
            chosen = interleaved(candidates, desk.catalogue.syllabus().weights(), number)
        return sit(desk, QUIZ, chosen, manner, random, [row.id for row in fits])


def candidate(row: Row) -> Candidate:
    """One that was asked for."""
    return Candidate(row.id, row.topic, row.seconds)


def _asked(desk: Desk, rows: Sequence[Row], weak: bool, new: bool) -> list[Row]:
    """The rows that may be asked. Raises MlquizError, saying which wish leaves nothing."""
    if not rows:
        raise MlquizError("No question fits; `mlquiz bank list` with the same filters shows what there is.")
    idle = memories.suspended(desk.log)
    found = [row for row in rows if row.id not in idle]
    if not found:
        raise MlquizError("All questions that fit are suspended; `mlquiz resume ID` asks one again.")
    if weak:
        topics = {topic.id for topic in standing(desk).weak}
        if not topics:
            raise MlquizError("No topic is weak yet: that takes five answers in it and a score below your average.")
        found = [row for row in found if row.topic in topics]
    if new:
        met = {id_ for id_, known in memories.memories(desk.log).items() if known.memory or known.first is None}
        found = [row for row in found if row.id not in met]
    if not found:
        raise MlquizError("No question is left with these filters" + (" that you have not met." if new else "."))
    return found
