"""Does the plan pay? Simulated learners study for an interview under several rules; the project's own code is one.

    python tests/bench/interview.py [--learners 400] [--days 14 30 60] [--equal] [--jobs 2]

Truth: FSRS-6 with parameters drawn around the defaults, each question with a stability of its own; 40 % are known
beforehand, by area; half can be guessed. Rules see answers, confidence and time only. Points: the weighted chance of
knowing each question on day T, out of 100, and `later`, thirty days after it. Differences are paired by learner, with
95 % intervals; a gain is over studying nothing, and as a ratio to that of FSRS at retention 0.9. It asserts nothing.
"""

import argparse
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Collection
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from math import exp, sqrt
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import fsrs_rs_python

sys.path.insert(0, str(Path(__file__).parents[1]))

from mlquiz.core.ability import LUCK, Meeting, ability
from mlquiz.core.agenda import Item, Learner, Pool, agenda
from mlquiz.core.memory import Memory, drift_after, drift_variance, drifted, due, recall
from mlquiz.core.plan import Plan
from mlquiz.core.readiness import Standing, points
from mlquiz.core.scheduler import KNOWN_PRIOR, learn
from mlquiz.core.selection import Bounds

QUESTIONS, AREAS, MINUTES = 300, 6, 20
NEW_UNKNOWN, NEW_KNOWN, FAILED, PASSED, AGAIN = 75, 30, 45, 20, 20
"""Seconds of each kind of answer; the expected ones of a question are 60."""
EXPECTED = 60
PLAN = "the plan"
CRAM, CRAMMED = "cramming, two days", 2
LATER = 30
"""Days after the interview on which points are counted once more."""
SPREADS = [0.4] * 4 + [0.2] * 16


class Truth:
    """One learner: what is known of each question, whatever any rule believes."""

    def __init__(self, seed: int, equal: bool) -> None:
        self.random = random = Random(seed)
        weights = [1.0] * AREAS if equal else [random.gammavariate(3, 1) for _ in range(AREAS)]
        self.area = [n % AREAS for n in range(QUESTIONS)]
        whole = sum(weights[area] for area in self.area)
        self.weights = [weights[area] / whole for area in self.area]
        default = list(fsrs_rs_python.DEFAULT_PARAMETERS)
        drawn = [w * exp(random.gauss(0, spread)) for w, spread in zip(default[:20], SPREADS, strict=True)]
        drawn[:4] = sorted(drawn[:4])
        self.decay = min(0.8, max(0.1, 0.2 * exp(random.gauss(0, 0.3))))
        self.fsrs = fsrs_rs_python.FSRS([*drawn, self.decay])
        self.factor = 0.9 ** (-1 / self.decay) - 1
        self.own = [exp(random.gauss(0, 0.5)) for _ in range(QUESTIONS)]
        self.hard = [random.gauss(0, 1) for _ in range(QUESTIONS)]
        prior = [min(0.95, max(0.05, random.gauss(0.4, 0.15))) for _ in range(AREAS)]
        self.state: list[Any] = [None] * QUESTIONS
        self.last = [0] * QUESTIONS
        for n, area in enumerate(self.area):
            if random.random() < prior[area]:
                self.state[n] = fsrs_rs_python.MemoryState(60 * exp(random.gauss(0, 0.8)), 5.0)
        self.guessable = [random.random() < 0.5 for _ in range(QUESTIONS)]

    def recall(self, n: int, day: int) -> float:
        if self.state[n] is None:
            return 0.0
        elapsed = max(0, day - self.last[n])
        return float((1 + self.factor * elapsed / (self.state[n].stability * self.own[n])) ** -self.decay)

    def study(self, n: int, day: int) -> tuple[bool, bool]:
        """(known, or guessed right) on a day; memory moves by what is known."""
        known = self.random.random() < self.recall(n, day)
        guessed = not known and self.guessable[n] and self.random.random() < 0.25
        before, elapsed = self.state[n], max(0, day - self.last[n]) if self.state[n] else 0
        states = self.fsrs.next_states(before, 0.9, elapsed)
        chosen = states.good if known else states.again
        hardness = min(10.0, max(1.0, chosen.memory.difficulty + (self.hard[n] if before is None else 0.0)))
        self.state[n] = fsrs_rs_python.MemoryState(chosen.memory.stability, hardness)
        self.last[n] = day
        return known, guessed

    def points(self, day: int) -> float:
        return 100 * sum(weight * self.recall(n, day) for n, weight in enumerate(self.weights))


class Mind:
    """What a rule may know: memories as the project folds them, first meetings, the drift; for the other rules memories
    of plain FSRS, boxes and intervals."""

    def __init__(self, truth: Truth, days: int, random: Random) -> None:
        self.truth, self.days, self.random = truth, days, random
        self.memories: dict[int, Memory] = {}
        self.plain: dict[int, Memory] = {}
        self.meetings: list[Meeting] = []
        self.drift, self.traced = 0.0, 0
        self.boxes: dict[int, int] = {}
        self.due: dict[int, int] = {}
        self.ease: dict[int, float] = {}
        self.interval: dict[int, int] = {}

    def kind(self, n: int) -> str:
        """What can be guessed has options: that much a rule sees."""
        return "single" if self.truth.guessable[n] else "numeric"

    def topic(self, n: int) -> str:
        return f"a{self.truth.area[n]}.t"

    def shares(self) -> dict[str, float]:
        counts: Counter[str] = Counter()
        for n, weight in enumerate(self.truth.weights):
            counts[self.topic(n)] += weight  # type: ignore[assignment]  # shares, not counts
        return dict(counts)

    def answered(self, n: int, day: int, rating: int, sure: bool) -> None:
        memory = self.memories.get(n)
        if memory is None:
            self.meetings.append(Meeting(self.topic(n), 3, rating > 1, LUCK.get(self.kind(n), 0.0)))
        else:
            self.drift = drift_after(self.drift, recall(memory, day), rating > 1)
            self.traced += 1
        after = learn(memory, rating, day)
        if memory is None and rating > 2 and sure:
            after = after._replace(stability=max(after.stability, KNOWN_PRIOR))
        self.memories[n] = after
        self.plain[n] = learn(self.plain.get(n), rating, day)
        self.boxes[n] = min(4, self.boxes.get(n, -1) + 1) if rating > 1 else 0
        self.due[n] = day + (1, 2, 4, 8, 16)[self.boxes[n]]
        grade = (0, 2, 3, 4, 5)[rating]
        ease = max(1.3, self.ease.get(n, 2.5) + 0.1 - (5 - grade) * (0.08 + (5 - grade) * 0.02))
        before = self.interval.get(n, 0)
        self.interval[n] = 1 if rating == 1 or before == 0 else 6 if before == 1 else round(before * ease)
        self.ease[n] = ease


Rule = Callable[[Mind, int], list[int]]


def planned(mind: Mind, day: int) -> list[int]:
    """The project's own rule: its plan, its selection, its readiness model."""
    items = [Item(f"{mind.topic(n)}.{n:03d}", mind.topic(n), mind.kind(n), 3, EXPECTED) for n in range(QUESTIONS)]
    seen = [(items[n], memory) for n, memory in mind.memories.items() if memory.last < day]
    unseen = [item for n, item in enumerate(items) if n not in mind.memories]
    weights, held = mind.shares(), Counter(item.topic for item in items)
    shares = {topic: weight / held[topic] for topic, weight in weights.items()}
    pool = Pool([], seen, unseen, [], Counter(mind.topic(n) for n in mind.memories))
    learner = Learner(ability(mind.meetings, weights), mind.drift, {}, weights, shares)
    plan = Plan(minutes=MINUTES, start=0, interview=mind.days)
    asked = agenda(pool, learner, plan, day, QUESTIONS, Bounds(), mind.random.random)
    return [int(row.id.rpartition(".")[2]) for row in asked]


def fsrs(mind: Mind, day: int, weighted: bool = False) -> list[int]:
    """FSRS at retention 0.9, the longest overdue first, then 20 new ones: in the bank's order, or by weight."""
    ripe = [n for n, memory in mind.plain.items() if memory.last < day and due(memory, Plan()) <= day]
    ripe.sort(key=lambda n: recall(mind.plain[n], day))
    unseen = [n for n in range(QUESTIONS) if n not in mind.plain]
    if weighted:
        unseen.sort(key=lambda n: -mind.truth.weights[n])
    return [*ripe, *unseen[:20]]


def sm2(mind: Mind, day: int) -> list[int]:
    """SM-2 (Wozniak 1990), then 20 new ones."""
    ripe = [n for n, memory in mind.memories.items() if memory.last + mind.interval[n] <= day and memory.last < day]
    return [*ripe, *[n for n in range(QUESTIONS) if n not in mind.memories][:20]]


def leitner(mind: Mind, day: int) -> list[int]:
    """Boxes of 1, 2, 4, 8 and 16 days, then 20 new ones."""
    ripe = sorted((n for n in mind.due if mind.due[n] <= day), key=lambda n: mind.boxes[n])
    return [*ripe, *[n for n in range(QUESTIONS) if n not in mind.memories][:20]]


def loop(mind: Mind, day: int) -> list[int]:
    """Round and round the bank: whatever was seen longest ago."""
    return sorted(range(QUESTIONS), key=lambda n: (mind.memories[n].last if n in mind.memories else -1, n))


def crammed(mind: Mind, day: int) -> list[int]:
    """Nothing until two days before, then all the minutes: whatever was not seen, then what is known least."""
    if day < mind.days - CRAMMED:
        return []
    order = sorted(
        range(QUESTIONS), key=lambda n: (n in mind.plain, recall(mind.plain[n], day) if n in mind.plain else 0)
    )
    return order * 2


def at_random(mind: Mind, day: int) -> list[int]:
    return sorted(range(QUESTIONS), key=lambda _: mind.random.random())


RULES: dict[str, Rule] = {
    PLAN: planned, "FSRS 0.90": fsrs, "FSRS 0.90, new by weight": partial(fsrs, weighted=True), "SM-2": sm2,
    "Leitner": leitner, "loop": loop, "random": at_random, CRAM: crammed,
}  # fmt: skip


class Result(NamedTuple):
    """Points on the day by rule, and a month later, and those of studying nothing; readiness on the eve of the day:
    its error in points, and whether its interval held."""

    points: dict[str, float]
    later: dict[str, float]
    nothing: float
    error: float
    held: bool


def studied(truth: Truth, mind: Mind, rule: Rule, day: int, minutes: float = MINUTES) -> None:
    """A day of so many minutes, missed questions asked again."""
    left = 60.0 * minutes
    for n in rule(mind, day):
        if left <= 0:
            return
        first = n not in mind.memories
        known, guessed = truth.study(n, day)
        left -= (NEW_KNOWN if known else NEW_UNKNOWN) if first else (PASSED if known else FAILED)
        says_guess = guessed and truth.random.random() < 0.5
        rating = 3 if known or (guessed and not says_guess) else 1
        mind.answered(n, day, rating, sure=known)
        if rating == 1:
            left -= AGAIN


def simulated(seed: int, days: int, equal: bool, rules: Collection[str] = tuple(RULES)) -> Result:
    """One learner, under each of the rules."""
    found, later, error, held = dict[str, float](), dict[str, float](), 0.0, False
    for name in rules:
        truth = Truth(seed, equal)
        mind = Mind(truth, days, Random(seed))
        for day in range(days):
            studied(truth, mind, RULES[name], day, MINUTES if name != CRAM else MINUTES * days / CRAMMED)
        found[name], later[name] = truth.points(days), truth.points(days + LATER)
        if name == PLAN:
            error, held = _forecast(truth, mind, days)
    return Result(found, later, Truth(seed, equal).points(days), error, held)


def _forecast(truth: Truth, mind: Mind, day: int) -> tuple[float, bool]:
    """What readiness says on the eve of the day, against how many are known: the error, and whether it was held."""
    model = ability(mind.meetings, mind.shares())
    held = {n: drifted(recall(memory, day), mind.drift) for n, memory in mind.memories.items()}
    rows = [Standing(mind.topic(n), 3, weight, held.get(n)) for n, weight in enumerate(truth.weights)]
    told = points(rows, model, drift_variance(mind.traced))
    assert told is not None
    known = 100 * sum(w for n, w in enumerate(truth.weights) if truth.random.random() < truth.recall(n, day))
    return told.points - truth.points(day), told.low <= known <= told.high


def ahead(results: list[Result], rule: str) -> tuple[float, float]:
    """By how much the plan is ahead of a rule, paired by learner, and half of the 95 % interval."""
    by = [result.points[PLAN] - result.points[rule] for result in results]
    return statistics.mean(by), 1.96 * statistics.stdev(by) / sqrt(len(by))


def report(results: list[Result], days: int, equal: bool) -> None:
    """A table of points, paired differences and gains."""
    nothing = statistics.mean(result.nothing for result in results)
    base = statistics.mean(result.points["FSRS 0.90"] for result in results) - nothing
    print(f"T = {days}, {'equal' if equal else 'unequal'} weights, {len(results)} learners; nothing: {nothing:.1f}")
    for name in RULES:
        mean = statistics.mean(result.points[name] for result in results)
        later = statistics.mean(result.later[name] for result in results)
        by, half = ahead(results, name)
        beats = f"plan ahead by {by:5.1f} ± {half:.1f}" if name != PLAN else ""
        print(f"  {name:<26} {mean:5.1f}  later {later:5.1f}  gain {(mean - nothing) / base:4.2f} ×  {beats}".rstrip())
    errors = [result.error for result in results]
    held = statistics.mean(result.held for result in results)
    off, bias = statistics.mean(map(abs, errors)), statistics.mean(errors)
    print(f"  forecast error {off:.1f} points (bias {bias:+.1f}), intervals held {held:.0%}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=400)
    parser.add_argument("--days", type=int, nargs="+", default=[14, 30, 60])
    parser.add_argument("--equal", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with ProcessPoolExecutor(options.jobs) as pool:
        for days in options.days:
            run = partial(simulated, days=days, equal=options.equal)
            report(list(pool.map(run, range(options.learners), chunksize=4)), days, options.equal)


if __name__ == "__main__":
    main()
