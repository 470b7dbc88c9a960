"""The journal: whatever happens to the log, memory is its replay."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from builders import ids, review
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mlquiz.core.answer import Given, Picked
from mlquiz.core.memory import Memory
from mlquiz.core.review import Rating, Review
from mlquiz.core.scheduler import KNOWN_PRIOR, Step, learn, replay
from mlquiz.errors import JournalError
from mlquiz.store import memories
from mlquiz.store.database import open_memory
from mlquiz.store.journal import Journal, steps

GINI = "ml.trees.gini"
NOW = "2026-01-01T12:00:00.000Z"


@pytest.fixture
def log() -> Iterator[sqlite3.Connection]:
    with closing(open_memory()) as log:
        yield log


@pytest.fixture
def journal(log: sqlite3.Connection) -> Journal:
    return Journal(log, ids())


def remembered(log: sqlite3.Connection, question: str = GINI) -> Memory | None:
    met = memories.met(log, question)
    return met.memory if met else None


class AnyHistory(RuleBasedStateMachine):
    """Answers on any day, corrections, retractions, revisions, questions that leave and return."""

    NAMES = tuple(f"ml.trees.q{n}" for n in range(3))

    def __init__(self) -> None:
        super().__init__()
        self.log = open_memory()
        self.new_id = ids()
        self.journal = Journal(self.log, self.new_id)
        self.keys: dict[str, str] = {}
        self.versions = dict.fromkeys(self.NAMES, 0)
        self.standing: list[Review] = []
        self.everything: list[Review] = []
        self.banks = 0

    def teardown(self) -> None:
        self.log.close()

    @initialize()
    def all_in_the_bank(self) -> None:
        self.keys = dict.fromkeys(self.NAMES, "k0")
        self.synced()

    def synced(self) -> None:
        self.banks += 1
        self.journal.sync(self.keys, f"bank {self.banks}")

    @precondition(lambda self: self.keys)
    @rule(
        data=st.data(), day=st.integers(0, 9), rating=st.sampled_from(Rating),
        answer=st.sampled_from([Picked(["gini"]), Given("text")]),
        confidence=st.sampled_from(["sure", "unsure", None]),
    )  # fmt: skip
    def answer(self, data: st.DataObject, day: int, rating: Rating, answer: Picked | Given, confidence: str) -> None:
        name = data.draw(st.sampled_from(sorted(self.keys)))
        answered = review(
            int(self.new_id()), name, day, rating, key=self.keys[name], answer=answer, confidence=confidence
        )
        memory = self.journal.append(answered)
        assert memory == remembered(self.log, name)
        self.standing.append(answered)
        self.everything.append(answered)

    def current(self) -> list[Review]:
        return [one for one in self.standing if self.keys.get(one.question) == one.key]

    @precondition(lambda self: self.current())
    @rule(data=st.data(), rating=st.sampled_from(Rating))
    def correct(self, data: st.DataObject, rating: Rating) -> None:
        one = data.draw(st.sampled_from(self.current()))
        corrected, memory = self.journal.correct(one, rating, NOW)
        assert memory == remembered(self.log, one.question)
        assert (corrected.rated_by, corrected.rating, corrected.answer) == ("learner", rating, one.answer)
        self.standing[self.standing.index(one)] = corrected
        self.everything.append(corrected)

    @precondition(lambda self: self.standing)
    @rule(data=st.data())
    def retract(self, data: st.DataObject) -> None:
        some = data.draw(st.lists(st.sampled_from(self.standing), min_size=1, max_size=3, unique_by=id))
        self.journal.retract(some, NOW)
        self.standing = [one for one in self.standing if one not in some]

    @rule(name=st.sampled_from(NAMES), back=st.booleans())
    def revise(self, name: str, back: bool) -> None:
        """A changed key, or an earlier one back again."""
        if name in self.keys:
            self.versions[name] += -1 if back else 1
            self.keys[name] = f"k{self.versions[name]}"
            self.synced()

    @rule(name=st.sampled_from(NAMES))
    def leave_or_return(self, name: str) -> None:
        if name in self.keys:
            del self.keys[name]
        else:
            self.keys[name] = f"k{self.versions[name]}"
        self.synced()

    @rule()
    def rebuild(self) -> None:
        before = self.projection()
        self.journal.rebuild(self.keys, "rebuilt")
        assert self.projection() == before

    def projection(self) -> tuple[dict[str, memories.Met], float]:
        return memories.memories(self.log), memories.drift(self.log)

    @invariant()
    def memory_is_the_replay_of_the_log(self) -> None:
        known, drift = self.projection()
        replayed = replay(steps(self.log), self.keys)
        assert {name: met.memory for name, met in known.items() if met.memory} == replayed.memories
        assert drift == replayed.drift

    @invariant()
    def revised_is_what_was_answered_under_other_keys_only(self) -> None:
        known, _ = self.projection()
        answered = {one.question for one in self.standing if one.question in self.keys}
        counting = {one.question for one in self.current()}
        assert {name for name, met in known.items() if met.first is None} == answered - counting
        assert {name for name, met in known.items() if met.memory} == counting

    @invariant()
    def the_log_says_what_replay_needs(self) -> None:
        standing = {one.id for one in self.standing}
        assert {one.id: one for one in steps(self.log)} == {
            one.id: Step(one.id, one.replaces or one.id, one.question, one.key, one.day, int(one.rating), one.vouched,
                         one.id in standing, one.confidence is None)
            for one in self.everything
        }  # fmt: skip


AnyHistory.TestCase.settings = settings(max_examples=120, stateful_step_count=25, deadline=None)
test_memory_is_the_replay_of_any_history = AnyHistory.TestCase


# the known prior


def test_a_miss_taken_back_within_the_day_leaves_no_known_prior(log: sqlite3.Connection, journal: Journal) -> None:
    journal.append(review(101, rating=1))
    journal.retract([review(101)], NOW)
    assert remembered(log) is None
    journal.append(review(102, rating=3))
    assert remembered(log) == learn(None, 3, 0)


def test_a_first_answer_corrected_to_good_has_the_known_prior(log: sqlite3.Connection, journal: Journal) -> None:
    first = review(101, rating=2)
    journal.append(first)
    _, memory = journal.correct(first, Rating.GOOD, NOW)
    assert memory is not None
    assert memory.stability == KNOWN_PRIOR


def test_a_first_answer_corrected_to_again_loses_the_known_prior(log: sqlite3.Connection, journal: Journal) -> None:
    first = review(101, rating=3)
    assert journal.append(first) == Memory(KNOWN_PRIOR, learn(None, 3, 0).difficulty, 0)
    assert journal.correct(first, Rating.AGAIN, NOW)[1] == learn(None, 1, 0)


@pytest.mark.parametrize(
    ("answer", "confidence", "prior"),
    [
        (Picked(["gini"]), "sure", True), (Picked(["gini"]), None, False), (Given("gini"), None, True),
        (Given("gini"), "unsure", True),
    ],
)  # fmt: skip
def test_an_option_picked_shows_prior_knowledge_only_when_sure(
    journal: Journal, answer: Picked | Given, confidence: str | None, prior: bool
) -> None:
    memory = journal.append(review(101, answer=answer, confidence=confidence))
    assert memory is not None
    assert (memory.stability == KNOWN_PRIOR) is prior


# all or nothing


def dump(log: sqlite3.Connection) -> list[str]:
    return list(log.iterdump())


def test_an_answer_that_cannot_be_logged_moves_no_memory(log: sqlite3.Connection, journal: Journal) -> None:
    journal.append(review(101))
    before = dump(log)
    for bad in (
        review(101, day=5),
        review(102, score=1.5),
        review(103, replaces="nothing"),
        review(104, rated_by="me"),
    ):
        with pytest.raises(JournalError):
            journal.append(bad)
        assert dump(log) == before


def test_an_answer_whose_memory_cannot_be_kept_is_not_logged(log: sqlite3.Connection, journal: Journal) -> None:
    journal.append(review(101))
    log.execute("drop table trace")
    before = dump(log)
    with pytest.raises(JournalError):
        journal.append(review(102, day=3))
    assert dump(log) == before


def test_taking_back_twice_is_refused_and_changes_nothing(log: sqlite3.Connection, journal: Journal) -> None:
    journal.append(review(101))
    journal.append(review(102, day=3))
    journal.retract([review(101)], NOW)
    before = dump(log)
    with pytest.raises(JournalError):
        journal.retract([review(102, day=3), review(101)], NOW)
    assert dump(log) == before


def test_a_correction_is_a_retraction_and_a_new_answer_in_one(log: sqlite3.Connection, journal: Journal) -> None:
    first = review(101)
    journal.append(first)
    corrected, _ = journal.correct(first, Rating.EASY, NOW)
    assert corrected.replaces == first.id
    again, _ = journal.correct(corrected, Rating.HARD, NOW)
    assert again.replaces == first.id
    assert list(memories.reviews(log)) == [again]
    before = dump(log)
    with pytest.raises(JournalError):
        journal.correct(corrected, Rating.GOOD, NOW)
    assert dump(log) == before


# questions that left


def test_a_question_that_left_the_bank_is_remembered_when_it_returns(log: sqlite3.Connection, journal: Journal) -> None:
    memory = journal.append(review(101))
    journal.sync({}, "without")
    assert memories.memories(log) == {}
    journal.sync({GINI: "k1"}, "with")
    assert remembered(log) == memory


def test_taking_back_an_answer_to_a_question_that_left_does_not_bring_it_back(
    log: sqlite3.Connection, journal: Journal
) -> None:
    journal.append(review(101))
    journal.append(review(102, day=3))
    journal.sync({}, "without")
    journal.retract([review(102, day=3)], NOW)
    assert memories.memories(log) == {}


def test_the_bank_whose_keys_were_folded_is_remembered(log: sqlite3.Connection, journal: Journal) -> None:
    assert not memories.synced(log, "bank")
    journal.sync({}, "bank")
    assert memories.synced(log, "bank")
    assert not memories.synced(log, "another")
