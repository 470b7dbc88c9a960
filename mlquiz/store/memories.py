"""The reading side of the log. What the quick commands use needs nothing but sqlite3."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from mlquiz.core.memory import Load, Memory, span
from mlquiz.core.plan import Plan

if TYPE_CHECKING:
    from mlquiz.core.review import Review
    from mlquiz.core.scheduler import Trace


class Met(NamedTuple):
    """A question the learner has met: no memory means it is revised or was taken back; `first` is null when revised."""

    memory: Memory | None
    first: int | None


def synced(log: sqlite3.Connection, bank: str) -> bool:
    """Whether the projection was folded under this bank's keys."""
    return bool(log.execute("select bank = ? from state", (bank,)).fetchone()[0])


def plan(log: sqlite3.Connection) -> Plan:
    """What is planned: the last plan, or the usual one. Raises sqlite3.DatabaseError for one that cannot be read."""
    row = log.execute("select id, body from plan order by id desc limit 1").fetchone()
    if row is None:
        return Plan()
    try:
        body = json.loads(row[1])
        known = {name: value for name, value in body.items() if name in Plan._fields}
        return Plan(**known | {name: tuple(known.get(name, ())) for name in ("days_off", "levels")})
    except (ValueError, TypeError, AttributeError):
        raise sqlite3.DatabaseError(f"the plan {row[0]} is damaged") from None


def drift(log: sqlite3.Connection) -> float:
    return float(log.execute("select drift from state").fetchone()[0])


def forecasts(log: sqlite3.Connection) -> Iterator[tuple[int, int, dict[str, list[float]]]]:
    """(day, day spoken of, [points, low, high] by name) of every forecast, in the order in which they were made.

    The names are `now`, `stop` and, where a plan was looked into, `kept`. Raises sqlite3.DatabaseError.
    """
    for id_, day, on_day, text in log.execute("select id, day, on_day, body from forecast order by id"):
        try:
            body = {name: [float(number) for number in numbers] for name, numbers in json.loads(text).items()}
            if not {"now", "stop"} <= body.keys() or any(len(numbers) != 3 for numbers in body.values()):
                raise ValueError
        except (ValueError, TypeError, AttributeError):
            raise sqlite3.DatabaseError(f"the forecast {id_} is damaged") from None
        yield day, on_day, body


def traced(log: sqlite3.Connection) -> int:
    """How many answers the drift was found by."""
    return int(log.execute("select count(*) from trace").fetchone()[0])


def load(log: sqlite3.Connection, plan: Plan, today: int, askable: int, put_off: Collection[str] = ()) -> Load:
    """What is due by topic, but for what was put off, and what is left of today's share of new questions.

    `askable` counts the bank's questions but those suspended before they were met (see `idle`).
    """
    due = log.execute(
        """select question from memory
           where (stability is not null and last + max(1, cast(:k * stability + 0.5 as integer)) <= :today
                  or first is null)
             and question not in (select question from suspended)""",
        {"k": span(plan.retention), "today": today},
    )
    topics: dict[str, int] = {}
    for (question,) in due:
        if question in put_off:
            continue
        topic = question.rpartition(".")[0]
        topics[topic] = topics.get(topic, 0) + 1
    met, begun = log.execute(
        """select count(*) filter (where stability is not null or first is null),
                  count(*) filter (where first = :today and stability is not null) from memory""",
        {"today": today},
    ).fetchone()
    return Load(dict(sorted(topics.items())), max(0, min(plan.share(today) - begun, askable - met)))


def idle(log: sqlite3.Connection) -> set[str]:
    """Questions suspended before they were met."""
    rows = log.execute(
        """select question from suspended
           where question not in (select question from memory where stability is not null or first is null)"""
    )
    return {question for (question,) in rows}


def memories(log: sqlite3.Connection) -> dict[str, Met]:
    """Everything met and in the bank."""
    rows = log.execute("select question, stability, difficulty, last, first from memory")
    return {
        question: Met(Memory(stability, difficulty, last) if stability is not None else None, first)
        for question, stability, difficulty, last, first in rows
    }


def met(log: sqlite3.Connection, question: str) -> Met | None:
    row = log.execute(
        "select stability, difficulty, last, first from memory where question = ?", (question,)
    ).fetchone()
    if row is None:
        return None
    stability, difficulty, last, first = row
    return Met(Memory(stability, difficulty, last) if stability is not None else None, first)


def traces(log: sqlite3.Connection, question: str | None = None) -> Iterator["Trace"]:
    """Every answer that moved the memory of a seen question, in the order of the log; or one question's."""
    from mlquiz.core.scheduler import Trace

    every = "select day, id, question, recall, known from trace"
    if question is None:
        rows = log.execute(every + " order by day, id")
    else:  # a query of its own, or SQLite would not use the index
        rows = log.execute(every + " where question = ? order by day, id", (question,))
    for day, id_, name, chance, known in rows:
        yield Trace(day, id_, name, chance, bool(known))


def suspended(log: sqlite3.Connection) -> set[str]:
    return {question for (question,) in log.execute("select question from suspended")}


def put_off(log: sqlite3.Connection, began: str) -> set[str]:
    """Questions put off today, which began at that instant (ISO 8601, UTC)."""
    rows = log.execute(
        """select question from mark
           where what = 'not today' and at >= :began and at < strftime('%Y-%m-%dT%H:%M:%fZ', :began, '+1 day')""",
        {"began": began},
    )
    return {question for (question,) in rows}


def timed(log: sqlite3.Connection) -> Iterator[tuple[str, bool, bool, float]]:
    """First answers of a day whose time is known: question, whether it was its first of all, known, seconds."""
    rows = log.execute(
        """select question, day = min(day) over (partition by question), rating, seconds from (
               select question, day, rating, seconds,
                      row_number() over (partition by question, day order by coalesce(replaces, id)) as n
               from standing_review
           ) where n = 1 and seconds is not null"""
    )
    for question, first, rating, seconds in rows:
        yield question, bool(first), rating > 1, seconds


def sat(log: sqlite3.Connection, day: int, mode: str) -> Iterator[tuple[str, bool, float | None]]:
    """A day's answers in sessions of one mode: question, known, seconds (null: not told)."""
    rows = log.execute("select question, rating, seconds from standing_review where day = ? and mode = ?", (day, mode))
    for question, rating, seconds in rows:
        yield question, rating > 1, seconds


def last_day(log: sqlite3.Connection) -> int | None:
    """The last day with an answer that stands."""
    row = log.execute("select max(day) from standing_review").fetchone()
    return None if row[0] is None else int(row[0])


def missed_today(log: sqlite3.Connection, today: int) -> list[str]:
    """Questions answered today whose last answer was AGAIN, in the order in which they were missed."""
    rows = log.execute("""select question, rating from standing_review where day = ? order by id""", (today,))
    last: dict[str, int] = {}
    for question, rating in rows:
        last.pop(question, None)
        last[question] = rating
    return [question for question, rating in last.items() if rating == 1]


def answers_on(log: sqlite3.Connection, question: str, day: int) -> int:
    row = log.execute("select count(*) from standing_review where question = ? and day = ?", (question, day)).fetchone()
    return int(row[0])


FIELDS = (
    "id, session, question, revision, key, seed, at, day, seconds, answer, params, confidence, score, right, rating,"
    " rated_by, forecast, mode, replaces"
)


def reviews(log: sqlite3.Connection, question: str | None = None) -> Iterator["Review"]:
    """Standing reviews in the order in which they count, all of them or one question's."""
    rows = log.execute(
        "select " + FIELDS + " from standing_review where :question is null or question = :question order by day, id",
        {"question": question},
    )
    return _reviews(rows)


def of_session(log: sqlite3.Connection, session: str) -> Iterator["Review"]:
    """The answers of one session that stand, in order."""
    return _reviews(log.execute("select " + FIELDS + " from standing_review where session = ? order by id", (session,)))


def latest(log: sqlite3.Connection, count: int) -> list["Review"]:
    """The last `count` answers that stand, newest first."""
    rows = log.execute("select " + FIELDS + " from standing_review order by id desc limit ?", (count,))
    return list(_reviews(rows))


def _reviews(rows: Iterable[tuple[Any, ...]]) -> Iterator["Review"]:
    import msgspec

    from mlquiz.core.answer import evidence
    from mlquiz.core.review import Rating, Review

    params = msgspec.json.Decoder(dict[str, int | float])
    ratings = {int(rating): rating for rating in Rating}
    for row in rows:
        values = dict(zip(Review.__struct_fields__, row, strict=True))
        try:
            values["answer"] = evidence(values["answer"])
            values["params"] = params.decode(values["params"])
            values["rating"] = ratings[values["rating"]]
        except (msgspec.MsgspecError, LookupError, TypeError):
            raise sqlite3.DatabaseError(f"the answer {values['id']} to {values['question']} is damaged") from None
        values["right"] = bool(values["right"])
        yield Review(**values)
