"""What other programs read: one JSON object, documented, with a version; or a CSV row a topic."""

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from mlquiz.core.memory import Load
from mlquiz.world import day_name

if TYPE_CHECKING:
    from mlquiz.core.course import Course
    from mlquiz.core.plan import Plan
    from mlquiz.core.readiness import Line, Points, Ready
    from mlquiz.core.report import Report, Weak

VERSION = 1


def due_json(load: Load) -> str:
    topics = [{"topic": topic, "due": count} for topic, count in load.topics.items()]
    return _json({"version": VERSION, "due": load.due, "new": load.new, "topics": topics})


def report_json(report: "Report") -> str:
    """The whole report; days are ISO dates, scores and chances 0..1."""
    import msgspec

    return _json({"version": VERSION, **_dated(msgspec.to_builtins(report))})


def ready_json(ready: "Ready") -> str:
    """Readiness; points and the ends of their intervals are 0..100, `now` today, `kept` if the plan is kept."""

    def line(found: "Line") -> dict[str, Any]:
        name = {"id": found.id, "title": found.title} if found.id else {}
        kept = _points(found.kept) if found.kept else None
        return {**name, **_points(found.then), "now": _points(found.now), "kept": kept}

    return _json({
        "version": VERSION, "today": day_name(ready.today), "day": day_name(ready.day),
        "overall": line(ready.overall) if ready.overall else None, "areas": [line(area) for area in ready.areas],
        "topics": [line(topic) for topic in ready.topics], "left_out": ready.left_out,
    })  # fmt: skip


def plan_json(plan: "Plan", ready: "Ready", course: "Course | None") -> str:
    """The plan, readiness today and on the last day looked at, and the days until then."""
    said = plan._asdict()
    said |= {name: _day(said[name]) for name in ("start", "interview")}
    overall = ready.overall
    days = [
        {
            "day": day_name(day.day), "minutes": round(day.minutes, 1), "new": round(day.new, 1),
            "reviews": round(day.reviews, 1), "points": _points(day.points),
        }
        for day in (course.days if course else [])
    ]  # fmt: skip
    return _json({
        "version": VERSION, "today": day_name(ready.today), "plan": {**said, "weights": dict(plan.weights)},
        "final_from": _day(plan.final_from() if plan.left(ready.today) else None),
        "ready": _points(overall.now) if overall else None, "until": day_name(ready.day),
        "stop": _points(overall.then) if overall else None,
        "kept": _points(overall.kept) if overall and overall.kept else None, "days": days,
    })  # fmt: skip


def _day(day: int | None) -> str | None:
    return None if day is None else day_name(day)


def _points(points: "Points") -> dict[str, float]:
    shown = {name: round(getattr(points, name), 2) for name in ("points", "low", "high")}
    return {**shown, "seen": points.seen, "unseen": points.unseen}


COLUMNS = ("area", "topic", "title", "answers", "score", "low", "high", "own", "weak", "marks_lost", "questions_missed")


def report_csv(report: "Report", weak: bool) -> str:
    """A row a topic, with empty scores where the days covered hold no answers; weak ones have a rank.

    With `weak` these alone, by rank, with their scores over all answers.
    """
    ranks = {topic.id: (rank, topic) for rank, topic in enumerate(report.weak, start=1)}
    groups = report.weak if weak else report.topics
    rows: list[tuple[object, ...]] = []
    for group in groups:
        score = group.score
        shown = [f"{value:.4f}" for value in (score.score, score.low, score.high)]
        own = getattr(group, "own", None)
        rows.append((*_filed(group.id), group.title, score.n, *shown, own, *_lost(ranks.get(group.id))))
    empty = [] if weak else [*report.silent, *report.unmet]
    rows += [(*_filed(topic.id), topic.title, 0, *(None,) * 4, *_lost(ranks.get(topic.id))) for topic in empty]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([COLUMNS, *rows])
    return out.getvalue()


def _lost(ranked: "tuple[int, Weak] | None") -> tuple[object, ...]:
    """Rank, marks lost and questions missed of a weak topic."""
    return (ranked[0], f"{ranked[1].lost:.2f}", len(ranked[1].missed)) if ranked else (None, None, None)


def _filed(topic: str) -> tuple[str, str]:
    return topic.partition(".")[0], topic


def _dated(value: Any) -> Any:
    if isinstance(value, dict):
        days = ("day", "since", "on_day")
        return {name: day_name(v) if name in days and v is not None else _dated(v) for name, v in value.items()}
    return [_dated(inner) for inner in value] if isinstance(value, list) else value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
