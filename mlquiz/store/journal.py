"""The writing side of the log: append, retract, mark; every change moves the memory it concerns, in one transaction."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import msgspec

from mlquiz.core.memory import Memory, drift_after
from mlquiz.core.plan import Plan
from mlquiz.core.review import Rating, Review
from mlquiz.core.scheduler import Folded, Step, Trace, drift, fold
from mlquiz.store.database import writing
from mlquiz.store.memories import FIELDS, synced, traces
from mlquiz.store.place import refuse_moved, standing
from mlquiz.world import later

STEPS = """
    select id, coalesce(replaces, id), question, key, day, rating,
           rating >= 3 and (json_extract(answer, '$.keys') is null or confidence is 'sure'),
           id not in (select review from retraction), confidence is null
    from review"""

NEWEST = """
    select max(id) from (select max(id) as id from review union all select max(id) from retraction
                         union all select max(id) from mark union all select max(id) from plan
                         union all select max(id) from forecast
                         union all select max(id) from mock union all select max(id) from mock_minute)"""


def steps(log: sqlite3.Connection, question: str | None = None) -> list[Step]:
    """What replay needs of the whole log, or of one question; retracted answers among them."""
    rows = log.execute(STEPS) if question is None else log.execute(STEPS + " where question = ?", (question,))
    return [Step(*row) for row in rows]


class Bank(NamedTuple):
    """The bank a journal works with: its digest, and each question's current key."""

    digest: str
    keys: Callable[[], Mapping[str, str]]


class Journal:
    """The log of one learner, open for writing.

    Every change first sees to it that the projection stands under this bank's keys: meanwhile another process may have
    folded it under another bank's.
    """

    def __init__(self, log: sqlite3.Connection, new_id: Callable[[], str], bank: Bank | None = None) -> None:
        self.log, self._fresh, self.bank = log, new_id, bank
        self._file = standing(log.execute("pragma database_list").fetchone()[2])

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction in the file that was opened, if that is still the log."""
        refuse_moved(self._file)
        with writing(self.log):
            yield

    def new_id(self) -> str:
        """An id above all in the log, whatever the clock does: what was done last has the highest."""
        (newest,) = self.log.execute(NEWEST).fetchone()
        return later(self._fresh(), newest or "")

    def in_step(self) -> None:
        """Folds the projection under this bank's keys if it stands under others."""
        if self.bank and not synced(self.log, self.bank.digest):
            with self._writing():
                self._step()

    def _step(self) -> None:
        if self.bank and not synced(self.log, self.bank.digest):
            self._sync(self.bank.keys(), self.bank.digest)

    def append(self, review: Review) -> Memory | None:
        """Logs the answer and moves its memory, in one transaction; the memory after it, none if it does not count."""
        with self._writing():
            self._step()
            self._insert(review)
            return self._refold(review.question, self._current(review.question) or review.key)

    def correct(self, review: Review, rating: Rating, at: str) -> tuple[Review, Memory | None]:
        """Replaces the answer by the same one, rated by the learner. Returns what stands now."""
        root = review.replaces or review.id
        corrected = msgspec.structs.replace(
            review, id=self.new_id(), at=at, rating=rating, rated_by="learner", replaces=root
        )
        with self._writing():
            self._step()
            self._retract(review.id, at)
            self._insert(corrected)
            return corrected, self._refold(review.question, self._current(review.question) or review.key)

    def retract(self, reviews: Iterable[Review], at: str) -> None:
        """Takes the answers back: as if they had never been, except that they spend the first meeting."""
        reviews = list(reviews)
        with self._writing():
            self._step()
            for review in reviews:
                self._retract(review.id, at)
            for question in {review.question for review in reviews}:
                if key := self._current(question):  # else it left the bank, and is folded when it comes back
                    self._refold(question, key)

    def mark(self, question: str, what: str, at: str) -> None:
        """`suspended`, `resumed` or `not today`."""
        with self._writing():
            self.log.execute("insert into mark values (?, ?, ?, ?)", (self.new_id(), question, at, what))

    def plan(self, plan: Plan, at: str, day: int) -> None:
        """What is planned from now on."""
        body = msgspec.json.encode({**plan._asdict(), "weights": dict(plan.weights)}).decode()
        with self._writing():
            self.log.execute("insert into plan values (?, ?, ?, ?)", (self.new_id(), at, day, body))

    def forecast(self, day: int, on_day: int, body: Mapping[str, list[float]], at: str) -> None:
        """What is expected on a day to come, as `memories.forecasts` reads it."""
        with self._writing():
            self.log.execute(
                "insert into forecast values (?, ?, ?, ?, ?)",
                (self.new_id(), at, day, on_day, msgspec.json.encode(body).decode()),
            )

    def mock(self, id_: str, body: bytes, at: str, day: int) -> None:
        """A mock interview begins; `body` is a Mock as JSON."""
        with self._writing():
            self.log.execute("insert into mock values (?, ?, ?, ?)", (id_, at, day, body.decode()))

    def minute(self, mock: str, what: str, spent: float, at: str, *said: str | float | None) -> None:
        """What happened in it after so many seconds; `said` are question, seconds and text, as far as there are any."""
        with self._writing():
            values = (*said, None, None, None)[:3]
            self.log.execute(
                "insert into mock_minute values (?, ?, ?, ?, ?, ?, ?, ?)",
                (self.new_id(), mock, at, what, spent, *values),
            )

    def sync(self, keys: Mapping[str, str], bank: str) -> None:
        """Folds anew whatever the bank's current keys change: questions revised, gone, or back again."""
        with self._writing():
            self._sync(keys, bank)

    def rebuild(self, keys: Mapping[str, str], bank: str) -> None:
        """Drops the projection and folds the whole log again."""
        with self._writing():
            self.log.execute("delete from memory")
            self.log.execute("delete from trace")
            self._sync(keys, bank)

    def _sync(self, keys: Mapping[str, str], bank: str) -> None:
        folded = dict(self.log.execute("select question, key from memory"))
        seen = {question for (question,) in self.log.execute("select distinct question from review")}
        for question in folded.keys() - keys.keys():
            self._forget(question)
        for question in seen & keys.keys():
            if folded.get(question) != keys[question]:
                self._store(question, keys[question])
        self._drift()
        self.log.execute("update state set bank = ?", (bank,))

    def _current(self, question: str) -> str | None:
        """The key the question is folded under; none if it is not in the bank, or was never met."""
        row = self.log.execute("select key from memory where question = ?", (question,)).fetchone()
        return str(row[0]) if row else None

    def _insert(self, review: Review) -> None:
        values = {name: getattr(review, name) for name in review.__struct_fields__}
        values["answer"] = msgspec.json.encode(review.answer).decode()
        values["params"] = msgspec.json.encode(review.params).decode()
        values["right"], values["rating"] = int(review.right), int(review.rating)
        places = ", ".join(f":{name.strip()}" for name in FIELDS.split(","))
        self.log.execute("insert into review (" + FIELDS + ") values (" + places + ")", values)

    def _retract(self, review: str, at: str) -> None:
        self.log.execute("insert into retraction values (?, ?, ?)", (self.new_id(), review, at))

    def _refold(self, question: str, key: str) -> Memory | None:
        """Folds the question anew; the drift takes one step where the newest answer is all that is new."""
        before = list(traces(self.log, question))
        folded = self._store(question, key)
        after = folded.traces if folded else []
        if after[: len(before)] == before and self._newest(after[len(before) :]):
            b = float(self.log.execute("select drift from state").fetchone()[0])
            for trace in after[len(before) :]:
                b = drift_after(b, trace.recall, trace.known)
            self.log.execute("update state set drift = ?", (b,))
        else:
            self._drift()
        return folded.memory if folded else None

    def _newest(self, added: list[Trace]) -> bool:
        """Whether the added traces are the log's last; the projection already holds them."""
        if not added:
            return True
        last = self.log.execute("select day, id from trace order by day desc, id desc limit 1").fetchone()
        return len(added) == 1 and tuple(last) == (added[0].day, added[0].id)

    def _store(self, question: str, key: str) -> Folded | None:
        history = steps(self.log, question)
        folded = fold(step for step in history if step.key == key)
        self._forget(question)
        if (folded is None or folded.memory is None) and any(step.standing for step in history):
            self.log.execute("insert into memory values (?, ?, null, null, null, null)", (question, key))
        elif folded is not None:
            memory = folded.memory or (None, None, None)
            first = min((step.day for step in history if step.standing), default=folded.first)
            self.log.execute("insert into memory values (?, ?, ?, ?, ?, ?)", (question, key, *memory, first))
            self.log.executemany("insert into trace values (?, ?, ?, ?, ?)", folded.traces)
        return folded

    def _forget(self, question: str) -> None:
        self.log.execute("delete from memory where question = ?", (question,))
        self.log.execute("delete from trace where question = ?", (question,))

    def _drift(self) -> None:
        self.log.execute("update state set drift = ?", (drift(traces(self.log)),))
