"""`mlquiz review`: today's session."""

from collections import Counter
from typing import NamedTuple

from mlquiz.bank.catalogue import Row
from mlquiz.commands.desk import Desk
from mlquiz.commands.sitting import Manner, can_ask, chance, sit
from mlquiz.core.memory import Memory, due, recall
from mlquiz.core.selection import Bounds, Candidate, Stake, final, today
from mlquiz.errors import Exit
from mlquiz.session import REVIEW
from mlquiz.store import memories
from mlquiz.world import World


class Waiting(NamedTuple):
    """What there is to choose from: missed today, seen and not answered today, not met, revised since it was met."""

    missed: list[Row]
    seen: list[tuple[Row, Memory]]
    unseen: list[Row]
    revised: list[Row]


def review(world: World, limit: int | None, minutes: int | None, manner: Manner) -> Exit:
    """What was missed today, what is due, then today's share of new questions, within the minutes.

    In the final phase before an interview whatever is worth most on that day comes first.
    """
    with Desk(world, writing=True) as desk:
        can_ask(world, manner, desk.settings.plain)
        random = chance(world, manner)
        bounds = Bounds(limit, 60 * (desk.plan.minutes if minutes is None else minutes))
        waiting = _waiting(desk, world.today())
        missed = [_candidate(row) for row in waiting.missed]
        if desk.plan.final(world.today()):
            ids = final(missed, _stakes(desk, waiting, world.today()), bounds)
        else:
            met = Counter(id_.rpartition(".")[0] for id_ in memories.memories(desk.log))
            fresh = [_candidate(row) for row in waiting.unseen]
            new = desk.load().new
            ids = today(missed, _ripe(desk, waiting, world.today()), fresh, new, desk.weights(), bounds, random, met)
        beside = _missing(desk, world.today())
        if not ids and not manner.jsonl:
            world.say("Nothing is due today and no new questions are left. `mlquiz quiz` asks whatever you like.")
            for sentence in desk.barred.told(beside, world.program):
                world.say(f"mlquiz: {sentence}")
            return Exit.OK
        return sit(desk, REVIEW, ids, manner, random, beside)


def _missing(desk: Desk, day: int) -> list[str]:
    """What cannot be asked here and would be due, or new while there is a share of new questions left."""
    known, new = memories.memories(desk.log), desk.load().new
    found = []
    for id_ in sorted(desk.barred.ids - memories.suspended(desk.log)):
        met = known.get(id_)
        if (met is None and new) or (met and (met.first is None or (met.memory and due(met.memory, desk.plan) <= day))):
            found.append(id_)
    return found


def _candidate(row: Row, chance: float | None = None) -> Candidate:
    return Candidate(row.id, row.topic, row.seconds, chance)


def _waiting(desk: Desk, day: int) -> Waiting:
    known, idle = memories.memories(desk.log), memories.suspended(desk.log) | desk.put_off() | desk.outside
    rows = {row.id: row for row in desk.catalogue.rows() if row.id not in idle}
    missed = [id_ for id_ in memories.missed_today(desk.log, day) if id_ in rows]
    waiting = Waiting([rows[id_] for id_ in missed], [], [], [])
    for id_, row in rows.items():
        met = known.get(id_)
        if id_ in missed:
            continue
        if met is None or (met.memory is None and met.first is not None):
            waiting.unseen.append(row)
        elif met.memory is None:
            waiting.revised.append(row)
        else:
            waiting.seen.append((row, met.memory))
    return waiting


def _ripe(desk: Desk, waiting: Waiting, day: int) -> list[Candidate]:
    """What is due: revised questions, and those whose recall has fallen to the plan's retention."""
    ripe = [(row, memory) for row, memory in waiting.seen if due(memory, desk.plan) <= day]
    return [*map(_candidate, waiting.revised), *(_candidate(row, recall(memory, day)) for row, memory in ripe)]


def _stakes(desk: Desk, waiting: Waiting, day: int) -> list[Stake]:
    """What each question that was not answered today is worth on the interview day."""
    from mlquiz.commands.ready import model, share
    from mlquiz.core.worth import Pace, of_seen, of_unseen

    interview = desk.plan.interview
    assert interview is not None
    ability, drift, shares = model(desk), memories.drift(desk.log), share(desk)
    paces = desk.paces()
    stakes = []
    for row, memory in waiting.seen:
        if memory.last < day:
            worth = of_seen(memory, drift, day, interview, row.seconds, paces.get(row.kind, Pace()))
            stakes.append(Stake(row.id, row.topic, max(1, round(worth.seconds)), shares[row.topic] * worth.gain))
    for row in (*waiting.unseen, *waiting.revised):
        chance = ability.chance(row.topic, row.difficulty)
        worth = of_unseen(chance, day, interview, row.seconds, paces.get(row.kind, Pace()))
        stakes.append(Stake(row.id, row.topic, max(1, round(worth.seconds)), shares[row.topic] * worth.gain))
    return stakes
