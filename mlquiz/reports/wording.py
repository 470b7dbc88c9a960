"""What every report says in words: the same at a terminal, in plain lines, in Markdown and in HTML."""

from mlquiz.core.report import Calibration, Foretold, Interviewed, Leech, Report, Score
from mlquiz.core.words import count
from mlquiz.world import day_name

OUTLOOKS = 3
"""Earlier forecasts that are named beside the last."""
SAID = {"sure": "were sure", "unsure": "were unsure", "guessed": "guessed"}


def title(report: Report) -> str:
    return f"Where you stand in {report.area}" if report.area else "Where you stand"


def covered(report: Report) -> str:
    """The days that the answers are from."""
    return f"{day_name(report.since)} to {day_name(report.day)}" if report.since is not None else day_name(report.day)


def empty(report: Report) -> str:
    """What is said instead of a report without answers."""
    if report.since is not None:
        return f"No answers since {day_name(report.since)}."
    return f"No answers yet; {count(report.unseen, 'question')} to meet. Next: {report.program} review"


def per_cent(score: Score) -> str:
    return f"{score.score:.0%}"


def span(score: Score | Calibration | Foretold) -> str:
    """The interval, `63–72%`."""
    return f"{100 * score.low:.0f}–{score.high:.0%}"


def over(score: Score) -> str:
    """What the score is the mean of."""
    return f"over {count(score.n, 'answer')}"


def met(report: Report) -> str:
    days = f", {count(report.streak, 'day')} in a row" if report.streak > 1 else ""
    return f"{report.seen:,} of {count(report.seen + report.unseen, 'question')} met{days}"


def basis(report: Report) -> list[str]:
    """What the scores are made of."""
    out = ["Scores are of the first answer of a day to each question; intervals are 80 %."]
    if own := sum(group.own for group in report.topics):
        out.append(f"* {count(own, 'answer')} to open questions graded by yourself.")
    return out


def no_weak(report: Report) -> str:
    where = f"in {report.area} " if report.area else ""
    return f"No topic {where}is weak: that takes five answers and an interval below your overall score."


def weak_basis(report: Report) -> str:
    """How weak topics are found, and what `since` has to do with it."""
    against = f" ({report.against:.0%} over all answers)" if narrowed(report) else ""
    rule = f"Their intervals lie below your overall score{against}; marks are those you would lose out of 100."
    if report.since is None:
        return rule
    return f"{rule} Found and ranked by all answers; missed questions are those since {day_name(report.since)}."


def narrowed(report: Report) -> bool:
    """Whether the report covers less than all answers."""
    return report.since is not None or report.area is not None


def mark(report: Report) -> str:
    """What the upright mark beside an interval stands for."""
    return "the score of all of them" if narrowed(report) else "your overall score"


def recall(report: Report) -> str:
    """The forecast in a sentence; empty when nothing has been met."""
    if not report.recall:
        return ""
    today, *later = report.recall
    chances = ", ".join(f"{row.recall:.0%} {when(row.day - report.day)}" for row in later)
    return f"Of what you met you know {today.recall:.0%} today; if you stop here, {chances}."


def foretold(row: Foretold) -> str:
    """The bin of the reliability table, `80–90%`."""
    return f"{100 * row.least:.0f}–{row.most:.0%}" if row.least else f"below {row.most:.0%}"


def brier(report: Report) -> str:
    """The Brier score in a sentence; empty without one."""
    if report.brier is None:
        return ""
    found = report.brier
    return (
        f"Brier score {found.score:.3f} over {count(found.n, 'answer')} to questions met before; the same chance for"
        f" all of them would score {found.base:.3f}. Less is better."
    )


def outlook(report: Report) -> str:
    """How the readiness expected on a day has moved, in a sentence; empty without a forecast of it."""
    if not report.outlooks:
        return ""
    last = report.outlooks[-1]
    same = [row for row in report.outlooks if (row.on_day, row.kept) == (last.on_day, last.kept)]
    step = max(1, (len(same) - 1 + OUTLOOKS - 1) // OUTLOOKS)
    before = "".join(f"{row.points:.0f} on {day_name(row.day)}, " for row in same[:-1][::step])
    condition = "keeping to the plan" if last.kept else "stopping there"
    return (
        f"Points expected on {day_name(last.on_day)}, {condition}: {before}{last.points:.0f}"
        f" ({last.low:.0f}–{last.high:.0f}) on {day_name(last.day)}."
    )


def mock(row: Interviewed) -> str:
    """A mock interview in a line."""
    return (
        f"{day_name(row.day)}  {row.points:.0f} points, {row.band}; readiness had said {row.expected:.0f}"
        f" ({row.low:.0f}–{row.high:.0f})"
    )


def when(days: int) -> str:
    return f"in {days} days" if days > 1 else "tomorrow"


def history(report: Report) -> str:
    """The days with answers in a sentence."""
    answers = sum(row.answers for row in report.history)
    best = max(report.history, key=lambda row: row.answers)
    return (
        f"{count(answers, 'answer')} on {count(len(report.history), 'day')}; the busiest was {day_name(best.day)}"
        f" with {best.answers}."
    )


def advice(report: Report) -> str:
    """What to do with a leech."""
    program = report.program
    return f"read `{program} show ID`, learn what lies behind it, or put it away with `{program} suspend ID`"


def leech(leech: Leech) -> str:
    return f"{leech.question}  {lapses(leech)}"


def lapses(leech: Leech) -> str:
    return f"not known on {leech.lapses} days after its first"
