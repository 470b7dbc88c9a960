"""Drawing: the same for a seed, for ever; every arrangement is possible; what is shown is the question."""

from itertools import permutations
from random import Random

import msgspec
import pytest
from builders import BODIES, answers, kinds, question, seeds
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquiz.core.draw import draw, shuffled, with_derived
from mlquiz.core.formula import FormulaError
from mlquiz.core.grading import grade
from mlquiz.core.parts import Parameter
from mlquiz.core.question import Kind, Multi, Number, Numeric, Order, Single


@settings(max_examples=60, deadline=None)
@given(kinds, seeds)
def test_the_same_seed_draws_the_same_exercise(kind: Kind, seed: int) -> None:
    assert draw(question(kind), seed) == draw(question(kind), seed)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["single", "multi", "order"]), seeds, seeds, st.data())
def test_the_order_shown_never_changes_a_grade(kind: Kind, one: int, other: int, data: st.DataObject) -> None:
    answer = data.draw(answers(draw(question(kind), one).body))
    first, second = (grade(draw(question(kind), seed).body, answer) for seed in (one, other))
    assert (first.score, first.right) == (second.score, second.right)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["single", "multi"]), seeds)
def test_all_options_are_shown_once(kind: Kind, seed: int) -> None:
    body, asked = draw(question(kind), seed).body, BODIES[kind]
    assert isinstance(body, Single | Multi)
    assert isinstance(asked, Single | Multi)
    assert sorted(body.options, key=lambda option: option.text) == sorted(asked.options, key=lambda option: option.text)


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_all_steps_keep_their_keys(seed: int) -> None:
    body, asked = draw(question("order"), seed).body, BODIES["order"]
    assert isinstance(body, Order)
    assert body == asked  # as mappings: the order of the steps is all that may differ


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_numbers_are_drawn_from_their_ranges_and_fill_prompt_and_key(seed: int) -> None:
    exercise = draw(question("numeric"), seed)
    tp, fp = exercise.params["tp"], exercise.params["fp"]
    assert tp in (8, 9)
    assert fp in (1, 3, 5)
    assert isinstance(exercise.body, Number)
    assert exercise.body.value == tp / (tp + fp)
    assert exercise.prompt == f"{tp} of {tp + fp}, precision?"
    assert exercise.explanation == f"{tp}.0"


def test_every_number_of_a_range_is_drawn_by_some_seed() -> None:
    drawn = [draw(question("numeric"), seed).params for seed in range(60)]
    assert {params["tp"] for params in drawn} == {8, 9}
    assert {params["fp"] for params in drawn} == {1, 3, 5}


def test_a_mistake_without_a_value_for_the_numbers_is_left_out() -> None:
    lengths = {}
    for seed in range(60):
        exercise = draw(question("numeric"), seed)
        assert isinstance(exercise.body, Number)
        lengths[exercise.params["fp"]] = len(exercise.body.mistakes)
    assert lengths == {1: 2, 3: 1, 5: 2}


def test_a_key_that_is_no_finite_number_is_an_error() -> None:
    asked = question("numeric")
    body = msgspec.structs.replace(asked.body, params={"tp": Parameter(choice=[1]), "fp": Parameter(choice=[-1])})
    with pytest.raises(FormulaError):
        draw(msgspec.structs.replace(asked, body=body), 1)


def test_derived_numbers_may_use_those_before_them() -> None:
    body = BODIES["numeric"]
    assert isinstance(body, Numeric)
    chain = msgspec.structs.replace(body, derived={"n": "tp + fp", "twice": "2 * n"})
    assert with_derived(chain, {"tp": 8, "fp": 1}) == {"tp": 8, "fp": 1, "n": 9, "twice": 18}


def test_text_of_other_kinds_is_left_alone() -> None:
    """A brace in a prompt is a brace, unless numbers are drawn."""
    assert draw(question("short"), 1).explanation == "{as it is}"


def test_every_arrangement_comes_up() -> None:
    chance = Random("all of them").random
    assert {tuple(shuffled("abc", chance)) for _ in range(200)} == set(permutations("abc"))


def test_the_shuffle_of_a_seed_is_pinned() -> None:
    """Logs hold seeds: a shuffle that changed would show an old exercise in another order."""
    assert shuffled(range(10), Random("ml.trees.gini:7").random) == [2, 8, 3, 6, 1, 4, 5, 0, 9, 7]
