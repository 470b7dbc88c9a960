"""A made-up bank that reads like one: every topic, every kind, wrong answers that are beliefs. For looking at reports.

What is asked is nonsense in detail, so nothing of it belongs among the questions people learn from.
"""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from bench.large import write_bank

from mlquiz.bank.syllabus import load
from mlquiz.core.draw import picked, shuffled

SHIPPED = Path(__file__).parent.parent / "question_bank"
KINDS = (
    ("single",) * 8 + ("multi",) * 3 + ("numeric",) * 3 + ("order", "order", "short", "output", "code", "sql", "open")
)
LEVELS = ("screen", "onsite", "onsite", "senior")
DIFFICULTIES = (1, 2, 2, 3, 3, 3, 4, 4)
SYSTEMS = ("churn model", "fraud detector", "ranking model", "demand forecast", "spam filter", "image tagger")
SIGNS = (
    "scores well offline and badly in its first week of use",
    "got slower after the last release, with the same hardware",
    "loses two points of recall each month",
    "gives different scores for the same row on two machines",
    "improves on the training rows and not on held-out ones",
)
CAUSES = (
    ("Rows of one customer stand on both sides of the split", "a random split is always an honest split"),
    ("The feature is computed after the label is known", "a feature that is available is a feature that is allowed"),
    ("Inputs have drifted since the model was trained", "a model that was right once stays right"),
    ("The threshold was tuned on the test set", "choosing a threshold is not training"),
    ("Two services round the same feature differently", "the same formula gives the same feature everywhere"),
    ("The learning rate is too high for this batch size", "more steps always bring the loss down"),
    ("The cache is keyed by request instead of by entity", "any cache that is hit often is a good cache"),
    ("The sampler shows the rare class twice as often", "resampling leaves probabilities as they are"),
    ("Dropout is still active when the model serves", "layers do the same in training and in serving"),
    ("The queue grows faster than the workers drain it", "latency is a matter of the model alone"),
)


def write_made_up(root: Path, count: int) -> None:
    """Writes `count` questions below `root`, spread over all subtopics of the shipped syllabus."""
    root.mkdir(parents=True, exist_ok=True)
    syllabus = load(SHIPPED)
    places = sum(len(topic.subtopics) for topic in syllabus.topics().values())
    titles = {topic.id: topic.title for topic in syllabus.topics().values()}

    def make(topic: str, n: int, skills: list[str], random: Random) -> dict[str, Any]:
        return _question(topic, titles[topic], n, skills, random.random)

    write_bank(root, syllabus, count, make, -(-count // places))


def _question(topic: str, title: str, n: int, skills: list[str], chance: Callable[[], float]) -> dict[str, Any]:
    kind = picked(KINDS, chance)
    system, sign = picked(SYSTEMS, chance), picked(SIGNS, chance)
    story = f"{title}, case {n}: a {system} {sign}."
    asked, body = _BODIES[kind](shuffled(CAUSES, chance), n)
    return {
        "id": f"{topic}.{system.replace(' ', '-')}-{n}",
        "kind": kind,
        "skills": shuffled(skills, chance)[:2],
        "level": picked(LEVELS, chance),
        "difficulty": picked(DIFFICULTIES, chance),
        "seconds": 180 if kind == "open" else picked((45, 60, 90), chance),
        "prompt": f"{story} {asked}",
        "explanation": "Look at how the rows were made before looking at the model.",
        **body,
    }


Causes = list[tuple[str, str]]
Made = tuple[str, dict[str, Any]]


def _options(causes: Causes, right: int) -> list[dict[str, Any]]:
    return [
        {"text": text, "why": f"{text}: the log {'says so' if n < right else 'rules it out'}."}
        | ({"correct": True} if n < right else {"misconception": belief})
        for n, (text, belief) in enumerate(causes)
    ]


def _single(causes: Causes, n: int) -> Made:
    return "Which is the most likely cause?", {"options": _options(causes[:4], 1)}


def _multi(causes: Causes, n: int) -> Made:
    return "Which of these can cause it?", {"options": _options(causes[:5], 2 + n % 2)}


def _numeric(causes: Causes, n: int) -> Made:
    asked = "It flags {flagged} of {rows} rows, {right} of them rightly. What is its precision?"
    return asked, {
        "params": {
            "rows": {"choice": [1000, 2000, 5000]},
            "flagged": {"choice": [80, 125, 200]},
            "right": {"int": [30, 70]},
        },
        "answer": "right / flagged",
        "tolerance": {"abs": 0.005},
        "mistakes": [
            {"expr": "right / rows", "why": "divides by all rows, not by those that were flagged"},
            {"expr": "1 - right / flagged", "why": "is the share of false alarms"},
            {"expr": "flagged / rows", "why": "is how often it flags, not how often it is right"},
        ],
    }


def _order(causes: Causes, n: int) -> Made:
    steps = {"split": "Split by time", "fit": "Fit on the past", "tune": "Tune on the next month", "test": "Test once"}
    return "Put the steps of a fair evaluation in order.", {
        "steps": steps,
        "before": [["split", "fit"], ["fit", "tune"], ["tune", "test"]],
    }


def _short(causes: Causes, n: int) -> Made:
    return "What is it called when inputs change and the relation to the label does not?", {
        "accept": ["covariate shift", "data drift"],
        "reject": [
            {"text": "concept drift", "why": "takes a change of inputs for a change of what they mean"},
            {"text": "label shift", "why": "takes a change of inputs for a change of the labels' shares"},
        ],
    }


def _output(causes: Causes, n: int) -> Made:
    return "Its loader runs this. What does it print?", {
        "language": "python",
        "program": f"rows = [{n}, {n + 1}]\nseen = rows\nseen.append({n + 2})\nprint(len(rows))\n",
        "output": "3\n",
        "mistakes": [
            {"value": "2", "why": "takes a second name for a second list"},
            {"value": "None", "why": "takes what append returns for what it does"},
        ],
    }


def _code(causes: Causes, n: int) -> Made:
    return f"Write late(days): how many of them are over {n}.", {
        "language": "python",
        "starter": "def late(days):\n    ...\n",
        "reference": f"def late(days):\n    return sum(day > {n} for day in days)\n",
        "tests": [
            {"name": "none", "call": "late([])", "expect": 0},
            {"name": "the day itself", "call": f"late([{n}])", "expect": 0},
            {"name": "some", "call": f"late([{n - 1}, {n + 1}, {n + 2}])", "expect": 2},
        ],
    }


def _sql(causes: Causes, n: int) -> Made:
    return f"Write one SELECT: the ids that were missed over {n} times, smallest first.", {
        "schema": "CREATE TABLE seen(id INT, missed INT);",
        "ordered": True,
        "reference": f"SELECT id FROM seen WHERE missed > {n} ORDER BY id",
        "cases": [
            {"name": "none", "data": {"seen": []}, "expect": []},
            {"name": "in order", "data": {"seen": [[2, n + 1], [1, n + 3], [3, n]]}, "expect": [[1], [2]]},
        ],
    }


def _open(causes: Causes, n: int) -> Made:
    rubric = [
        {"id": f"cause{place}", "points": 2, "text": f"Considers: {text[0].lower()}{text[1:]}"}
        for place, (text, _) in enumerate(causes[:5])
    ]
    flag = {"id": "retrain", "points": -2, "text": "Trains again before looking at the data"}
    model = "Compare what serving saw with what training saw, then split by time and by entity."
    return "How do you find the cause?", {"rubric": rubric, "red_flags": [flag], "model_answer": model}


_BODIES: dict[str, Callable[[Causes, int], Made]] = {
    "single": _single,
    "multi": _multi,
    "numeric": _numeric,
    "order": _order,
    "short": _short,
    "output": _output,
    "code": _code,
    "sql": _sql,
    "open": _open,
}
