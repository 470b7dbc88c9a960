"""One sound item of each kind as a bank file would hold it, ways to spoil it, and a small syllabus to stand in."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import yaml

from mlquiz.bank.items import Item, Reading, understand
from mlquiz.bank.reader import Document, parse
from mlquiz.bank.syllabus import Syllabus

TOPIC, SUBTOPIC = "ml.trees", "splits"
SYLLABUS_RAW: dict[str, Any] = {
    "format": 1,
    "areas": [
        {
            "id": "ml",
            "title": "Machine Learning",
            "weight": 3,
            "aliases": ["fundamentals"],
            "topics": [
                {"id": "ml.trees", "title": "Decision trees", "weight": 2, "aliases": ["forests"],
                 "subtopics": [{"id": "splits", "title": "Splits"}, {"id": "pruning", "title": "Pruning"}]},
                {"id": "ml.metrics", "title": "Metrics", "subtopics": [{"id": "ranking", "title": "Ranking"}]},
            ],
        },
        {
            "id": "sys",
            "title": "Systems",
            "topics": [{"id": "sys.serving", "title": "Serving", "subtopics": [{"id": "latency", "title": "Latency"}]}],
        },
    ],
    "skills": [{"id": "evaluation", "title": "Model evaluation"}, {"id": "statistics", "title": "Statistics"}],
}  # fmt: skip
SYLLABUS = msgspec.convert(SYLLABUS_RAW, Syllabus)

EXPLANATION = (
    "A tree compares one feature with a threshold, and rescaling the feature moves the threshold with it; so every "
    "split stays where it was, while methods that measure distances see other neighbours.\n"
)


def _why(of: str) -> str:
    return f"What decides {of} here is the order of the values, and rescaling a feature never changes that order."


def _options(true: int, count: int) -> list[dict[str, Any]]:
    right, wrong = {"correct": True}, {"misconception": "Scale matters to all."}
    return [
        {"text": f"Statement {n}", "why": _why(f"case {n}"), **(right if n < true else wrong)} for n in range(count)
    ]


def _common(kind: str, prompt: str) -> dict[str, Any]:
    return {
        "id": f"{TOPIC}.{kind}", "kind": kind, "skills": ["evaluation"], "level": "onsite", "difficulty": 3,
        "seconds": 90, "prompt": prompt, "explanation": EXPLANATION,
    }  # fmt: skip


SOUND: dict[str, dict[str, Any]] = {
    "single": {
        **_common("single", "Which of these is true of a tree after rescaling?\n"),
        "options": _options(1, 4),
        "proof": {"verify": "assert sorted([3, 1]) == [1, 3]\n"},
    },
    "multi": {**_common("multi", "Which of these hold for a tree?\n"), "options": _options(3, 5)},
    "numeric": {
        **_common("numeric", "A node gets {n:,} rows and splits them evenly {k} ways. Rows per child?\n"),
        "params": {"n": {"choice": [10, 20, 40, 80]}, "k": {"int": [2, 8], "step": 2}},
        "answer": "n / k",
        "unit": "rows",
        "tolerance": {"rel": 0.01},
        "mistakes": [
            {"expr": "n * k", "why": "That multiplies."},
            {"expr": "k / n", "why": "That is upside down."},
            {"expr": "n - k", "why": "That subtracts."},
        ],
        "proof": {"check": "from fractions import Fraction\nresult = Fraction(n, k)\n"},
    },
    "order": {
        **_common("order", "Put the steps of pruning in order.\n"),
        "steps": {"zeta": "Grow", "beta": "Score", "gamma": "Prune", "alpha": "Validate", "delta": "Ship"},
        "before": [["zeta", "beta"], ["beta", "gamma"], ["gamma", "alpha"], ["alpha", "delta"]],
        "proof": {"wrong": [{"order": ["beta", "zeta", "gamma", "alpha", "delta"], "why": "Nothing to score yet."}]},
    },
    "short": {
        **_common("short", "What is the impurity of CART called (two words)?\n"),
        "accept": ["Gini impurity", "the Gini index"],
        "reject": [{"text": text, "why": f"Not {text}."} for text in ("entropy", "variance", "log loss", "accuracy")],
    },
    "output": {
        **_common("output", "What does this program print?\n"),
        "language": "python",
        "program": "for n in (3, 1):\n    print(n)\n",
        "output": "3\n1\n",
        "mistakes": [{"value": "1\n3", "why": "It is not sorted."}, {"value": "3", "why": "It goes on."}],
    },
    "code": {
        **_common("code", "Write halved(values): each number of a list by two.\n"),
        "language": "python",
        "starter": "def halved(values):\n    ...\n",
        "reference": "def halved(values):\n    return [value / 2 for value in values]\n",
        "tests": [
            *(
                {"name": f"{n} numbers", "call": f"halved({[2 * k for k in range(n)]})", "expect": [*range(n)]}
                for n in range(6)
            ),
            {"name": "no list", "call": "halved(None)", "raises": "TypeError"},
            {"name": "left unchanged", "code": "values = [2]\nhalved(values)\nassert values == [2]\n"},
        ],
        "hints": ["One number first."],
        "proof": {
            "wrong": [
                {"why": "doubles", "code": "def halved(values):\n    return [v * 2 for v in values]\n"},
                {
                    "why": "one more",
                    "code": "def halved(values):\n    return [v - (v > 2) for v in values]",
                },
                {
                    "why": "in place",
                    "code": "def halved(values):\n    values[:] = (v / 2 for v in values)\n    return values",
                },
            ]
        },
    },
    "sql": {
        **_common("sql", "Write one SELECT that gives every a above 1, smallest first.\n"),
        "schema": "CREATE TABLE t(a INT);\n",
        "ordered": True,
        "reference": "SELECT a FROM t WHERE a > 1 ORDER BY a\n",
        "cases": [
            {
                "name": f"up to {n}",
                "data": {"t": [[k] for k in range(n, 0, -1)]},
                "expect": [[k] for k in range(2, n + 1)],
            }
            for n in range(8)
        ],
        "proof": {
            "wrong": [
                {"why": "one too many", "code": "SELECT a FROM t WHERE a >= 1 ORDER BY a"},
                {"why": "no order", "code": "SELECT a FROM t WHERE a > 1 ORDER BY a DESC"},
                {"why": "no filter", "code": "SELECT a FROM t WHERE a > 2 ORDER BY a"},
            ]
        },
    },
    "open": {
        **_common("open", "How would you prune a tree?\n"),
        "rubric": [
            {"id": name, "points": 2, "text": f"Says {name}."} for name in ["grow", "score", "cut", "test", "ship"]
        ],
        "red_flags": [{"id": "guess", "points": -2, "text": "Guesses."}],
        "model_answer": "Grow it, score it, cut it, test it, ship it.\n",
        "proof": {"weak": "I would guess and grow.\n", "weak_meets": ["grow", "guess"]},
    },
}
GONE: Any = object()
"""As a value: the field is taken out."""


def sample(kind: str, changes: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """The sound item of the kind with some fields changed; `options.0.why` names one further in."""
    raw = copy.deepcopy(SOUND[kind])
    for where, value in {**(changes or {}), **more}.items():
        *way, last = where.split(".")
        here: Any = raw
        for step in way:
            here = here[int(step)] if isinstance(here, list) else here.setdefault(step, {})
        if value is GONE:
            del here[int(last) if isinstance(here, list) else last]
        else:
            here[int(last) if isinstance(here, list) else last] = value
    return raw


def text(*raws: Any, topic: Any = TOPIC, subtopic: Any = SUBTOPIC) -> str:
    """A bank file of these items."""
    head = {"format": 1, "topic": topic, "subtopic": subtopic, "questions": list(raws)}
    return str(yaml.dump(head, Dumper=Plain, sort_keys=False, width=10_000, allow_unicode=True))


class Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def reading(*raws: Any, **head: Any) -> Reading:
    """What is understood of a file of these items."""
    return understood(text(*raws, **head))


def understood(written: str) -> Reading:
    """What is understood of a file as it is written."""
    return understand(parse(written.encode(), "f.yaml"), "f.yaml", SYLLABUS)


def item(raw: Any) -> Item:
    """The item, which has to be whole."""
    read = reading(raw)
    assert read.problems == []
    return read.items[0]


def valued(value: Any) -> Reading:
    """What is understood of a value that did not come through YAML."""
    return understand(Document(value, {}, []), "f.yaml", SYLLABUS)


def bank(root: Path, **files: str) -> Path:
    """A bank on disk: the syllabus, and files by name."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "syllabus.yaml").write_text(yaml.safe_dump(SYLLABUS_RAW, sort_keys=False), encoding="utf-8")
    for name, content in files.items():
        (root / f"{name}.yaml").write_text(content, encoding="utf-8")
    return root


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything in a value."""
    if at:
        yield at
    for step in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from places(value[step], (*at, step))
