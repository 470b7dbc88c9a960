"""`mlquiz report`: where the learner stands, shown as asked for and put where asked for."""

from pathlib import Path
from typing import NamedTuple, TextIO

from mlquiz.commands.cards import interviews
from mlquiz.commands.desk import Desk, typed
from mlquiz.commands.filters import first_day
from mlquiz.commands.forecast import outlooks
from mlquiz.commands.outlook import headings
from mlquiz.commands.output import format_of, no_format, write
from mlquiz.core.days import Known
from mlquiz.core.report import Report
from mlquiz.core.review import Review
from mlquiz.core.standing import ALL, Scope, Skills, summarise
from mlquiz.errors import Exit
from mlquiz.store import memories
from mlquiz.world import World


class Wanted(NamedTuple):
    """What is asked for, as typed; null where nothing was said."""

    format: str | None = None
    weak: bool = False
    since: str | None = None
    area: str | None = None
    output: Path | None = None


def report(world: World, wanted: Wanted) -> Exit:
    """Prints the report, or writes it to a file. Raises UsageError or MlquizError for what makes no sense."""
    format_ = wanted.format or format_of(wanted.output)
    since = first_day(wanted.since, world.today()) if wanted.since is not None else None
    with Desk(world) as desk:
        area = desk.catalogue.syllabus().area(wanted.area).id if wanted.area else None
        found = standing(desk, Scope(since, area))
        plain = desk.settings.plain or world.environ.get("TERM") == "dumb"
    screen = None if wanted.output else world.stdout
    text = _rendered(found, format_, wanted.weak, plain, screen)
    if wanted.output and str(wanted.output) != "-":
        write(text, wanted.output)
        world.say(f"Written to {typed(wanted.output.absolute())}.")
    elif format_ == "terminal" and not plain and world.stdin.isatty() and world.stdout.isatty():
        from mlquiz.reports.pager import page

        page(text, world.stdout, world.environ)
    else:
        world.stdout.write(text)
    return Exit.OK


def _rendered(report: Report, format_: str, weak: bool, plain: bool, screen: TextIO | None) -> str:
    match format_:
        case "json":
            from mlquiz.reports.data import report_json

            return report_json(report)
        case "csv":
            from mlquiz.reports.data import report_csv

            return report_csv(report, weak)
        case "markdown":
            from mlquiz.reports.markdown import markdown

            return markdown(report, weak)
        case "html":
            from mlquiz.reports.html import html

            return html(report, weak)
        case "terminal" if plain:
            from mlquiz.reports.aloud import report_lines

            return report_lines(report, weak)
        case "terminal":
            from mlquiz.reports.terminal import terminal

            return terminal(report, weak, screen)
        case other:
            raise no_format(other)


def standing(desk: Desk, scope: Scope = ALL) -> Report:
    """The report of the desk's log today."""
    from msgspec.structs import replace

    syllabus, rows = desk.catalogue.syllabus(), desk.catalogue.rows()
    found = summarise(
        memories.reviews(desk.log),
        _known(desk, [row.id for row in rows]),
        headings(syllabus),
        Skills({row.id: row.skills for row in rows}, {skill.id: skill.title for skill in syllabus.skills}),
        desk.plan,
        desk.world.today(),
        lambda review: _note(desk, review),
        scope._replace(program=desk.world.program),
    )
    if scope.area:
        return found
    since = scope.since or 0
    return replace(found, outlooks=outlooks(desk, since), mocks=interviews(desk, since))


def _known(desk: Desk, bank: list[str]) -> Known:
    """What is remembered of the questions that are asked: suspended ones are left out."""
    met, idle = memories.memories(desk.log), memories.suspended(desk.log)
    seen = {id_: known.memory for id_, known in met.items() if known.memory and id_ not in idle}
    revised = {id_ for id_, known in met.items() if known.first is None and id_ not in idle}
    unseen = [id_ for id_ in bank if id_ not in idle and id_ not in seen and id_ not in revised]
    return Known(seen, memories.drift(desk.log), unseen, revised, list(memories.traces(desk.log)), desk.put_off())


def _note(desk: Desk, review: Review) -> str:
    """The misconception behind a wrong answer: the question drawn and graded again, if its key is still the same."""
    from mlquiz.core.draw import draw
    from mlquiz.core.grading import grade

    for question in desk.catalogue.get([review.question]):
        if question.key == review.key:
            return grade(draw(question, review.seed).body, review.answer).note
    return ""
