"""What the bank as a whole owes: figures that do not hold yet, and how bad each may be until they do."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from mlquiz.core.figures import Cue

DEBTS = "audit/debts.csv"
"""Figures that do not hold yet, and the worst that each may be: a ratchet, to be lowered and then taken out."""


def with_debts(cues: Iterable[Cue], debts: Path) -> Iterator[Cue]:
    """The figures, those that fail but are no worse than `debts` (name, at_most) put up with."""
    allowed: dict[str, float] = {}
    if debts.is_file():
        with debts.open(encoding="utf-8", newline="") as file:
            allowed = {row["name"]: float(row["at_most"]) for row in csv.DictReader(file)}
    for cue in cues:
        tolerated = not cue.holds and cue.name in allowed and cue.value <= allowed[cue.name]
        yield cue._replace(put_up_with=tolerated)
