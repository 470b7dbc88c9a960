"""The days to come: the plan's own rule tried out, as sure as the evidence, and the same for the same log."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquiz.core.ability import Meeting, ability, cholesky
from mlquiz.core.agenda import Item, Learner
from mlquiz.core.course import Course, Held, Left, combined, course
from mlquiz.core.memory import Memory, drift_variance, recall
from mlquiz.core.plan import Plan, weekday

TOPICS = ["ml.a", "ml.b", "dl.c"]
DAY = 1_000
PLAN = Plan(start=DAY, interview=DAY + 14)


def bank(size: int = 30, met: int = 0) -> list[tuple[Item, Memory | None]]:
    items = [Item(f"{TOPICS[n % 3]}.q{n}", TOPICS[n % 3], "single", 3, 60) for n in range(size)]
    return [(item, Memory(5.0, 5, DAY - 3) if n < met else None) for n, item in enumerate(items)]


def learner(meetings: list[Meeting], size: int = 30, answers: int = 0) -> Learner:
    shares = dict.fromkeys(TOPICS, 1 / size)
    return Learner(ability(meetings, TOPICS), 0.0, {}, dict.fromkeys(TOPICS, 1 / 3), shares, drift_variance(answers))


def looked(plan: Plan = PLAN, met: int = 0, left: tuple[int, float] = (20, 1200)) -> Course:
    return course(bank(met=met), learner([]), plan, DAY, DAY + 14, Left(*left))


def test_every_day_until_the_eve_of_the_last_has_its_minutes_its_new_questions_and_its_reviews() -> None:
    found = looked()
    assert [day.day for day in found.days] == list(range(DAY, DAY + 14))
    assert 0 < found.days[0].new <= 30
    assert found.days[0].reviews == 0
    assert sum(day.new for day in found.days) <= 30
    assert all(day.minutes <= 21 for day in found.days)
    assert found.days[-1].points == found.points[""]
    assert found.points[""].seen == 30


def test_it_is_the_same_whenever_it_is_asked() -> None:
    assert looked() == looked()


def test_studying_pays_and_a_day_off_holds_nothing() -> None:
    found = looked(PLAN._replace(days_off=(weekday(DAY + 2),)))
    assert (found.days[2].minutes, found.days[2].new, found.days[2].reviews) == (0, 0, 0)
    assert found.points[""].points > found.days[0].points.points
    assert found.points[""].points > 85


def test_what_is_left_of_today_is_all_that_today_holds() -> None:
    assert looked(left=(0, 1200)).days[0].new == 0
    spent = looked(left=(20, 0)).days[0]
    assert (spent.minutes, spent.new) == (0, 0)


def test_groups_are_the_whole_each_area_and_each_topic() -> None:
    found = looked(met=30)
    assert list(found.points) == ["", "dl", "ml", *sorted(TOPICS)]
    mean = (10 * found.points["dl"].points + 20 * found.points["ml"].points) / 30
    assert found.points[""].points == pytest.approx(mean)


def test_without_study_it_is_the_recall_of_what_was_met() -> None:
    rests = PLAN._replace(days_off=tuple(range(7)))
    sure = learner([], answers=10_000)._replace(drift_variance=0.0)
    found = course(bank(met=30), sure, rests, DAY, DAY + 14, Left(0, 0))
    assert found.points[""].points == pytest.approx(100 * recall(Memory(5.0, 5, DAY - 3), DAY + 14))


def test_the_less_is_known_of_the_learner_the_wider_the_interval() -> None:
    rests = PLAN._replace(days_off=tuple(range(7)))
    met = [Meeting(topic, 3, n % 2 == 0) for topic in TOPICS for n in range(40)]
    wide, narrow = (course(bank(), learner(some), rests, DAY, DAY + 14, Left(0, 0)).points[""] for some in ([], met))
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


def test_the_interval_joins_the_spread_between_runs_and_that_of_which_are_known() -> None:
    runs = [Held(1.0, mean, 0.0009, 10, 20) for mean in (0.5, 0.7)]
    found = combined(runs)
    half = 128.155 * sqrt(0.02 + 0.0009)
    assert (found.points, found.low, found.high) == pytest.approx((60, 60 - half, 60 + half), rel=1e-4)
    assert (found.seen, found.unseen) == (10, 20)


@given(st.integers(1, 8), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_cholesky_is_the_root_of_its_matrix(size: int, seed: int) -> None:
    some = np.random.default_rng(seed).normal(size=(size, size))
    matrix = some @ some.T + np.eye(size)
    lower = np.array([[*row, *[0.0] * (size - len(row))] for row in cholesky(matrix.tolist())])
    assert np.allclose(lower @ lower.T, matrix)


def test_drift_is_less_uncertain_with_every_answer_and_never_certain() -> None:
    variances = [drift_variance(n) for n in (0, 10, 100, 1000, 100_000)]
    assert variances == sorted(variances, reverse=True)
    assert variances[0] == 0.25
    assert variances[-1] == pytest.approx(0.025)
