"""Does the bank hold what its syllabus plans, by topic, subtopic, kind and skill; and who has read it blind.

A topic that says `complete: true` is held to its plan; of the others, how far they are is shown.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from mlquiz.bank.items import Item
from mlquiz.bank.syllabus import Syllabus, Topic
from mlquiz.core.figures import Cue, Held

TOPIC, SUBTOPIC, KIND = 0.05, 0.10, 0.02
SKILL_ITEMS, SKILL_KINDS, SKILL_LEVELS = 4, 2, 2
READERS = 2
BLIND = "audit/blind.csv"


def held(items: Sequence[Item], syllabus: Syllabus) -> list[Held]:
    """What every topic holds, in the order of the syllabus."""
    rows: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        rows[item.question.topic].append(item)
    return [
        Held(
            id_,
            topic.weight,
            topic.complete,
            len(rows[id_]),
            Counter(item.question.subtopic for item in rows[id_]),
            Counter("code" if item.question.kind == "sql" else item.question.kind for item in rows[id_]),
            Counter(item.question.level for item in rows[id_]),
        )
        for id_, topic in syllabus.topics().items()
    ]


def coverage(items: Sequence[Item], syllabus: Syllabus, blind: Path) -> Iterator[Cue]:
    """Topics that call themselves complete, skills once all are, and blind answers of complete topics."""
    topics = syllabus.topics()
    for has in held(items, syllabus):
        if has.complete:
            yield _topic(topics[has.topic], has)
    yield _skills(items, syllabus)
    yield _read(items, syllabus, blind)


def _topic(topic: Topic, has: Held) -> Cue:
    wrong = []
    if abs(has.items - topic.weight) > TOPIC * topic.weight:
        wrong.append(f"{has.items} questions of {topic.weight:g}")
    for subtopic in topic.subtopics:
        n = has.subtopics.get(subtopic.id, 0)
        if abs(n - subtopic.weight) > max(1, SUBTOPIC * subtopic.weight):
            wrong.append(f"{subtopic.id}: {n} of {subtopic.weight:g}")
    whole = sum(topic.kinds.values())
    for kind, planned in topic.kinds.items():
        share = has.kinds.get(kind, 0) / max(1, has.items)
        if abs(share - planned / whole) > KIND:
            wrong.append(f"{kind}: {share:.0%} of the questions, {planned / whole:.0%} planned")
    return Cue(f"plan of {topic.id}", f"{has.items} of {topic.weight:g}", "kept", not wrong, tuple(wrong))


def _skills(items: Sequence[Item], syllabus: Syllabus) -> Cue:
    tagged: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        for skill in item.question.skills:
            tagged[skill].append(item)

    def thin(skill: str) -> bool:
        rows = tagged[skill]
        kinds, levels = {item.question.kind for item in rows}, {item.question.level for item in rows}
        return len(rows) < SKILL_ITEMS or len(kinds) < SKILL_KINDS or len(levels) < SKILL_LEVELS

    lacking = [skill.id for skill in syllabus.skills if thin(skill.id)]
    complete = all(topic.complete for topic in syllabus.topics().values())
    wanted = f"at least {SKILL_ITEMS} questions, {SKILL_KINDS} kinds, {SKILL_LEVELS} levels"
    if not complete:
        wanted += ", once every topic is complete"
    n = len(syllabus.skills)
    return Cue("skills covered", f"{n - len(lacking)} of {n}", wanted, not (lacking and complete), tuple(lacking[:5]))


def readers(items: Sequence[Item], blind: Path) -> dict[str, int]:
    """How many readers agreed blind with each question as it stands now; an answer to an earlier revision is none."""
    present = {(item.question.id, item.question.revision) for item in items}
    if not blind.is_file():
        return {}
    with blind.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["id"], row["revision"]) in present]
    return Counter(row["id"] for row in rows if row["agreed"] == "yes")


def _read(items: Sequence[Item], syllabus: Syllabus, blind: Path) -> Cue:
    topics, found = syllabus.topics(), readers(items, blind)
    waiting = [item.question for item in items if found.get(item.question.id, 0) < READERS]
    owed = [question.id for question in waiting if topics[question.topic].complete]
    figure = f"{len(items) - len(waiting)} of {len(items)} by {READERS} readers"
    return Cue("answered blind", figure, "all of complete topics", not owed, tuple(owed[:5]))
