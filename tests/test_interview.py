"""The loop of a mock interview: an hour of it in milliseconds, cut off anywhere, against a clock of its own."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from builders import Clock as Days
from builders import question, world

from mlquiz.commands.keeper import LogKeeper
from mlquiz.core.answer import DontKnow, Explained, Given, Reply
from mlquiz.core.grading import solution
from mlquiz.core.plan import Plan
from mlquiz.core.question import Exercise, Open
from mlquiz.interview import Clock, Interview, Written
from mlquiz.session import NotNow, Place, Quit, TimeUp, Turn
from mlquiz.store import memories
from mlquiz.store.database import Log, open_memory

MINUTE = 60.0


class Watch:
    """A clock that moves when somebody thinks."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Candidate:
    """Takes so many seconds for each question; does what `acts` says for it: skip, quit, crash, run out of time."""

    def __init__(self, watch: Watch, seconds: float, acts: dict[str, list[Any]] | None = None) -> None:
        self.watch, self.seconds, self.acts = watch, seconds, acts or {}
        self.asked: list[str] = []
        self.marked: list[str] = []
        self.lefts: list[float] = []
        self.settled: list[str] = []

    def begin(self, opening: Any) -> None:
        self.opening = opening

    def ask(self, exercise: Exercise, place: Place) -> Reply:
        name = exercise.question.id.rpartition(".")[2]
        self.asked.append(name)
        assert place.clock is not None
        self.lefts.append(place.clock())
        self.watch.now += self.seconds
        act = self.acts.get(name, [])
        if act and (done := act.pop(0)) is not None:
            raise done
        if isinstance(exercise.body, Open):
            return Reply(Given("Split by time."), None, None)
        return Reply(solution(exercise.body), None, None)

    def mark(self, exercise: Exercise, text: str) -> Explained:
        self.marked.append(text)
        act = self.acts.get("mark", [])
        if act:
            raise act.pop(0)
        return Explained(["leak", "time"], text)

    def tell(self, outcome: Any) -> Any:
        raise AssertionError("no verdict before the end")

    def close(self, summary: Any) -> None:
        raise AssertionError("the card closes it")

    def show(self, exercise: Any, place: Any) -> None: ...

    def settle(self, exercise: Exercise, answer: Any) -> None:
        self.settled.append(exercise.question.id.rpartition(".")[2])

    def goes_on(self, missed: int) -> bool:
        return True


class Minutes:
    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []

    def answered(self, question: str, spent: float) -> None:
        self.rows.append(("answered", question.rpartition(".")[2], spent))

    def written(self, question: str, text: str, seconds: float, spent: float) -> None:
        self.rows.append(("written", question.rpartition(".")[2], spent))

    def paused(self, spent: float) -> None:
        self.rows.append(("paused", spent))

    def ended(self, spent: float) -> None:
        self.rows.append(("ended", spent))


@pytest.fixture
def log() -> Iterator[Log]:
    with closing(open_memory()) as log:
        yield log


def sit(
    log: Log, names: str, candidate: Candidate, limit: float = 60 * MINUTE, before: float = 0.0,
    waiting: list[Written] | None = None,
) -> tuple[Any, Minutes]:  # fmt: skip
    minutes = Minutes()
    keeper = LogKeeper(world(Days(20_000)), log, Plan(), "mock-1")
    kinds = {"o": "open", "n": "numeric"}
    turns = [Turn(question(kinds.get(name, "single"), name), 7) for name in names]  # type: ignore[arg-type]
    interview = Interview(candidate, keeper, minutes, lambda _: ("", ""), Clock(candidate.watch, limit, before))
    return interview.sit("mock-1", turns, waiting or [], 0), minutes


def logged(log: Log) -> list[str]:
    return [review.question.rpartition(".")[2] for review in memories.of_session(log, "mock-1")]


def test_every_answer_is_logged_as_it_is_given_and_no_verdict_is_told(log: Log) -> None:
    candidate = Candidate(Watch(), 5 * MINUTE)
    summary, minutes = sit(log, "abn", candidate)
    assert logged(log) == ["a", "b", "n"]
    assert candidate.lefts == [3600, 3300, 3000]
    assert minutes.rows == [("answered", "a", 300), ("answered", "b", 600), ("answered", "n", 900), ("ended", 900)]
    assert (summary.left, summary.interrupted) == (0, False)
    assert {review.mode for review in memories.of_session(log, "mock-1")} == {"mock"}
    assert [review.seconds for review in memories.of_session(log, "mock-1")] == [300, 300, 300]


def test_an_open_answer_is_marked_when_all_has_been_asked(log: Log) -> None:
    candidate = Candidate(Watch(), MINUTE)
    sit(log, "oab", candidate)
    assert candidate.asked == ["o", "a", "b"]
    assert candidate.marked == ["Split by time."]
    assert logged(log) == ["a", "b", "o"]
    assert candidate.settled == ["o", "a", "b", "o"]  # drafts and files are put away as soon as they are in the log


def test_marking_is_not_on_the_clock(log: Log) -> None:
    candidate = Candidate(Watch(), 20 * MINUTE)
    mark = candidate.mark

    def slowly(exercise: Exercise, text: str) -> Explained:
        candidate.watch.now += 5 * MINUTE
        return mark(exercise, text)

    candidate.mark = slowly  # type: ignore[method-assign]
    _, minutes = sit(log, "ao", candidate)
    assert minutes.rows[-1] == ("ended", 2400)


def test_what_is_put_off_comes_back_after_all_others(log: Log) -> None:
    candidate = Candidate(Watch(), MINUTE, {"a": [NotNow()]})
    sit(log, "abc", candidate)
    assert candidate.asked == ["a", "b", "c", "a"]
    assert logged(log) == ["b", "c", "a"]


def test_who_puts_off_all_that_is_left_a_second_time_has_done(log: Log) -> None:
    candidate = Candidate(Watch(), MINUTE, {"a": [NotNow()] * 9, "b": [NotNow()] * 9})
    summary, minutes = sit(log, "abc", candidate)
    assert logged(log) == ["c"]
    assert summary.left == 2
    assert minutes.rows[-1][0] == "ended"
    assert candidate.asked == ["a", "b", "c", "a", "b", "a", "b"]


def test_one_question_put_off_again_and_again_ends_nothing_before_the_others_were(log: Log) -> None:
    candidate = Candidate(Watch(), MINUTE, {"a": [NotNow(), NotNow()], "b": [NotNow()], "c": [NotNow()]})
    sit(log, "abc", candidate)
    assert logged(log) == ["b", "c", "a"]


def test_when_the_time_is_over_nothing_more_is_asked(log: Log) -> None:
    summary, minutes = sit(log, "abcdef", Candidate(Watch(), 20 * MINUTE))
    assert logged(log) == ["a", "b", "c"]
    assert summary.left == 3
    assert minutes.rows[-1] == ("ended", 3600)


@pytest.mark.parametrize("answer", [DontKnow(), None])
def test_what_was_given_when_the_time_ran_out_is_graded(log: Log, answer: Any) -> None:
    candidate = Candidate(Watch(), 40 * MINUTE, {"b": [TimeUp(answer)]})
    _, minutes = sit(log, "abc", candidate)
    assert logged(log) == (["a", "b"] if answer else ["a"])
    assert candidate.asked == ["a", "b"]
    assert minutes.rows[-1] == ("ended", 4800)


def test_half_an_open_answer_is_marked_too(log: Log) -> None:
    candidate = Candidate(Watch(), 61 * MINUTE, {"o": [TimeUp(Given("Split"))]})
    sit(log, "o", candidate)
    assert candidate.marked == ["Split"]
    assert logged(log) == ["o"]


@pytest.mark.parametrize("way", [Quit(), Quit(interrupted=True), KeyboardInterrupt()])
def test_who_leaves_finds_the_clock_where_it_was(log: Log, way: BaseException) -> None:
    candidate = Candidate(Watch(), 10 * MINUTE, {"b": [way]})
    summary, minutes = sit(log, "abc", candidate)
    assert summary.left == 2
    assert summary.interrupted == (not isinstance(way, Quit) or way.interrupted)
    assert minutes.rows[-1] == ("paused", 1200)
    again = Candidate(Watch(), 10 * MINUTE)
    sit(log, "bc", again, before=1200)
    assert again.lefts == [2400, 1800]
    assert logged(log) == ["a", "b", "c"]


def test_who_leaves_at_the_rubric_comes_back_to_it_and_is_asked_nothing_else(log: Log) -> None:
    watch = Watch()
    candidate = Candidate(watch, MINUTE, {"mark": [Quit(interrupted=True)]})
    summary, minutes = sit(log, "ao", candidate)
    assert logged(log) == ["a"]
    assert minutes.rows[-1] == ("paused", 120)
    assert summary.interrupted
    again = Candidate(watch, MINUTE)
    sit(log, "", again, waiting=[Written(Turn(question("open", "o"), 7), "Split by time.", 60.0)])
    assert again.asked == []
    assert logged(log) == ["a", "o"]


def test_a_crash_costs_the_question_that_was_open(log: Log) -> None:
    candidate = Candidate(Watch(), MINUTE, {"b": [RuntimeError("power cut")]})
    with pytest.raises(RuntimeError, match="power cut"):
        sit(log, "abc", candidate)
    assert logged(log) == ["a"]
