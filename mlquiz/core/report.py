"""A Report: everything a report shows, in the terms of no renderer.

Days are days since 1970-01-01; scores and chances are 0..1.
"""

from msgspec import Struct


class Score(Struct, frozen=True):
    """Mean score 0..1 of `n` first-of-day answers, with an 80 % interval."""

    n: int
    score: float
    low: float
    high: float


class Group(Struct, frozen=True):
    """The score of an area, topic or skill; `own` of the answers were graded by the learner (open questions)."""

    id: str
    title: str
    score: Score
    own: int


class Missed(Struct, frozen=True):
    """A question missed, how often, and the misconception behind the last miss where one is known."""

    question: str
    times: int
    note: str


class Weak(Struct, frozen=True):
    """A weak topic: `lost` is expected marks lost out of 100, weight × chance of a wrong answer."""

    id: str
    title: str
    score: Score
    lost: float
    missed: list[Missed]
    command: str


class Calibration(Struct, frozen=True):
    """How often answers given with this confidence were right."""

    confidence: str
    n: int
    right: float


class Ahead(Struct, frozen=True):
    """Questions coming due on a day; what is overdue counts on the first."""

    day: int
    due: int


class Recall(Struct, frozen=True):
    """Mean chance of knowing the seen questions on a day, if nothing is studied until then."""

    day: int
    recall: float


class Day(Struct, frozen=True):
    """A day's answers and their mean score."""

    day: int
    answers: int
    score: float


class Report(Struct, frozen=True):
    """Everything a report shows. Days are days since 1970-01-01; `answers` counts all that stand in the log."""

    day: int
    answers: int
    seen: int
    unseen: int
    overall: Score | None
    areas: list[Group]
    topics: list[Group]
    skills: list[Group]
    weak: list[Weak]
    unmet: list[str]
    calibration: list[Calibration]
    recall: list[Recall]
    load: list[Ahead]
    history: list[Day]
    streak: int
