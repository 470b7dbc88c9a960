"""Selection: bounded, interleaved by weight, never the same question twice, the same for a seed."""

from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquiz.core.selection import Bounds, Candidate, apart, final, interleaved, today, within

TOPICS = ["dl.cnn", "ml.svm", "ml.trees", "prog.sql", "sys.serving"]
NO_BOUNDS = Bounds()


@st.composite
def candidates(draw: st.DrawFn, prefix: str, seen: bool = False) -> list[Candidate]:
    """Questions whose ids start alike, so that two lists share none."""
    chance = st.none() | st.floats(0.01, 1)
    return [
        Candidate(f"{topic}.{prefix}{number}", topic, draw(st.integers(10, 300)), draw(chance) if seen else None)
        for number, topic in enumerate(draw(st.lists(st.sampled_from(TOPICS), max_size=14)))
    ]


weights = st.dictionaries(st.sampled_from(TOPICS), st.floats(0.01, 1))
bounds = st.builds(Bounds, st.none() | st.integers(1, 12), st.none() | st.integers(0, 1500))
inputs = st.tuples(
    candidates("m"), candidates("d", seen=True), candidates("u"), st.integers(0, 10), weights, bounds,
    st.integers(0, 2**32),
)  # fmt: skip
Inputs = tuple[list[Candidate], list[Candidate], list[Candidate], int, dict[str, float], Bounds, int]


def chosen(given_: Inputs) -> list[str]:
    missed, due, unseen, new, weight, bound, seed = given_
    return [row.id for row in today(missed, due, unseen, new, weight, bound, Random(seed).random, {})]


@settings(max_examples=150, deadline=None)
@given(inputs)
def test_a_session_keeps_its_bounds_and_asks_no_question_twice(given_: Inputs) -> None:
    missed, due, unseen, new, _, bound, _ = given_
    ids = chosen(given_)
    rows = {row.id: row for row in [*missed, *due, *unseen]}
    assert len(set(ids)) == len(ids)
    assert set(ids) <= set(rows)
    assert sum(row.id in ids for row in unseen) <= new
    assert bound.questions is None or len(ids) <= bound.questions
    before_the_last = sum(rows[id_].seconds for id_ in ids[:-1])
    assert bound.seconds is None or not ids or before_the_last < bound.seconds


@settings(max_examples=80, deadline=None)
@given(inputs)
def test_without_bounds_all_that_waits_is_asked_missed_first_then_due_then_new(given_: Inputs) -> None:
    missed, due, unseen, new, weight, _, seed = given_
    ids = chosen((missed, due, unseen, new, weight, NO_BOUNDS, seed))
    assert ids[: len(missed)] == [row.id for row in missed]
    assert set(ids[len(missed) : len(missed) + len(due)]) == {row.id for row in due}
    assert len(ids) == len(missed) + len(due) + min(new, len(unseen))


@settings(max_examples=60, deadline=None)
@given(inputs)
def test_the_same_seed_chooses_the_same_whatever_order_the_rows_come_in(given_: Inputs) -> None:
    missed, due, unseen, new, weight, bound, seed = given_
    assert chosen(given_) == chosen((missed, due[::-1], unseen[::-1], new, weight, bound, seed))


def test_another_seed_chooses_other_new_questions() -> None:
    unseen = [Candidate(f"ml.svm.q{n}", "ml.svm", 60) for n in range(20)]
    assert len({tuple(chosen(([], [], unseen, 3, {}, NO_BOUNDS, seed))) for seed in range(20)}) > 10


def test_revised_questions_come_before_due_ones_and_those_by_falling_recall() -> None:
    due = [Candidate(f"{topic}.q", topic, 60, chance)
           for topic, chance in zip(TOPICS, [0.2, 0.9, None, 0.5, 0.7], strict=True)]  # fmt: skip
    assert chosen(([], due, [], 0, {}, NO_BOUNDS, 1)) == [
        "ml.trees.q", "ml.svm.q", "sys.serving.q", "prog.sql.q", "dl.cnn.q",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("bound", "ids"),
    [
        (Bounds(), "abc"), (Bounds(questions=2), "ab"), (Bounds(seconds=50), "a"), (Bounds(seconds=51), "ab"),
        (Bounds(seconds=10), "a"), (Bounds(questions=1, seconds=999), "a"), (Bounds(questions=0), ""),
        (Bounds(seconds=0), ""),
    ],
)  # fmt: skip
def test_questions_are_asked_until_the_bound_is_met_and_with_luck_the_last_runs_over(bound: Bounds, ids: str) -> None:
    rows = [Candidate("a", "t", 50), Candidate("b", "t", 80), Candidate("c", "t", 40)]
    assert [row.id for row in within(rows, bound, lambda: 0.0)] == list(ids)


@settings(max_examples=150, deadline=None)
@given(candidates("q"), weights)
def test_interleaving_keeps_all_rows_and_their_order_within_a_topic(
    rows: list[Candidate], weight: dict[str, float]
) -> None:
    out = interleaved(rows, weight)
    for topic in TOPICS:
        assert [row for row in out if row.topic == topic] == [row for row in rows if row.topic == topic]
    assert len(out) == len(rows)


@st.composite
def plenty(draw: st.DrawFn, most: int) -> tuple[dict[str, float], list[str]]:
    """Weights of some topics, and the topics of an interleaving in which none of them runs out."""
    weight = draw(st.dictionaries(st.sampled_from(TOPICS), st.floats(0.05, 1), min_size=2, max_size=most))
    rows = [Candidate(f"{topic}.q{n}", topic, 60) for topic in weight for n in range(40)]
    return weight, [row.topic for row in interleaved(rows, weight)[:40]]


@settings(max_examples=100, deadline=None)
@given(plenty(most=2))
def test_two_topics_are_within_one_of_their_exact_share_in_every_prefix(
    drawn: tuple[dict[str, float], list[str]],
) -> None:
    weight, order = drawn
    for length in range(1, len(order) + 1):
        for topic, taken in Counter(order[:length]).items():
            assert abs(taken - length * weight[topic] / sum(weight.values())) < 1


@settings(max_examples=100, deadline=None)
@given(plenty(most=5))
def test_no_topic_is_a_whole_question_ahead_of_another_in_any_prefix(
    drawn: tuple[dict[str, float], list[str]],
) -> None:
    """Webster's law: (taken - 1/2) / weight of the one is at most (taken + 1/2) / weight of the other."""
    weight, order = drawn
    taken = dict.fromkeys(weight, 0)
    for topic in order:
        taken[topic] += 1
        ahead = max((taken[name] - 0.5) / weight[name] for name in weight)
        behind = min((taken[name] + 0.5) / weight[name] for name in weight)
        assert ahead <= behind * (1 + 1e-9)


def test_many_small_topics_can_push_a_big_one_more_than_one_below_its_share() -> None:
    """Why the law above is Webster's: within one of the exact share does not hold for many topics."""
    weight = {"big": 0.9} | {f"small{n}": 0.01 for n in range(10)}
    rows = [Candidate(f"{topic}.q{n}", topic, 60) for topic in weight for n in range(99)]
    first = [row.topic for row in interleaved(rows, weight)[:60]]
    assert 60 * 0.9 - first.count("big") > 1


def test_a_topic_without_a_weight_counts_as_one() -> None:
    rows = [Candidate(f"{topic}.q{n}", topic, 60) for topic in "ab" for n in range(4)]
    assert [row.topic for row in interleaved(rows, {"a": 1.0})] == list("abababab")


def test_a_topic_of_no_weight_comes_last() -> None:
    rows = [Candidate(f"{topic}.q{n}", topic, 60) for topic in "ab" for n in range(2)]
    assert [row.topic for row in interleaved(rows, {"a": 0.0, "b": 1.0})] == list("bbaa")


@settings(max_examples=100, deadline=None)
@given(candidates("q"))
def test_rows_set_apart_are_the_same_rows_and_none_waits_behind_one_from_eight_places_on(
    rows: list[Candidate],
) -> None:
    out = list(apart(rows))
    assert sorted(out) == sorted(rows)
    assert all(out.index(row) >= place - 7 for place, row in enumerate(rows))


@pytest.mark.parametrize(("topics", "order"), [("aabb", "abab"), ("aaab", "abaa"), ("aaaaaaaaab", "aabaaaaaaa")])
def test_two_of_a_topic_in_a_row_only_where_nothing_else_is_near(topics: str, order: str) -> None:
    rows = [Candidate(f"{topic}.q{n}", topic, 60) for n, topic in enumerate(topics)]
    assert "".join(row.topic for row in apart(rows)) == order


def test_a_long_question_displaces_no_short_ones_and_is_asked_all_the_same() -> None:
    rows = [Candidate("long", "t", 900), *(Candidate(f"q{n}", "t", 90) for n in range(9))]
    long, *short = rows

    def asked(rows: list[Candidate], bound: Bounds) -> list[Candidate]:
        return within(rows, bound, lambda: 0.0)

    assert asked(rows, Bounds(None, 600)) == [*short[:6], long]
    assert asked(rows, Bounds(6, 600)) == short[:6]
    assert asked(rows, Bounds(None, 540)) == short[:6]  # nothing of the time is left
    assert within(rows[:1], Bounds(None, 60), lambda: 0.999) == [long]  # better than an empty session


@pytest.mark.parametrize(("lengths", "bound"), [([900, 90, 90, 90, 200], 600), ([400] * 9, 1000), ([70, 700, 90], 300)])
def test_long_questions_or_not_a_session_takes_the_planned_time_on_average(lengths: list[int], bound: int) -> None:
    rows = [Candidate(f"q{n}", "t", seconds) for n, seconds in enumerate(lengths)]
    chance = Random(5).random
    sums = [sum(row.seconds for row in within(rows, Bounds(None, bound), chance)) for _ in range(4000)]
    assert abs(sum(sums) / len(sums) - bound) < 0.03 * bound


def test_over_many_days_every_topic_gets_its_share_however_light_it_is() -> None:
    """Ten new questions a day out of sixteen topics: what was met before counts."""
    weight = {f"a.t{n:02d}": 1.0 + (n % 4) for n in range(16)}
    unseen = [Candidate(f"{topic}.q{n}", topic, 60) for topic in weight for n in range(30)]
    met: Counter[str] = Counter()
    for day in range(16):
        asked = today([], [], unseen, 10, weight, NO_BOUNDS, Random(day).random, met)
        met.update(row.topic for row in asked)
        unseen = [row for row in unseen if row not in asked]
    for topic, share in weight.items():
        assert abs(met[topic] - 160 * share / sum(weight.values())) <= 2, topic


def test_in_the_final_phase_points_for_the_time_decide_and_what_is_worth_nothing_is_left_alone() -> None:
    stakes = [
        Candidate(f"ml.{name}", f"ml.{name[0]}", seconds, points=points)
        for name, seconds, points in [("cheap", 10, 1.0), ("dear", 100, 5.0), ("mean", 30, 2.0), ("lost", 10, 0.0),
                                      ("harm", 10, -1.0)]
    ]  # fmt: skip
    missed = [Candidate("ml.f.missed", "ml.f", 20)]

    def asked(*args: Any) -> list[str]:
        return [row.id.rpartition(".")[2] for row in final(*args, lambda: 0.999)]

    assert asked(missed, stakes, NO_BOUNDS) == ["missed", "cheap", "mean", "dear"]
    assert asked(missed, stakes, Bounds(seconds=60)) == ["missed", "cheap", "mean"]
    assert asked([], [], NO_BOUNDS) == []
