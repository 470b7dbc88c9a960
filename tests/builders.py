"""Small builders: one question of each kind, reviews, steps, a world that stands still, and strategies over them."""

import io
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from mlquiz.core.answer import Answer, Arranged, Computed, DontKnow, Explained, Given, Picked, Ran
from mlquiz.core.grading import tests
from mlquiz.core.parts import Case, Criterion, Option, Parameter, Slip, Tolerance, UnitTest, WrongOutput, WrongText
from mlquiz.core.question import (
    KINDS,
    Body,
    Code,
    Concrete,
    Kind,
    Multi,
    Number,
    Numeric,
    Open,
    Order,
    Output,
    Question,
    Short,
    Single,
    Sql,
)
from mlquiz.core.review import Rating, Review
from mlquiz.core.scheduler import Step
from mlquiz.core.trial import Judged, Result
from mlquiz.world import EPOCH, Paths, World

BODIES: dict[Kind, Body] = {
    "single": Single(
        [
            Option("Gini", "it is", correct=True, id="gini"),
            Option("Entropy", "no", misconception="Entropy is another measure.", id="entropy"),
            Option("Variance", "no", misconception="Variance is for regression.", id="variance"),
            Option("Accuracy", "no"),
        ]
    ),
    "multi": Multi(
        [
            Option("Lasso", "it is", correct=True, id="lasso"),
            Option("Ridge", "it is", correct=True, id="ridge"),
            Option("Dropout", "it is", correct=True, id="dropout"),
            Option("Shuffling", "no", misconception="Shuffling does not regularise.", id="shuffling"),
            Option("Logging", "no", misconception="Logging does nothing.", id="logging"),
        ]
    ),
    "numeric": Numeric(
        {"tp": Parameter(choice=[8, 9]), "fp": Parameter(between=(1, 5), step=2)},
        "tp / n",
        Tolerance(abs=0.01),
        [Slip("fp / n", "that is the share of false alarms"), Slip("1 / (fp - 3)", "a slip that has no value at 3")],
        {"n": "tp + fp"},
    ),
    "order": Order(
        {"split": "Split", "fit": "Fit", "tune": "Tune", "test": "Test"},
        [("split", "fit"), ("fit", "tune"), ("tune", "test")],
    ),
    "short": Short(
        ["Gradient clipping", "clipping of gradients"], [WrongText("weight decay", "That shrinks weights.")]
    ),
    "output": Output("python", "print([1] * 2)", "[1, 1]\n", [WrongOutput("[2]", "The list repeats.")]),
    "code": Code(
        "python",
        "def double(x):\n    ...\n",
        "def double(x):\n    return 2 * x\n",
        [
            UnitTest("three", call="double(3)", expect=6),
            UnitTest("nothing", call="double(None)", raises="TypeError"),
            UnitTest("a list", code="assert double([1]) == [1, 1]"),
        ],
        hints=["Think of `*`.", "Two times."],
    ),
    "sql": Sql(
        "CREATE TABLE t(a INT);",
        True,
        "SELECT a FROM t ORDER BY a\n",
        [Case("one row", {"t": [[1]]}, [[1]]), Case("in order", {"t": [[2], [1]]}, [[1], [2]])],
        hints=["What orders rows?"],
    ),
    "open": Open(
        [Criterion("leak", 3, "Names leakage"), Criterion("time", 2, "Splits by time")],
        [Criterion("random", -2, "Splits at random")],
        "Split by time.",
    ),
}


def question(kind: Kind = "single", name: str = "", key: str = "k1", topic: str = "ml.trees") -> Question:
    """A question of the kind; its id is topic and name."""
    prompt = "{tp} of {n}, precision?" if kind == "numeric" else "What?"
    return Question(
        id=f"{topic}.{name or kind}",
        revision="r1",
        key=key,
        topic=topic,
        subtopic=f"{topic}.sub",
        skills=["evaluation"],
        level="screen",
        difficulty=3,
        seconds=60,
        prompt=prompt,
        explanation="{tp:.1f}" if kind == "numeric" else "{as it is}",
        references=[],
        body=BODIES[kind],
    )


def answers(body: Concrete) -> st.SearchStrategy[Answer]:
    """Answers that speak of this body, DontKnow among them."""
    some: st.SearchStrategy[Answer]
    match body:
        case Single():
            some = st.sampled_from(body.options).map(lambda option: Picked([option.key]))
        case Multi():
            keys = [option.key for option in body.options]
            some = st.lists(st.sampled_from(keys), min_size=1, unique=True).map(Picked)
        case Number():
            near = st.floats(body.value - 2 * body.margin, body.value + 2 * body.margin)
            some = st.builds(Computed, near | st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=9))
        case Order():
            some = st.permutations(list(body.steps)).map(lambda keys: Arranged(list(keys)))
        case Short() | Output():
            known = body.accept if isinstance(body, Short) else [body.output]
            some = (st.sampled_from(known) | st.text(max_size=20).filter(str.strip)).map(Given)
        case Code() | Sql():
            passed = st.lists(st.booleans(), min_size=len(tests(body)), max_size=len(tests(body)))
            some = st.builds(Ran, st.just(body.reference), passed.map(partial(_results, body)), st.integers(0, 2))
        case Open():
            ids = [point.id for point in [*body.rubric, *body.red_flags]]
            some = st.builds(Explained, st.lists(st.sampled_from(ids), unique=True), st.text(max_size=9))
    return some | st.just(DontKnow())


def _results(body: Code | Sql, passed: Sequence[bool]) -> list[Result]:
    ends = {True: ("passed", "", None), False: ("raised", "ValueError: no", 2)}
    return [Result(name, *ends[ok]) for name, ok in zip(tests(body), passed, strict=True)]  # type: ignore[arg-type]


def judge(body: Code | Sql, source: str, **_: object) -> Judged:
    """Knows right from wrong by comparing with the reference: where a test is not about running anything."""
    right = source.strip() == body.reference.strip()
    return Judged(_results(body, [right or n > 0 for n in range(len(tests(body)))]))


kinds = st.sampled_from(KINDS)
seeds = st.integers(0, 2**32 - 1)


def review(number: int = 1, name: str = "ml.trees.gini", day: int = 0, rating: int = 3, **changes: Any) -> Review:
    """The answer number so many: sure, to a single, rated as told."""
    fields: dict[str, Any] = {
        "id": f"{number:06d}", "session": "s", "question": name, "revision": "r1", "key": "k1", "seed": 7,
        "at": "2026-01-01T12:00:00.000Z", "day": day, "seconds": 12.5, "answer": Picked(["gini"]), "params": {},
        "confidence": "sure", "score": float(rating > 1), "right": rating > 1, "rating": Rating(rating),
        "rated_by": "rule", "forecast": None, "mode": "review", "replaces": None,
    }  # fmt: skip
    return Review(**fields | changes)


def step(number: int = 1, day: int = 0, rating: int = 3, **changes: Any) -> Step:
    """The step number so many, standing and not vouched."""
    id_ = f"{number:06d}"
    fields: dict[str, Any] = {
        "id": id_, "root": id_, "question": "ml.trees.gini", "key": "k1", "day": day, "rating": rating,
        "vouched": False, "standing": True,
    }  # fmt: skip
    return Step(**fields | changes)


def ids() -> Callable[[], str]:
    """A source of rising ids."""
    numbers = count(1)
    return lambda: f"{next(numbers):06d}"


_next_id = ids()
"""Shared by all worlds: sessions of one log never meet each other's ids."""


class Clock:
    """Noon here, of a day that only the test moves."""

    def __init__(self, day: int = 20_000) -> None:
        self.day = day

    def __call__(self) -> datetime:
        here = datetime.combine(EPOCH + timedelta(days=self.day), time(12)).astimezone()
        return here.astimezone(UTC)


def world(clock: Clock, home: Path = Path("nowhere")) -> World:
    """A world without chance: seeds and ids count up, streams are strings."""
    numbers = count(1)
    return World(
        paths=Paths(home / "config", home / "data", home / "cache", home / "bank"),
        now=clock,
        tick=lambda: 0.0,
        seed=lambda: next(numbers),
        new_id=_next_id,
        stdin=io.StringIO(),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        environ={},
    )


def day(iso: str) -> int:
    """Days since 1970-01-01."""
    return date.fromisoformat(iso).toordinal() - EPOCH.toordinal()
