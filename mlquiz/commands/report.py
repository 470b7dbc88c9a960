"""`mlquiz report`: where the learner stands."""

from mlquiz.commands.desk import Desk
from mlquiz.core.report import Report
from mlquiz.core.review import Review
from mlquiz.core.standing import Heading, Known, summarise
from mlquiz.errors import Exit
from mlquiz.store import memories
from mlquiz.world import World


def report(world: World, format_: str) -> Exit:
    """Prints the report as `terminal` or `json`."""
    with Desk(world) as desk:
        found = standing(desk)
        if format_ == "json":
            from mlquiz.reports.data import report_json

            world.stdout.write(report_json(found))
        else:
            from mlquiz.reports.terminal import show

            show(found, world.stdout)
    return Exit.OK


def standing(desk: Desk) -> Report:
    """The report of the desk's log today."""
    syllabus = desk.catalogue.syllabus()
    weights = syllabus.weights()
    headings = [
        Heading(topic.id, topic.title, area.id, area.title, weights[topic.id])
        for area in syllabus.areas
        for topic in area.topics
    ]
    met, idle, rows = memories.memories(desk.log), memories.suspended(desk.log), desk.catalogue.rows()
    seen = {id_: known.memory for id_, known in met.items() if known.memory and id_ not in idle}
    revised = {id_ for id_, known in met.items() if known.first is None and id_ not in idle}
    unseen = sum(row.id not in idle and row.id not in seen and row.id not in revised for row in rows)
    return summarise(
        memories.reviews(desk.log),
        Known(seen, memories.drift(desk.log), unseen, len(revised)),
        headings,
        {row.id: row.skills for row in rows},
        {skill.id: skill.title for skill in syllabus.skills},
        desk.plan,
        desk.world.today(),
        lambda review: _note(desk, review),
    )


def _note(desk: Desk, review: Review) -> str:
    """The misconception behind a wrong answer: the question drawn and graded again, if its key is still the same."""
    from mlquiz.core.draw import draw
    from mlquiz.core.grading import grade

    for question in desk.catalogue.get([review.question]):
        if question.key == review.key:
            return grade(draw(question, review.seed).body, review.answer).note
    return ""
