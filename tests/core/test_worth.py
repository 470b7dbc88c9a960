"""What asking is worth: never negative for what fades, more for what would be lost, by the learner's own time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquiz.core.memory import Memory, recall
from mlquiz.core.scheduler import KNOWN_PRIOR, learn, outcomes
from mlquiz.core.worth import CAP, SUCCESSES, Pace, Timed, of_seen, of_unseen, paces

memories = st.builds(Memory, st.floats(0.1, 400), st.floats(1, 10), st.integers(0, 50))


@settings(max_examples=200, deadline=None)
@given(memories, st.integers(0, 60), st.integers(1, 40))
def test_the_gain_is_what_is_expected_with_it_less_what_is_expected_without(
    memory: Memory, waited: int, left: int
) -> None:
    today = memory.last + waited
    worth = of_seen(memory, 0.0, today, today + left, 60, Pace())
    p = recall(memory, today)
    again, *passed = (recall(learn(memory, rating, today), today + left) for rating in (1, 2, 3, 4))
    after = (1 - p) * again + p * sum(share * r for share, r in zip(SUCCESSES, passed, strict=True))
    assert worth.gain == pytest.approx(after - recall(memory, today + left), abs=1e-6)
    assert worth.seconds == pytest.approx(60 * (p / 3 + (1 - p) * (0.75 + 1 / 3)), rel=1e-4)


def test_outcomes_are_those_of_learning() -> None:
    memory = Memory(7.0, 5.0, 3)
    assert outcomes(memory, 9) == tuple(learn(memory, rating, 9) for rating in (1, 2, 3, 4))
    assert outcomes(None, 9) == tuple(learn(None, rating, 9) for rating in (1, 2, 3, 4))


def test_of_an_unseen_question_only_what_is_not_known_yet_is_gained() -> None:
    worth = of_unseen(1.0, 10, 20, 100, Pace())
    assert worth.gain == pytest.approx(0, abs=1e-9)  # it would be known anyway: the prior is that of a known one
    assert worth.seconds == pytest.approx(50)
    learnt = of_unseen(0.0, 10, 20, 100, Pace())
    assert learnt.gain == pytest.approx(recall(learn(None, 1, 10), 20))
    assert learnt.seconds == pytest.approx(100 * (1.25 + 1 / 3))
    assert 0 < of_unseen(0.5, 10, 20, 100, Pace()).gain < learnt.gain
    assert KNOWN_PRIOR == 30


def test_the_pace_is_the_learners_own_where_there_are_answers_to_go_by() -> None:
    assert paces([]) == {}
    own = paces([Timed("code", True, True, 0.9)] * 10 + [Timed("code", False, False, 100.0)] * 30)
    assert own["code"].new_known == pytest.approx((0.9 + 0.5) / 2)
    assert own["code"].unknown == pytest.approx((30 * CAP + 10 * 0.75) / 40)
    assert own["code"].known == Pace().known
    assert own.keys() == {"code"}
