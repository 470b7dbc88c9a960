"""The forgetting curve in closed form, and the day on which a question is due."""

from datetime import UTC, datetime, timedelta
from math import exp, log

import fsrs_rs_python
import pytest
from fsrs import Card, Scheduler, State
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquiz.core.memory import DECAY, Load, Memory, drift_after, drifted, due, recall, span
from mlquiz.core.plan import Plan

memories = st.builds(Memory, st.floats(0.001, 36500), st.floats(1, 10), st.integers(0, 40_000))
chances = st.floats(0.001, 0.999)


def test_the_decay_is_the_last_default_weight_of_fsrs() -> None:
    assert pytest.approx(fsrs_rs_python.DEFAULT_PARAMETERS[-1], abs=1e-6) == DECAY


@settings(max_examples=60, deadline=None)
@given(memories, st.integers(0, 3650))
def test_recall_agrees_with_an_independent_fsrs(memory: Memory, elapsed: int) -> None:
    last = datetime(2026, 1, 1, tzinfo=UTC)
    card = Card(state=State.Review, stability=memory.stability, difficulty=memory.difficulty, last_review=last)
    theirs = Scheduler(enable_fuzzing=False).get_card_retrievability(card, last + timedelta(days=elapsed))
    assert recall(memory, memory.last + elapsed) == pytest.approx(theirs, rel=1e-4)


@settings(max_examples=60, deadline=None)
@given(memories, st.integers(-50, 3650))
def test_recall_falls_from_one_and_never_rises(memory: Memory, elapsed: int) -> None:
    now, later = (recall(memory, memory.last + days) for days in (elapsed, elapsed + 1))
    assert 0 < later <= now <= 1
    assert (now == 1) == (elapsed <= 0)


def test_recall_is_nine_tenths_when_the_stability_has_elapsed() -> None:
    assert span(0.9) == 1
    assert recall(Memory(10, 5, 100), 110) == pytest.approx(0.9)


@settings(max_examples=100, deadline=None)
@given(memories, st.floats(0.7, 0.99))
def test_a_question_is_due_on_the_day_nearest_to_the_retention_wanted(memory: Memory, retention: float) -> None:
    day = due(memory, Plan(retention=retention))
    exact = span(retention) * memory.stability
    assert day >= memory.last + 1
    assert day == memory.last + 1 or abs(day - memory.last - exact) <= 0.5
    assert (1 + (0.9 ** (-1 / DECAY) - 1) * exact / memory.stability) ** -DECAY == pytest.approx(retention)


@settings(max_examples=60, deadline=None)
@given(chances, st.floats(-3, 3))
def test_drift_moves_the_chance_on_the_logit_scale(chance: float, drift: float) -> None:
    moved = drifted(chance, drift)
    assert log(moved / (1 - moved)) == pytest.approx(log(chance / (1 - chance)) + drift, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(chances, st.floats(-3, 3))
def test_drift_takes_a_twentieth_of_the_surprise(chance: float, drift: float) -> None:
    believed = 1 / (1 + exp(-(log(chance / (1 - chance)) + drift)))
    assert drift_after(drift, chance, True) - drift == pytest.approx(0.05 * (1 - believed), abs=1e-9)
    assert drift_after(drift, chance, False) - drift == pytest.approx(-0.05 * believed, abs=1e-9)


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_certainty_can_still_be_moved(chance: float) -> None:
    assert 0 < drifted(chance, 0) < 1


def test_a_load_is_what_its_topics_hold() -> None:
    assert Load({"ml.trees": 2, "ml.svm": 3}, 4).due == 5
