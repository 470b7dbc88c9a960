"""How forecasts fared: of the answers foretold with some chance, what share was known."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import fsum

from mlquiz.core.interval import interval
from mlquiz.core.report import Brier, Foretold
from mlquiz.core.review import Review

EDGES = (0.0, 0.6, 0.7, 0.8, 0.9, 1.0)
"""Of the bins. Few reviews come below 60 %: questions are asked before that."""


def fared(reviews: Iterable[Review]) -> tuple[list[Foretold], Brier | None]:
    """The reliability table (empty bins are left out) and the Brier score (Brier 1950) of each answer's own forecast.

    Beside the score stands that of saying the share known every time, the variance of a coin so loaded.
    """
    rows = [(review.forecast, review.rating.known) for review in reviews if review.forecast is not None]
    if not rows:
        return [], None
    table = []
    for least, most in pairwise(EDGES):
        held = [(chance, known) for chance, known in rows if least <= chance < most or chance == most == EDGES[-1]]
        if held:
            table.append(_bin(least, most, held))
    share = sum(known for _, known in rows) / len(rows)
    score = fsum((chance - known) ** 2 for chance, known in rows) / len(rows)
    return table, Brier(len(rows), score, share * (1 - share))


def _bin(least: float, most: float, held: Sequence[tuple[float, bool]]) -> Foretold:
    n = len(held)
    score = interval(sum(known for _, known in held) / n, n)
    return Foretold(least, most, n, fsum(chance for chance, _ in held) / n, score.score, score.low, score.high)
