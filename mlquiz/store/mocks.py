"""Mock interviews as the log has them."""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from mlquiz.core.card import Mock


class Minute(NamedTuple):
    """What happened after so many seconds of an interview; question, seconds and text where there are any."""

    what: str
    spent: float
    question: str | None
    seconds: float | None
    text: str | None


class Kept(NamedTuple):
    """An interview and its minutes; `at` is when it began (ISO 8601, UTC)."""

    id: str
    at: str
    day: int
    mock: Mock
    minutes: list[Minute]

    @property
    def spent(self) -> float:
        """Seconds so far: those of the last thing that happened."""
        return max((minute.spent for minute in self.minutes), default=0.0)

    @property
    def ended(self) -> bool:
        return any(minute.what == "ended" for minute in self.minutes)


def mocks(log: sqlite3.Connection) -> Iterator[Kept]:
    """Every mock interview, in order. Raises sqlite3.DatabaseError for one that cannot be read."""
    for id_, at, day, body in log.execute("select id, at, day, body from mock order by id").fetchall():
        try:
            mock = msgspec.json.decode(body, type=Mock)
        except msgspec.MsgspecError:
            raise sqlite3.DatabaseError(f"the mock interview {id_} is damaged") from None
        rows = log.execute(
            "select what, spent, question, seconds, text from mock_minute where mock = ? order by id", (id_,)
        )
        yield Kept(id_, at, day, mock, [Minute(*row) for row in rows])
