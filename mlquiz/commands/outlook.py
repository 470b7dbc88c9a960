"""What choosing and forecasting need of a desk: the questions that count, what there is to ask, the learner."""

from collections import Counter

from mlquiz.bank.catalogue import Row
from mlquiz.bank.syllabus import Syllabus
from mlquiz.commands.desk import Desk
from mlquiz.core.ability import Ability, Asked, ability, meetings
from mlquiz.core.agenda import Item, Learner, Pool
from mlquiz.core.course import LONGEST, Course, Left, course
from mlquiz.core.memory import Memory, drift_variance
from mlquiz.core.standing import Heading
from mlquiz.store import memories
from mlquiz.store.journal import steps


def counted(desk: Desk) -> list[Row]:
    """The questions that count: neither suspended, nor beside the plan's levels, nor impossible to ask here."""
    out = memories.suspended(desk.log) | desk.outside
    return [row for row in desk.catalogue.rows() if row.id not in out]


def headings(syllabus: Syllabus) -> list[Heading]:
    """Every topic with its area and its share of the bank."""
    weights = syllabus.weights()
    return [
        Heading(topic.id, topic.title, area.id, area.title, weights[topic.id])
        for area in syllabus.areas
        for topic in area.topics
    ]


def item(row: Row) -> Item:
    return Item(row.id, row.topic, row.kind, row.difficulty, row.seconds)


def pool(desk: Desk, day: int) -> Pool:
    """What there is to ask on `day`, which is today; what was put off is not."""
    known, off = memories.memories(desk.log), desk.put_off()
    rows = {row.id: row for row in counted(desk) if row.id not in off}
    missed = dict.fromkeys(id_ for id_ in memories.missed_today(desk.log, day) if id_ in rows)
    seen, unseen, revised = list[tuple[Item, Memory]](), list[Item](), list[Item]()
    for id_, row in rows.items():
        met = known.get(id_)
        if id_ in missed:
            continue
        if met is None or (met.memory is None and met.first is not None):
            unseen.append(item(row))
        elif met.memory is None:
            revised.append(item(row))
        elif met.memory.last < day:
            seen.append((item(row), met.memory))
    by_topic = Counter(id_.rpartition(".")[0] for id_ in known)
    return Pool([item(rows[id_]) for id_ in missed], seen, unseen, revised, by_topic)


def model(desk: Desk) -> Ability:
    """What first meetings say of the learner."""
    asked = {row.id: Asked(row.difficulty, row.kind) for row in desk.catalogue.rows()}
    return ability(meetings(steps(desk.log), desk.catalogue.keys(), asked), desk.catalogue.syllabus().topics())


def learner(desk: Desk) -> Learner:
    weights = desk.weights()
    held = Counter(row.topic for row in counted(desk))
    shares = {topic: weight / max(1, held[topic]) for topic, weight in weights.items()}
    uncertain = drift_variance(memories.traced(desk.log))
    return Learner(model(desk), memories.drift(desk.log), desk.paces(), weights, shares, uncertain)


def expected(desk: Desk, until: int) -> Course | None:
    """The days until that one if the plan is kept; null where there are none, or too many to look ahead."""
    today = desk.world.today()
    rows = counted(desk)
    if not rows or not 0 < until - today <= LONGEST:
        return None
    known = memories.memories(desk.log)
    entries = [(item(row), known[row.id].memory if row.id in known else None) for row in rows]
    seconds = max(0.0, desk.seconds_left())
    return course(entries, learner(desk), memories.plan(desk.log), today, until, Left(desk.load().new, seconds))
