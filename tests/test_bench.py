"""The benches run, small, and what they are for holds in the small: the plan pays, and its forecasts are honest."""

import csv
import statistics
from pathlib import Path
from random import Random

import pytest
from bench import interview, memory, planning

from mlquiz.core.memory import Memory, recall
from mlquiz.core.scheduler import learn

STUDIED = ["the plan", "FSRS 0.90", "SM-2", "Leitner", "loop", "random"]


@pytest.fixture(scope="module")
def learners() -> list[interview.Result]:
    return [interview.simulated(seed, 14, False, STUDIED) for seed in range(16)]


@pytest.mark.parametrize("rule", STUDIED[1:])
def test_the_plan_is_ahead_of_every_rule_that_studies_the_same_minutes(
    learners: list[interview.Result], rule: str
) -> None:
    by, half = interview.ahead(learners, rule)
    assert by - half > 0


def test_readiness_on_the_eve_is_close_to_the_truth_and_its_interval_mostly_holds_it(
    learners: list[interview.Result],
) -> None:
    assert statistics.mean(abs(result.error) for result in learners) < 3
    assert statistics.mean(result.held for result in learners) > 0.6


def test_the_plan_gains_a_quarter_more_than_fsrs_in_two_weeks(learners: list[interview.Result]) -> None:
    gain = {rule: statistics.mean(r.points[rule] - r.nothing for r in learners) for rule in ("the plan", "FSRS 0.90")}
    assert gain["the plan"] > 1.25 * gain["FSRS 0.90"]


def test_on_answers_that_follow_the_curve_fsrs_foretells_best(tmp_path: Path) -> None:
    """Made-up reviews of 120 cards over half a year, drawn from the curve itself."""
    random = Random(4)
    rows = []
    for card in range(120):
        day, held = random.randint(0, 60), None
        while day < 200:
            known = held is not None and random.random() < recall(held, day)
            rating = 3 if known else 1
            rows.append((card, day * memory.DAY_MS + card * 1000 + 50_000_000, rating))
            held = learn(held, rating, day)
            assert isinstance(held, Memory)
            day += random.randint(1, max(2, round(2 * held.stability)))
    path = tmp_path / "reviews.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("card", "time_ms", "rating"), *rows])
    found = list(memory.foretold(memory.answers(path), 0, False))
    loss = {name: memory.scores(found, n)[0] for n, name in enumerate(memory.NAMES)}
    assert loss["FSRS-6"] < min(loss["constant"], loss["SM-2"])
    assert abs(loss["FSRS-6"] - loss["FSRS-6 with drift"]) < 0.02


def test_a_day_of_a_big_bank_is_planned_and_bounded() -> None:
    pool, learner = planning.learnt(2_000, 0.5, Random(1))
    for plan in (planning.Plan(start=planning.DAY - 90, interview=planning.DAY + 30), planning.Plan()):
        rows = planning.agenda(pool, learner, plan, planning.DAY, 10, planning.Bounds(None, 1200), Random(2).random)
        assert rows
        assert sum(row.seconds for row in rows[:-1]) <= 1200
