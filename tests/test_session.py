"""The loop: log first, then tell; missed questions come back; leaving keeps what was answered."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise

import msgspec
import pytest
from builders import BODIES, Clock, question, world
from hypothesis import given, settings
from hypothesis import strategies as st

from mlquiz.commands.keeper import LogKeeper
from mlquiz.core.answer import Confidence, DontKnow, Reply
from mlquiz.core.draw import draw
from mlquiz.core.grading import solution
from mlquiz.core.memory import Memory, drifted, recall
from mlquiz.core.plan import Plan
from mlquiz.core.question import Exercise, Question
from mlquiz.core.review import Rating, Review
from mlquiz.core.scheduler import KNOWN_PRIOR, learn
from mlquiz.core.summary import Summary
from mlquiz.session import QUIZ, REASK_AFTER, REASKS, Mode, Move, NotNow, Opening, Outcome, Place, Quit, Session
from mlquiz.store import memories
from mlquiz.store.database import open_memory

DAY = 20_000
Said = bool | Confidence | BaseException
"""What the player says: right (and sure), not right, right with this confidence; or what it raises."""


class Scripted:
    """A player who says what the script holds, then is right; and who notes what it saw, and what the log held then."""

    def __init__(self, log: sqlite3.Connection, said: list[Said], moves: list[Move | BaseException]) -> None:
        self.log, self.said, self.moves = log, said, moves
        self.opening: Opening | None = None
        self.asked: list[str] = []
        self.exercises: list[Exercise] = []
        self.places: list[Place] = []
        self.told: list[Outcome] = []
        self.logged_when_told: list[list[Review]] = []
        self.summary: Summary | None = None

    def begin(self, opening: Opening) -> None:
        self.opening = opening

    def ask(self, exercise: Exercise, place: Place) -> Reply:
        self.asked.append(exercise.question.id.rpartition(".")[2])
        self.exercises.append(exercise)
        self.places.append(place)
        said = self.said.pop(0) if self.said else True
        if isinstance(said, BaseException):
            raise said
        if said is False:
            return Reply(DontKnow(), None, 5)
        return Reply(solution(exercise.body), "sure" if said is True else said, 5)

    def tell(self, outcome: Outcome) -> Move:
        self.told.append(outcome)
        self.logged_when_told.append(list(memories.reviews(self.log)))
        move = self.moves.pop(0) if self.moves else "next"
        if isinstance(move, BaseException):
            raise move
        return move

    def close(self, summary: Summary) -> None:
        self.summary = summary


def held(
    log: sqlite3.Connection, names: str, *said: Said, moves: tuple[Move | BaseException, ...] = (), mode: Mode = QUIZ
) -> Scripted:
    """The player after a session over questions with one-letter names."""
    return sat(log, [question(name=name) for name in names], list(said), list(moves), mode)


def sat(
    log: sqlite3.Connection, questions: list[Question], said: list[Said], moves: list[Move | BaseException], mode: Mode
) -> Scripted:
    player = Scripted(log, said, moves)
    outside = world(Clock(DAY))
    keeper = LogKeeper(outside, log, Plan(), "session")
    session = Session(mode, player, keeper, lambda asked: ("Area", asked.topic), outside.seed)
    summary = session.run("session", questions)
    assert player.summary == summary
    return player


def closed(player: Scripted) -> Summary:
    assert player.summary is not None
    return player.summary


@pytest.fixture
def log() -> Iterator[sqlite3.Connection]:
    with closing(open_memory()) as log:
        yield log


# asking and logging


def test_every_answer_is_in_the_log_before_its_verdict_is_told(log: sqlite3.Connection) -> None:
    player = held(log, "abc", True, "unsure", True)
    for told, logged in zip(player.told, player.logged_when_told, strict=True):
        assert logged[-1] == told.review
    assert [len(logged) for logged in player.logged_when_told] == [1, 2, 3]


def test_a_review_holds_what_was_asked_and_answered(log: sqlite3.Connection) -> None:
    player = sat(log, [question("numeric")], ["unsure"], [], QUIZ)
    (logged,) = memories.reviews(log)
    exercise = player.exercises[0]
    assert (logged.question, logged.revision, logged.key) == ("ml.trees.numeric", "r1", "k1")
    assert (logged.seed, logged.params, logged.answer) == (exercise.seed, exercise.params, solution(exercise.body))
    assert (logged.day, logged.confidence, logged.seconds, logged.score) == (DAY, "unsure", 5, 1)
    assert (logged.rating, logged.rated_by, logged.forecast) == (Rating.HARD, "rule", None)
    assert (logged.mode, logged.session) == ("quiz", "session")
    assert logged.at.endswith(":00.000Z")


def test_a_session_opens_and_closes_with_its_numbers(log: sqlite3.Connection) -> None:
    player = held(log, "ab", True, False, True)
    assert player.opening == Opening("session", "quiz", 2)
    summary = closed(player)
    assert [(line.topic, line.score, line.right) for line in summary.lines] == [
        ("ml.trees", 1, True), ("ml.trees", 0, False), ("ml.trees", 1, True),
    ]  # fmt: skip
    assert summary.whole is not None
    assert summary.whole.score == pytest.approx(2 / 3)
    assert (summary.skipped, summary.left, summary.interrupted) == (0, 0, False)
    assert summary.tomorrow == 1


def test_an_empty_session_opens_and_closes(log: sqlite3.Connection) -> None:
    summary = closed(held(log, ""))
    assert (summary.lines, summary.whole) == ([], None)


def test_places_count_questions_not_attempts(log: sqlite3.Connection) -> None:
    player = held(log, "ab", False, True, True)
    assert player.asked == ["a", "b", "a"]
    assert [(place.n, place.of, place.attempt, place.repeat) for place in player.places] == [
        (1, 2, 1, False), (2, 2, 1, False), (2, 2, 2, True),
    ]  # fmt: skip
    assert [place.seconds_left for place in player.places] == [120, 120, 60]


def test_a_seen_question_is_forecast_and_a_revised_one_is_called_so(log: sqlite3.Connection) -> None:
    keeper = LogKeeper(world(Clock(DAY - 10)), log, Plan(), "earlier")
    Session(QUIZ, Scripted(log, ["unsure"], []), keeper, lambda asked: ("", ""), lambda: 1).run(
        "s", [question(name="a")]
    )
    forecast, attempts, revised = LogKeeper(world(Clock(DAY)), log, Plan(), "now").meet(question(name="a"))
    assert forecast is not None
    assert 0 < forecast < 1
    assert (attempts, revised) == (0, False)
    keeper.journal.sync({"ml.trees.a": "k2"}, "revised")
    player = sat(log, [question(name="a", key="k2")], [True], [], QUIZ)
    assert player.places[0].revised
    assert player.told[0].review.forecast is None


def test_the_forecast_is_the_recall_of_the_day_moved_by_the_drift(log: sqlite3.Connection) -> None:
    clock = Clock(DAY)
    keeper = LogKeeper(world(clock), log, Plan(), "session")
    held(log, "ab", "unsure", "unsure")
    clock.day = DAY + 9
    outside = Session(QUIZ, Scripted(log, [False], [Quit()]), keeper, lambda asked: ("", ""), lambda: 1)
    outside.run("session", [question(name="b")])
    met, drift = memories.met(log, "ml.trees.a"), memories.drift(log)
    assert met is not None
    assert met.memory is not None
    assert drift < 0
    assert keeper.meet(question(name="a"))[0] == drifted(recall(met.memory, clock.day), drift)
    assert drifted(recall(met.memory, clock.day), drift) < recall(met.memory, clock.day)


# missed questions


def test_a_missed_question_comes_back_after_four_others(log: sqlite3.Connection) -> None:
    assert held(log, "abcdefg", False).asked == list("abcdeafg")


def test_a_missed_question_comes_back_at_the_end_where_fewer_are_left(log: sqlite3.Connection) -> None:
    assert held(log, "abc", False).asked == list("abca")


def test_a_question_comes_back_three_times_at_most(log: sqlite3.Connection) -> None:
    player = held(log, "a", *[False] * 9)
    assert player.asked == ["a"] * 4
    assert [told.again for told in player.told] == [True, True, True, False]


def test_a_right_guess_comes_back_too(log: sqlite3.Connection) -> None:
    assert held(log, "ab", "guessed").asked == list("aba")


def test_nothing_comes_back_in_a_mode_without_repeats(log: sqlite3.Connection) -> None:
    player = held(log, "ab", False, False, mode=Mode("mock", repeats=False))
    assert player.asked == list("ab")
    assert not any(told.again for told in player.told)


def test_a_question_that_comes_back_is_drawn_anew(log: sqlite3.Connection) -> None:
    player = held(log, "a", False, False)
    assert len({exercise.seed for exercise in player.exercises}) == 3


def test_only_the_first_answer_of_the_day_moves_memory(log: sqlite3.Connection) -> None:
    held(log, "a", False, True)
    met = memories.met(log, "ml.trees.a")
    assert met is not None
    assert met.memory == learn(None, 1, DAY)


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 7), st.lists(st.booleans(), max_size=30))
def test_whatever_is_missed_all_is_asked_and_comes_back_soon_but_not_for_ever(count: int, said: list[Said]) -> None:
    with closing(open_memory()) as log:
        names = "abcdefg"[:count]
        known = [*said]
        player = held(log, names, *said)
        known += [True] * (len(player.asked) - len(known))
        for name in names:
            turns = [n for n, asked in enumerate(player.asked) if asked == name]
            right = [known[n] for n in turns]
            assert right[:-1] == [False] * (len(turns) - 1)
            assert right[-1] or len(turns) == 1 + REASKS
            assert all(later - earlier <= REASK_AFTER + 1 for earlier, later in pairwise(turns))
        assert list(memories.reviews(log)) == [told.review for told in player.told]


# leaving, passing over


def test_leaving_keeps_what_was_answered(log: sqlite3.Connection) -> None:
    player = held(log, "abcd", True, False, Quit())
    summary = closed(player)
    assert [one.question for one in memories.reviews(log)] == ["ml.trees.a", "ml.trees.b"]
    assert (len(summary.lines), summary.left, summary.interrupted) == (2, 2, False)


def test_leaving_after_a_verdict_keeps_the_answer(log: sqlite3.Connection) -> None:
    summary = closed(held(log, "abc", False, moves=(Quit(interrupted=True),)))
    assert len(list(memories.reviews(log))) == 1
    assert (summary.left, summary.interrupted) == (2, True)


def test_an_interrupt_while_asking_ends_the_session_and_keeps_what_was_answered(log: sqlite3.Connection) -> None:
    player = held(log, "abc", True, KeyboardInterrupt())
    assert closed(player).interrupted
    assert [one.question for one in memories.reviews(log)] == ["ml.trees.a"]


def test_the_question_open_at_an_interrupt_counts_as_left(log: sqlite3.Connection) -> None:
    assert closed(held(log, "abc", True, KeyboardInterrupt())).left == 2


def test_a_question_passed_over_is_not_logged(log: sqlite3.Connection) -> None:
    player = held(log, "abc", True, NotNow(), True)
    assert player.asked == list("abc")
    assert [one.question for one in memories.reviews(log)] == ["ml.trees.a", "ml.trees.c"]
    assert (closed(player).skipped, closed(player).left) == (1, 0)


def test_a_question_passed_over_when_it_comes_back_was_not_skipped(log: sqlite3.Connection) -> None:
    assert closed(held(log, "a", False, NotNow())).skipped == 0


def test_numbers_without_a_key_are_drawn_again_and_the_log_holds_the_seed_that_was_asked(
    log: sqlite3.Connection,
) -> None:
    body = msgspec.structs.replace(BODIES["numeric"], answer="1 / (fp - 3)")
    questions = [msgspec.structs.replace(question("numeric", name), body=body) for name in "abcdefghijkl"]
    sat(log, questions, [], [], QUIZ)
    answered = {one.question: one for one in memories.reviews(log)}
    assert len(answered) == 12
    for asked in questions:
        assert draw(asked, answered[asked.id].seed).params == answered[asked.id].params


def test_a_question_whose_numbers_never_have_a_key_is_passed_over(log: sqlite3.Connection) -> None:
    hopeless = question("numeric")
    hopeless = msgspec.structs.replace(hopeless, body=msgspec.structs.replace(hopeless.body, answer="tp / 0"))
    player = sat(log, [hopeless, question(name="b")], [], [], QUIZ)
    assert player.asked == ["b"]
    assert closed(player).skipped == 1


# the learner's own keys


def test_undo_takes_the_answer_back_and_asks_again_at_once(log: sqlite3.Connection) -> None:
    player = held(log, "ab", False, True, moves=("undo",))
    assert player.asked == list("aab")
    assert player.exercises[0].seed != player.exercises[1].seed
    assert [(one.question, one.right) for one in memories.reviews(log)] == [("ml.trees.a", True), ("ml.trees.b", True)]
    assert len(closed(player).lines) == 2
    assert [place.attempt for place in player.places] == [1, 1, 1]


def test_undo_never_un_misses(log: sqlite3.Connection) -> None:
    held(log, "a", False, True, moves=("undo",))
    met = memories.met(log, "ml.trees.a")
    assert met is not None
    assert met.memory == learn(None, 3, DAY)


def test_a_question_undone_and_left_is_left(log: sqlite3.Connection) -> None:
    summary = closed(held(log, "ab", True, Quit(), moves=("undo",)))
    assert (summary.lines, summary.left) == ([], 2)
    assert list(memories.reviews(log)) == []


def test_undo_of_a_repeat_keeps_the_first_answer(log: sqlite3.Connection) -> None:
    player = held(log, "a", False, True, True, moves=("next", "undo"))
    assert player.asked == list("aaa")
    assert [one.right for one in memories.reviews(log)] == [False, True]


def test_a_rating_the_learner_corrects_is_logged_as_a_retraction_and_a_new_answer(log: sqlite3.Connection) -> None:
    player = held(log, "a", True, moves=(Rating.EASY, "next"))
    first, second = (told.review for told in player.told)
    assert list(memories.reviews(log)) == [second]
    assert (second.replaces, second.rating, second.rated_by) == (first.id, Rating.EASY, "learner")
    assert (second.answer, second.score, second.seed) == (first.answer, first.score, first.seed)
    assert log.execute("select review from retraction").fetchall() == [(first.id,)]
    met = memories.met(log, "ml.trees.a")
    assert met is not None
    assert met.memory == Memory(KNOWN_PRIOR, learn(None, 4, DAY).difficulty, DAY)
    assert player.told[1].due == DAY + 30


def test_the_rating_it_has_already_changes_nothing(log: sqlite3.Connection) -> None:
    held(log, "a", True, moves=(Rating.GOOD, "next"))
    assert log.execute("select count(*) from review").fetchone() == (1,)


def test_a_correction_decides_whether_the_question_comes_back(log: sqlite3.Connection) -> None:
    assert held(log, "a", True, moves=(Rating.AGAIN, "next")).asked == ["a", "a"]
    assert held(log, "b", False, moves=(Rating.HARD, "next")).asked == ["b"]


def test_undo_of_a_correction_takes_back_the_corrected_answer_alone(log: sqlite3.Connection) -> None:
    player = held(log, "a", False, Quit(), moves=(Rating.HARD, "undo"))
    assert list(memories.reviews(log)) == []
    assert log.execute("select count(*), count(distinct review) from retraction").fetchone() == (2, 2)
    assert len(player.told) == 2


def test_a_suspended_question_keeps_its_answer_and_does_not_come_back(log: sqlite3.Connection) -> None:
    player = held(log, "ab", False, True, moves=("suspend",))
    assert player.asked == list("ab")
    assert memories.suspended(log) == {"ml.trees.a"}
    assert len(list(memories.reviews(log))) == 2


def test_a_question_put_off_is_not_asked_again_today_and_is_due_tomorrow(log: sqlite3.Connection) -> None:
    player = held(log, "ab", False, True, moves=("not today",))
    assert player.asked == list("ab")
    assert (closed(player).due, closed(player).tomorrow) == (0, 1)
    assert memories.suspended(log) == set()
