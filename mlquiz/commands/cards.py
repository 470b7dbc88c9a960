"""Score cards of mock interviews: made from the log, shown in any format, and what was missed told one by one."""

from collections.abc import Iterator
from pathlib import Path

from mlquiz.commands.desk import Desk, typed
from mlquiz.commands.keeper import LogKeeper
from mlquiz.commands.output import format_of, no_format, write
from mlquiz.core.answer import Reply
from mlquiz.core.card import Card, Given, card
from mlquiz.core.draw import draw
from mlquiz.core.formula import FormulaError
from mlquiz.core.grading import grade
from mlquiz.core.memory import due
from mlquiz.core.report import Interviewed
from mlquiz.core.review import Rating, Review
from mlquiz.errors import Exit, MlquizError
from mlquiz.interview import Examiner
from mlquiz.session import Outcome, Place, Quit
from mlquiz.store import memories
from mlquiz.store.mocks import Kept, mocks
from mlquiz.world import World


def answers(desk: Desk, kept: Kept) -> dict[str, Given]:
    """What came of each question that was answered."""
    found: dict[str, Given] = {}
    for review in first_answers(desk, kept):
        found[review.question] = Given(review.score, review.rating.known, review.seconds)
    return found


def first_answers(desk: Desk, kept: Kept) -> list[Review]:
    """The first answer to each question, as corrected: a second sitting that ran beside the first counts nothing."""
    found: dict[str, Review] = {}
    for review in sorted(memories.of_session(desk.log, kept.id), key=lambda review: review.replaces or review.id):
        found.setdefault(review.question, review)
    return list(found.values())


def made(desk: Desk, kept: Kept) -> Card:
    """The card of an interview that ended."""
    titles = desk.catalogue.syllabus().names()
    pauses = sum(minute.what == "resumed" for minute in kept.minutes)
    given = answers(desk, kept)
    return card(
        kept.id, kept.day, kept.mock, kept.spent, pauses, given, lambda id_: titles.get(id_, id_), desk.world.program
    )


def interviews(desk: Desk, since: int) -> list[Interviewed]:
    """Every interview that ended, begun on `since` or later."""
    cards = [made(desk, kept) for kept in mocks(desk.log) if kept.ended and kept.day >= since]
    return [Interviewed(card.day, card.points, card.band, card.expected, card.low, card.high) for card in cards]


def last_card(world: World, format_: str | None, output: Path | None, fail_under: float | None) -> Exit:
    """Shows the card of the last interview that ended. Raises MlquizError if there is none."""
    with Desk(world) as desk:
        ended = [kept for kept in mocks(desk.log) if kept.ended]
        if not ended:
            raise MlquizError(f"No mock interview has ended yet; `{world.program} mock` holds one.")
        found = made(desk, ended[-1])
        show(desk, found, format_, output)
    return Exit.FAILURE if fail_under is not None and found.points < fail_under else Exit.OK


def message(desk: Desk, card: Card) -> None:
    """The card as a line of the protocol."""
    from mlquiz.reports.card import card_message

    print(card_message(card), file=desk.world.stdout, flush=True)


def show(desk: Desk, card: Card, format_: str | None, output: Path | None) -> None:
    """The card in the format wanted, to a file or to stdout."""
    world = desk.world
    plain = desk.settings.plain or world.environ.get("TERM") == "dumb"
    text = _rendered(card, format_ or format_of(output), plain)
    if output and str(output) != "-":
        write(text, output)
        world.say(f"Written to {typed(output.absolute())}.")
    else:
        print(text, end="", file=world.stdout, flush=True)


def _rendered(card: Card, format_: str, plain: bool) -> str:
    from mlquiz.reports import card as pages

    match format_:
        case "terminal":
            return pages.card_lines(card, plain)
        case "markdown":
            return pages.card_markdown(card)
        case "html":
            from mlquiz.reports.html import card_html

            return card_html(card)
        case "json":
            return pages.card_json(card)
        case "csv":
            return pages.card_csv(card)
        case other:
            raise no_format(other)


def told(desk: Desk, kept: Kept, missed_only: bool) -> Iterator[Outcome]:
    """Every answer of it with its verdict, in the order of the interview; with `missed_only` what was not all right."""
    reviews = {review.question: review for review in first_answers(desk, kept)}
    for question in desk.catalogue.get(slot.id for slot in kept.mock.slots if slot.id in reviews):
        review = reviews[question.id]
        if question.key != review.key or (missed_only and review.score >= 1):
            continue
        try:
            exercise = draw(question, review.seed)
        except FormulaError:
            continue
        met = memories.met(desk.log, question.id)
        back = due(met.memory, desk.plan) if met and met.memory else desk.world.today() + 1
        reply = Reply(review.answer, review.confidence, review.seconds)
        yield Outcome(exercise, reply, grade(exercise.body, review.answer), review, back, False)


def tell_missed(desk: Desk, kept: Kept, player: Examiner) -> None:
    """What was missed, explained one by one, until the learner has enough."""
    keeper = LogKeeper(desk.world, desk.log, desk.plan, kept.id, desk.bank(), desk.outside)
    outcomes, syllabus = list(told(desk, kept, missed_only=True)), desk.catalogue.syllabus()
    try:
        if not outcomes or not player.goes_on(len(outcomes)):
            return
        for n, outcome in enumerate(outcomes, start=1):
            titles = syllabus.titles(outcome.exercise.question.topic)
            place = Place(n, len(outcomes), 1, False, False, titles, 0)
            player.show(outcome.exercise, place)
            while isinstance(move := player.tell(outcome), Rating):
                if move is not outcome.review.rating:
                    review, back = keeper.correct(outcome.review, move)
                    outcome = outcome._replace(review=review, due=back)  # noqa: PLW2901  # told again as corrected
            if move == "undo":
                keeper.retract(outcome.review)
            elif move == "suspend":
                keeper.suspend(outcome.exercise.question.id)
    except (Quit, KeyboardInterrupt):
        return
