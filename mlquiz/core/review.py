"""What the log holds of one answer, and how evidence becomes a rating."""

from enum import IntEnum
from typing import Literal, TypeAlias

from msgspec import Struct

from mlquiz.core.answer import Answer, Confidence, DontKnow, Picked, Ran, Reply, Verdict
from mlquiz.core.question import Kind

RatedBy: TypeAlias = Literal["rule", "learner"]
OPEN_GOOD = 0.8
SLOW = 2
"""Over this many times the expected seconds, a right answer at a terminal was hard."""
EDITED: frozenset[Kind] = frozenset({"code", "sql", "open"})
"""Kinds answered in an editor: their seconds say nothing about hesitation."""


class Rating(IntEnum):
    """FSRS ratings; AGAIN is the one that means not known."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4

    @property
    def known(self) -> bool:
        return self is not Rating.AGAIN


class Review(Struct, frozen=True):
    """One answer as it stands in the log for ever.

    `at` is UTC in ISO 8601; `day` is days since 1970-01-01 in the learner's own calendar, cut off at 04:00;
    `forecast` is the chance of knowing it held before asking, null at a first meeting.
    """

    id: str
    session: str
    question: str
    revision: str
    key: str
    seed: int
    at: str
    day: int
    seconds: float | None
    answer: Answer
    params: dict[str, int | float]
    confidence: Confidence | None
    score: float
    right: bool
    rating: Rating
    rated_by: RatedBy
    forecast: float | None
    mode: str
    replaces: str | None = None

    @property
    def vouched(self) -> bool:
        """Whether a known answer at a first meeting shows prior knowledge: where one can guess, only when sure."""
        return self.rating >= Rating.GOOD and (not isinstance(self.answer, Picked) or self.confidence == "sure")


def rate(kind: Kind, verdict: Verdict, reply: Reply, expected: int) -> Rating:
    """The rating by the first rule that fits; `expected` is in seconds. A learner's own key overrides it elsewhere.

    Partial credit is AGAIN: in FSRS, HARD is a success. EASY comes only from the learner's key.
    """
    if isinstance(reply.answer, DontKnow) or not verdict.right or reply.confidence == "guessed":
        return Rating.AGAIN
    slow = reply.paced and kind not in EDITED and reply.seconds is not None and reply.seconds > SLOW * expected
    hinted = isinstance(reply.answer, Ran) and reply.answer.hints > 0
    if reply.confidence == "unsure" or slow or hinted or (kind == "open" and verdict.score < OPEN_GOOD):
        return Rating.HARD
    return Rating.GOOD
