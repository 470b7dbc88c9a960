"""What a made-up learner knows: it fades, comes back by being asked, and shows in answers the program can grade."""

from itertools import pairwise
from random import Random

from answering import Tendency, of_knowing, of_not_knowing
from builders import kinds, question, seeds
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace
from truth import Truth

from mlquiz.core.answer import Picked, checked
from mlquiz.core.draw import draw
from mlquiz.core.grading import grade
from mlquiz.core.question import KINDS, Kind

START = 20_000
shares = st.floats(0, 1, exclude_max=True)
names = [f"q{n}" for n in range(200)]


@given(kinds, seeds, seeds)
def test_whoever_knows_is_right(kind: Kind, seed: int, chance: int) -> None:
    assume(kind != "open")  # there, points are left out
    body = draw(question(kind), seed).body
    assert grade(body, checked(body, of_knowing(body, Random(chance).random))).right


@given(kinds, seeds, seeds, shares, shares)
def test_whoever_does_not_know_answers_all_the_same(kind: Kind, seed: int, chance: int, one: float, two: float) -> None:
    body = draw(question(kind), seed).body
    answer = of_not_knowing(body, Tendency(one, two), Random(chance).random)
    assert checked(body, answer) == answer


def test_a_guess_at_a_single_is_right_once_in_four() -> None:
    chance = Random(1).random
    body = draw(question("single"), 1).body
    right = sum(grade(body, of_not_knowing(body, Tendency(0.5, 0.5), chance)).right for _ in range(4_000))
    assert 0.22 < right / 4_000 < 0.28


def test_who_knows_makes_more_points_of_an_open_question() -> None:
    chance = Random(1).random
    body = draw(question("open"), 1).body
    knowing = sum(grade(body, of_knowing(body, chance)).score for _ in range(500))
    guessing = sum(grade(body, of_not_knowing(body, Tendency(0, 0), chance)).score for _ in range(500))
    assert knowing > guessing + 150


def test_what_was_known_fades_and_being_asked_brings_it_back() -> None:
    truth = Truth(7, START)
    for name in names:
        truth.learn(asked := question(name=name), START, True)
        fresh, later, much_later = (truth.recall(asked, START + days) for days in (0, 10, 100))
        assert 1 >= fresh > later > much_later > 0
        truth.learn(asked, START + 10, True)
        assert truth.recall(asked, START + 20) > later


def test_knowing_it_lasts_longer_than_being_told() -> None:
    known, told = Truth(7, START), Truth(7, START)
    fresh = [question(name=name) for name in names if not known.recall(question(name=name), START)]
    for asked in fresh:
        known.learn(asked, START, True)
        told.learn(asked, START, False)
        assert known.recall(asked, START + 5) > told.recall(asked, START + 5)
    assert fresh


def test_a_share_is_known_beforehand_and_asking_first_about_others_changes_none_of_it() -> None:
    asked = [question(name=name, topic=topic) for topic in ("ml.trees", "dl.cnn", "sys.rollout") for name in names]
    shares = []
    for seed in range(10):
        here, there = Truth(seed, START), Truth(seed, START)
        chances = [here.recall(one, START) for one in asked]
        assert chances == [there.recall(one, START) for one in reversed(asked)][::-1]
        shares.append(sum(chance > 0 for chance in chances) / len(chances))
    assert 0.3 < sum(shares) / len(shares) < 0.6
    assert max(shares) - min(shares) > 0.15


def test_a_harder_question_is_known_beforehand_less_often() -> None:
    truth = Truth(7, START)

    def known(difficulty: int) -> int:
        return sum(truth.recall(replace(question(name=name), difficulty=difficulty), START) > 0 for name in names)

    assert known(1) > known(3) > known(5)


def wrong_picks(seed: int) -> dict[str, list[str]]:
    """By question, the distractors that a learner ticks over the years."""
    truth = Truth(seed, START)
    picks: dict[str, list[str]] = {}
    for ask in range(12):
        for name in names:
            exercise = draw(question(name=name), ask)
            reply = truth.answer(exercise, START + 2_000 * ask)
            if isinstance(reply.answer, Picked) and not grade(exercise.body, reply.answer).right:
                picks.setdefault(name, []).append(reply.answer.keys[0])
    return picks


def test_a_misconception_comes_back_and_is_the_learners_own() -> None:
    """Chance would make one in three pairs of wrong picks the same."""
    mine, theirs = wrong_picks(1), wrong_picks(2)
    own = [one == other for picks in mine.values() for one, other in pairwise(picks)]
    both = [mine[name][0] == theirs[name][0] for name in mine.keys() & theirs.keys()]
    assert min(len(own), len(both)) > 100
    assert sum(own) / len(own) > 0.5
    assert sum(both) / len(both) < 0.45


def test_confidence_tells_of_knowing_but_not_all() -> None:
    right: dict[str | None, list[bool]] = {}
    asked = [question(KINDS[n % 7], name, topic=f"ml.t{n % 20}") for n, name in enumerate(names)]
    for seed in (1, 2, 3):
        truth = Truth(seed, START)
        for day in (0, 3, 10, 30, 90):
            for one in asked:
                exercise = draw(one, day)
                reply = truth.answer(exercise, START + day)
                right.setdefault(reply.confidence, []).append(grade(exercise.body, reply.answer).right)
    assert min(map(len, right.values())) > 100
    sure, unsure, guessed = (sum(right[said]) / len(right[said]) for said in ("sure", "unsure", "guessed"))
    assert 0.78 < sure < 0.92
    assert 0.4 < unsure < 0.7
    assert 0.2 < guessed < 0.45
    assert not any(right[None])
