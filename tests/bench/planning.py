"""How long does it take to plan a day, and to look ahead? Over made-up memories of 10,000 questions; asserts nothing.

python tests/bench/planning.py [--questions 10000] [--times 7]
"""

import argparse
import statistics
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from random import Random

from mlquiz.core.ability import Meeting, ability
from mlquiz.core.agenda import Item, Learner, Pool, agenda
from mlquiz.core.course import Left, course
from mlquiz.core.memory import Memory
from mlquiz.core.plan import Plan
from mlquiz.core.selection import Bounds

TOPICS = [f"a{n % 5}.t{n}" for n in range(16)]
DAY, LEFT = 1_000, 30


def learnt(size: int, met: float, random: Random) -> tuple[Pool, Learner]:
    """A bank of `size` questions of which the share `met` was met in the last three months."""
    items = [Item(f"{TOPICS[n % 16]}.q{n}", TOPICS[n % 16], "single", 1 + n % 5, 60) for n in range(size)]
    seen = [
        (item, Memory(random.lognormvariate(2.5, 1), random.uniform(1, 10), DAY - random.randint(1, 90)))
        for item in items[: round(met * size)]
    ]
    meetings = [Meeting(item.topic, item.difficulty, random.random() < 0.6) for item, _ in seen]
    weights = dict.fromkeys(TOPICS, 1 / 16)
    shares = dict.fromkeys(TOPICS, 1 / size)
    pool = Pool([], seen, items[len(seen) :], [], Counter(item.topic for item, _ in seen))
    return pool, Learner(ability(meetings, TOPICS), -0.1, {}, weights, shares)


def taken(work: Callable[[], object], times: int) -> float:
    """The median of some runs, in milliseconds."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - begun))
    return statistics.median(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=7)
    options = parser.parse_args()
    random = Random(1)
    bounds = Bounds(None, 1_200)
    for met in (0.05, 0.5, 1.0):
        pool, learner = learnt(options.questions, met, random)
        for name, start in (("before the final phase", DAY), ("in it", DAY - 90)):
            plan = Plan(start=start, interview=DAY + LEFT)
            day = partial(agenda, pool, learner, plan, DAY, 20, bounds, random.random)
            print(f"{options.questions:,} questions, {met:.0%} met, {name}: {taken(day, options.times):.0f} ms")
    pool, learner = learnt(200, 0.5, random)
    entries = [*pool.seen, *((item, None) for item in pool.unseen)]
    plan = Plan(start=DAY, interview=DAY + LEFT)
    ahead = taken(lambda: course(entries, learner, plan, DAY, DAY + LEFT, Left(20, 1_200)), 3)
    print(f"200 questions, {LEFT} days ahead: {ahead:.0f} ms")


if __name__ == "__main__":
    main()
