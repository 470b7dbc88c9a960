"""The reading side: what is due, what is new, what stands, in the order in which it counts."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing

import pytest
from builders import ids, review
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquiz.core.answer import Computed
from mlquiz.core.memory import Load, Memory, due
from mlquiz.core.plan import Plan
from mlquiz.core.review import Rating, Review
from mlquiz.store import memories
from mlquiz.store.database import open_memory
from mlquiz.store.journal import Journal

GINI = "ml.trees.gini"
NOW = "2026-01-01T12:00:00.000Z"
THREE_NEW = Plan(new_per_day=3)


@pytest.fixture
def log() -> Iterator[sqlite3.Connection]:
    with closing(open_memory()) as log:
        yield log


@pytest.fixture
def journal(log: sqlite3.Connection) -> Journal:
    return Journal(log, ids())


HALVES = st.integers(0, 400).map(lambda whole: whole + 0.5)
"""Stabilities that are rounded up to a day when the retention is 0.9."""

remembered = st.lists(
    st.tuples(
        st.sampled_from(["ml.trees", "ml.svm", "dl.cnn"]),
        st.builds(Memory, st.floats(0.001, 36500) | HALVES, st.floats(1, 10), st.integers(0, 300)),
    ), max_size=25,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(remembered, st.floats(0.7, 0.99) | st.just(0.9), st.integers(0, 400))
def test_due_in_sql_is_due_in_python(rows: list[tuple[str, Memory]], retention: float, today: int) -> None:
    plan = Plan(retention=retention)
    with closing(open_memory()) as log:
        log.executemany(
            "insert into memory values (?, 'k1', ?, ?, ?, 0)",
            [(f"{topic}.q{n}", *memory) for n, (topic, memory) in enumerate(rows)],
        )
        loaded = memories.load(log, plan, today, 99)
    assert loaded.topics == dict(Counter(topic for topic, memory in rows if due(memory, plan) <= today))
    assert list(loaded.topics) == sorted(loaded.topics)


def test_half_a_day_is_rounded_up_in_sql_as_in_python(log: sqlite3.Connection) -> None:
    memory = Memory(6.5, 5.0, 50)
    log.execute("insert into memory values ('ml.trees.q', 'k1', ?, ?, ?, 0)", memory)
    assert due(memory, Plan()) == 57
    assert [memories.load(log, Plan(), today, 1).due for today in (56, 57)] == [0, 1]


def test_a_question_is_due_from_its_day_on(log: sqlite3.Connection, journal: Journal) -> None:
    memory = journal.append(review(101, day=50))
    assert memory is not None
    day = due(memory, Plan())
    assert [memories.load(log, Plan(), today, 1).due for today in (50, day - 1, day, day + 99)] == [0, 0, 1, 1]


def test_a_revised_question_is_due_at_once(log: sqlite3.Connection, journal: Journal) -> None:
    journal.append(review(101, day=50))
    journal.sync({GINI: "k2"}, "revised")
    assert memories.met(log, GINI) == memories.Met(None, None)
    assert memories.load(log, Plan(), 50, 1) == Load({"ml.trees": 1}, 0)
    journal.append(review(102, day=50, key="k2"))
    assert memories.load(log, Plan(), 50, 1).due == 0


def test_a_revised_question_answered_again_is_due_by_its_new_memory(log: sqlite3.Connection, journal: Journal) -> None:
    journal.append(review(101, day=0, rating=1))
    journal.sync({GINI: "k2"}, "revised")
    journal.append(review(102, day=50, key="k2"))
    assert memories.met(log, GINI) == memories.Met(journal.append(review(103, day=50, key="k2")), 0)


def test_a_suspended_question_is_not_due_until_it_is_resumed(log: sqlite3.Connection, journal: Journal) -> None:
    journal.append(review(101, day=0))
    due_by_step = []
    for what in ("suspended", "resumed", "suspended"):
        journal.mark(GINI, what, NOW)
        due_by_step.append((memories.load(log, Plan(), 900, 1).due, memories.suspended(log)))
    assert due_by_step == [(0, {GINI}), (1, set()), (0, {GINI})]


def test_a_question_put_off_is_not_due_on_that_day_alone(log: sqlite3.Connection, journal: Journal) -> None:
    journal.append(review(101, day=0))
    journal.mark(GINI, "not today", "2026-03-05T20:00:00.000Z")
    for began, off in [("2026-03-05T03:00:00.000Z", {GINI}), ("2026-03-06T03:00:00.000Z", set())]:
        assert memories.put_off(log, began) == off
        assert memories.load(log, Plan(), 900, 1, off).due == (0 if off else 1)


# today's share of new questions


def new(log: sqlite3.Connection, today: int = 0, in_bank: int = 9, bank: Iterable[str] = ()) -> int:
    """What is left of today's share, as the desk asks for it; `bank` names the questions that may be suspended."""
    return memories.load(log, THREE_NEW, today, in_bank - len(memories.idle(log) & set(bank))).new


def test_each_first_meeting_takes_one_of_todays_share(log: sqlite3.Connection, journal: Journal) -> None:
    left = [new(log)]
    for number in range(5):
        journal.append(review(100 + number, f"ml.trees.q{number}"))
        left.append(new(log))
    assert left == [3, 2, 1, 0, 0, 0]
    assert new(log, today=1) == 3


def test_a_second_answer_takes_nothing_more(log: sqlite3.Connection, journal: Journal) -> None:
    journal.append(review(101))
    journal.append(review(102))
    assert new(log) == 2
    journal.append(review(103, day=1))
    assert new(log, today=1) == 3


def test_an_answer_taken_back_gives_its_share_back(log: sqlite3.Connection, journal: Journal) -> None:
    journal.append(review(101))
    journal.retract([review(101)], NOW)
    assert new(log) == 3
    journal.append(review(102))
    assert new(log) == 2


def test_an_answer_to_a_question_taken_back_yesterday_takes_one_of_todays_share(
    log: sqlite3.Connection, journal: Journal
) -> None:
    journal.append(review(101))
    journal.retract([review(101)], NOW)
    journal.append(review(102, day=1))
    assert new(log, today=1) == 2


def test_there_are_no_more_new_questions_than_the_bank_has_unseen(log: sqlite3.Connection, journal: Journal) -> None:
    journal.append(review(101, "ml.trees.q1", day=0))
    journal.append(review(102, "ml.trees.q2", day=0))
    assert new(log, today=1, in_bank=4) == 2
    assert new(log, today=1, in_bank=2) == 0


def test_a_suspended_question_is_not_new(log: sqlite3.Connection, journal: Journal) -> None:
    bank = ["ml.trees.q1", "ml.trees.q2", "ml.trees.q3"]
    journal.append(review(101, "ml.trees.q1"))
    journal.mark("ml.trees.q1", "suspended", NOW)
    assert new(log, 1, 3, bank) == 2
    journal.mark("ml.trees.q2", "suspended", NOW)
    assert new(log, 1, 3, bank) == 1
    journal.mark("ml.trees.q2", "resumed", NOW)
    assert new(log, 1, 3, bank) == 2


def test_a_revised_question_is_not_new(log: sqlite3.Connection, journal: Journal) -> None:
    journal.append(review(101))
    journal.sync({GINI: "k2"}, "revised")
    assert new(log, today=1, in_bank=3) == 2
    journal.append(review(102, day=1, key="k2"))
    assert memories.load(log, THREE_NEW, 1, 9).new == 3  # met before: it takes none of the day's share


def test_a_suspended_question_that_left_the_bank_takes_no_new_one_away(
    log: sqlite3.Connection, journal: Journal
) -> None:
    journal.mark("ml.trees.gone", "suspended", NOW)
    journal.sync({"ml.trees.q1": "k1", "ml.trees.q2": "k1"}, "without it")
    assert new(log, 0, 2, ["ml.trees.q1", "ml.trees.q2"]) == 2


# what stands


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(Rating), st.booleans()), max_size=10))
def test_what_stands_is_read_back_as_it_was_written(rows: list[tuple[int, Rating, bool]]) -> None:
    written = [
        review(n, day=day, rating=rating, answer=Computed(n / 3, "x"), params={"tp": 8, "p": 0.1}, forecast=n / 20)
        for n, (day, rating, _) in enumerate(rows)
    ]
    with closing(open_memory()) as log:
        journal = Journal(log, ids())
        for one in written:
            journal.append(one)
        taken = [one for one, (_, _, back) in zip(written, rows, strict=True) if back]
        journal.retract(taken, NOW)
        stands = [one for one in written if one not in taken]
        assert list(memories.reviews(log)) == sorted(stands, key=lambda one: (one.day, one.id))
        assert list(memories.reviews(log, "another.question")) == []
        assert memories.latest(log, 3) == stands[:-4:-1]
        assert memories.answers_on(log, GINI, 2) == sum(one.day == 2 for one in stands)


def test_what_was_missed_today_and_not_passed_since_is_named_in_the_order_of_the_misses(
    log: sqlite3.Connection, journal: Journal
) -> None:
    told = [("a", 1), ("b", 1), ("c", 3), ("a", 3), ("d", 1), ("b", 1), ("e", 1)]
    answers: list[Review] = []
    for n, (name, rating) in enumerate(told):
        answers.append(review(101 + n, f"ml.trees.{name}", 5, rating))
        journal.append(answers[-1])
    journal.append(review(201, "ml.trees.f", 4, 1))
    journal.retract([answers[-1]], NOW)
    assert memories.missed_today(log, 5) == ["ml.trees.d", "ml.trees.b"]


def test_a_miss_corrected_by_the_learner_is_no_miss(log: sqlite3.Connection, journal: Journal) -> None:
    missed = review(101, day=5, rating=1)
    journal.append(missed)
    journal.correct(missed, Rating.HARD, NOW)
    assert memories.missed_today(log, 5) == []


def test_nobody_is_met_in_an_empty_log(log: sqlite3.Connection) -> None:
    assert memories.met(log, GINI) is None
    assert memories.memories(log) == {}
    assert memories.drift(log) == 0


@pytest.mark.parametrize("garbage", ["params = '[1'", "answer = 'Gini'", "params = x'00ff'"])
def test_an_answer_that_is_garbage_is_told_by_its_id(log: sqlite3.Connection, garbage: str) -> None:
    Journal(log, ids()).append(review(101))
    log.execute("drop trigger review_keeps")
    log.execute("pragma writable_schema = on")
    log.execute("update sqlite_master set sql = replace(sql, ') strict', ')') where name = 'review'")
    log.execute("pragma writable_schema = reset")
    log.execute(f"update review set {garbage}")
    with pytest.raises(sqlite3.DatabaseError, match=r"the answer 000101 to ml\.trees\.gini is damaged"):
        list(memories.reviews(log))
