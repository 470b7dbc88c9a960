"""The 80 % interval of a mean score."""

from math import sqrt

from mlquiz.core.report import Score

Z80 = 1.2815515655446004
"""Standard normal quantile at 0.9: two-sided 80 %."""


def interval(mean: float, n: int) -> Score:
    """The mean of n scores with Wilson's 80 % interval (Wilson 1927); a partial score is that share of a success."""
    z2 = Z80 * Z80
    centre = (mean + z2 / (2 * n)) / (1 + z2 / n)
    half = Z80 / (1 + z2 / n) * sqrt(mean * (1 - mean) / n + z2 / (4 * n * n))
    return Score(n, mean, max(0.0, centre - half), min(1.0, centre + half))
