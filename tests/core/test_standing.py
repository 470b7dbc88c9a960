"""Standing: intervals, weak topics, calibration, the load ahead; all of first answers of a day."""

from collections.abc import Mapping
from math import sqrt

import pytest
from builders import review
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquiz.core.answer import Explained
from mlquiz.core.days import Known
from mlquiz.core.interval import interval
from mlquiz.core.memory import Memory
from mlquiz.core.plan import Plan
from mlquiz.core.report import Day, Leech, Missed, Report, Unanswered
from mlquiz.core.review import Review
from mlquiz.core.scheduler import Trace
from mlquiz.core.standing import ALL, Heading, Scope, Skills, summarise

TODAY = 100
HEADINGS = [
    Heading("ml.trees", "Trees", "ml", "Machine learning", 0.5),
    Heading("ml.svm", "Margins", "ml", "Machine learning", 0.3),
    Heading("dl.cnn", "Convolution", "dl", "Deep learning", 0.2),
]
NOBODY = Known({}, 0.0, [f"{topic}.new{n}" for topic in ("ml.trees", "ml.svm", "dl.cnn") for n in range(3)])
PLAN = Plan()


def report(
    reviews: list[Review],
    known: Known = NOBODY,
    skills: Mapping[str, tuple[str, ...]] | None = None,
    scope: Scope = ALL,
) -> Report:
    named = Skills(skills or {}, {"evaluation": "Evaluation", "maths": "Maths"})
    return summarise(reviews, known, HEADINGS, named, PLAN, TODAY, lambda one: f"belief {one.id}", scope)


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
    assert empty.unmet == [
        Unanswered("ml.trees", "Trees", 3), Unanswered("ml.svm", "Margins", 3), Unanswered("dl.cnn", "Convolution", 3),
    ]  # fmt: skip
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
    assert weak[0].missed[0] == Missed("ml.trees.q1", 2, 1, "belief 000031")
    assert {missed.question for missed in weak[0].missed} == {"ml.trees.q0", "ml.trees.q1", "ml.trees.q2"}


# calibration


def test_calibration_is_the_share_right_at_each_confidence() -> None:
    reviews = [
        *answered("ml.trees", [1, 1, 0, 1]),
        *answered("ml.svm", [0, 1], start=10, confidence="guessed"),
        *answered("dl.cnn", [1], start=20, confidence=None),
    ]
    calibration = report(reviews).calibration
    assert [(said.confidence, said.n, said.right) for said in calibration] == [("sure", 4, 0.75), ("guessed", 2, 0.5)]
    assert (calibration[0].low, calibration[0].high) == (interval(0.75, 4).low, interval(0.75, 4).high)


# what a report covers

WEAK = [*answered("ml.trees", [0, 0, 0, 0, 1]), *answered("dl.cnn", [1], start=40, day=50), *GOOD]


def test_since_limits_scores_and_evidence_but_not_which_topics_are_weak() -> None:
    later = answered("ml.trees", [0], start=60, day=70)
    scored = report([*WEAK, *later], scope=Scope(since=60))
    assert (scored.since, scored.answers, scored.overall) == (60, 1, interval(0, 1))
    assert [topic.id for topic in scored.topics] == ["ml.trees"]
    assert [(topic.id, topic.score.n) for topic in scored.weak] == [("ml.trees", 6)]
    assert scored.weak[0].missed == [Missed("ml.trees.q0", 1, 70, "belief 000060")]
    assert scored.unmet == []
    assert [topic.id for topic in scored.silent] == ["ml.svm", "dl.cnn"]
    assert scored.against == pytest.approx(22 / 27)
    assert [day.day for day in scored.history] == [70]


def test_an_area_is_reported_as_if_it_were_all_but_weak_against_all_and_with_the_streak_of_all() -> None:
    today = answered("ml.svm", [1], start=90, day=TODAY)
    memory = Memory(10, 5, TODAY)
    known = Known({"dl.cnn.q0": memory, "ml.svm.q0": memory}, 0, ["dl.cnn.new", "ml.trees.new"], ["ml.svm.revised"])
    scored = report([*WEAK, *today], known, scope=Scope(area="dl"))
    assert (scored.area, scored.answers, scored.overall) == ("Deep learning", 1, interval(1, 1))
    assert ([area.id for area in scored.areas], [topic.id for topic in scored.topics]) == (["dl"], ["dl.cnn"])
    assert (scored.weak, scored.seen, scored.unseen, scored.streak) == ([], 1, 1, 3)
    assert sum(day.due for day in scored.load) == 1
    assert [topic.id for topic in report([*WEAK, *today], known, scope=Scope(area="ml")).weak] == ["ml.trees"]


# leeches


def lapses(question: str, n: int) -> list[Trace]:
    return [Trace(day, f"{day:06d}", question, 0.9, False) for day in range(n)]


def test_a_question_forgotten_eight_times_is_a_leech_while_it_is_asked() -> None:
    memory = Memory(1, 10, TODAY)
    traces = [*lapses("a.b.leech", 8), *lapses("a.b.nearly", 7), *lapses("a.b.suspended", 9), *lapses("a.b.worse", 9)]
    known = [trace._replace(known=True) for trace in lapses("a.b.known", 20)]
    remembered = dict.fromkeys(["a.b.leech", "a.b.nearly", "a.b.worse", "a.b.known"], memory)
    assert report([], Known(remembered, traces=traces + known)).leeches == [
        Leech("a.b.worse", 9),
        Leech("a.b.leech", 8),
    ]


def test_a_topic_of_which_nothing_is_asked_is_neither_weak_nor_waiting() -> None:
    """All its questions are suspended, or have left the bank: there would be nothing to drill."""
    known = Known({}, 0, ["ml.svm.q0"])
    scored = report(WEAK, known)
    assert scored.weak == []
    assert report([], known).unmet == [Unanswered("ml.svm", "Margins", 1)]
