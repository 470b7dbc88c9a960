"""Grading: a score from 0 to 1, the solution is right, a known wrong answer is told the belief behind it."""

from itertools import combinations

import pytest
from builders import answers, kinds, question, seeds
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquiz.core.answer import Answer, Arranged, Computed, DontKnow, Explained, Given, Picked, checked
from mlquiz.core.draw import draw
from mlquiz.core.grading import arranged, grade, printed, solution
from mlquiz.core.parts import Criterion, Tolerance
from mlquiz.core.question import Kind, Number, Open, Order, Slipped


@settings(max_examples=300, deadline=None)
@given(kinds, seeds, st.data())
def test_a_score_is_a_share_and_only_a_full_one_is_right(kind: Kind, seed: int, data: st.DataObject) -> None:
    body = draw(question(kind), seed).body
    verdict = grade(body, checked(body, data.draw(answers(body))))
    assert 0 <= verdict.score <= 1
    assert verdict.right == (verdict.score >= (0.6 if kind == "open" else 1))


@settings(max_examples=100, deadline=None)
@given(kinds, seeds)
def test_the_solution_is_right(kind: Kind, seed: int) -> None:
    body = draw(question(kind), seed).body
    verdict = grade(body, checked(body, solution(body)))
    assert (verdict.score, verdict.right, verdict.note) == (1, True, "")


@settings(max_examples=20, deadline=None)
@given(kinds, seeds)
def test_not_knowing_is_wrong_and_scores_nothing(kind: Kind, seed: int) -> None:
    verdict = grade(draw(question(kind), seed).body, DontKnow())
    assert (verdict.score, verdict.right) == (0, False)


@pytest.mark.parametrize(
    ("kind", "answer", "score", "note"),
    [
        ("single", Picked(["gini"]), 1, ""),
        ("single", Picked(["entropy"]), 0, "Entropy is another measure."),
        ("multi", Picked(["lasso", "ridge"]), 0.5, ""),
        ("multi", Picked(["lasso", "ridge", "dropout", "logging"]), 0.5, "Logging does nothing."),
        ("multi", Picked(["lasso", "ridge", "logging"]), 0, "Logging does nothing."),
        ("order", Arranged(["fit", "split", "tune", "test"]), 2 / 3, "“Split” has to come before “Fit”"),
        ("order", Arranged(["test", "tune", "fit", "split"]), 0, "“Split” has to come before “Fit”"),
        ("short", Given(" the GRADIENT-clipping "), 1, ""),
        ("short", Given("Weight-Decay"), 0, "That shrinks weights."),
        ("short", Given("dropout"), 0, ""),
        ("output", Given("[1, 1]  \n\n"), 1, ""),
        ("output", Given("[2]\n"), 0, "The list repeats."),
        ("output", Given("[1,1]"), 0, ""),
        ("open", Explained(["leak"]), 0.6, ""),
        ("open", Explained(["time"]), 0.4, ""),
        ("open", Explained(["leak", "time", "random"]), 0.6, "Splits at random"),
        ("open", Explained(["random"]), 0, "Splits at random"),
        ("open", Explained([]), 0, ""),
    ],
)
def test_partial_credit_and_the_note_behind_a_known_mistake(
    kind: Kind, answer: Answer, score: float, note: str
) -> None:
    verdict = grade(draw(question(kind), 1).body, answer)
    assert verdict.score == pytest.approx(score)
    assert verdict.note == note


def test_open_passes_at_six_tenths() -> None:
    body = draw(question("open"), 1).body
    assert grade(body, Explained(["leak"])).right
    assert not grade(body, Explained(["time"])).right


NUMBER = Number(0.5, 0.01, "", [Slipped(0.7, "far"), Slipped(0.705, "near"), Slipped(0.505, "within the margin")])


@pytest.mark.parametrize(
    ("value", "right", "note"),
    [(0.5, True, ""), (0.51, True, ""), (0.49, True, ""), (0.5101, False, "within the margin"), (0.7, False, "far"),
     (0.706, False, "near"), (9e99, False, "")],
)  # fmt: skip
def test_a_number_counts_within_its_margin_and_the_nearest_known_mistake_is_told(
    value: float, right: bool, note: str
) -> None:
    verdict = grade(NUMBER, Computed(value))
    assert (verdict.right, verdict.note) == (right, note)


def test_two_slips_that_lead_to_one_number_are_both_told() -> None:
    slips = [Slipped(0.7, "halved"), Slipped(0.7 + 1e-12, "left out"), Slipped(0.705, "rounded")]
    assert grade(Number(0.5, 0.01, "", slips), Computed(0.7)).note == "halved Or: left out"


def test_a_margin_is_absolute_or_a_share_of_the_key() -> None:
    assert Tolerance(abs=0.5).margin(-200) == 0.5
    assert Tolerance(rel=0.01).margin(-200) == 2
    for both in ({}, {"abs": 1, "rel": 0.1}):
        with pytest.raises(ValueError, match="either"):
            Tolerance(**both)


STEPS = ["a", "b", "c", "d", "e"]
PAIRS = list(combinations(range(5), 2))


@settings(max_examples=100, deadline=None)
@given(st.permutations(STEPS), st.lists(st.sampled_from(PAIRS), min_size=2, unique=True), st.data())
def test_any_order_that_respects_all_pairs_is_right(
    hidden: list[str], places: list[tuple[int, int]], data: st.DataObject
) -> None:
    before = [(hidden[first], hidden[then]) for first, then in places]
    body = Order({key: key.upper() for key in STEPS}, before)
    assert sorted(arranged(body)) == STEPS
    assert grade(body, Arranged(arranged(body))).right
    assert grade(body, Arranged(hidden)).score == 1
    tried = data.draw(st.permutations(STEPS))
    broken = sum(tried.index(first) > tried.index(then) for first, then in before)
    assert grade(body, Arranged(tried)).score == pytest.approx(1 - broken / len(before))


def test_pairs_that_go_round_in_a_circle_are_refused() -> None:
    body = Order({"a": "A", "b": "B", "c": "C"}, [("a", "b"), ("b", "a")])
    with pytest.raises(ValueError, match="circle through a, b"):
        arranged(body)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=5), st.lists(st.integers(-5, -1), max_size=3), st.data()
)  # fmt: skip
def test_an_open_score_is_the_points_earned_less_red_flags(
    good: list[int], bad: list[int], data: st.DataObject
) -> None:
    body = Open(
        [Criterion(f"p{n}", points, "met") for n, points in enumerate(good)],
        [Criterion(f"f{n}", points, "said") for n, points in enumerate(bad)],
        "model",
    )
    answer = data.draw(answers(body).filter(lambda answer: isinstance(answer, Explained)))
    assert isinstance(answer, Explained)
    worth = {point.id: point.points for point in [*body.rubric, *body.red_flags]}
    share = sum(worth[id_] for id_ in answer.points) / sum(good)
    assert grade(body, answer).score == pytest.approx(min(1, max(0, share)))


def test_trailing_blanks_of_a_program_do_not_count_but_leading_ones_do() -> None:
    assert printed("a  \nb\n\n") == printed("a\nb") != printed(" a\nb")
    assert printed("a\r\nb") == printed("a\nb")
    assert printed("a\n\nb") != printed("a\nb")
