"""Where the learner stands: reviews and memories to one Report, which every renderer shows in its own way.

Scores speak of first answers of a day: a question answered again minutes later says little about memory.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from math import fsum
from typing import NamedTuple

from mlquiz.core.answer import CONFIDENCES, Explained
from mlquiz.core.days import Known, forecast, history, load, streak
from mlquiz.core.interval import interval
from mlquiz.core.plan import Plan
from mlquiz.core.reliability import fared
from mlquiz.core.report import Calibration, Group, Leech, Missed, Report, Score, Unanswered, Weak
from mlquiz.core.review import Review

ENOUGH = 5
"""First-of-day answers a topic needs before it may be called weak."""
LEECH = 8
"""Lapses that make a question a leech; the threshold is Anki's."""


class Heading(NamedTuple):
    """A topic as the syllabus has it; `weight` is its share of the bank, 0..1."""

    topic: str
    title: str
    area: str
    area_title: str
    weight: float


class Skills(NamedTuple):
    """The skills of each question, and the titles of all."""

    of: Mapping[str, tuple[str, ...]]
    titles: Mapping[str, str]


class Scope(NamedTuple):
    """What a report covers: answers from a day on, and one area's (its id), null for all; how `mlquiz` was called."""

    since: int | None = None
    area: str | None = None
    program: str = "mlquiz"


ALL = Scope()


def summarise(
    reviews: Iterable[Review],
    known: Known,
    headings: list[Heading],
    skills: Skills,
    plan: Plan,
    today: int,
    explain: Callable[[Review], str],
    scope: Scope = ALL,
) -> Report:
    """The report of a log. `explain` gives the misconception behind a missed answer."""
    everything = list(reviews)
    of_topic = {heading.topic: heading for heading in headings}
    shown = [heading for heading in headings if scope.area in (None, heading.area)]
    areas = {heading.area: heading.area_title for heading in shown}
    inside = {heading.topic for heading in shown}

    def belongs(question: str) -> bool:
        return scope.area is None or _topic(question) in inside

    first = [review for review in _first_of_day(everything) if _topic(review.question) in of_topic]
    covered = [review for review in everything if belongs(review.question) and review.day >= (scope.since or 0)]
    scored = [review for review in first if _topic(review.question) in inside and review.day >= (scope.since or 0)]
    topics = _groups(scored, lambda review: [_topic(review.question)], {h.topic: h.title for h in shown})
    here = known.of(belongs)
    left = Counter(map(_topic, (*here.memories, *here.revised, *here.unseen)))
    met = {_topic(review.question) for review in first}
    against = _score(first)
    table, brier = fared(covered)
    return Report(
        program=scope.program,
        day=today,
        since=scope.since,
        area=areas[scope.area] if scope.area else None,
        answers=len(covered),
        seen=len(here.memories) + len(here.revised),
        unseen=len(here.unseen),
        streak=streak(everything, known, plan, today),
        overall=_score(scored),
        areas=_groups(scored, lambda review: [of_topic[_topic(review.question)].area], areas),
        topics=topics,
        skills=_groups(scored, lambda review: skills.of.get(review.question, ()), skills.titles),
        against=against.score if against else None,
        weak=[_evident(weak, scored, explain) for weak in _weak(first, headings, scope.program) if left[weak.id]],
        silent=_without(shown, met - {group.id for group in topics}, left),
        unmet=_without(shown, {one.topic for one in shown if left[one.topic]} - met, left),
        leeches=_leeches(here),
        calibration=_calibration(scored),
        recall=forecast(here, today),
        load=load(here, plan, today),
        history=history(covered),
        reliability=table,
        brier=brier,
    )


def _topic(question: str) -> str:
    return question.rpartition(".")[0]


def _first_of_day(reviews: Iterable[Review]) -> Iterable[Review]:
    met: set[tuple[str, int]] = set()
    for review in sorted(reviews, key=lambda review: (review.day, review.replaces or review.id)):
        if (review.question, review.day) not in met:
            met.add((review.question, review.day))
            yield review


def _score(reviews: list[Review]) -> Score | None:
    return interval(fsum(review.score for review in reviews) / len(reviews), len(reviews)) if reviews else None


def _groups(reviews: list[Review], of: Callable[[Review], Iterable[str]], titles: Mapping[str, str]) -> list[Group]:
    """Scores by group in the order of the titles; groups without answers are left out."""
    gathered: dict[str, list[Review]] = {}
    for review in reviews:
        for name in of(review):
            gathered.setdefault(name, []).append(review)
    out = []
    for name, title in titles.items():
        if score := _score(gathered.get(name, [])):
            own = sum(isinstance(review.answer, Explained) for review in gathered[name])
            out.append(Group(name, title, score, own))
    return out


def _weak(first: list[Review], headings: list[Heading], program: str) -> list[Weak]:
    """Topics whose interval lies below the learner's overall score, by expected marks lost; evidence comes later."""
    overall = _score(first)
    weights = {heading.topic: heading.weight for heading in headings}
    out = []
    for group in _groups(first, lambda review: [_topic(review.question)], {h.topic: h.title for h in headings}):
        if overall is None or group.score.n < ENOUGH or group.score.high >= overall.score:
            continue
        lost = 100 * weights[group.id] * (1 - group.score.score)
        out.append(Weak(group.id, group.title, group.score, lost, [], f"{program} quiz --topic {group.id}"))
    return sorted(out, key=lambda weak: -weak.lost)


def _evident(weak: Weak, scored: list[Review], explain: Callable[[Review], str]) -> Weak:
    """The topic with the questions missed in it, the most often missed first."""
    wrong = [review for review in scored if _topic(review.question) == weak.id and not review.right]
    times = Counter(review.question for review in wrong)
    last = {review.question: review for review in wrong}
    missed = [Missed(question, n, last[question].day, explain(last[question])) for question, n in times.most_common()]
    return Weak(weak.id, weak.title, weak.score, weak.lost, missed, weak.command)


def _without(headings: list[Heading], topics: Collection[str], left: Mapping[str, int]) -> list[Unanswered]:
    """These topics, in the order of the syllabus, with how many questions of each are asked."""
    return [Unanswered(one.topic, one.title, left[one.topic]) for one in headings if one.topic in topics]


def _leeches(known: Known) -> list[Leech]:
    lapses = Counter(trace.question for trace in known.traces if not trace.known and trace.question in known.memories)
    return [Leech(question, n) for question, n in sorted(lapses.items(), key=lambda e: (-e[1], e[0])) if n >= LEECH]


def _calibration(reviews: list[Review]) -> list[Calibration]:
    out = []
    for confidence in CONFIDENCES:
        said = [review.right for review in reviews if review.confidence == confidence]
        if said:
            score = interval(sum(said) / len(said), len(said))
            out.append(Calibration(confidence, len(said), score.score, score.low, score.high))
    return out
