"""The report at a terminal, with Rich."""

from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mlquiz.core.report import Group, Report, Score
from mlquiz.core.words import count
from mlquiz.world import day_name

BAR = 20
MISSED = 3
"""Missed questions shown of a weak topic."""
NARROW = 90
"""Columns below which bars are short."""


class _Screen(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # the caller's to handle: Rich would exit with 1


def show(report: Report, out: TextIO) -> None:
    """Prints the report as wide as the terminal is."""
    console = _Screen(file=out, highlight=False)
    console.print(Text(f"Where you stand, {day_name(report.day)}", style="bold"))
    if report.overall is None:
        console.print(Text(f"No answers yet; {count(report.unseen, 'question')} to ask. Next: mlquiz review"))
        return
    overall = report.overall
    first = f"over {count(overall.n, 'answer')} (the first of each day)"
    met = f"{count(report.seen, 'question')} met, {report.unseen:,} not"
    streak = f"; {report.streak} days in a row" if report.streak > 1 else ""
    interval = f"{overall.low:.0%} to {overall.high:.0%}"
    console.print(Text(f"Score {overall.score:.0%} ({interval}) {first}; {met}{streak}."))
    console.print()
    console.print(_groups(report, BAR if console.width >= NARROW else BAR // 2))
    console.print(Text("Score: first answers of a day, with an 80 % interval.", style="dim"))
    if own := sum(group.own for group in report.topics):
        console.print(Text(f"* {own} of the answers were graded by yourself (open questions).", style="dim"))
    console.print()
    _weak(console, report)
    _calibration(console, report)
    _ahead(console, report)
    if report.unmet:
        console.print(Text(f"Not yet met: {', '.join(report.unmet)}."))


def _groups(report: Report, width: int) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("Area and topic", no_wrap=True)
    table.add_column("Score", justify="right", no_wrap=True)
    table.add_column("80 %", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("n", justify="right", no_wrap=True)
    for area in report.areas:
        _row(table, area.title, area, width, "bold")
        for topic in report.topics:
            if topic.id.startswith(area.id + "."):
                _row(table, f"  {topic.title}", topic, width)
    return table


def _row(table: Table, title: str, group: Group, width: int, style: str = "") -> None:
    score = group.score
    star = "*" if group.own else ""
    table.add_row(
        title,
        f"{score.score:.0%}",
        f"{score.low:.0%}–{score.high:.0%}",
        bar(score, width),
        f"{score.n}{star}",
        style=style,
    )


def bar(score: Score, width: int) -> str:
    """The interval as a line and the score as a point on it: `···──●──···`."""
    low, high, at = (min(width - 1, int(value * width)) for value in (score.low, score.high, score.score))
    return "".join("●" if n == at else "─" if low <= n <= high else "·" for n in range(width))


def _weak(console: Console, report: Report) -> None:
    if not report.weak:
        console.print(Text("No topic is weak yet (that takes five answers and an interval below your score).\n"))
        return
    console.print(Text("Weak topics, by marks at stake", style="bold"))
    for weak in report.weak:
        console.print(Text(f"{weak.title}: {weak.score.score:.0%}, about {weak.lost:.1f} of 100 marks"))
        for missed in weak.missed[:MISSED]:
            console.print(Text(f"  missed {missed.times} ×  {missed.question}"))
            if missed.note:
                console.print(Padding(Text(missed.note), (0, 0, 0, 4)))
        console.print(Text(f"  drill: {weak.command}"))
    console.print()


def _calibration(console: Console, report: Report) -> None:
    if not report.calibration:
        return
    console.print(Text("Confidence", style="bold"))
    for row in report.calibration:
        console.print(Text(f"  {row.confidence:<8} right {row.right:>4.0%} of {row.n}"))
    console.print()


def _ahead(console: Console, report: Report) -> None:
    if not report.recall:
        return
    console.print(Text("Ahead", style="bold"))
    chances = ", ".join(f"{row.recall:.0%} {_when(row.day - report.day)}" for row in report.recall)
    console.print(Text(f"  Expected to know of what you met, if you stop here: {chances}."))
    most = max(row.due for row in report.load)
    for row in report.load:
        if row.due:
            length = max(1, round(BAR * row.due / most))
            console.print(Text(f"  {day_name(row.day)}  {'█' * length} {row.due}"))
    console.print()


def _when(days: int) -> str:
    return f"in {days} days" if days > 1 else "tomorrow"
