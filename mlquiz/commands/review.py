"""`mlquiz review`: today's session."""

from collections import Counter

from mlquiz.commands.desk import Desk
from mlquiz.commands.sitting import Manner, can_ask, chance, sit
from mlquiz.core.memory import Plan, due, recall
from mlquiz.core.selection import Bounds, Candidate, today
from mlquiz.errors import Exit
from mlquiz.session import REVIEW
from mlquiz.store import memories
from mlquiz.world import World


def review(world: World, limit: int | None, minutes: int | None, manner: Manner) -> Exit:
    """What was missed today, what is due, then today's share of new questions, within the minutes."""
    with Desk(world, writing=True) as desk:
        can_ask(world, manner, desk.settings.plain)
        random = chance(world, manner)
        bounds = Bounds(limit, 60 * (desk.plan.minutes if minutes is None else minutes))
        weights = desk.catalogue.syllabus().weights()
        met = Counter(id_.rpartition(".")[0] for id_ in memories.memories(desk.log))
        ids = today(*_candidates(desk, world.today(), desk.plan), weights, bounds, random, met)
        if not ids and not manner.jsonl:
            world.say("Nothing is due today and no new questions are left. `mlquiz quiz` asks whatever you like.")
            return Exit.OK
        return sit(desk, REVIEW, ids, manner, random, desk.barred.ids)


def _candidates(desk: Desk, day: int, plan: Plan) -> tuple[list[Candidate], list[Candidate], list[Candidate], int]:
    known, idle = memories.memories(desk.log), memories.suspended(desk.log) | desk.put_off() | desk.barred.ids
    rows = {row.id: row for row in desk.catalogue.rows() if row.id not in idle}
    missed = [id_ for id_ in memories.missed_today(desk.log, day) if id_ in rows]
    ripe, unseen = [], []
    for id_, row in rows.items():
        met = known.get(id_)
        candidate = Candidate(id_, row.topic, row.seconds, recall(met.memory, day) if met and met.memory else None)
        if met is None or (met.memory is None and met.first is not None):
            unseen.append(candidate)
        elif (met.memory is None or due(met.memory, plan) <= day) and id_ not in missed:
            ripe.append(candidate)
    again = [Candidate(id_, rows[id_].topic, rows[id_].seconds) for id_ in missed]
    fresh = [row for row in unseen if row.id not in missed]
    return again, ripe, fresh, desk.load().new
