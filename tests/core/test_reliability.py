"""How forecasts fared: bins of chances with the share known, and the Brier score beside that of a constant."""

import pytest
from builders import review

from mlquiz.core.reliability import fared
from mlquiz.core.review import Review


def answers(*said: tuple[float | None, bool]) -> list[Review]:
    return [review(n, rating=3 if known else 1, forecast=chance) for n, (chance, known) in enumerate(said)]


def test_each_bin_has_its_mean_chance_and_its_share_known() -> None:
    table, _ = fared(answers((0.95, True), (0.91, False), (0.85, True), (0.2, False), (1.0, True), (None, False)))
    assert [(row.least, row.most, row.n) for row in table] == [(0.0, 0.6, 1), (0.8, 0.9, 1), (0.9, 1.0, 3)]
    last = table[-1]
    assert (last.chance, last.known) == pytest.approx(((0.95 + 0.91 + 1) / 3, 2 / 3))
    assert last.low < 2 / 3 < last.high


def test_the_brier_score_is_the_mean_squared_error_and_a_constant_has_the_variance() -> None:
    _, brier = fared(answers((0.9, True), (0.8, False), (0.6, True), (0.5, True)))
    assert brier is not None
    assert brier.n == 4
    assert brier.score == pytest.approx((0.01 + 0.64 + 0.16 + 0.25) / 4)
    assert brier.base == pytest.approx(0.75 * 0.25)


def test_without_a_forecast_there_is_nothing_to_tell() -> None:
    assert fared(answers((None, True))) == ([], None)
