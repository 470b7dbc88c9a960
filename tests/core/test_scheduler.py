"""The fold of the log: it agrees with an independent FSRS, and undo never un-misses."""

from datetime import UTC, datetime, timedelta

import pytest
from builders import step
from fsrs import Card, Rating, Scheduler
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquiz.core.memory import Memory, drift_after, recall
from mlquiz.core.scheduler import KNOWN_PRIOR, Step, Trace, drift, fold, learn, replay

ratings = st.integers(1, 4)
history = st.lists(st.tuples(st.integers(1, 400), ratings), min_size=1, max_size=15)
DAY_ZERO = datetime(2026, 1, 1, 12, tzinfo=UTC)


def fresh(rating: int) -> float:
    """Stability after a first answer without known prior."""
    return learn(None, rating, 0).stability


@settings(max_examples=80, deadline=None)
@given(history)
def test_memory_agrees_with_an_independent_fsrs(answers: list[tuple[int, int]]) -> None:
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, day, steps = Card(), 0, []
    for number, (elapsed, rating) in enumerate(answers):
        day += elapsed
        card, _ = scheduler.review_card(card, Rating(rating), DAY_ZERO + timedelta(days=day))
        steps.append(step(number, day, rating))
    folded = fold(steps)
    assert folded is not None
    assert folded.memory is not None
    assert folded.memory.last == day
    assert folded.memory.stability == pytest.approx(card.stability, rel=1e-4)
    assert folded.memory.difficulty == pytest.approx(card.difficulty, rel=1e-4)
    later = DAY_ZERO + timedelta(days=day + 30)
    assert recall(folded.memory, day + 30) == pytest.approx(scheduler.get_card_retrievability(card, later), rel=1e-4)


@settings(max_examples=40, deadline=None)
@given(history, ratings, st.integers(-400, 0))
def test_elapsed_days_are_never_negative(answers: list[tuple[int, int]], rating: int, back: int) -> None:
    memory, day = None, 0
    for elapsed, given_rating in answers:
        day += elapsed
        memory = learn(memory, given_rating, day)
    assert learn(memory, rating, day + back) == learn(memory, rating, day)


@pytest.mark.parametrize("rating", [0, 5, -1])
def test_what_is_no_rating_is_refused_before_fsrs_panics(rating: int) -> None:
    with pytest.raises(ValueError, match="no rating"):
        learn(None, rating, 0)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), ratings), min_size=1, max_size=12), st.randoms())
def test_only_the_first_answer_of_a_day_moves_memory(answers: list[tuple[int, int]], random: object) -> None:
    steps = [step(number, day, rating) for number, (day, rating) in enumerate(answers)]
    firsts = {one.day: one for one in reversed(steps)}
    shuffled = sorted(steps, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert fold(shuffled) == fold(firsts.values())


def test_no_answers_fold_to_nothing() -> None:
    assert fold([]) is None
    assert replay([], {}) == ({}, 0.0)


# the known prior


def test_a_question_known_at_its_first_meeting_lasts_thirty_days() -> None:
    folded = fold([step(1, rating=3, vouched=True)])
    assert folded is not None
    assert folded.memory == Memory(KNOWN_PRIOR, learn(None, 3, 0).difficulty, 0)


def test_a_known_prior_is_a_floor_and_takes_nothing_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlquiz.core.scheduler.KNOWN_PRIOR", 1.0)
    folded = fold([step(1, rating=4, vouched=True)])
    assert folded is not None
    assert folded.memory == learn(None, 4, 0)


def test_only_the_first_meeting_gives_a_known_prior() -> None:
    folded = fold([step(1, 0, 1), step(2, 1, 3, vouched=True)])
    assert folded is not None
    assert folded.memory == learn(learn(None, 1, 0), 3, 1)


def test_a_second_answer_on_the_first_day_gives_no_known_prior() -> None:
    folded = fold([step(1, 0, 1), step(2, 0, 3, vouched=True)])
    assert folded is not None
    assert folded.memory == learn(None, 1, 0)


def test_a_retracted_answer_spends_the_first_meeting() -> None:
    """Whoever misses, undoes, and answers again knew nothing before."""
    folded = fold([step(1, 0, 1, standing=False), step(2, 0, 3, vouched=True)])
    assert folded is not None
    assert folded.memory == learn(None, 3, 0)


def test_the_first_meeting_stays_spent_on_later_days() -> None:
    folded = fold([step(1, 0, 1, standing=False), step(2, 9, 3, vouched=True)])
    assert folded is not None
    assert folded.memory == learn(None, 3, 9)  # not known before, though sure
    assert folded.first == 9  # the first day that stands: it takes one of that day's new questions


def test_the_first_answer_corrected_by_the_learner_is_still_the_first_meeting() -> None:
    original = step(1, 0, 2, standing=False)
    corrected = step(5, 0, 3, root=original.id, vouched=True)
    folded = fold([original, step(2, 0, 1), corrected])
    assert folded is not None
    assert folded.memory is not None
    assert folded.memory.stability == KNOWN_PRIOR


def test_a_corrected_answer_taken_back_leaves_nothing_but_the_meeting() -> None:
    original = step(1, 0, 2, standing=False)
    folded = fold([original, step(2, 0, 3, root=original.id, standing=False)])
    assert folded is not None
    assert (folded.memory, folded.first, folded.traces) == (None, 0, [])


def test_answers_under_another_key_do_not_count() -> None:
    """A revised question is met for the first time, with its prior."""
    steps = [step(1, 0, 1), step(2, 5, 3, key="k2", vouched=True)]
    assert replay(steps, {"ml.trees.gini": "k2"}).memories["ml.trees.gini"].stability == KNOWN_PRIOR
    assert replay(steps, {"ml.trees.gini": "k1"}).memories["ml.trees.gini"] == learn(None, 1, 0)
    assert replay(steps, {"ml.trees.gini": "k3"}).memories == {}
    assert replay(steps, {}).memories == {}


# retraction, drift, replay

steps_of_three = st.lists(
    st.builds(
        lambda day, rating, name, standing, vouched: (day, rating, f"ml.trees.q{name}", standing, vouched),
        st.integers(0, 12), ratings, st.integers(0, 2), st.booleans(), st.booleans(),
    ), max_size=20,
)  # fmt: skip


def built(rows: list[tuple[int, int, str, bool, bool]]) -> list[Step]:
    return [
        step(number, day, rating, question=name, standing=standing, vouched=vouched)
        for number, (day, rating, name, standing, vouched) in enumerate(rows)
    ]


@settings(max_examples=80, deadline=None)
@given(steps_of_three)
def test_a_retracted_answer_never_was_except_that_it_spends_the_first_meeting(
    rows: list[tuple[int, int, str, bool, bool]],
) -> None:
    steps = built(rows)
    keys = {one.question: one.key for one in steps}
    meetings: dict[str, Step] = {}
    for one in sorted(steps, key=lambda one: (one.day, one.id)):
        meetings.setdefault(one.question, one)
    without = [one._replace(vouched=one.vouched and meetings[one.question] is one) for one in steps if one.standing]
    assert replay(steps, keys) == replay(without, keys)


@settings(max_examples=60, deadline=None)
@given(steps_of_three, st.randoms())
def test_the_log_replays_to_the_same_whatever_the_order_it_is_read_in(
    rows: list[tuple[int, int, str, bool, bool]], random: object
) -> None:
    """Two machines merge by union of ids."""
    steps = built(rows)
    keys = {one.question: one.key for one in steps}
    assert replay(sorted(steps, key=lambda _: random.random()), keys) == replay(steps, keys)  # type: ignore[attr-defined]


def test_traces_hold_the_recall_before_each_answer_to_a_seen_question() -> None:
    folded = fold([step(1, 0, 3), step(2, 0, 1), step(3, 4, 1), step(4, 9, 2)])
    assert folded is not None
    first, second = learn(None, 3, 0), learn(learn(None, 3, 0), 1, 4)
    assert folded.traces == [
        Trace(4, "000003", "ml.trees.gini", recall(first, 4), False),
        Trace(9, "000004", "ml.trees.gini", recall(second, 9), True),
    ]


def test_drift_folds_the_traces_in_the_order_of_days_and_ids() -> None:
    one, two, three = (
        Trace(1, "b", "ml.trees.gini", 0.9, False),
        Trace(1, "c", "ml.trees.gini", 0.8, True),
        Trace(2, "a", "ml.trees.gini", 0.7, True),
    )
    b = drift_after(drift_after(drift_after(0, 0.9, False), 0.8, True), 0.7, True)
    assert drift([three, two, one]) == b
    assert drift([]) == 0


def test_the_drift_of_one_miss_at_nine_tenths() -> None:
    assert drift([Trace(1, "a", "ml.trees.gini", 0.9, False)]) == pytest.approx(-0.045)
    assert drift([Trace(1, "a", "ml.trees.gini", 0.9, True)]) == pytest.approx(0.005)


def test_the_drift_is_shared_by_all_questions() -> None:
    steps = [step(n, day, 3, question=f"ml.trees.q{n % 2}") for n, day in enumerate((0, 0, 5, 6))]
    traces = [
        Trace(5, "000002", "ml.trees.gini", recall(learn(None, 3, 0), 5), True),
        Trace(6, "000003", "ml.trees.gini", recall(learn(None, 3, 0), 6), True),
    ]
    assert replay(steps, {"ml.trees.q0": "k1", "ml.trees.q1": "k1"}).drift == drift(traces)


def test_easier_answers_are_remembered_longer() -> None:
    assert fresh(1) < fresh(2) < fresh(3) < fresh(4) < KNOWN_PRIOR
