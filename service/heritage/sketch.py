"""A sketch map of Zhejiang with the entries on it: the land as one shape, without boundaries.

The shape is for orientation, not a map of administrative boundaries. A mark shows the precision of
its place: a dot within a kilometre, otherwise a ring to scale, dashed if only estimated. Places too
close to tell apart share one mark with their count.
"""

import gzip
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from address_model.coordinates import Point
from address_model.heritage.precision import precision_of
from address_model.shipped import data_folder
from service.heritage.labels import family_of
from service.heritage.queries.search import EntrySummary

WIDTH = 1000.0
_COS = math.cos(math.radians(29.2))
_METRES = 111_320.0
_LEAST_SPAN = 0.04
_LETTER = 17.0
_BARS = (0.5, 1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Frame:
    """The area drawn, in degrees, and its conversion to drawing units."""

    west: float
    south: float
    east: float
    north: float

    @property
    def scale(self) -> float:
        """Units per degree of latitude."""
        return WIDTH / ((self.east - self.west) * _COS)

    @property
    def height(self) -> float:
        """Height in units; the width is always ``WIDTH``."""
        return (self.north - self.south) * self.scale

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """A position as units from the left and from the top."""
        return (lon - self.west) * _COS * self.scale, (self.north - lat) * self.scale

    @property
    def scale_bar(self) -> tuple[int, str]:
        """A round distance near a sixth of the width: (units, text)."""
        kilometres = min(_BARS, key=lambda km: abs(self.units(km * 1000) - WIDTH / 6))
        return round(self.units(kilometres * 1000)), f"{kilometres:g} km"

    def units(self, metres: float) -> float:
        """A distance in metres as units."""
        return metres / _METRES * self.scale


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: an entry, or several too close to tell apart."""

    x: float
    y: float
    radius: float
    entries: tuple[EntrySummary, ...]
    label_x: float = 0.0
    anchor: str = ""

    @property
    def first(self) -> EntrySummary:
        """The entry of the mark, or the first of several."""
        return self.entries[0]

    @property
    def family(self) -> str:
        """The CSS class of the colour: that of its entries, or ``f-mixed``."""
        families = {family_of(one.heritage_class) for one in self.entries}
        return families.pop() if len(families) == 1 else "f-mixed"

    @property
    def is_estimate(self) -> bool:
        """Whether the position is only estimated."""
        return all(precision_of(one.precision).is_estimate for one in self.entries)

    @property
    def is_area(self) -> bool:
        """Whether the place is known less precisely than a kilometre."""
        return all(precision_of(one.precision).metres > 1000 for one in self.entries)


@dataclass(frozen=True, slots=True)
class EntrySketch:
    """Everything the template draws, and the entries without a position."""

    frame: Frame
    land: str
    marks: tuple[Mark, ...]
    unplaced: tuple[EntrySummary, ...]


def draw_sketch(
    entries: Sequence[EntrySummary],
    *,
    zoomed: bool = False,
    apart: float = 26.0,
    enlarged: float = 1.0,
) -> EntrySketch:
    """Draw entries on the whole province or, ``zoomed``, on the part that contains them.

    Marks closer than ``apart`` units are joined. ``enlarged`` scales marks, names and ``apart``
    for a drawing displayed that many times smaller.
    """
    placed = [one for one in entries if one.point]
    frame = frame_about([one.point for one in placed if one.point]) if zoomed else whole_frame()
    marks = _label_marks(_cluster_marks(frame, placed, apart * enlarged, enlarged), frame, enlarged)
    return EntrySketch(
        frame, draw_land(frame), tuple(marks), tuple(one for one in entries if not one.point)
    )


def frame_about(points: Sequence[Point]) -> Frame:
    """A 4:3 frame around points, with a margin and a minimum size."""
    if not points:
        return whole_frame()
    lons, lats = [p.lon for p in points], [p.lat for p in points]
    lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    high = max(max(lats) - min(lats), (max(lons) - min(lons)) * _COS * 0.75, _LEAST_SPAN) * 1.35
    wide = high / 0.75 / _COS
    return Frame(lon - wide / 2, lat - high / 2, lon + wide / 2, lat + high / 2)


@cache
def whole_frame() -> Frame:
    """The frame of the whole province with a small margin."""
    west, south, east, north = _province().bounds
    return Frame(west - 0.1, south - 0.1, east + 0.1, north + 0.1)


@lru_cache(maxsize=64)
def draw_land(frame: Frame, fineness: float = 1.6) -> str:
    """The land inside a frame as an SVG path, simplified to ``fineness`` units."""
    box = shapely.box(frame.west, frame.south, frame.east, frame.north)
    seen = _province().intersection(box).simplify(fineness / frame.scale)
    rings: list[str] = []
    for part in getattr(seen, "geoms", [seen]):
        if part.geom_type == "Polygon" and part.area * frame.scale**2 > 12:
            rings.append(_ring(frame, part.exterior.coords))
            rings += [_ring(frame, hole.coords) for hole in part.interiors]
    return "".join(rings)


def _ring(frame: Frame, coords: Sequence[tuple[float, ...]]) -> str:
    """A ring as an SVG path of relative steps in whole units."""
    points = [tuple(map(round, frame.place(lon, lat))) for lon, lat, *_ in coords]
    steps = [
        f"{x - before_x} {y - before_y}"
        for (before_x, before_y), (x, y) in pairwise(points[:-1])
        if (x, y) != (before_x, before_y)
    ]
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}z" if steps else ""


@cache
def _province() -> BaseGeometry:
    file = data_folder() / "boundaries" / "zj_province_tianditu_wgs84.geojson.gz"
    return shape(json.loads(gzip.decompress(file.read_bytes()))["features"][0]["geometry"])


def _cluster_marks(
    frame: Frame, entries: Sequence[EntrySummary], apart: float, enlarged: float
) -> list[Mark]:
    groups: list[list[tuple[float, float, EntrySummary]]] = []
    for entry in entries:
        if entry.point is None:
            continue
        x, y = frame.place(entry.point.lon, entry.point.lat)
        near = next(
            (g for g in groups if math.hypot(g[0][0] - x, g[0][1] - y) < apart),
            None,
        )
        if near is None:
            groups.append([(x, y, entry)])
        else:
            near.append((x, y, entry))
    marks = []
    for group in groups:
        members = tuple(entry for _, _, entry in group)
        x = sum(left for left, _, _ in group) / len(group)
        y = sum(top for _, top, _ in group) / len(group)
        known = precision_of(members[0].precision)
        if len(group) > 1:
            radius = (11.0 + min(len(group), 30) * 0.35) * enlarged
        elif known.metres <= 1000 and not known.is_estimate:
            radius = 6.5 * enlarged
        else:
            radius = max(9.0 * enlarged, frame.units(max(known.metres, 1000)))
        marks.append(Mark(round(x, 1), round(y, 1), round(radius, 1), members))
    return sorted(marks, key=lambda mark: -mark.radius)


def _label_marks(marks: list[Mark], frame: Frame, enlarged: float) -> list[Mark]:
    """Label single marks where the name covers no other mark or name."""
    taken = [(m.x - m.radius, m.y - m.radius, m.x + m.radius, m.y + m.radius) for m in marks]
    labelled: list[Mark] = []
    for mark in marks:
        long, high = len(mark.first.name) * _LETTER * enlarged, 11 * enlarged
        right, left = mark.x + mark.radius + 4, mark.x - mark.radius - 4
        options = {"start": (right, right, right + long), "end": (left, left - long, left)}
        own = (mark.x - mark.radius, mark.y - mark.radius)
        for anchor, (at, west, east) in options.items() if len(mark.entries) == 1 else ():
            box = (west, mark.y - high, east, mark.y + high)
            inside = west > 0 and east < WIDTH and high < mark.y < frame.height - high
            hides = any(
                box[0] < one[2] and one[0] < box[2] and box[1] < one[3] and one[1] < box[3]
                for one in taken
                if one[:2] != own
            )
            if inside and not hides:
                taken.append(box)
                mark = Mark(mark.x, mark.y, mark.radius, mark.entries, round(at, 1), anchor)  # noqa: PLW2901
                break
        labelled.append(mark)
    return labelled
