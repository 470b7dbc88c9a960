"""A clock that was set back, or is another zone's: the log stays in the order in which it was written."""

import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import Clock, world
from conftest import ROOT, Run
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquiz.commands.desk import Desk
from mlquiz.commands.home import home as glance
from mlquiz.commands.keeper import LogKeeper
from mlquiz.commands.report import standing
from mlquiz.core.answer import DontKnow, Reply
from mlquiz.core.grading import solution
from mlquiz.core.question import Exercise
from mlquiz.core.scheduler import replay
from mlquiz.core.summary import Summary
from mlquiz.errors import Exit
from mlquiz.session import QUIZ, Move, Opening, Outcome, Place, Session
from mlquiz.store import memories
from mlquiz.store.database import Log
from mlquiz.store.journal import steps
from mlquiz.world import World, iso, later

FIRST = "ml.bias_variance.defect-classifier-gap"
IDS = [FIRST, "ml.bias_variance.churn-rows-shared-by-folds", "sys.deployment.exited-137"]
TODAY = 20_000
YEAR = 365


def uuid(moment: datetime) -> str:
    """What `World.new_id` would make of that moment."""
    stamp = f"{int(moment.timestamp() * 1000):012x}"
    return f"{stamp[:8]}-{stamp[8:]}-7000-8000-{os.urandom(6).hex()}"


class Knows:
    """A player who knows, or does not."""

    def __init__(self, knows: bool = True) -> None:
        self.knows = knows

    def begin(self, opening: Opening) -> None: ...

    def ask(self, exercise: Exercise, place: Place) -> Reply:
        return Reply(solution(exercise.body) if self.knows else DontKnow(), "sure" if self.knows else None, 5)

    def tell(self, outcome: Outcome) -> Move:
        return "next"

    def close(self, summary: Summary) -> None: ...


@pytest.fixture
def clock() -> Clock:
    return Clock(TODAY)


@pytest.fixture
def here(clock: Clock, tmp_path: Path) -> World:
    """The shipped bank, a home of its own, ids that follow the clock as they do outside."""
    made = world(clock, tmp_path)
    return made._replace(paths=made.paths._replace(bank=ROOT / "question_bank"), new_id=lambda: uuid(clock()))


def play(here: World, *ids: str, knows: bool = True) -> None:
    with Desk(here, writing=True) as desk:
        keeper = LogKeeper(here, desk.log, desk.plan, here.new_id(), desk.bank())
        session = Session(QUIZ._replace(repeats=False), Knows(knows), keeper, lambda _: ("", ""), lambda: 1)
        session.run("s", desk.catalogue.get(ids))


def held_to_replay(log: Log) -> None:
    """Memory is what the log replays to, and none of it is further back than it was."""
    history = steps(log)
    folded = replay(history, {step.question: step.key for step in history})
    assert {id_: met.memory for id_, met in memories.memories(log).items() if met.memory} == folded.memories
    assert memories.drift(log) == pytest.approx(folded.drift)
    last = {}
    for step in history:
        last[step.question] = max(step.day, last.get(step.question, 0))
    assert {id_: memory.last for id_, memory in folded.memories.items()} == last


BACK = [0, 1, 30, YEAR, 20 * YEAR]
JUMPS = {"a minute": timedelta(minutes=1), "a day": timedelta(days=1), "a year": timedelta(days=YEAR)}


@pytest.mark.parametrize("days", BACK)
def test_a_clock_that_was_ahead_spoils_neither_memory_nor_report(here: World, clock: Clock, days: int) -> None:
    clock.day = TODAY - 1
    play(here, IDS[0])
    clock.day = TODAY + days
    play(here, IDS[0], IDS[1], knows=False)
    clock.day = TODAY
    play(here, IDS[0], IDS[2], knows=False)
    with Desk(here, writing=True) as desk:
        held_to_replay(desk.log)
        report, load = standing(desk), desk.load()
    assert report.streak == 2
    assert report.answers == 5
    assert (report.load[0].day, sum(day.due for day in report.load)) == (TODAY, 1 if days > 13 else 3)
    assert all(0 < point.recall < 1 for point in report.recall)
    assert load.due == 0
    assert load.new <= 9
    assert glance(here) is Exit.OK
    clock.day = TODAY + 1
    with Desk(here) as desk:
        assert IDS[2].rpartition(".")[0] in desk.load().topics


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(-400, 400), st.sampled_from(IDS), st.booleans()), min_size=1, max_size=6))
def test_memory_is_the_replay_of_the_log_however_the_clock_jumps(
    tmp_path_factory: pytest.TempPathFactory, sittings: list[tuple[int, str, bool]]
) -> None:
    clock = Clock(TODAY)
    made = world(clock, tmp_path_factory.mktemp("home"))
    here = made._replace(paths=made.paths._replace(bank=ROOT / "question_bank"), new_id=lambda: uuid(clock()))
    for jump, id_, knows in sittings:
        clock.day = TODAY + jump
        play(here, id_, knows=knows)
    with Desk(here) as desk:
        held_to_replay(desk.log)
        order = [step.question for step in steps(desk.log)]
        assert order == [id_ for _, id_, _ in sittings]
        assert standing(desk).answers == len(sittings)


@pytest.mark.parametrize("jump", JUMPS)
def test_the_last_answer_is_the_one_that_undo_takes_back(here: World, clock: Clock, jump: str) -> None:
    ahead = here._replace(new_id=lambda: uuid(clock() + JUMPS[jump]))
    play(ahead, IDS[0])
    play(here, IDS[1])
    with Desk(here, writing=True) as desk:
        assert [review.question for review in memories.latest(desk.log, 2)] == [IDS[1], IDS[0]]


@pytest.mark.parametrize("jump", JUMPS)
def test_the_last_answer_of_a_day_says_whether_it_was_missed(here: World, clock: Clock, jump: str) -> None:
    ahead = here._replace(new_id=lambda: uuid(clock() + JUMPS[jump]))
    play(ahead, FIRST, knows=False)
    play(here, FIRST)
    with Desk(here) as desk:
        assert memories.missed_today(desk.log, TODAY) == []


@pytest.mark.parametrize("jump", JUMPS)
def test_a_question_suspended_while_the_clock_was_ahead_can_be_resumed(here: World, clock: Clock, jump: str) -> None:
    ahead = here._replace(new_id=lambda: uuid(clock() + JUMPS[jump]))
    with Desk(ahead, writing=True) as desk:
        desk.journal().mark(FIRST, "suspended", iso(clock() + JUMPS[jump]))
    with Desk(here, writing=True) as desk:
        assert memories.suspended(desk.log) == {FIRST}
        desk.journal().mark(FIRST, "resumed", iso(clock()))
        assert memories.suspended(desk.log) == set()


def test_a_question_put_off_while_the_clock_was_ahead_is_not_put_off_until_then(here: World, clock: Clock) -> None:
    with Desk(here, writing=True) as desk:
        desk.journal().mark(FIRST, "not today", iso(clock() + timedelta(days=YEAR)))
        assert desk.put_off() == set()
        desk.journal().mark(FIRST, "not today", iso(clock()))
        assert desk.put_off() == {FIRST}


def test_an_id_comes_after_the_newest_and_keeps_a_chance_of_its_own() -> None:
    newest = uuid(datetime(2031, 1, 1, tzinfo=UTC))
    fresh = uuid(datetime(2026, 1, 1, tzinfo=UTC))
    made = {later(fresh, newest) for _ in range(100)}
    assert len(made) == 100
    assert min(made) > newest
    assert max(made) < uuid(datetime(2031, 1, 1, tzinfo=UTC) + timedelta(milliseconds=1))
    assert later(newest, fresh) == newest
    assert later("000001", "") == "000001"


# another zone


def test_a_zone_changed_between_sessions_costs_at_most_a_day(mlquiz: Run, home: Path) -> None:
    """West of where one was it may be yesterday again, and east of it tomorrow."""
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of a process cannot be changed here")
    for zone in ("Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago", "Asia/Kolkata", "Pacific/Kiritimati"):
        stdin = json.dumps({"type": "answer", "id": FIRST, "answer": {"dont_know": True}}) + "\n"
        done = mlquiz("quiz", "--id", FIRST, "--jsonl", stdin=stdin, env={"TZ": zone})
        assert (done.returncode, done.stderr) == (0, ""), zone
        for args in ([], ["due", "--json"], ["report"], ["report", "--format", "json"], ["show", FIRST]):
            done = mlquiz(*args, env={"TZ": zone})
            assert (done.returncode, done.stderr) == (0, ""), (zone, args)
    report = json.loads(mlquiz("report", "--format", "json", env={"TZ": "Pacific/Kiritimati"}).stdout)
    assert report["answers"] == 5
    assert 1 <= len(report["history"]) <= 3
    from mlquiz.store.database import open_log

    log = open_log(home / "data/default/log.db")
    held_to_replay(log)
    log.close()
