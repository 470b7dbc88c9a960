"""The report in sentences, for reading aloud: no tables, no plots."""

from mlquiz.core.report import Report, Score
from mlquiz.core.words import count
from mlquiz.reports import wording
from mlquiz.world import day_name

SKILLS = 6


def report_lines(report: Report, weak: bool) -> str:
    """The whole report, or with `weak` the weak topics alone."""
    parts = [f"{wording.title(report)}, {wording.covered(report)}."]
    if report.overall is None:
        parts.append(wording.empty(report))
        if not report.weak:
            return "\n".join([*parts, ""])
    elif not weak:
        parts += [
            f"All: {_said(report.overall)}.",
            f"{wording.met(report)}.",
            *(sentence.removeprefix("* ") for sentence in wording.basis(report)),
        ]
        for area in report.areas:
            parts.append(f"\n{area.title}: {_said(area.score)}.")
            topics = [topic for topic in report.topics if topic.id.startswith(f"{area.id}.")]
            parts += [f"{topic.title}: {_said(topic.score)}." for topic in topics]
    parts.append(f"\nWeak topics. {wording.weak_basis(report) if report.weak else wording.no_weak(report)}")
    for place, topic in enumerate(report.weak, start=1):
        parts.append(
            f"{place}. {topic.title}: {_said(topic.score)}; about {topic.lost:.1f} marks. To drill: {topic.command}"
        )
        for missed in topic.missed:
            parts.append(f"   Missed {count(missed.times, 'time')}: {missed.question}. {missed.note}".rstrip())
    if report.leeches:
        parts.append("\nLeeches.")
        parts += [f"{wording.leech(leech)}." for leech in report.leeches]
        parts.append(f"For each: {wording.advice(report)}.")
    if report.overall and not weak:
        parts += ["", *_rest(report)]
    return "\n".join(parts) + "\n"


def _rest(report: Report) -> list[str]:
    parts = [
        f"When you {wording.SAID[row.confidence]}, {row.right:.0%} of {count(row.n, 'answer')} were right."
        for row in report.calibration
    ]
    parts += [
        f"Of {count(row.n, 'answer')} foretold to be known with {wording.foretold(row)}, {row.known:.0%} were."
        for row in report.reliability
    ]
    parts += [sentence for sentence in (wording.brier(report), wording.outlook(report)) if sentence]
    parts += [f"Mock interview of {wording.mock(row)}." for row in report.mocks]
    if report.recall:
        due = [f"{row.due} on {day_name(row.day)}" for row in report.load if row.due]
        parts.append(f"Due in the coming 14 days: {', '.join(due) or 'nothing'}.")
        parts.append(wording.recall(report))
    if report.history:
        parts.append(wording.history(report))
    low = sorted(report.skills, key=lambda group: group.score.high)[:SKILLS]
    parts.append(f"Lowest skills, by the upper ends: {'; '.join(f'{s.title} {_said(s.score)}' for s in low)}.")
    if report.unmet:
        parts.append(f"Not yet met: {', '.join(topic.title for topic in report.unmet)}.")
    return parts


def _said(score: Score) -> str:
    return f"{score.score:.0%}, between {score.low:.0%} and {score.high:.0%}, {count(score.n, 'answer')}"
