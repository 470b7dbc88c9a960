"""The made-up learner: what it logs is a log like any other, the same for the same seed, and reads like a person's."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import ROOT, Run, clean
from learner import Course, Learner
from madeup import write_made_up

from mlquiz.bank.catalogue import Catalogue
from mlquiz.commands.desk import Desk
from mlquiz.core.answer import DontKnow, Reply, checked
from mlquiz.core.draw import draw
from mlquiz.core.grading import grade
from mlquiz.core.question import Question
from mlquiz.core.review import Rating, Review, rate
from mlquiz.core.scheduler import replay
from mlquiz.store import memories
from mlquiz.store.database import open_log
from mlquiz.store.journal import steps
from mlquiz.world import DAY_STARTS_AT, EPOCH, World

UNTIL = 20_777
"""2026-11-20"""
DAYS = 60


def studied(home: Path, seed: int, days: int = DAYS) -> World:
    return Learner(home, Course(days, UNTIL, seed)).study().world


def dumped(world: World) -> str:
    log = open_log(world.paths.log)
    text = "\n".join(log.iterdump())
    log.close()
    return text


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Sixty days with three hundred made-up questions alone: the shipped bank grows, and this log should not."""
    home = tmp_path_factory.mktemp("learner")
    write_made_up(home / "bank", 300)
    shutil.copy(ROOT / "question_bank" / "syllabus.yaml", home / "bank")
    return Learner(home, Course(DAYS, UNTIL, 7), bank=home / "bank").study().world


@pytest.fixture(scope="module")
def log(world: World) -> Iterator[sqlite3.Connection]:
    log = open_log(world.paths.log)
    yield log
    log.close()


@pytest.fixture(scope="module")
def reviews(log: sqlite3.Connection) -> list[Review]:
    """The answers that stand."""
    return list(memories.reviews(log))


@pytest.fixture(scope="module")
def bank(world: World) -> Mapping[str, Question]:
    with Desk(world) as desk:
        return {question.id: question for question in desk.catalogue.get(row.id for row in desk.catalogue.rows())}


def test_the_same_seed_writes_the_same_log(tmp_path: Path) -> None:
    first, second, other = (studied(tmp_path / name, seed, 14) for name, seed in (("a", 3), ("b", 3), ("c", 4)))
    assert dumped(first).count('INSERT INTO "review"') > 50
    assert dumped(first) == dumped(second)
    assert dumped(first) != dumped(other)


def test_every_answer_is_graded_as_it_was_logged(reviews: list[Review], bank: Mapping[str, Question]) -> None:
    assert len(reviews) > 500
    for review in reviews:
        question = bank[review.question]
        exercise = draw(question, review.seed)
        verdict = grade(exercise.body, checked(exercise.body, review.answer))
        assert (review.key, review.params) == (question.key, exercise.params)
        assert (review.score, review.right) == (verdict.score, verdict.right), review
        if review.rated_by == "rule":
            reply = Reply(review.answer, review.confidence, review.seconds, paced=True)
            assert review.rating is rate(question.kind, verdict, reply, question.seconds), review


def test_what_is_remembered_is_the_log_replayed(log: sqlite3.Connection, bank: Mapping[str, Question]) -> None:
    known = {question: met.memory for question, met in memories.memories(log).items() if met.memory}
    replayed = replay(steps(log), {question.id: question.key for question in bank.values()})
    assert known == replayed.memories
    assert memories.drift(log) == pytest.approx(replayed.drift, abs=1e-12)
    assert len(known) > 100


def test_the_log_spans_the_days_asked_for(log: sqlite3.Connection) -> None:
    days = sorted({day for (day,) in log.execute("select day from review")})
    assert (days[0], days[-1]) == (UNTIL - DAYS + 1, UNTIL)
    weekends = [day for day in days if (EPOCH + timedelta(days=day)).weekday() >= 5]
    assert 0.1 * len(days) < len(weekends) < 2 / 7 * len(days)
    assert max(later - day for day, later in pairwise(days)) > 6


def test_a_day_ends_at_four_and_some_are_used_past_midnight(log: sqlite3.Connection) -> None:
    rows = log.execute("select day, at from review order by id").fetchall()
    here = [(day, datetime.fromisoformat(at).astimezone()) for day, at in rows]
    assert all((at - DAY_STARTS_AT).date() - EPOCH == timedelta(days=day) for day, at in here)
    assert any(at.date() - EPOCH > timedelta(days=day) for day, at in here)
    assert [at for _, at in here] == sorted(at for _, at in here)
    assert len({at.hour for _, at in here}) > 5


def test_shares_and_confidence_are_a_persons(reviews: list[Review]) -> None:
    def right(confidence: str | None) -> float:
        told = [review.right for review in reviews if review.confidence == confidence]
        assert len(told) > 10
        return sum(told) / len(told)

    said = Counter(review.confidence for review in reviews)
    assert 0.7 < sum(review.right for review in reviews) / len(reviews) < 0.9
    assert 0.78 < right("sure") < 0.94
    assert 0.4 < right("unsure") < 0.85
    assert 0.1 < right("guessed") < 0.7
    assert right("sure") > max(right("unsure"), right("guessed"))
    assert said["sure"] > said["unsure"] > said["guessed"]
    assert [review.confidence for review in reviews if isinstance(review.answer, DontKnow)] == [None] * said[None]


def test_a_learner_undoes_suspends_rates_and_quizzes(log: sqlite3.Connection) -> None:
    rated = {rating for (rating,) in log.execute("select rating from review where rated_by = 'learner'")}
    assert rated == {Rating.AGAIN, Rating.EASY}
    undone = "select count(*) from retraction where review not in (select replaces from review where replaces not null)"
    assert log.execute(undone).fetchone()[0] > 1
    assert memories.suspended(log)
    assert {mode for (mode,) in log.execute("select distinct mode from review")} == {"review", "quiz"}


def test_the_shipped_bank_is_studied_too(tmp_path: Path) -> None:
    world = studied(tmp_path, 7)
    with Desk(world) as desk:
        met = memories.memories(desk.log)
        assert len(met) > 0.5 * min(len(desk.catalogue), 150)


def test_a_made_up_bank_has_no_problems(tmp_path: Path) -> None:
    write_made_up(tmp_path / "bank", 1_000)
    catalogue = Catalogue(tmp_path / "bank.db", (ROOT / "question_bank", tmp_path / "bank"))
    assert catalogue.problems() == []
    kinds = Counter(row.kind for row in catalogue.rows())
    assert min(kinds.values()) > 25
    assert {row.topic for row in catalogue.rows()} == set(catalogue.syllabus().topics())
    catalogue.close()


def test_by_hand_it_writes_a_log_that_the_program_shows(mlquiz: Run, home: Path) -> None:
    def by_hand() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "tests/learner.py", "--home", str(home), "--days", "5", "--until", "2026-11-20"],
            cwd=ROOT, env=clean(home), capture_output=True, encoding="utf-8", timeout=60,
        )  # fmt: skip

    done = by_hand()
    assert (done.returncode, done.stderr) == (0, "")
    shown = mlquiz("report", "--format", "json", env={"MLQUIZ_PROFILE": "demo", "MLQUIZ_TODAY": "2026-11-20"})
    days = json.loads(shown.stdout)["history"]
    assert (days[0]["day"], days[-1]["day"]) == ("2026-11-16", "2026-11-20")
    again = by_hand()
    assert again.returncode == 2
    assert "a log of demo already" in again.stderr
