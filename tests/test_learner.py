"""The simulated learner: the same life for the same seed, and one that the program keeps right account of."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from learner import SHIPPED, Lived, live

from mlquiz.bank.catalogue import Catalogue
from mlquiz.core.answer import Picked
from mlquiz.core.draw import draw
from mlquiz.core.grading import grade
from mlquiz.core.review import Review
from mlquiz.core.scheduler import replay
from mlquiz.store import memories
from mlquiz.store.database import Log, open_log
from mlquiz.store.journal import steps
from mlquiz.world import EPOCH

UNTIL = 20_777
DAYS = 60


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return live(tmp_path_factory.mktemp("life"), DAYS, UNTIL)


@pytest.fixture(scope="module")
def log(lived: Lived) -> Iterator[Log]:
    log = open_log(lived.world.paths.log)
    yield log
    log.close()


@pytest.fixture(scope="module")
def reviews(log: Log) -> list[Review]:
    return list(memories.reviews(log))


def rows(path: Path) -> list[object]:
    log = open_log(path)
    found = [log.execute(f"select * from {table}").fetchall() for table in ("review", "retraction", "mark", "memory")]
    log.close()
    return found


def test_the_same_seed_lives_the_same_life_and_another_does_not(tmp_path: Path) -> None:
    lives = [live(tmp_path / name, 12, UNTIL, seed) for name, seed in (("a", 3), ("b", 3), ("c", 4))]
    one, again, other = (rows(lived.world.paths.log) for lived in lives)
    assert one == again
    assert one != other


def test_it_studies_on_the_days_asked_for_with_gaps(lived: Lived, reviews: list[Review]) -> None:
    days = {review.day for review in reviews}
    assert days <= set(lived.days)
    assert min(days) > UNTIL - DAYS
    assert max(days) <= UNTIL
    assert 25 < len(days) < 55
    assert max(later - sooner for sooner, later in pairwise(lived.days)) > 7


def test_every_answer_is_graded_as_the_log_says(reviews: list[Review], lived: Lived) -> None:
    catalogue = Catalogue(lived.world.paths.compiled, (SHIPPED,))
    questions = {question.id: question for question in catalogue.get(catalogue.keys())}
    catalogue.close()
    kinds = Counter(questions[review.question].kind for review in reviews)
    assert len(kinds) == 7
    assert len(reviews) > 200
    for review in reviews:
        verdict = grade(draw(questions[review.question], review.seed).body, review.answer)
        assert (verdict.score, verdict.right) == (review.score, review.right), review


def test_what_is_remembered_is_what_the_log_replays_to(log: Log) -> None:
    history = steps(log)
    folded = replay(history, {step.question: step.key for step in history})
    assert {id_: met.memory for id_, met in memories.memories(log).items() if met.memory} == folded.memories
    assert memories.drift(log) == pytest.approx(folded.drift)


def test_its_confidence_tells_something_and_not_all(reviews: list[Review]) -> None:
    right = {
        said: [review.right for review in reviews if review.confidence == said]
        for said in ("sure", "unsure", "guessed")
    }
    shares = {said: sum(found) / len(found) for said, found in right.items()}
    assert 0.8 < shares["sure"] < 1
    assert shares["sure"] > shares["unsure"] > shares["guessed"]
    assert 0.5 < sum(review.right for review in reviews) / len(reviews) < 0.9


def test_it_falls_for_the_same_distractor_again(reviews: list[Review]) -> None:
    missed: dict[str, list[str]] = {}
    for review in reviews:
        if isinstance(review.answer, Picked) and not review.right and len(review.answer.keys) == 1:
            missed.setdefault(review.question, []).append(review.answer.keys[0])
    often = [keys for keys in missed.values() if len(keys) > 3]
    assert often
    for keys in often:
        assert Counter(keys).most_common(1)[0][1] / len(keys) > 0.5


def test_it_takes_back_rates_itself_and_works_past_midnight(log: Log, reviews: list[Review]) -> None:
    assert log.execute("select count(*) from retraction").fetchone()[0] > 0
    assert {review.rated_by for review in reviews} == {"rule", "learner"}
    assert {review.mode for review in reviews} == {"review", "quiz"}
    dates = [datetime.fromisoformat(review.at).astimezone().date().toordinal() for review in reviews]
    assert {date - EPOCH.toordinal() - review.day for date, review in zip(dates, reviews, strict=True)} == {0, 1}
