"""Rating: the table of scheduling.md, row by row."""

import pytest
from builders import review

from mlquiz.core.answer import Answer, Computed, Confidence, DontKnow, Given, Picked, Reply, Verdict
from mlquiz.core.question import Kind
from mlquiz.core.review import Rating, rate

AGAIN, HARD, GOOD, EASY = Rating
RIGHT, WRONG, HALF = Verdict(1, True), Verdict(0, False), Verdict(0.5, False)
KEY: Answer = Picked(["gini"])


@pytest.mark.parametrize(
    ("sentence", "rating", "kind", "verdict", "reply"),
    [
        ("I don't know is again", AGAIN, "single", WRONG, Reply(DontKnow())),
        ("I don't know is again whatever the verdict", AGAIN, "single", RIGHT, Reply(DontKnow(), "sure")),
        ("wrong is again", AGAIN, "single", WRONG, Reply(KEY, "sure", 1)),
        ("partial credit is again", AGAIN, "multi", HALF, Reply(KEY, "sure", 1)),
        ("right but guessed is again", AGAIN, "single", RIGHT, Reply(KEY, "guessed", 1)),
        ("right but unsure is hard", HARD, "single", RIGHT, Reply(KEY, "unsure", 1)),
        ("wrong and unsure is again", AGAIN, "single", WRONG, Reply(KEY, "unsure", 1)),
        ("over twice the seconds at a terminal is hard", HARD, "single", RIGHT, Reply(KEY, "sure", 121, paced=True)),
        ("twice the seconds is not over it", GOOD, "single", RIGHT, Reply(KEY, "sure", 120, paced=True)),
        ("slow where nobody timed it is good", GOOD, "single", RIGHT, Reply(KEY, "sure", 999)),
        ("slow in an editor is good", GOOD, "open", RIGHT, Reply(KEY, "sure", 999, paced=True)),
        ("no seconds told is good", GOOD, "single", RIGHT, Reply(KEY, "sure", None, paced=True)),
        ("slow and guessed is again", AGAIN, "single", RIGHT, Reply(KEY, "guessed", 999, paced=True)),
        ("open below 0.8 is hard", HARD, "open", Verdict(0.79, True), Reply(KEY, "sure")),
        ("open at 0.8 is good", GOOD, "open", Verdict(0.8, True), Reply(KEY, "sure")),
        ("open below 0.6 is again", AGAIN, "open", Verdict(0.5, False), Reply(KEY, "sure")),
        ("right and sure is good", GOOD, "single", RIGHT, Reply(KEY, "sure", 1, paced=True)),
        ("right and not asked is good", GOOD, "short", RIGHT, Reply(Given("x"), None, 1)),
    ],
)
def test_rating(sentence: str, rating: Rating, kind: Kind, verdict: Verdict, reply: Reply) -> None:
    assert rate(kind, verdict, reply, expected=60) is rating, sentence


@pytest.mark.parametrize("answer", [KEY, DontKnow(), Given("x"), Computed(1)])
@pytest.mark.parametrize("confidence", ["sure", "unsure", "guessed", None])
@pytest.mark.parametrize("verdict", [RIGHT, WRONG])
def test_easy_comes_from_the_learner_alone(answer: Answer, confidence: Confidence, verdict: Verdict) -> None:
    assert rate("single", verdict, Reply(answer, confidence, 0.1, paced=True), 60) is not EASY


@pytest.mark.parametrize(
    ("rating", "answer", "confidence", "vouched"),
    [
        (GOOD, KEY, "sure", True),
        (EASY, KEY, "sure", True),
        (EASY, KEY, "unsure", False),
        (GOOD, KEY, None, False),
        (HARD, KEY, "sure", False),
        (GOOD, Given("x"), None, True),
        (GOOD, Given("x"), "guessed", True),
        (HARD, Given("x"), "sure", False),
        (AGAIN, DontKnow(), None, False),
    ],
)
def test_knowledge_is_vouched_for_where_one_can_guess_only_when_sure(
    rating: Rating, answer: Answer, confidence: Confidence, vouched: bool
) -> None:
    assert review(rating=rating, answer=answer, confidence=confidence).vouched is vouched


def test_known_is_rated_above_again() -> None:
    assert [rating.known for rating in Rating] == [False, True, True, True]
