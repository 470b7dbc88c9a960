"""The report as Markdown: one file that stands alone, for a repository, a wiki or a mail."""

import re
from collections.abc import Iterable, Iterator

from mlquiz.core.report import Group, Report, Weak
from mlquiz.reports import plots, wording
from mlquiz.world import day_name

BAR = 20
WEEKS = 26


def markdown(report: Report, weak: bool) -> str:
    """The whole report, or with `weak` the weak topics alone."""
    lines = [f"# {_escaped(wording.title(report))}, {wording.covered(report)}", ""]
    if report.overall is None:
        lines += [_escaped(wording.empty(report)), ""]
        parts = [_weak(report), _leeches(report)] if report.weak else []
        return _joined(lines, parts)
    overall = f"**{wording.per_cent(report.overall)}** ({wording.span(report.overall)})"
    lines += [f"{overall} {wording.over(report.overall)}; {wording.met(report)}.", ""]
    if weak:
        parts = [_weak(report), _leeches(report)]
    else:
        parts = [_scores(report), _weak(report), _leeches(report), _confidence(report), _forecasts(report),
                 _mocks(report), _ahead(report), _history(report), _skills(report), _unmet(report)]  # fmt: skip
    return _joined(lines, parts)


def _joined(lines: list[str], parts: list[Iterator[str]]) -> str:
    return "\n".join([*lines, *(line for part in parts for line in part)]).rstrip("\n") + "\n"


def _scores(report: Report) -> Iterator[str]:
    yield from ("## Areas and topics", "")
    rows = []
    for area in report.areas:
        rows.append(_row(area, report, bold=True))
        rows += [_row(topic, report) for topic in report.topics if topic.id.startswith(area.id + ".")]
    yield from _table(("Area and topic", "Score", "80 %", "0 to 100", "Answers"), "lrrlr", rows)
    yield from (f"{_escaped(sentence)}  " for sentence in wording.basis(report))
    yield ""


def _row(group: Group, report: Report, bold: bool = False) -> tuple[str, ...]:
    score, beside = group.score, report.overall.score if report.overall else None
    title = f"**{_escaped(group.title)}**" if bold else _escaped(group.title)
    track = plots.track(score.low, score.score, score.high, BAR, beside)
    return title, wording.per_cent(score), wording.span(score), f"`{track}`", f"{score.n:,}{'*' if group.own else ''}"


def _weak(report: Report) -> Iterator[str]:
    yield from ("## Weak topics", "")
    if not report.weak:
        yield from (_escaped(wording.no_weak(report)), "")
        return
    yield from (wording.weak_basis(report), "")
    for place, topic in enumerate(report.weak, start=1):
        yield from _topic(place, topic)


def _topic(place: int, weak: Weak) -> Iterator[str]:
    score = weak.score
    yield f"### {place}. {_escaped(weak.title)}"
    yield ""
    yield (
        f"{wording.per_cent(score)} ({wording.span(score)}) {wording.over(score)}; about {weak.lost:.1f} marks."
        f" To drill: `{weak.command}`"
    )
    yield ""
    rows = [
        (f"`{missed.question}`", str(missed.times), day_name(missed.day), _escaped(missed.note))
        for missed in weak.missed
    ]
    if rows:
        yield from _table(("Missed", "Times", "Last", "What was wrong"), "lrll", rows)


def _leeches(report: Report) -> Iterator[str]:
    if report.leeches:
        yield from ("## Leeches", "")
        yield from (f"- `{leech.question}`, {wording.lapses(leech)}" for leech in report.leeches)
        yield from ("", f"For each: {wording.advice(report)}.", "")


def _confidence(report: Report) -> Iterator[str]:
    if report.calibration:
        yield from ("## Confidence", "")
        rows = [
            (
                wording.SAID[row.confidence],
                f"{row.right:.0%}",
                f"`{plots.track(row.low, row.right, row.high, BAR)}`",
                f"{row.n:,}",
            )
            for row in report.calibration
        ]
        yield from _table(("When you", "Right", "0 to 100", "Answers"), "lrlr", rows)


def _forecasts(report: Report) -> Iterator[str]:
    if report.brier is None and not report.outlooks:
        return
    yield from ("## Forecasts", "")
    if report.brier:
        rows = [
            (
                wording.foretold(row),
                f"{row.chance:.0%}",
                f"{row.known:.0%}",
                wording.span(row),
                f"`{plots.track(row.low, row.known, row.high, BAR, row.chance)}`",
                f"{row.n:,}",
            )
            for row in report.reliability
        ]
        yield from _table(("Foretold", "Mean", "Known", "80 %", "0 to 100", "Answers"), "lrrrlr", rows)
        yield from (wording.brier(report), "")
    if report.outlooks:
        yield from (wording.outlook(report), "")


def _mocks(report: Report) -> Iterator[str]:
    if report.mocks:
        yield from ("## Mock interviews", "")
        rows = [
            (day_name(row.day), f"{row.points:.0f}", row.band, f"{row.expected:.0f} ({row.low:.0f}–{row.high:.0f})")
            for row in report.mocks
        ]
        yield from _table(("Day", "Points", "Band", "Readiness had said"), "lrll", rows)


def _ahead(report: Report) -> Iterator[str]:
    if report.recall:
        yield from ("## Ahead", "", wording.recall(report), "")
        rows = [(day_name(row.day), str(row.due)) for row in report.load if row.due]
        if rows:
            yield from _table(("Day", "Due"), "lr", rows)


def _history(report: Report) -> Iterator[str]:
    if report.history:
        yield from ("## Answers a day", "", wording.history(report), "")
        yield from (
            "```text",
            *plots.heatmap(report.history, report.day, WEEKS),
            f"fewer {' '.join(plots.SHADES)} more",
            "```",
            "",
        )


def _skills(report: Report) -> Iterator[str]:
    if report.skills:
        yield from ("## Skills", "")
        rows = [_row(group, report) for group in sorted(report.skills, key=lambda group: group.score.high)]
        yield from _table(("Skill", "Score", "80 %", "0 to 100", "Answers"), "lrrlr", rows)


def _unmet(report: Report) -> Iterator[str]:
    if report.unmet:
        yield from ("## Not yet met", "")
        yield from (f"- {_escaped(topic.title)} (`{topic.id}`, {topic.questions})" for topic in report.unmet)
        yield from ("", f"`{report.program} quiz --new` asks them.", "")


def _table(head: tuple[str, ...], sides: str, rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A table, and an empty line."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join({'l': '---', 'r': '---:'}[side] for side in sides)}|"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is, on one line; `code` stays code."""
    pieces = re.split(r"(`[^`\n]+`)", " ".join(text.split()))
    return "".join(
        piece.replace("|", "\\|") if n % 2 else re.sub(r"([\\`*_{}\[\]<>|#~])", r"\\\1", piece)
        for n, piece in enumerate(pieces)
    )
