"""The days of a report: load and recall ahead, and a streak that only a day with something due can break."""

import pytest
from builders import review
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquiz.core.days import Known, forecast, load, streak
from mlquiz.core.memory import Memory, drifted, due, recall
from mlquiz.core.plan import Plan
from mlquiz.core.scheduler import Trace, learn

TODAY = 100
PLAN = Plan()

memories = st.lists(st.builds(Memory, st.floats(0.1, 400), st.floats(1, 10), st.integers(0, TODAY)), max_size=20)


@settings(max_examples=80, deadline=None)
@given(memories)
def test_the_load_ahead_counts_each_question_once_and_what_is_overdue_today(remembered: list[Memory]) -> None:
    ahead = load(Known({f"q{n}": memory for n, memory in enumerate(remembered)}), PLAN, TODAY)
    days = [due(memory, PLAN) for memory in remembered]
    assert [one.day for one in ahead] == list(range(TODAY, TODAY + 14))
    assert ahead[0].due == sum(day <= TODAY for day in days)
    assert sum(one.due for one in ahead) == sum(day < TODAY + 14 for day in days)


def test_recall_ahead_is_the_mean_chance_with_drift() -> None:
    one, other = Memory(10, 5, TODAY - 5), Memory(40, 5, TODAY)
    ahead = forecast(Known({"a": one, "b": other}, 0.3), TODAY)
    assert [point.day - TODAY for point in ahead] == [0, 1, 3, 7, 14, 21, 30]
    for point in ahead:
        chances = [drifted(recall(memory, point.day), 0.3) for memory in (one, other)]
        assert point.recall == pytest.approx(sum(chances) / 2)


def test_a_revised_question_is_due_today() -> None:
    assert load(Known({}, revised=["a.b.c"]), PLAN, TODAY)[0].due == 1


def test_what_was_put_off_today_is_due_tomorrow() -> None:
    known = Known({"a.b.c": Memory(1, 5, TODAY - 9)}, revised=["a.b.d"], put_off={"a.b.c", "a.b.d"})
    assert [one.due for one in load(known, PLAN, TODAY)][:3] == [0, 2, 0]


FORGOTTEN = Known({"ml.trees.due": Memory(1, 5, TODAY - 50)})
"""A question that has been due on every day of the last seven weeks."""


@pytest.mark.parametrize(
    ("days", "length"),
    [
        ([], 0), ([0], 1), ([1], 1), ([2], 0), ([0, 1, 2], 3), ([1, 2], 2), ([0, 2, 3], 1), ([0, 0, 1], 2),
        ([2, 3, 4], 0), ([-3, 0, 1], 2),
    ],
)  # fmt: skip
def test_while_something_is_due_the_streak_is_days_in_a_row_up_to_today_or_yesterday(
    days: list[int], length: int
) -> None:
    """The days are counted back from today; one lies ahead, after a clock that jumped back."""
    reviews = [review(n, f"ml.trees.q{n}", TODAY - back) for n, back in enumerate(days)]
    assert streak(reviews, FORGOTTEN, PLAN, TODAY) == length


def test_a_day_with_nothing_due_breaks_no_streak() -> None:
    reviews = [review(1, day=80), review(2, day=90), review(3, day=100)]
    assert streak(reviews, Known({}), PLAN, TODAY) == 3


@pytest.mark.parametrize(("second", "length"), [(80 + 12, 2), (80 + 13, 1)])
def test_whether_something_was_due_then_follows_from_the_recall_it_had_when_it_was_answered(
    second: int, length: int
) -> None:
    """With a stability of 12 days it is due on day 92: answered then, nothing was put off; a day later, one was."""
    memory = Memory(12.0, 5, 80)
    trace = Trace(second, "000002", "ml.trees.gini", recall(memory, second), True)
    known = Known({"ml.trees.gini": Memory(200, 5, second)}, traces=[trace])
    reviews = [review(1, day=80), review(2, day=second)]
    assert due(memory, PLAN) == 92
    assert streak(reviews, known, PLAN, TODAY) == length


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.integers(1, 4), st.floats(0.8, 0.97))
def test_the_streak_agrees_with_asking_every_day_what_was_due(gaps: list[int], rating: int, retention: float) -> None:
    plan, days = Plan(retention=retention), [0]
    for gap in gaps:
        days.append(days[-1] + gap)
    memory, traces, dues = None, [], []
    for day in days:
        if memory:
            traces.append(Trace(day, f"{day:06d}", "ml.trees.gini", recall(memory, day), rating > 1))
        memory = learn(memory, rating, day)
        dues.append(due(memory, plan))
    today = days[-1] + 3
    assert memory
    waited = {day for at, then in zip(dues, [*days[1:], today + 1], strict=True) for day in range(at, then)}
    wanted = 0
    for day in range(today, -1, -1):
        if day in days:
            wanted += 1
        elif day < today and day in waited:
            break
    reviews = [review(day, day=day) for day in days]
    assert streak(reviews, Known({"ml.trees.gini": memory}, traces=traces), plan, today) == wanted
