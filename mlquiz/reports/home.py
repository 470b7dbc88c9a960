"""Today at a glance, in bare text."""

from collections.abc import Sequence

from mlquiz.core.memory import Load
from mlquiz.core.report import Report
from mlquiz.core.words import count
from mlquiz.reports import wording

SHOWN = 3
"""Leeches and weak topics at a glance."""


def home_lines(
    load: Load, report: Report, suspended: int, in_bank: int, told: Sequence[str] = (), over: bool = False
) -> str:
    """Today at a glance, what the plan has `told`, and the next command; `over`: the day's minutes are."""
    lines = [f"Today: {load.due} due, {load.new} new.", *told]
    if report.answers:
        lines.append(f"So far: {count(report.answers, 'answer')}, {wording.met(report)}.")
    else:
        lines.append(f"Nothing answered yet; the bank holds {count(in_bank, 'question')}.")
    if suspended:
        lines.append(f"Suspended: {suspended}.")
    if report.leeches:
        lines.append("Leeches:")
        lines += [f"  {wording.leech(leech)}" for leech in report.leeches[:SHOWN]]
        if (left := len(report.leeches) - SHOWN) > 0:
            lines.append(f"  and {left} more: {report.program} report --weak")
        lines.append(f"  For each: {wording.advice(report)}.")
    if report.weak:
        lines.append("Weakest:")
        for weak in report.weak[:SHOWN]:
            score = weak.score
            lines.append(f"  {weak.title}: {score.score:.0%} ({score.low:.0%} to {score.high:.0%})  {weak.command}")
    if (load.due or load.new) and not over:
        lines.append(f"Next: {report.program} review")
    elif report.weak:
        lines.append(f"All done for today. Next: {report.program} quiz --weak")
    else:
        lines.append(f"All done for today. Next: {report.program} report")
    return "\n".join(lines)
