"""Readiness is what the model and memory say, no surer than the evidence, and right as often as it says."""

from math import exp, log, sqrt
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquiz.core.ability import ENOUGH, Meeting, ability, inverse
from mlquiz.core.readiness import Standing, points

TOPICS = ["ml.a", "ml.b", "dl.c"]


def logistic(x: float) -> float:
    return 1 / (1 + exp(-x))


def test_without_any_answer_the_prior_speaks() -> None:
    model = ability([], TOPICS)
    assert model.chance("ml.a", 3) == pytest.approx(logistic(0.4))
    assert model.chance("ml.a", 1) == pytest.approx(logistic(1.6))
    assert model.chance("ml.a", 5) == pytest.approx(logistic(-0.8))
    found = points([Standing("ml.a", 3, 1.0)] * 100, model)
    assert found is not None
    assert (found.seen, found.unseen) == (0, 100)
    p = logistic(0.4)
    sd = sqrt((p * (1 - p)) ** 2 * (0.9**2 + 0.5**2) + p * (1 - p) / 100)
    assert found.high - found.low == pytest.approx(2 * 128.155 * sd, rel=1e-3)


def test_the_fit_is_where_the_posterior_is_highest() -> None:
    chance = Random(3).random
    meetings = [Meeting(TOPICS[n % 3], 1 + n % 5, chance() < 0.6) for n in range(60)]
    model = ability(meetings, TOPICS)

    def posterior(values: list[float]) -> float:
        total = -(values[0] ** 2) / (2 * 0.81) - sum(value**2 for value in values[1:]) / (2 * 0.25)
        for meeting in meetings:
            p = model._replace(values=values).chance(meeting.topic, meeting.difficulty)
            total += log(p if meeting.known else 1 - p)
        return total

    best = posterior(model.values)
    for place in range(len(model.values)):
        for step in (-0.01, 0.01):
            moved = [*model.values]
            moved[place] += step
            assert posterior(moved) < best


def test_answers_in_a_topic_speak_of_it_most_and_of_the_others_a_little() -> None:
    model = ability([Meeting("ml.a", 3, True)] * 20, TOPICS)
    assert model.chance("ml.a", 3) > model.chance("ml.b", 3) > logistic(0.4)


def test_a_difficulty_with_enough_meetings_is_fitted() -> None:
    few, many = ([Meeting("ml.a", 5, True)] * n for n in (ENOUGH - 1, ENOUGH))
    assert 5 not in ability(few, TOPICS).places
    model = ability(many, TOPICS)
    assert model.values[model.places[5]] > 0.2
    assert ability([*many, *[Meeting("ml.b", 3, False)] * 30], TOPICS).chance("ml.a", 5) > 0.6


def test_what_was_met_has_its_recall_and_what_was_not_the_models_chance() -> None:
    model = ability([], TOPICS)
    both = points([Standing("ml.a", 3, 3.0, 0.9), Standing("ml.a", 3, 1.0)], model)
    assert both is not None
    assert both.points == pytest.approx(100 * (3 * 0.9 + logistic(0.4)) / 4)
    assert (both.seen, both.unseen) == (1, 1)
    assert points([], model) is None


def test_more_answers_make_the_interval_narrower() -> None:
    rows = [Standing(topic, 3, 1.0) for topic in TOPICS for _ in range(100)]
    widths = []
    for n in (0, 5, 50):
        found = points(rows, ability([Meeting(t, 3, k % 2 == 0) for t in TOPICS for k in range(n)], TOPICS))
        assert found is not None
        widths.append(found.high - found.low)
    assert widths[0] > 2 * widths[1] / 1.5 > widths[2]


@given(st.lists(st.tuples(st.sampled_from(TOPICS), st.integers(1, 5), st.booleans()), max_size=80))
@settings(deadline=None, max_examples=60)
def test_points_stay_between_0_and_100_inside_their_interval(raw: list[tuple[str, int, bool]]) -> None:
    model = ability([Meeting(*meeting) for meeting in raw], TOPICS)
    found = points([Standing(topic, n, 0.1 * n) for topic in TOPICS for n in range(1, 6)], model)
    assert found is not None
    assert 0 <= found.low <= found.points <= found.high <= 100


@given(st.integers(1, 8), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_the_inverse_is_one(size: int, seed: int) -> None:
    some = np.random.default_rng(seed).normal(size=(size, size))
    matrix = some @ some.T + np.eye(size)
    assert np.allclose(np.array(inverse(matrix.tolist())) @ matrix, np.eye(size), atol=1e-8)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """400 learners of the model itself: ten first meetings of 45 questions, then the share known of all 45."""
    random = Random(11)
    held = 0
    for _ in range(400):
        offset = {topic: random.gauss(0, 0.5) for topic in TOPICS}
        skill = 0.4 + random.gauss(0, 0.9)
        questions = [(TOPICS[n % 3], 1 + n % 5) for n in range(45)]
        random.shuffle(questions)
        ease = {1: 1.2, 2: 0.6, 3: 0.0, 4: -0.6, 5: -1.2}
        known = [random.random() < logistic(skill + offset[t] + ease[d]) for t, d in questions]
        met = [Meeting(t, d, k) for (t, d), k in zip(questions[:10], known, strict=False)]
        found = points([Standing(t, d, 1.0) for t, d in questions[10:]], ability(met, TOPICS))
        assert found is not None
        held += found.low <= 100 * sum(known[10:]) / 35 <= found.high
    assert 0.75 < held / 400 < 0.87
