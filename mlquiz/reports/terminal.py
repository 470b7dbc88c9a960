"""The report at a terminal, with Rich: one column of sections that fit a page of 80x24, two where there is room."""

import io
import re
from collections.abc import Iterator
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mlquiz.core.report import Group as Scored
from mlquiz.core.report import Report, Weak
from mlquiz.reports import plots, wording

WIDE = 116
"""Columns from which the report is set in two."""
PLOTTED = 60
"""Columns from which a table has plots."""
MOCKS = 6
"""Interviews shown, the last ones."""
LEFT = 68
"""Columns of the left one: what the table of scores takes."""
BAR = 12
WEEKS = 26
TOPICS, MISSED, SKILLS = 3, 2, 6
"""Weak topics shown, missed questions of each, skills; the other formats have them all."""


def terminal(report: Report, weak: bool, screen: TextIO | None, width: int = 100) -> str:
    """The report as text for this screen, in its width and with its colours; for none, `width` columns without."""
    console = Console(file=screen) if screen else Console(file=io.StringIO(), width=width, color_system=None)
    with console.capture() as captured:
        console.print(_page(report, weak, console.width), highlight=False)
    return re.sub(r" +$", "", captured.get(), flags=re.MULTILINE)


def _page(report: Report, weak: bool, width: int) -> RenderableType:
    if report.overall is None:
        weak = bool(report.weak)
        found = [Text(), *_weak(report, whole=True), *_leeches(report)] if weak else []
        return Group(_title(report), Text(wording.empty(report)), *found)
    if weak:
        return Group(_title(report), Text(), *_weak(report, whole=True), *_leeches(report))
    left = [*_scores(report, width if width < WIDE else LEFT), *_skills(report)]
    right = [*_weak(report), *_leeches(report), *_confidence(report), *_forecasts(report), *_mocks(report)]
    if width < WIDE:
        return Group(_title(report), Text(), *left, *right, *_ahead(report), *_history(report, width), *_unmet(report))
    half = Table.grid(padding=(0, 4, 0, 0))
    half.add_column(width=LEFT)
    half.add_column(width=width - LEFT - 4)
    half.add_row(Group(*left), Group(*right))
    half.add_row(Group(*_ahead(report)), Group(*_history(report, width - LEFT - 4)))
    return Group(_title(report), Text(), half, *_unmet(report))


def _title(report: Report) -> RenderableType:
    line = Text(f"{wording.title(report)}, {wording.covered(report)}", style="bold")
    if report.overall is None:
        return line
    score = Text.assemble(
        (wording.per_cent(report.overall), "bold"),
        f" ({wording.span(report.overall)}) {wording.over(report.overall)}; {wording.met(report)}.",
    )
    return Group(line, score)


def _section(title: str, *parts: RenderableType) -> Iterator[RenderableType]:
    yield Text(title, style="bold")
    yield from parts
    yield Text()


def _scores(report: Report, width: int) -> Iterator[RenderableType]:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    plotted = width >= PLOTTED
    most = max(12, width - (36 if plotted else 22))  # the other columns, when the numbers are not unusually long
    table.add_column("Area and topic", no_wrap=True, overflow="ellipsis", max_width=most)
    table.add_column("Score", justify="right", no_wrap=True, min_width=5)
    table.add_column("80 %", justify="right", no_wrap=True, min_width=7)
    if plotted:
        table.add_column(f"{'0':<{BAR - 3}}100", no_wrap=True, min_width=BAR)
    table.add_column("n", justify="right", no_wrap=True, min_width=4)
    weak = {topic.id for topic in report.weak}
    for area in report.areas:
        table.add_row(area.title, *_row(area, report, plotted), style="bold")
        for topic in report.topics:
            if topic.id.startswith(area.id + "."):
                style = "red" if topic.id in weak else ""
                table.add_row(f"  {topic.title}", *_row(topic, report, plotted), style=style)
    yield table
    for sentence in wording.basis(report):
        yield Text(sentence, style="dim")
    yield Text()


def _row(group: Scored, report: Report, plotted: bool) -> list[str]:
    score, beside = group.score, report.overall.score if report.overall else None
    plot = [plots.track(score.low, score.score, score.high, BAR, beside)] if plotted else []
    return [wording.per_cent(score), wording.span(score), *plot, f"{score.n:,}{'*' if group.own else ' '}"]


def _skills(report: Report) -> Iterator[RenderableType]:
    """The skills whose intervals lie lowest."""
    low = sorted(report.skills, key=lambda group: group.score.high)[:SKILLS]
    if len(report.skills) <= SKILLS:
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    for group in low:
        table.add_row(
            f"  {group.title}", wording.per_cent(group.score), wording.span(group.score), f"n {group.score.n}"
        )
    yield from _section(f"Lowest of {len(report.skills)} skills, by the upper end", table)


def _weak(report: Report, whole: bool = False) -> Iterator[RenderableType]:
    if not report.weak:
        yield from _section("Weak topics", Text(wording.no_weak(report)))
        return
    shown = report.weak if whole else report.weak[:TOPICS]
    parts: list[RenderableType] = [Text(wording.weak_basis(report), style="dim")]
    for place, topic in enumerate(shown, start=1):
        parts += _topic(place, topic, len(topic.missed) if whole else MISSED)
    if left := len(report.weak) - len(shown):
        parts.append(Text(f"And {left} more: {report.program} report --weak", style="dim"))
    yield from _section("Weak topics, by marks at stake", *parts)


def _topic(place: int, weak: Weak, most: int) -> Iterator[RenderableType]:
    score = weak.score
    yield Text.assemble(
        f"{place}. ",
        (weak.title, "bold red"),
        f"  {wording.per_cent(score)} ({wording.span(score)}), {weak.lost:.1f} marks",
    )
    for missed in weak.missed[:most]:
        yield Padding(
            Text(f"{missed.times} × {missed.question.rpartition('.')[2]}", overflow="ellipsis", no_wrap=True),
            (0, 0, 0, 3),
        )
        if missed.note:
            yield Padding(Text(missed.note, style="dim"), (0, 0, 0, 7))
    if len(weak.missed) > most:
        yield Padding(Text(f"and {len(weak.missed) - most} more missed", style="dim"), (0, 0, 0, 3))
    yield Padding(Text(weak.command, style="bold"), (0, 0, 0, 3))


def _leeches(report: Report) -> Iterator[RenderableType]:
    if report.leeches:
        parts = [Text(f"  {wording.leech(leech)}") for leech in report.leeches]
        yield from _section("Leeches", *parts, Text(f"For each: {wording.advice(report)}.", style="dim"))


def _confidence(report: Report) -> Iterator[RenderableType]:
    if not report.calibration:
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    for row in report.calibration:
        table.add_row(
            f"  {wording.SAID[row.confidence]}",
            f"right {row.right:.0%}",
            plots.track(row.low, row.right, row.high, BAR),
            f"of {row.n:,}",
        )
    yield from _section("Confidence", Text("When you", style="dim"), table)


def _forecasts(report: Report) -> Iterator[RenderableType]:
    """How the chances foretold fared, and how the outlook moved."""
    if report.brier is None and not report.outlooks:
        return
    parts: list[RenderableType] = []
    if report.brier:
        table = Table.grid(padding=(0, 2, 0, 0))
        for row in report.reliability:
            track = plots.track(row.low, row.known, row.high, BAR, row.chance)
            table.add_row(f"  {wording.foretold(row)}", f"known {row.known:.0%}", track, f"of {row.n:,}")
        parts += [Text("Foretold to be known (│ the mean chance)", style="dim"), table, Text(wording.brier(report))]
    if report.outlooks:
        parts.append(Text(wording.outlook(report)))
    yield from _section("Forecasts", *parts)


def _mocks(report: Report) -> Iterator[RenderableType]:
    if report.mocks:
        yield from _section("Mock interviews", *(Text(wording.mock(row)) for row in report.mocks[-MOCKS:]))


def _ahead(report: Report) -> Iterator[RenderableType]:
    if not report.recall:
        return
    due = [row.due for row in report.load]
    yield from _section(
        "Due in the coming 14 days",
        Text("".join(f"{n or '':<4}" for n in due).rstrip()),
        Text("\n".join(plots.columns(due, 3, 4))),
        Text(" ".join(f"{plots.weekday(row.day):<3}" for row in report.load).rstrip(), style="dim"),
        Text(wording.recall(report)),
    )


def _history(report: Report, width: int) -> Iterator[RenderableType]:
    if report.history:
        rows = plots.heatmap(report.history, report.day, min(WEEKS, (width - 5) // 2))
        yield from _section(
            "Answers a day",
            Text("\n".join(rows)),
            Text(f"fewer {' '.join(plots.SHADES)} more. {wording.history(report)}", style="dim"),
        )


def _unmet(report: Report) -> Iterator[RenderableType]:
    if report.unmet:
        names = ", ".join(f"{topic.title} ({topic.questions})" for topic in report.unmet)
        yield from _section("Not yet met", Text(names), Text(f"{report.program} quiz --new", style="bold"))
