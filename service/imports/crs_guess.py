"""Which coordinate system the points of a list are in, told by the counties they should lie in.

A wrong system moves a point by about 500 m (GCJ-02) or 1 km (BD-09): few points leave their
county by that, and simplified borders put some right ones outside. So a guess counts only the
points on which two systems disagree, and speaks up only when chance cannot explain it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from address_model.coordinates import CoordinateSystem, InvalidPoint, Point, convert

CANDIDATES = (CoordinateSystem.CGCS2000, CoordinateSystem.GCJ02, CoordinateSystem.BD09)
CHANCE_AT_MOST = 1e-3
"""How likely a wrong warning about a list may be."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A point as the list has it, longitude and latitude in degrees, and its county's code."""

    lon: float
    lat: float
    county: str


@dataclass(frozen=True, slots=True)
class SystemGuess:
    """How a sample fits the systems.

    ``outside`` counts, by system, the points that would lie outside their county, of ``total``.
    ``better`` is the system to declare instead, or None when the declared one may well be right.
    """

    declared: CoordinateSystem
    better: CoordinateSystem | None
    outside: Mapping[CoordinateSystem, int]
    total: int


def guess_system(
    samples: Sequence[Sample],
    counties: Mapping[str, BaseGeometry],
    declared: CoordinateSystem = CoordinateSystem.CGCS2000,
) -> SystemGuess:
    """Compare the systems on a sample (some thousand points are enough; more only take longer).

    ``counties`` are polygons in CGCS2000 by code; points of other counties are not counted.
    """
    known = [sample for sample in samples if sample.county in counties]
    own = CoordinateSystem.CGCS2000 if declared is CoordinateSystem.WGS84 else declared
    inside = {system: _inside(known, counties, system) for system in CANDIDATES}
    outside = {system: int((~fits).sum()) for system, fits in inside.items()}
    best = min(CANDIDATES, key=lambda system: (outside[system], system is not own))
    gained = int((inside[best] & ~inside[own]).sum())
    lost = int((inside[own] & ~inside[best]).sum())
    certain = best is not own and _chance(gained, lost) <= CHANCE_AT_MOST
    return SystemGuess(declared, best if certain else None, outside, len(known))


def _inside(
    samples: Sequence[Sample], counties: Mapping[str, BaseGeometry], system: CoordinateSystem
) -> NDArray[np.bool_]:
    points = np.array([_converted(sample, system) for sample in samples]).reshape(-1, 2)
    names = np.array([sample.county for sample in samples])
    inside = np.zeros(len(samples), dtype=bool)
    for county in set(names):
        here = names == county
        shape = counties[county]
        shapely.prepare(shape)
        inside[here] = shapely.contains_xy(shape, points[here, 0], points[here, 1])
    return inside


def _converted(sample: Sample, system: CoordinateSystem) -> tuple[float, float]:
    try:
        point = convert(Point(sample.lon, sample.lat), system, CoordinateSystem.CGCS2000)
    except InvalidPoint:
        return 0.0, 0.0  # in no county under any system
    return point.lon, point.lat


def _chance(gained: int, lost: int) -> float:
    """How likely at least so many gains are if gains and losses were equally likely (sign test).

    Doubled, as two other systems are tried.
    """
    count = gained + lost
    ways = sum(comb(count, k) for k in range(gained, count + 1))
    return 2 * ways / int(2**count)
