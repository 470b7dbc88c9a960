"""A report with everything in it: sixty days of a made-up learner, the same for ever, and what renderers make of it."""

from pathlib import Path
from random import Random

import msgspec
from builders import review

from mlquiz.core.answer import Explained, Picked
from mlquiz.core.days import Known
from mlquiz.core.plan import Plan
from mlquiz.core.report import Interviewed, Outlook, Report
from mlquiz.core.review import Review
from mlquiz.core.scheduler import Step, fold
from mlquiz.core.standing import ALL, Heading, Scope, Skills, summarise
from mlquiz.reports.aloud import report_lines
from mlquiz.reports.data import report_csv, report_json
from mlquiz.reports.html import html
from mlquiz.reports.markdown import markdown
from mlquiz.reports.terminal import terminal

GOLDEN = Path(__file__).parent.parent / "golden"

TODAY = 20_777
"""2026-11-20"""
DAYS = 60
AREAS = {"ml": "Machine Learning Fundamentals", "dl": "Deep Learning", "sys": "System Design for ML",
         "opt": "Optimization"}  # fmt: skip
TOPICS = {
    "ml.bias_variance": ("Bias-variance tradeoff", 0.81), "ml.evaluation_metrics": ("Model evaluation metrics", 0.55),
    "ml.feature_engineering": ("Feature engineering", 0.84), "dl.architectures": ("Neural network architectures", 0.71),
    "dl.optimization": ("Optimization techniques", 0.93),
    "opt.tradeoffs": ("Trade-offs between accuracy and efficiency", 0.74),
    "sys.deployment": ("Model deployment strategies", 0.48), "sys.scalability": ("Scalability considerations", 0.0),
}  # fmt: skip
WEIGHTS = (0.16, 0.14, 0.1, 0.13, 0.1, 0.07, 0.2, 0.1)
SLUGS = ("leaky-fold", "cost-of-a-miss", "rare-class", "late-labels", "warm-start", "p99-budget", "stale-join")
BELIEFS = ("accuracy is enough when classes are rare", "`recall` and *precision* move together", "")
HEADINGS = [
    Heading(topic, title, topic.split(".")[0], AREAS[topic.split(".")[0]], weight)
    for (topic, (title, _)), weight in zip(TOPICS.items(), WEIGHTS, strict=True)
]
SKILLS = ("Precision", "Recall", "Cross-validation", "Transformers", "Monitoring", "Python", "PCA", "Batch inference")


def reviews() -> list[Review]:
    """What the learner answered: five days a week, two weeks off, some days more than others."""
    chance = Random(7).random
    out: list[Review] = []
    for day in range(TODAY - DAYS + 1, TODAY + 1):
        if chance() < 0.25 or TODAY - 34 < day < TODAY - 26:
            continue
        for _ in range(2 + int(14 * chance() ** 2)):
            topic = [name for name, (_, skill) in TOPICS.items() if skill][int(chance() * 7)]
            name = f"{topic}.{SLUGS[int(chance() * len(SLUGS))]}"
            right = chance() < (TOPICS[topic][1] if not name.endswith("late-labels") else 0.1)
            sure = "sure" if chance() < (0.8 if right else 0.4) else "unsure" if chance() < 0.6 else "guessed"
            answer = Explained(["a"], "b") if name.endswith("leaky-fold") else Picked(["a"])
            seen = any(earlier.question == name and earlier.day < day for earlier in out)
            chance_ = (0.55 + 0.45 * TOPICS[topic][1] - 0.02 * (len(out) % 9)) if seen else None
            out.append(review(len(out), name, day, 3 if right else 1, confidence=sure, answer=answer, forecast=chance_))
    return out


def known(answers: list[Review]) -> Known:
    """What is remembered after them; nine questions of each topic are in the bank."""
    folded = {}
    for name in dict.fromkeys(answer.question for answer in answers):
        steps = [
            Step(one.id, one.id, name, one.key, one.day, int(one.rating), one.vouched, True)
            for one in answers
            if one.question == name
        ]
        folded[name] = fold(steps)
    bank = [f"{topic}.{slug}" for topic in TOPICS for slug in (*SLUGS, "one-more", "another")]
    return Known(
        {name: result.memory for name, result in folded.items() if result and result.memory},
        0.1,
        [name for name in bank if name not in folded],
        ["ml.bias_variance.revised"],
        [trace for result in folded.values() if result for trace in result.traces],
    )


def explain(answer: Review) -> str:
    return BELIEFS[len(answer.question) % len(BELIEFS)]


def report(scope: Scope = ALL, answers: list[Review] | None = None) -> Report:
    """The report of that log; of no answers with an empty list."""
    answers = reviews() if answers is None else answers
    titles = {name.lower(): name for name in SKILLS}
    names = sorted({answer.question for answer in answers})
    skills = {name: (list(titles)[n % len(titles)],) for n, name in enumerate(names)}
    found = summarise(answers, known(answers), HEADINGS, Skills(skills, titles), Plan(), TODAY, explain, scope)
    if not answers or scope.area:
        return found
    since = scope.since or 0
    mocks = [
        Interviewed(TODAY - 20, 48.0, "borderline", 61.0, 44.0, 78.0),
        Interviewed(TODAY - 3, 71.5, "hire", 66.0, 51.0, 81.0),
    ]
    return msgspec.structs.replace(found, outlooks=outlooks(since), mocks=[row for row in mocks if row.day >= since])


def outlooks(since: int) -> list[Outlook]:
    """What was expected on the day of an interview four weeks from now, every third day."""
    days = [day for day in range(TODAY - 30, TODAY, 3) if day >= since]
    return [Outlook(day, TODAY + 28, True, 60 + n, 70 + n, 62 + n, 78 + 0.5 * n) for n, day in enumerate(days)]


def rendered() -> dict[str, str]:
    """Every golden file's name and what should stand in it."""
    last_week = report(Scope(since=TODAY - 6))
    return {
        "report-80.txt": terminal(report(), False, None, 80),
        "report-120.txt": terminal(report(), False, None, 120),
        "report-weak.txt": terminal(report(), True, None, 80),
        "report-area.txt": terminal(report(Scope(area="sys")), False, None, 80),
        "report-week.txt": terminal(last_week, True, None, 80),
        "report-empty.txt": terminal(report(answers=[]), False, None, 80),
        "report-plain.txt": report_lines(report(), False),
        "report-plain-weak.txt": report_lines(last_week, True),
        "report.md": markdown(report(), False),
        "report-weak.md": markdown(last_week, True),
        "report.html": html(report(), False),
        "report-weak.html": html(last_week, True),
        "report.json": report_json(report()),
        "report.csv": report_csv(report(), False),
        "report-weak.csv": report_csv(report(), True),
    }


if __name__ == "__main__":  # writes the golden files; read the difference before you commit it
    for name, text in rendered().items():
        (GOLDEN / name).write_text(text, encoding="utf-8", newline="")
