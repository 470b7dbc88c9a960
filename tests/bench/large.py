"""A bank of ten thousand questions and a log of a hundred thousand answers, made up, and the same for the same seed."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from mlquiz.bank.syllabus import Syllabus
from mlquiz.core.question import Question
from mlquiz.store.database import writing
from mlquiz.store.memories import FIELDS

SEED = 20261218
IN_A_FILE = 50
KINDS = ("single", "multi", "numeric", "short", "order", "output")
LEVELS = ("screen", "onsite", "senior")
DAYS = 180
MISSED = 0.05
"""Share of answers rated AGAIN; it decides how many questions are due at the end."""
Make = Callable[[str, int, list[str], Random], Mapping[str, Any]]
"""(topic, number, skills there are, chance) -> a question as it stands in a file."""
TEXT = (
    "a model of the data that fits what was seen and fails on what comes later needs either more of it or less freedom "
    "while the loss on held out rows tells which one before anybody looks at the test set"
)


def write_bank(
    root: Path, syllabus: Syllabus, count: int, make: Make | None = None, in_a_file: int = IN_A_FILE
) -> None:
    """Writes `count` questions below `root`, in files by topic and subtopic."""
    chance, make = Random(SEED), make or _question
    skills = [skill.id for skill in syllabus.skills]
    places = cycle([(topic.id, subtopic.id) for topic in syllabus.topics().values() for subtopic in topic.subtopics])
    for number, (topic, subtopic) in enumerate(islice(places, -(-count // in_a_file))):
        numbers = range(number * in_a_file, min(count, (number + 1) * in_a_file))
        path = root / topic.replace(".", "/") / f"{subtopic}-{number:03d}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        head = f"format: 1\ntopic: {topic}\nsubtopic: {subtopic}\nquestions:\n"
        path.write_text(head + "".join(_item(make(topic, n, skills, chance)) for n in numbers), encoding="utf-8")


def _item(question: Mapping[str, Any]) -> str:
    """The question as an item of a YAML list: JSON values are YAML, and quick to write."""
    lines = [f"{name}: {json.dumps(value)}" for name, value in question.items()]
    return "  - " + "\n    ".join(lines) + "\n"


def _question(topic: str, n: int, skills: list[str], chance: Random) -> dict[str, Any]:
    kind = KINDS[n % len(KINDS)]
    return {
        "id": f"{topic}.made-up-{n}",
        "kind": kind,
        "skills": chance.sample(skills, 2),
        "level": chance.choice(LEVELS),
        "difficulty": chance.randint(1, 5),
        "seconds": chance.choice((30, 60, 90, 120)),
        "prompt": f"{_prose(chance, 60)} This is question {n}.",
        "explanation": _prose(chance, 50),
        **_BODIES[kind](n, chance),
    }


def _prose(chance: Random, words: int) -> str:
    known = TEXT.split()
    return " ".join(chance.choice(known) for _ in range(words)).capitalize() + "."


def _options(count: int, right: int, chance: Random) -> dict[str, Any]:
    return {
        "options": [
            {"text": f"{_prose(chance, 8)} Number {place}", "why": _prose(chance, 12), "id": "abcde"[place]}
            | ({"correct": True} if place < right else {})
            for place in range(count)
        ]
    }


def _numeric(n: int, chance: Random) -> dict[str, Any]:
    return {
        "params": {"rows": {"choice": [100, 200, 300]}, "rate": {"int": [2, 9]}},
        "answer": f"rows * rate + {n}",
        "tolerance": {"rel": 0.01},
        "mistakes": [{"expr": "rows / rate", "why": _prose(chance, 10)}],
    }


def _short(n: int, chance: Random) -> dict[str, Any]:
    return {"accept": [f"term {n}", f"{n}"], "reject": [{"text": f"other {n}", "why": _prose(chance, 10)}]}


def _order(_n: int, chance: Random) -> dict[str, Any]:
    steps = {f"step{place}": _prose(chance, 6) for place in range(4)}
    return {"steps": steps, "before": [list(pair) for pair in zip(steps, list(steps)[1:], strict=False)]}


def _output(n: int, chance: Random) -> dict[str, Any]:
    mistakes = [{"value": str(n + 1), "why": _prose(chance, 10)}]
    return {"language": "python", "program": f"print({n})\n", "output": f"{n}\n", "mistakes": mistakes}


_BODIES: dict[str, Callable[[int, Random], dict[str, Any]]] = {
    "single": lambda _n, chance: _options(4, 1, chance),
    "multi": lambda _n, chance: _options(5, 2, chance),
    "numeric": _numeric,
    "short": _short,
    "order": _order,
    "output": _output,
}
_RIGHT: dict[str, Any] = {
    "single": {"keys": ["a"]},
    "multi": {"keys": ["a", "b"]},
    "numeric": {"value": 1.0},
    "short": {"text": "a term"},
    "order": {"order": ["step0", "step1", "step2", "step3"]},
    "output": {"text": "1"},
}
"""An answer of each kind's shape; whether it was right, the log says for itself."""


class Meeting(NamedTuple):
    """One answer before it is a row: its day, its question, whether it was known."""

    day: int
    question: int
    known: bool


def meetings(questions: int, answers: int, today: int) -> list[Meeting]:
    """Who met what when, in the order of time: `answers` in all, spread evenly over the questions and the days."""
    chance = Random(SEED)
    spread = [
        Meeting(today - 1 - chance.randrange(DAYS), n % questions, chance.random() >= MISSED) for n in range(answers)
    ]
    return sorted(spread)


def fill_log(log: sqlite3.Connection, questions: list[Question], answers: int, today: int) -> None:
    """Inserts `answers` reviews in bulk; the projection is left for `Journal.rebuild`."""
    columns = [name.strip() for name in FIELDS.split(",")]
    places = ", ".join(f":{name}" for name in columns)
    rows = _rows(questions, meetings(len(questions), answers, today))
    with writing(log):
        log.executemany(f"insert into review ({FIELDS}) values ({places})", rows)


def _rows(questions: list[Question], asked: list[Meeting]) -> Iterator[dict[str, Any]]:
    for n, meeting in enumerate(asked):
        question = questions[meeting.question]
        stamp = (meeting.day * 86_400 + 43_200) * 1000 + n % 1000
        answer = _RIGHT[question.kind] if meeting.known else {"dont_know": True}
        yield {
            "id": f"{stamp >> 16:08x}-{stamp & 0xFFFF:04x}-7000-8000-{n:012x}",
            "session": f"made-up-{meeting.day}",
            "question": question.id,
            "revision": question.revision,
            "key": question.key,
            "seed": n,
            "at": f"day {meeting.day}",
            "day": meeting.day,
            "seconds": 30.0,
            "answer": json.dumps(answer),
            "params": "{}",
            "confidence": "sure" if meeting.known else None,
            "score": float(meeting.known),
            "right": int(meeting.known),
            "rating": 3 if meeting.known else 1,
            "rated_by": "rule",
            "forecast": 0.9,
            "mode": "review",
            "replaces": None,
        }
