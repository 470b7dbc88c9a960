"""Standing: intervals, weak topics, calibration, the load ahead; all of first answers of a day."""

from collections.abc import Mapping
from math import sqrt

import pytest
from builders import review
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquiz.core.answer import Explained
from mlquiz.core.memory import Memory, Plan, drifted, due, recall
from mlquiz.core.report import Day, Missed, Report
from mlquiz.core.review import Review
from mlquiz.core.standing import Heading, Known, interval, summarise

TODAY = 100
HEADINGS = [
    Heading("ml.trees", "Trees", "ml", "Machine learning", 0.5),
    Heading("ml.svm", "Margins", "ml", "Machine learning", 0.3),
    Heading("dl.cnn", "Convolution", "dl", "Deep learning", 0.2),
]
NOBODY = Known({}, 0.0, 9)
PLAN = Plan()


def report(reviews: list[Review], known: Known = NOBODY, skills: Mapping[str, tuple[str, ...]] | None = None) -> Report:
    titles = {"evaluation": "Evaluation", "maths": "Maths"}
    return summarise(reviews, known, HEADINGS, skills or {}, titles, PLAN, TODAY, lambda one: f"belief {one.id}")


def answered(topic: str, scores: list[float], start: int = 1, day: int = 0, **changes: object) -> list[Review]:
    """One review a question and day for each score."""
    return [
        review(start + n, f"{topic}.q{n}", day, 3 if score == 1 else 1, score=score, right=score == 1, **changes)
        for n, score in enumerate(scores)
    ]


@pytest.mark.parametrize(
    ("mean", "n", "low", "high"),
    [(0.5, 1, 0.1058, 0.8942), (1, 1, 0.3784, 1), (0, 1, 0, 0.6216), (0.8, 10, 0.6016, 0.9138), (0, 5, 0, 0.2473)],
)
def test_wilsons_interval_worked_out_by_hand(mean: float, n: int, low: float, high: float) -> None:
    score = interval(mean, n)
    assert (score.low, score.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@settings(max_examples=100, deadline=None)
@given(st.floats(0, 1), st.integers(1, 500))
def test_the_ends_of_the_interval_are_where_the_mean_is_1_28_standard_errors_away(mean: float, n: int) -> None:
    score = interval(mean, n)
    assert 0 <= score.low <= mean + 1e-12
    assert mean - 1e-12 <= score.high <= 1
    for end in (score.low, score.high):
        assert abs(mean - end) == pytest.approx(1.2815515655446 * sqrt(end * (1 - end) / n), abs=1e-6)


def test_an_empty_log_is_a_report_without_scores() -> None:
    empty = report([])
    assert (empty.overall, empty.areas, empty.topics, empty.weak, empty.recall) == (None, [], [], [], [])
    assert empty.unmet == ["ml.trees", "ml.svm", "dl.cnn"]
    assert (empty.answers, empty.seen, empty.unseen, empty.streak) == (0, 0, 9, 0)


def test_only_the_first_answer_of_a_day_is_scored() -> None:
    reviews = [review(1, rating=1), review(2, rating=3), review(3, day=1, rating=3)]
    scored = report(reviews)
    assert scored.overall == interval(0.5, 2)
    assert scored.answers == 3
    assert scored.history == [Day(0, 2, 0.5), Day(1, 1, 1.0)]


def test_a_corrected_answer_is_still_the_first_of_its_day() -> None:
    corrected = review(9, rating=3, replaces="000001")
    assert report([review(2, rating=1), corrected]).overall == interval(1, 1)


def test_scores_are_grouped_by_topic_area_and_skill() -> None:
    reviews = [
        *answered("ml.trees", [1, 0]),
        *answered("ml.svm", [1], start=10),
        *answered("dl.cnn", [0.5], start=20, answer=Explained([])),
    ]
    scored = report(reviews, skills={"ml.trees.q0": ("evaluation", "maths"), "dl.cnn.q0": ("maths",)})
    assert [(group.id, group.score.n, group.score.score) for group in scored.topics] == [
        ("ml.trees", 2, 0.5), ("ml.svm", 1, 1), ("dl.cnn", 1, 0.5),
    ]  # fmt: skip
    assert [(group.title, group.score.n, group.own) for group in scored.areas] == [
        ("Machine learning", 3, 0), ("Deep learning", 1, 1),
    ]  # fmt: skip
    assert [(group.id, group.score.score) for group in scored.skills] == [("evaluation", 1), ("maths", 0.75)]
    assert scored.unmet == []


def test_answers_to_topics_that_left_the_syllabus_are_counted_but_not_scored() -> None:
    scored = report([review(1, "old.topic.q1", rating=1), review(2)])
    assert scored.overall == interval(1, 1)
    assert scored.answers == 2


# weak topics

GOOD = answered("ml.svm", [1] * 20, start=100)


def test_a_topic_whose_interval_lies_below_the_overall_score_is_weak() -> None:
    weak = report([*answered("ml.trees", [0, 0, 0, 0, 1]), *GOOD]).weak
    assert [topic.id for topic in weak] == ["ml.trees"]
    assert weak[0].lost == pytest.approx(100 * 0.5 * 0.8)
    assert weak[0].command == "mlquiz quiz --topic ml.trees"


def test_four_answers_are_too_few_to_call_a_topic_weak() -> None:
    assert report([*answered("ml.trees", [0] * 4), *GOOD]).weak == []
    assert report([*answered("ml.trees", [0] * 5), *GOOD]).weak != []


def test_a_topic_whose_interval_reaches_the_overall_score_is_not_weak() -> None:
    scored = report([*answered("ml.trees", [1, 1, 1, 0, 1]), *GOOD[:6]])
    assert scored.overall is not None
    assert scored.topics[0].score.score < scored.overall.score < scored.topics[0].score.high
    assert scored.weak == []


def test_weak_topics_are_ranked_by_the_marks_they_lose() -> None:
    reviews = [*answered("dl.cnn", [0] * 5), *answered("ml.trees", [0, 0, 0, 1, 0], start=50), *GOOD]
    weak = report(reviews).weak
    assert [(topic.id, round(topic.lost)) for topic in weak] == [("ml.trees", 40), ("dl.cnn", 20)]


def test_a_weak_topic_names_what_was_missed_most_and_the_belief_behind_the_last_miss() -> None:
    reviews = [*answered("ml.trees", [0, 0, 1]), *answered("ml.trees", [1, 0, 0], start=30, day=1), *GOOD]
    weak = report(reviews).weak
    assert weak[0].missed[0] == Missed("ml.trees.q1", 2, "belief 000031")
    assert {missed.question for missed in weak[0].missed} == {"ml.trees.q0", "ml.trees.q1", "ml.trees.q2"}


# calibration, recall, load, streak


def test_calibration_is_the_share_right_at_each_confidence() -> None:
    reviews = [
        *answered("ml.trees", [1, 1, 0, 1]),
        *answered("ml.svm", [0, 1], start=10, confidence="guessed"),
        *answered("dl.cnn", [1], start=20, confidence=None),
    ]
    assert [(said.confidence, said.n, said.right) for said in report(reviews).calibration] == [
        ("sure", 4, 0.75), ("guessed", 2, 0.5),
    ]  # fmt: skip


memories = st.lists(st.builds(Memory, st.floats(0.1, 400), st.floats(1, 10), st.integers(0, TODAY)), max_size=20)


@settings(max_examples=80, deadline=None)
@given(memories)
def test_the_load_ahead_counts_each_question_once_and_what_is_overdue_today(remembered: list[Memory]) -> None:
    ahead = report([], Known({f"q{n}": memory for n, memory in enumerate(remembered)}, 0, 0)).load
    days = [due(memory, PLAN) for memory in remembered]
    assert [one.day for one in ahead] == list(range(TODAY, TODAY + 14))
    assert ahead[0].due == sum(day <= TODAY for day in days)
    assert sum(one.due for one in ahead) == sum(day < TODAY + 14 for day in days)


def test_recall_ahead_is_the_mean_chance_with_drift() -> None:
    one, other = Memory(10, 5, TODAY - 5), Memory(40, 5, TODAY)
    ahead = report([], Known({"a": one, "b": other}, 0.3, 0)).recall
    assert [point.day - TODAY for point in ahead] == [1, 7, 14, 30]
    for point in ahead:
        chances = [drifted(recall(memory, point.day), 0.3) for memory in (one, other)]
        assert point.recall == pytest.approx(sum(chances) / 2)


@pytest.mark.parametrize(
    ("days", "streak"),
    [
        ([], 0), ([0], 1), ([1], 1), ([2], 0), ([0, 1, 2], 3), ([1, 2], 2), ([0, 2, 3], 1), ([0, 0, 1], 2),
        ([2, 3, 4], 0),
    ],
)  # fmt: skip
def test_the_streak_is_days_in_a_row_up_to_today_or_yesterday(days: list[int], streak: int) -> None:
    """The days are counted back from today."""
    reviews = [review(n, f"ml.trees.q{n}", TODAY - back) for n, back in enumerate(days)]
    assert report(reviews).streak == streak
