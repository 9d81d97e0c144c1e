"""How surprising a count is: tails of the negative binomial distribution.

A plate's own mean is only known from a number of earlier scans, and its days vary more than a
Poisson count. Both are gamma factors on the mean, and a Poisson count whose mean is gamma
distributed is negative binomial (M. Greenwood, G. U. Yule, "An inquiry into the nature of frequency
distributions representative of multiple happenings", J. Roy. Stat. Soc. 83, 1920, 255-279).
"""

from math import exp, lgamma, log, log1p

DAY_SHAPE = 6.0
"""Shape of the gamma factor of one day; the mean of n days has n times the shape."""

_ENOUGH = 1e-12
_MOST_TERMS = 100_000


def shape_of(base_scans: float, days: int) -> float:
    """The shape for ``days`` days of a plate that was scanned ``base_scans`` times before.

    The two factors are independent: their relative variances 1/shape are added.
    """
    return 1 / (1 / (base_scans + 0.5) + 1 / (DAY_SHAPE * days))


def chance_of_more(seen: int, expected: float, shape: float) -> float:
    """The chance of ``seen`` scans or more where ``expected`` (> 0) are; shape as ``shape_of``."""
    if seen <= 0:
        return 1.0
    term = _probability(seen, expected, shape)
    if seen <= expected:
        return 1 - sum(_probability(k, expected, shape) for k in range(seen))
    total, k, ratio = 0.0, seen, expected / (expected + shape)
    while term > total * _ENOUGH and k < seen + _MOST_TERMS:
        total += term
        term *= (k + shape) / (k + 1) * ratio
        k += 1
    return total


def chance_of_fewer(seen: int, expected: float, shape: float) -> float:
    """The chance of ``seen`` scans or fewer where ``expected`` (> 0) are."""
    return min(1.0, sum(_probability(k, expected, shape) for k in range(seen + 1)))


def _probability(k: int, expected: float, shape: float) -> float:
    logarithm = (
        lgamma(k + shape)
        - lgamma(shape)
        - lgamma(k + 1)
        - shape * log1p(expected / shape)
        + k * (log(expected) - log(expected + shape))
    )
    return exp(logarithm)
