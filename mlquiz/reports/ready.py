"""Readiness in bare text: a table with its intervals, or sentences to be read aloud."""

from mlquiz.core.readiness import Line, Points, Ready
from mlquiz.core.words import WIDTH, count
from mlquiz.reports.plots import track
from mlquiz.world import day_name

BAR = 10


def ready_lines(ready: Ready, plain: bool) -> str:
    """All of it; in `plain` mode without a table."""
    if ready.overall is None:
        return "There is no question to be asked."
    lines = [*_head(ready, ready.overall), ""]
    groups = [(area, [topic for topic in ready.topics if topic.id.startswith(f"{area.id}.")]) for area in ready.areas]
    if plain:
        for area, topics in groups:
            lines += [_said(line, ready) for line in (area, *topics)]
    else:
        beside = "".join(f"  {name}" for name, _ in _beside(ready.overall, ready))
        head = f"  Points    80 %  {'0':<{BAR - 3}}100{beside}      Met"
        wide = min(WIDTH - len(head), max(len(f"  {line.title}") for line in (*ready.areas, *ready.topics)))
        lines.append(f"{'Area and topic':<{wide}}{head}")
        for area, topics in groups:
            lines += [_row(area, area.title, wide, ready)]
            lines += [_row(topic, f"  {topic.title}", wide, ready) for topic in topics]
    return "\n".join([*lines, *_foot(ready)])


def _head(ready: Ready, overall: Line) -> list[str]:
    then, now, kept = overall.then, overall.now, overall.kept
    if ready.day == ready.today:
        return [f"Ready today, {day_name(ready.day)}: {_points(now)}."]
    today = f"Ready today, {day_name(ready.today)}: {_points(now)}."
    if kept is None:
        return [f"Ready on {day_name(ready.day)}, if you stop now: {_points(then)}.", today]
    return [
        f"Ready on {day_name(ready.day)}, if you keep to your plan: {_points(kept)}.",
        f"If you stop now: {_points(then)}.",
        today,
    ]


def _points(points: Points) -> str:
    return f"{points.points:.0f} points of 100 ({_span(points)})"


def _span(points: Points) -> str:
    return f"{points.low:.0f}–{points.high:.0f}"


def _shown(line: Line) -> Points:
    """What the interval is drawn of."""
    return line.kept or line.then


def _beside(line: Line, ready: Ready) -> list[tuple[str, Points]]:
    """What stands beside it, with its heading."""
    if ready.day == ready.today:
        return []
    return [*([("Stop", line.then)] if line.kept else []), ("Now", line.now)]


def _row(line: Line, title: str, wide: int, ready: Ready) -> str:
    shown = _shown(line)
    bar = track(shown.low / 100, shown.points / 100, shown.high / 100, BAR)
    beside = "".join(f"  {points.points:>{len(name)}.0f}" for name, points in _beside(line, ready))
    met = f"{line.now.seen}/{line.now.seen + line.now.unseen}"
    title = title if len(title) <= wide else f"{title[: wide - 1]}…"
    return f"{title:<{wide}}  {shown.points:>6.0f}  {_span(shown):>6}  {bar}{beside}  {met:>7}"


def _said(line: Line, ready: Ready) -> str:
    shown = _shown(line)
    stop = f", {line.then.points:.0f} if you stop now" if line.kept else ""
    now = f", {line.now.points:.0f} today" if ready.day != ready.today else ""
    return (
        f"{line.title}: {shown.points:.0f}, between {shown.low:.0f} and {shown.high:.0f}{stop}{now};"
        f" {line.now.seen} of {count(line.now.seen + line.now.unseen, 'question')} met."
    )


def _foot(ready: Ready) -> list[str]:
    lines = [
        "",
        "Points are the share of the bank that you would know, by weight, with an 80 %",
        "interval: what you met by your memory of it, the rest by how your first answers",
        "went.",
    ]
    if ready.left_out:
        lines.append(
            f"Left out: {count(ready.left_out, 'question')} suspended, beside your levels, or not to be asked here."
        )
    return lines
