"""Guesses the coordinate system of a list from the counties its points should lie in.

A wrong system moves a point by about 500 m (GCJ-02) or 1 km (BD-09). That takes few points out of
their county, and simplified borders put some correct ones outside. So only points on which two
systems disagree are counted, and another system is proposed only if chance cannot explain it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import comb

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from address_model.coordinates import CoordinateSystem, InvalidPoint, Point, convert
from service.core.sheets import RowFault, RowSource
from service.imports.row_placement import RowPlacer
from service.imports.rows import ImportRow, RowReader

CANDIDATES = (CoordinateSystem.CGCS2000, CoordinateSystem.GCJ02, CoordinateSystem.BD09)
CHANCE_AT_MOST = 1e-3
"""The probability of a wrong warning about a list that is accepted."""

SAMPLE_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Sample:
    """A point as the list gives it (longitude and latitude in degrees), and its county's code."""

    lon: float
    lat: float
    county: str


@dataclass(frozen=True, slots=True)
class SystemGuess:
    """How well a sample fits each system.

    ``outside`` counts, by system, the points (of ``total``) that would lie outside their county.
    ``better`` is the system to declare instead, or None if the declared one is plausible.
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
    """Compare the systems on a sample; a few thousand points are enough.

    ``counties`` are polygons in CGCS2000 by code; points in other counties are not counted.
    """
    known = [sample for sample in samples if sample.county in counties]
    own = CoordinateSystem.CGCS2000 if declared is CoordinateSystem.WGS84 else declared
    inside = {system: _inside(known, counties, system) for system in CANDIDATES}
    outside = {system: int((~fits).sum()) for system, fits in inside.items()}
    best = min(CANDIDATES, key=lambda system: (outside[system], system is not own))
    gained = int((inside[best] & ~inside[own]).sum())
    lost = int((inside[own] & ~inside[best]).sum())
    # A sign test: the probability of at least so many gains if gains and losses were equally
    # likely, doubled because two other systems are tried.
    count = gained + lost
    ways = sum(comb(count, k) for k in range(gained, count + 1))
    certain = best is not own and 2 * ways / int(2**count) <= CHANCE_AT_MOST
    return SystemGuess(declared, best if certain else None, outside, len(known))


def guess_file_system(placer: RowPlacer, reader: RowReader, source: RowSource) -> SystemGuess:
    """Compare the systems on the first rows of a file that have a point and name their county."""
    samples = []
    for row in islice(source, SAMPLE_ROWS):
        read = reader.read(row)
        if not isinstance(read, ImportRow) or read.lon is None or read.lat is None:
            continue
        county = placer.find_county(read)
        if not isinstance(county, RowFault):
            samples.append(Sample(read.lon, read.lat, county))
    return guess_system(samples, placer.borders.shapes, placer.system)


def _inside(
    samples: Sequence[Sample], counties: Mapping[str, BaseGeometry], system: CoordinateSystem
) -> NDArray[np.bool_]:
    converted: list[tuple[float, float]] = []
    for sample in samples:
        try:
            point = convert(Point(sample.lon, sample.lat), system, CoordinateSystem.CGCS2000)
            converted.append((point.lon, point.lat))
        except InvalidPoint:
            converted.append((0.0, 0.0))  # in no county under any system
    points = np.array(converted).reshape(-1, 2)
    names = np.array([sample.county for sample in samples])
    inside = np.zeros(len(samples), dtype=bool)
    for county in set(names):
        here = names == county
        shape = counties[county]
        shapely.prepare(shape)
        inside[here] = shapely.contains_xy(shape, points[here, 0], points[here, 1])
    return inside
