"""Does the memory model foretell real answers? Log loss, RMSE(bins) and AUC on a file of somebody's reviews.

    python tests/bench/memory.py REVIEWS.csv[.gz] [--zone-hours 0]

The file has the columns card, time_ms and rating (1 to 4); the logs of the tests of py-fsrs and the sets of the
open-spaced-repetition benchmark can be put so. Foretold are first answers of a day to cards seen before,
each from what lies before it. They are split by time into six parts, and the last five are scored. It asserts nothing.

Forecasters: the share known so far; SM-2 (Wozniak 1990) with recall 0.9 at its interval; FSRS-6 with default weights,
as the project folds it (the first answer of a day moves memory, and no other) and as Anki does; moved by the drift b.
"""

import argparse
import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from math import floor, fsum, log, sqrt
from pathlib import Path
from typing import NamedTuple

from sklearn.metrics import log_loss, roc_auc_score

from mlquiz.core.memory import Memory, drift_after, drifted, recall
from mlquiz.core.scheduler import learn

DAY_MS, CUT_OFF_HOURS = 86_400_000, 4
PARTS = 6
NAMES = ("constant", "SM-2", "FSRS-6", "FSRS-6 with drift")


class Answer(NamedTuple):
    """An answer as the file has it."""

    time_ms: int
    card: str
    rating: int


class Foretold(NamedTuple):
    """An answer that counts: whether it was known, the chances foretold, and what its bin is made of: days since the
    last one, answers and lapses before."""

    known: bool
    chances: tuple[float, ...]
    days: int
    before: int
    lapses: int


def answers(path: Path) -> list[Answer]:
    """The file's answers in the order of time."""
    with gzip.open(path, "rt", newline="") if path.suffix == ".gz" else path.open(newline="") as file:
        return sorted(Answer(int(row["time_ms"]), row["card"], int(row["rating"])) for row in csv.DictReader(file))


class Card:
    """What forecasters hold of a card: the day of its last answer, memory, SM-2's ease, interval and successes."""

    def __init__(self) -> None:
        self.last = -1
        self.memory: Memory | None = None
        self.ease, self.interval, self.passed = 2.5, 1.0, 0
        self.before = self.lapses = 0

    def answered(self, day: int, rating: int) -> None:
        self.memory = learn(self.memory, rating, day)
        grade = (0, 1, 3, 4, 5)[rating]
        if grade < 3:
            self.passed, self.interval = 0, 1.0
        else:
            self.passed += 1
            self.interval = {1: 1.0, 2: 6.0}.get(self.passed, self.interval * self.ease)
        self.ease = max(1.3, self.ease + 0.1 - (5 - grade) * (0.08 + (5 - grade) * 0.02))
        self.before += 1
        self.lapses += rating == 1
        self.last = day


def foretold(history: list[Answer], zone_hours: float, every: bool) -> Iterator[Foretold]:
    """Every answer that counts, with what each forecaster says of it before it is given.

    With `every` all answers of a day move what is held of a card, and not the first alone.
    """
    cards: dict[str, Card] = defaultdict(Card)
    known_before, seen_before, drift = 0, 0, 0.0
    for answer in history:
        day = floor((answer.time_ms + (zone_hours - CUT_OFF_HOURS) * DAY_MS / 24) / DAY_MS)
        card = cards[answer.card]
        if card.last == day:
            if every:
                card.answered(day, answer.rating)
            continue
        if card.memory is not None:
            known, days = answer.rating > 1, day - card.last
            chance = recall(card.memory, day)
            constant = (known_before + 1) / (seen_before + 2)
            sm2 = 0.9 ** (days / card.interval)
            yield Foretold(known, (constant, sm2, chance, drifted(chance, drift)), days, card.before, card.lapses)
            drift = drift_after(drift, chance, known)
            known_before, seen_before = known_before + known, seen_before + 1
        card.answered(day, answer.rating)


def rmse_bins(rows: list[Foretold], which: int) -> float:
    """Root mean square difference of chance and share known over bins of interval, answers and lapses, by their sizes.

    The bins are those of the open-spaced-repetition benchmark (its RMSE(bins)).
    """
    bins: dict[tuple[float, ...], list[Foretold]] = defaultdict(list)
    for row in rows:
        place = (
            round(2.48 * 3.62 ** floor(log(row.days) / log(3.62)), 2),
            round(1.99 * 1.89 ** floor(log(row.before) / log(1.89))),
            round(1.65 * 1.73 ** floor(log(row.lapses) / log(1.73))) if row.lapses else 0,
        )
        bins[place].append(row)
    squares = [fsum(row.chances[which] - row.known for row in held) ** 2 / len(held) for held in bins.values()]
    return sqrt(fsum(squares) / len(rows))


def scores(rows: list[Foretold], which: int) -> tuple[float, float, float]:
    """Log loss, RMSE(bins) and AUC of one forecaster: each the mean over the parts, by their sizes."""
    size = len(rows) / PARTS
    total = [0.0, 0.0, 0.0]
    tested = 0
    for part in range(1, PARTS):
        held = rows[round(part * size) : round((part + 1) * size)]
        known, chances = [row.known for row in held], [row.chances[which] for row in held]
        found = log_loss(known, chances, labels=[False, True]), rmse_bins(held, which), roc_auc_score(known, chances)
        total = [sum_ + len(held) * value for sum_, value in zip(total, found, strict=True)]
        tested += len(held)
    loss, rmse, auc = (value / tested for value in total)
    return loss, rmse, auc


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reviews", type=Path)
    parser.add_argument("--zone-hours", type=float, default=0, help="the learner's offset from UTC")
    options = parser.parse_args()
    history = answers(options.reviews)
    for every in (False, True):
        rows = list(foretold(history, options.zone_hours, every))
        moving = "all answers of a day move memory" if every else "the first answer of a day moves memory"
        print(f"{moving}; {len(rows):,} foretold, {sum(row.known for row in rows) / len(rows):.1%} known")
        print(f"{'':<18}  log loss  RMSE(bins)    AUC")
        for which, name in enumerate(NAMES):
            loss, rmse, auc = scores(rows, which)
            print(f"{name:<18}  {loss:>8.4f}  {rmse:>10.4f}  {auc:>5.3f}")


if __name__ == "__main__":
    main()
