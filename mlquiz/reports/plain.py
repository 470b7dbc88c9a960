"""Short answers in bare text, for commands that have to be quick."""

from typing import TYPE_CHECKING

from mlquiz.core.memory import Load
from mlquiz.core.words import count

if TYPE_CHECKING:
    from mlquiz.core.report import Report
    from mlquiz.core.review import Review


def due_lines(load: Load) -> str:
    """What is due by topic, and what is new."""
    lines = [f"{load.due} due, {load.new} new today."]
    wide = max(map(len, load.topics), default=0)
    lines += [f"  {topic:<{wide}}  {count}" for topic, count in load.topics.items()]
    return "\n".join(lines)


def home_lines(load: Load, report: "Report", suspended: int, in_bank: int) -> str:
    """Today at a glance, and the next command."""
    lines = [f"Today: {load.due} due, {load.new} new."]
    if report.answers:
        streak = f", {report.streak} days in a row" if report.streak > 1 else ""
        lines.append(
            f"So far: {count(report.answers, 'answer')}, {report.seen:,} of {count(in_bank, 'question')} met{streak}."
        )
    else:
        lines.append(f"Nothing answered yet; the bank holds {count(in_bank, 'question')}.")
    if suspended:
        lines.append(f"Suspended: {suspended}.")
    if report.weak:
        lines.append("Weakest:")
        for weak in report.weak[:3]:
            score = weak.score
            lines.append(f"  {weak.title}: {score.score:.0%} ({score.low:.0%} to {score.high:.0%})  {weak.command}")
    if load.due or load.new:
        lines.append("Next: mlquiz review")
    elif report.weak:
        lines.append("All done for today. Next: mlquiz quiz --weak")
    else:
        lines.append("All done for today. Next: mlquiz report")
    return "\n".join(lines)


def review_line(review: "Review") -> str:
    """One answer in a line."""
    verdict = "right" if review.right else "wrong"
    return f"{review.at[:16].replace('T', ' ')}  {review.question}  {verdict}, rated {review.rating.name.lower()}"
