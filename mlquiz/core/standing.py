"""Where the learner stands: reviews and memories to one Report, which every renderer shows in its own way.

Scores speak of first answers of a day: a question answered again minutes later says little about memory.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from math import sqrt
from typing import NamedTuple

from mlquiz.core.answer import CONFIDENCES, Explained
from mlquiz.core.memory import Memory, Plan, drifted, due, recall
from mlquiz.core.report import Ahead, Calibration, Day, Group, Missed, Recall, Report, Score, Weak
from mlquiz.core.review import Review

Z80 = 1.2815515655446004
"""Standard normal quantile at 0.9: two-sided 80 %."""
ENOUGH = 5
"""First-of-day answers a topic needs before it may be called weak."""
AHEAD = 14
FORECAST_DAYS = (1, 7, 14, 30)


class Heading(NamedTuple):
    """A topic as the syllabus has it; `weight` is its share of the bank, 0..1."""

    topic: str
    title: str
    area: str
    area_title: str
    weight: float


class Known(NamedTuple):
    """What is remembered: memories of questions in the bank, the drift, how many were never met or revised since."""

    memories: Mapping[str, Memory]
    drift: float
    unseen: int
    revised: int = 0


def interval(mean: float, n: int) -> Score:
    """The mean of n scores with Wilson's 80 % interval (Wilson 1927); a partial score is that share of a success."""
    z2 = Z80 * Z80
    centre = (mean + z2 / (2 * n)) / (1 + z2 / n)
    half = Z80 / (1 + z2 / n) * sqrt(mean * (1 - mean) / n + z2 / (4 * n * n))
    return Score(n, mean, max(0.0, centre - half), min(1.0, centre + half))


def summarise(
    reviews: Iterable[Review],
    known: Known,
    headings: list[Heading],
    skills: Mapping[str, tuple[str, ...]],
    skill_titles: Mapping[str, str],
    plan: Plan,
    today: int,
    explain: Callable[[Review], str],
) -> Report:
    """The report of a log. `skills` are each question's; `explain` gives the misconception behind a missed answer."""
    everything = list(reviews)
    first = list(_first_of_day(everything))
    of_topic = {heading.topic: heading for heading in headings}
    filed = [review for review in first if _topic(review) in of_topic]
    overall = _score(filed)
    topics = _groups(filed, lambda review: [_topic(review)], {h.topic: h.title for h in headings})
    return Report(
        day=today,
        answers=len(everything),
        seen=len(known.memories) + known.revised,
        unseen=known.unseen,
        overall=overall,
        areas=_groups(filed, lambda review: [of_topic[_topic(review)].area], {h.area: h.area_title for h in headings}),
        topics=topics,
        skills=_groups(filed, lambda review: skills.get(review.question, ()), skill_titles),
        weak=_weak(topics, overall, filed, of_topic, explain),
        unmet=[heading.topic for heading in headings if not any(group.id == heading.topic for group in topics)],
        calibration=_calibration(first),
        recall=_recall(known, today),
        load=_load(known, plan, today),
        history=_history(everything),
        streak=_streak({review.day for review in everything}, today),
    )


def _topic(review: Review) -> str:
    return review.question.rpartition(".")[0]


def _first_of_day(reviews: Iterable[Review]) -> Iterable[Review]:
    met: set[tuple[str, int]] = set()
    for review in sorted(reviews, key=lambda review: (review.day, review.replaces or review.id)):
        if (review.question, review.day) not in met:
            met.add((review.question, review.day))
            yield review


def _score(reviews: list[Review]) -> Score | None:
    return interval(sum(review.score for review in reviews) / len(reviews), len(reviews)) if reviews else None


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


def _weak(
    topics: list[Group],
    overall: Score | None,
    reviews: list[Review],
    headings: Mapping[str, Heading],
    explain: Callable[[Review], str],
) -> list[Weak]:
    """Topics whose interval lies below the overall score, by expected marks lost."""
    out = []
    for group in topics:
        if overall is None or group.score.n < ENOUGH or group.score.high >= overall.score:
            continue
        wrong = [review for review in reviews if _topic(review) == group.id and not review.right]
        times = Counter(review.question for review in wrong)
        last = {review.question: review for review in wrong}
        missed = [Missed(question, n, explain(last[question])) for question, n in times.most_common()]
        lost = 100 * headings[group.id].weight * (1 - group.score.score)
        out.append(Weak(group.id, group.title, group.score, lost, missed, f"mlquiz quiz --topic {group.id}"))
    return sorted(out, key=lambda weak: -weak.lost)


def _calibration(reviews: list[Review]) -> list[Calibration]:
    out = []
    for confidence in CONFIDENCES:
        said = [review.right for review in reviews if review.confidence == confidence]
        if said:
            out.append(Calibration(confidence, len(said), sum(said) / len(said)))
    return out


def _recall(known: Known, today: int) -> list[Recall]:
    if not known.memories:
        return []

    def mean(day: int) -> float:
        chances = [drifted(recall(memory, day), known.drift) for memory in known.memories.values()]
        return sum(chances) / len(chances)

    return [Recall(today + ahead, mean(today + ahead)) for ahead in FORECAST_DAYS]


def _load(known: Known, plan: Plan, today: int) -> list[Ahead]:
    days = Counter(max(today, due(memory, plan)) for memory in known.memories.values())
    days[today] += known.revised
    return [Ahead(day, days[day]) for day in range(today, today + AHEAD)]


def _history(reviews: Iterable[Review]) -> list[Day]:
    days: dict[int, list[float]] = {}
    for review in reviews:
        days.setdefault(review.day, []).append(review.score)
    return [Day(day, len(scores), sum(scores) / len(scores)) for day, scores in sorted(days.items())]


def _streak(days: set[int], today: int) -> int:
    """Days of study in a row up to today; a today without answers yet does not break it."""
    day = today if today in days else today - 1
    length = 0
    while day in days:
        length, day = length + 1, day - 1
    return length
