"""A plan says what holds on a day: which retention, whether the final phase has begun, what weighs how much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlquiz.core.plan import EARLY, Plan

SHARES = {"ml.a": 0.3, "ml.b": 0.3, "dl.c": 0.4}


@pytest.mark.parametrize(("start", "interview", "begins"), [(0, 30, 21), (0, 14, 10), (0, 5, 3), (0, 2, 0), (0, 1, -1)])
def test_the_final_phase_is_the_last_third_and_two_days_at_least(start: int, interview: int, begins: int) -> None:
    plan = Plan(start=start, interview=interview)
    assert plan.final_from() == begins
    assert [day for day in range(start, interview + 2) if plan.final(day)] == list(range(max(start, begins), interview))


def test_until_then_questions_come_back_later_and_from_the_day_on_as_without_a_date() -> None:
    plan = Plan(start=0, interview=30)
    assert plan.on(0).retention == plan.on(20).retention == EARLY
    assert plan.on(21).retention == plan.on(30).retention == plan.on(99).retention == 0.9
    assert [plan.left(day) for day in (0, 29, 30, 31)] == [30, 1, None, None]
    assert Plan().on(5) == Plan()
    assert Plan(retention=0.7, start=0, interview=30).on(0).retention == 0.7


@given(st.dictionaries(st.sampled_from(["ml", "dl", "ml.a", "dl.c", "sys"]), st.floats(0, 9)))
def test_weights_stay_shares_of_one(factors: dict[str, float]) -> None:
    weighted = Plan(weights=factors).weighted(SHARES)
    assert weighted.keys() == SHARES.keys()
    assert sum(weighted.values()) == pytest.approx(1)


def test_a_factor_moves_its_area_or_topic_and_both_multiply() -> None:
    assert Plan(weights={"ml": 2.0}).weighted(SHARES) == pytest.approx({"ml.a": 0.375, "ml.b": 0.375, "dl.c": 0.25})
    both = Plan(weights={"ml": 2.0, "ml.a": 0.0}).weighted(SHARES)
    assert both == pytest.approx({"ml.a": 0.0, "ml.b": 0.6, "dl.c": 0.4})
