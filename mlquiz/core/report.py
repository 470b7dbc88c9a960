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
    """A question missed, how often, the day of the last miss, and the misconception behind it where one is known."""

    question: str
    times: int
    day: int
    note: str


class Weak(Struct, frozen=True):
    """A weak topic: `lost` is expected marks lost out of 100, weight × chance of a wrong answer.

    Score and rank come from the whole log; `missed` from the answers that the report covers.
    """

    id: str
    title: str
    score: Score
    lost: float
    missed: list[Missed]
    command: str


class Unanswered(Struct, frozen=True):
    """A topic without answers, and how many questions of it there are to ask."""

    id: str
    title: str
    questions: int


class Leech(Struct, frozen=True):
    """A question that does not stay: `lapses` counts the days after its first on which it was not known."""

    question: str
    lapses: int


class Calibration(Struct, frozen=True):
    """How often answers given with this confidence were right, with an 80 % interval."""

    confidence: str
    n: int
    right: float
    low: float
    high: float


class Foretold(Struct, frozen=True):
    """Answers to seen questions foretold to be known with a chance from `least` to `most`: the mean `chance`, and the
    share that was `known`, with an 80 % interval."""

    least: float
    most: float
    n: int
    chance: float
    known: float
    low: float
    high: float


class Brier(Struct, frozen=True):
    """Mean squared error of `n` chances foretold, and that of saying the share known every time."""

    n: int
    score: float
    base: float


class Outlook(Struct, frozen=True):
    """What was expected on a `day`: readiness `now`, and on `on_day`, if the plan is `kept` or else nothing more is
    studied; points out of 100 with an 80 % interval."""

    day: int
    on_day: int
    kept: bool
    now: float
    points: float
    low: float
    high: float


class Interviewed(Struct, frozen=True):
    """A mock interview: its points of 100, their band, and the interval that readiness gave before it."""

    day: int
    points: float
    band: str
    expected: float
    low: float
    high: float


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
    """Everything a report shows.

    `program` is what the commands named in it begin with; `since` the first day whose answers are covered (null: all),
    `area` the title of the one area shown (null: all). `answers` counts all that are covered, `overall` and the groups
    the first of each day. Of the whole log are `streak`, the score `against` which topics are weak, and `unmet`, the
    topics never met; `silent` are those met before and not in the days covered. `reliability` and `brier` say how the
    chances foretold for the answers covered fared, `outlooks` what readiness was expected on each day, `mocks` the mock
    interviews that ended.
    """

    program: str
    day: int
    since: int | None
    area: str | None
    answers: int
    seen: int
    unseen: int
    streak: int
    overall: Score | None
    areas: list[Group]
    topics: list[Group]
    skills: list[Group]
    against: float | None
    weak: list[Weak]
    silent: list[Unanswered]
    unmet: list[Unanswered]
    leeches: list[Leech]
    calibration: list[Calibration]
    recall: list[Recall]
    load: list[Ahead]
    history: list[Day]
    reliability: list[Foretold] = []
    brier: Brier | None = None
    outlooks: list[Outlook] = []
    mocks: list[Interviewed] = []
