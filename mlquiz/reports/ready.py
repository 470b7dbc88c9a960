"""Readiness in bare text: a table with its intervals, or sentences to be read aloud."""

from mlquiz.core.readiness import Line, Points, Ready
from mlquiz.core.words import count
from mlquiz.reports.plots import track
from mlquiz.world import day_name

BAR = 10
WIDE = 40
"""Columns of a title, so that a line fits into 80."""


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
        wide = min(WIDE, max(len(f"  {line.title}") for line in (*ready.areas, *ready.topics)))
        apart = ready.day != ready.today
        now = "  Now" if apart else ""
        lines.append(f"{'Area and topic':<{wide}}  Points   80 %  {'0':<{BAR - 3}}100{now}    Met")
        for area, topics in groups:
            lines += [_row(area, area.title, wide, apart)]
            lines += [_row(topic, f"  {topic.title}", wide, apart) for topic in topics]
    return "\n".join([*lines, *_foot(ready)])


def _head(ready: Ready, overall: Line) -> list[str]:
    then, now = overall.then, overall.now
    if ready.day == ready.today:
        return [f"Ready today, {day_name(ready.day)}: {_points(now)}."]
    return [
        f"Ready on {day_name(ready.day)}, if you stop now: {_points(then)}.",
        f"Ready today, {day_name(ready.today)}: {_points(now)}.",
    ]


def _points(points: Points) -> str:
    return f"{points.points:.0f} points of 100 ({_span(points)})"


def _span(points: Points) -> str:
    return f"{points.low:.0f}–{points.high:.0f}"


def _row(line: Line, title: str, wide: int, apart: bool) -> str:
    then = line.then
    bar = track(then.low / 100, then.points / 100, then.high / 100, BAR)
    now = f"  {line.now.points:>3.0f}" if apart else ""
    met = f"{then.seen}/{then.seen + then.unseen}"
    title = title if len(title) <= wide else f"{title[: wide - 1]}…"
    return f"{title:<{wide}}  {then.points:>6.0f}  {_span(then):>5}  {bar}{now}  {met:>5}"


def _said(line: Line, ready: Ready) -> str:
    now = f", now {line.now.points:.0f}" if ready.day != ready.today else ""
    then = line.then
    return (
        f"{line.title}: {then.points:.0f}, between {then.low:.0f} and {then.high:.0f}{now};"
        f" {then.seen} of {count(then.seen + then.unseen, 'question')} met."
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
