"""`mlquiz mock`: a timed interview, gone on with after an interruption, and its score card."""

from pathlib import Path
from typing import NamedTuple

from msgspec.json import encode

from mlquiz.commands.cards import answers, made, message, show, tell_missed, told
from mlquiz.commands.desk import Desk
from mlquiz.commands.filters import Filters, fitting
from mlquiz.commands.forecast import note
from mlquiz.commands.keeper import LogKeeper
from mlquiz.commands.outlook import counted, item, learner
from mlquiz.commands.output import format_of
from mlquiz.commands.sitting import Manner, can_ask, chance, seated
from mlquiz.core.card import Card, Mock, Slot
from mlquiz.core.memory import drifted, recall
from mlquiz.core.mock import drawn
from mlquiz.core.question import Question
from mlquiz.core.readiness import Standing, points
from mlquiz.core.summary import Summary
from mlquiz.core.words import clock, count
from mlquiz.errors import Exit, MlquizError
from mlquiz.interview import Clock, Examiner, Interview, Written
from mlquiz.players.script import Script
from mlquiz.session import Turn
from mlquiz.store import memories
from mlquiz.store.journal import Journal
from mlquiz.store.mocks import Kept, mocks
from mlquiz.world import World, day_name, iso


class Wanted(NamedTuple):
    """What is asked for, as typed: minutes, level, area; `anew` gives up an interview that was not ended."""

    minutes: int = 45
    level: str | None = None
    area: str | None = None
    anew: bool = False
    fail_under: float | None = None
    format: str | None = None
    output: Path | None = None


class LogMinutes:
    """Keeps the minutes of an interview in the log."""

    def __init__(self, world: World, journal: Journal, mock: str) -> None:
        self.world, self.journal, self.mock = world, journal, mock

    def _say(self, what: str, spent: float, *said: str | float | None) -> None:
        self.journal.minute(self.mock, what, spent, iso(self.world.now()), *said)

    def answered(self, question: str, spent: float) -> None:
        self._say("answered", spent, question)

    def written(self, question: str, text: str, seconds: float, spent: float) -> None:
        self._say("written", spent, question, seconds, text)

    def paused(self, spent: float) -> None:
        self._say("paused", spent)

    def resumed(self, spent: float) -> None:
        self._say("resumed", spent)

    def ended(self, spent: float) -> None:
        self._say("ended", spent)


def mock(world: World, wanted: Wanted, manner: Manner) -> Exit:
    """Holds it, or goes on with the one that was left; then shows its card and tells what was missed.

    FAILURE with `fail_under` and fewer points. Raises MlquizError where there is nothing to ask.
    """
    format_ = wanted.format or format_of(wanted.output)
    with Desk(world, writing=True) as desk:
        can_ask(world, manner, desk.settings.plain)
        kept = None if wanted.anew else _waiting(desk)
        new = None if kept else _drawn(desk, wanted, manner)
        with seated(desk, manner) as examiner:
            if new:
                kept = _begun(desk, new)
            elif kept:
                world.say(_going_on(kept))
            assert kept is not None
            summary = _held(desk, kept, examiner)
            kept = next(row for row in mocks(desk.log) if row.id == kept.id)
            if not kept.ended:
                if manner.jsonl:
                    examiner.close(summary)
                world.say(f"Paused. `{world.program} mock` goes on with what is left.")
                failed = Exit.FAILURE if wanted.fail_under is not None else Exit.OK
                return Exit.INTERRUPTED if summary.interrupted else failed
            card = made(desk, kept)
            file = wanted.output if wanted.output and str(wanted.output) != "-" else None
            _tell(desk, kept, card, examiner, summary, None if file else wanted.format, manner)
        if isinstance(examiner, Script) and examiner.never_asked:
            raise MlquizError(f"Never asked, so not graded: {', '.join(sorted(examiner.never_asked))}.")
        note(desk)
        if file:
            show(desk, card, format_, file)
    return Exit.FAILURE if wanted.fail_under is not None and card.points < wanted.fail_under else Exit.OK


def _tell(
    desk: Desk, kept: Kept, card: Card, examiner: Examiner, summary: Summary, format_: str | None, manner: Manner
) -> None:
    """Verdicts, card and summary as lines of the protocol; or the card, and then what was missed."""
    if manner.jsonl:
        for outcome in told(desk, kept, missed_only=False):
            examiner.tell(outcome)
        message(desk, card)
        examiner.close(summary)
    else:
        show(desk, card, format_ or "terminal", None)
        tell_missed(desk, kept, examiner)


def _waiting(desk: Desk) -> Kept | None:
    """The interview that was left today."""
    today = desk.world.today()
    return next((kept for kept in mocks(desk.log) if kept.day == today and not kept.ended), None)


def _going_on(kept: Kept) -> str:
    left = clock(kept.mock.seconds - kept.spent)
    lost = kept.minutes and kept.minutes[-1].what != "paused"
    cut_off = " It was cut off: the time since your last answer is not counted." if lost else ""
    return f"Going on with the interview begun today: {left} left. (--new begins another.){cut_off}"


def _drawn(desk: Desk, wanted: Wanted, manner: Manner) -> Mock:
    """A new interview; nothing is written. Raises MlquizError and UsageError."""
    world, random = desk.world, chance(desk.world, manner)
    syllabus, known = desk.catalogue.syllabus(), memories.memories(desk.log)
    rows = fitting(counted(desk), Filters(area=wanted.area, level=wanted.level), syllabus)
    seconds = 60 * wanted.minutes

    def fresh(id_: str) -> bool:
        memory = known[id_].memory if id_ in known else None
        return memory is None or memory.last < world.today()

    chosen = drawn([item(row) for row in rows if fresh(row.id)] or map(item, rows), desk.weights(), seconds, random)
    if not chosen:
        raise MlquizError(f"No question that fits can be answered in {count(wanted.minutes, 'minute')}.")
    who = learner(desk)
    slots, standings = [], []
    for row, stage in chosen:
        met = known[row.id].memory if row.id in known else None
        held = drifted(recall(met, max(world.today(), met.last + 1)), who.drift) if met else None
        standings.append(Standing(row.topic, row.difficulty, row.seconds, held))
        p = who.ability.chance(row.topic, row.difficulty) if held is None else held
        seed = int(random() * 2**32)
        slots.append(Slot(row.id, seed, stage, row.topic, row.difficulty, row.seconds, round(p, 4), row.kind))
    told_ = points(standings, who.ability, who.drift_variance)
    assert told_ is not None
    expected = (round(told_.points, 2), round(told_.low, 2), round(told_.high, 2))
    return Mock(seconds, slots, expected, wanted.level, syllabus.area(wanted.area).id if wanted.area else None)


def _begun(desk: Desk, body: Mock) -> Kept:
    """The interview in the log; those that were left are ended as they stand."""
    world, journal = desk.world, desk.journal()
    for kept in [kept for kept in mocks(desk.log) if not kept.ended]:
        world.say(f"The interview of {day_name(kept.day)} was not ended; it counts as it stands.")
        LogMinutes(world, journal, kept.id).ended(kept.spent)
    id_, at = journal.new_id(), iso(world.now())
    journal.mock(id_, encode(body), at, world.today())
    return Kept(id_, at, world.today(), body, [])


def _held(desk: Desk, kept: Kept, examiner: Examiner) -> Summary:
    """One sitting of it."""
    world, syllabus = desk.world, desk.catalogue.syllabus()
    keeper = LogKeeper(world, desk.log, desk.plan, kept.id, desk.bank(), desk.outside)
    minutes = LogMinutes(world, desk.journal(), kept.id)
    if kept.minutes:
        minutes.resumed(kept.spent)

    def titles(question: Question) -> tuple[str, str]:
        return syllabus.titles(question.topic)

    done = answers(desk, kept)
    written = {row.question: row for row in kept.minutes if row.what == "written" and row.question not in done}
    seeds = {slot.id: slot.seed for slot in kept.mock.slots}
    questions = {question.id: question for question in desk.catalogue.get(id_ for id_ in seeds if id_ not in done)}
    waiting, turns = [], []
    for id_, question in questions.items():
        turn = Turn(question, seeds[id_])
        if row := written.get(id_):
            waiting.append(Written(turn, row.text or "", row.seconds or 0.0))
        else:
            turns.append(turn)
    interview = Interview(examiner, keeper, minutes, titles, Clock(world.tick, kept.mock.seconds, kept.spent))
    return interview.sit(kept.id, turns, waiting, len(seeds) - len(turns))
