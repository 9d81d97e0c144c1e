"""The location sketch (位置示意图): our own plates and streets as a small SVG, with no base map.

A base map needs an approval number and a foreign host; the neighbouring plates of our own register
say more to somebody who stands before a door: which side, after which number, before which.

Everything is counted in whole units of the picture, a quarter of a metre each, east and north of
the plate in the middle: a scan may wait for no more than a tenth of a millisecond here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from math import hypot

from address_model.coordinates import Point, metres_per_degree
from address_model.elements import Elements
from service.scans.sketch_caption import Caption, caption_of
from service.scans.street_fit import StreetFit, fit_street

WIDTH, HEIGHT = 680, 380
METRE = 4
MID_X, MID_Y = WIDTH // 2, HEIGHT // 2
MOST_NEIGHBOURS = 40
REACH = (0.00095, 0.00055)
"""Degrees, some 90 by 60 metres: doors farther off, east or west, north or south, are not looked
at; the picture ends before."""

_HOUSE_HALF, _BLOCK_HALF = (17, 18), (52, 22)
_ROAD_WIDTH = 36
_NAME_REACH = 62 * METRE
_BEYOND = 25 * METRE
_EDGE_X, _EDGE_Y = MID_X + 20, MID_Y + 20
_OWN_SIZE = 27  # twentieths of the others
_CELL, _MARGIN = 4, 96
_COLUMNS = (WIDTH + 2 * _MARGIN) // _CELL

GROUND, ROAD, HOUSE, INK = "#e9e4d8", "#fff", "#d3ccbb", "#262c36"
PLATE, SEAL = "#0b4ea2", "#a3241b"


@dataclass(frozen=True, slots=True)
class SketchDoor:
    """A plate to draw: its point (CGCS2000), its number as short text, the street it counts along.

    ``street`` is empty where numbers count along no street (villages, estates).
    """

    point: Point
    label: str
    street: str = ""
    is_block: bool = False


Spot = tuple[float, float, str, str, bool]
"""A door as a tuple: longitude, latitude, label, street, is a block."""
Home = tuple[int, int, int, str, str, bool]
"""Squared distance from the middle, units east, units north, label, street, is a block."""
Fits = dict[str, StreetFit]


def door_at(point: Point, elements: Elements) -> SketchDoor:
    """Return what a sketch draws: a block of an estate, a number on a street, or a thing."""
    if elements.thing:
        return SketchDoor(point, str(elements.thing), elements.thoroughfare, is_block=True)
    if elements.building and not elements.number:
        return SketchDoor(point, str(elements.building), is_block=True)
    street = elements.thoroughfare + "".join(map(str, elements.lanes))
    return SketchDoor(point, elements.number.bare if elements.number else "", street)


@dataclass(frozen=True, slots=True)
class Sketch:
    """The inside of a drawing without its words, and what a sentence about it has to say."""

    drawing: str
    caption: Caption


def draw_sketch(here: SketchDoor, neighbours: Iterable[SketchDoor]) -> Sketch:
    """Draw the plates about one plate, which stands in the middle; 170 by 95 metres.

    The nearest neighbours are drawn; those outside the picture help to find a street's direction.
    """
    spots = [(d.point.lon, d.point.lat, d.label, d.street, d.is_block) for d in neighbours]
    return draw_spots(here, spots)


def draw_spots(here: SketchDoor, neighbours: Iterable[Spot]) -> Sketch:
    """Draw the same of neighbours that are no more than tuples."""
    homes = _place(here, neighbours)
    own = (0, 0, 0, here.label, here.street, here.is_block)
    fits = _fit_streets([own, *homes])
    caption = caption_of(own, homes, fits, METRE)
    drawing = _roads(fits) + _houses(own, homes, fits) + _own_plate(own, fits.get(here.street))
    return Sketch(drawing, caption)


def sketch_svg(sketch: Sketch, label: str, north: str, scale: str) -> str:
    """Return the SVG with its words: its name for those who do not see it, north, the scale bar."""
    right, low, bar = WIDTH - 32, HEIGHT - 20, 50 * METRE
    left = WIDTH - 20 - bar
    return (
        f'<svg class="map" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(label)}">'
        f'<path fill="{GROUND}" d="M0 0H{WIDTH}V{HEIGHT}H0z"/>{sketch.drawing}'
        f'<g fill="{INK}" font-size="22" text-anchor="middle">'
        f'<path d="M{right} 16l10 26-10-6-10 6z"/><text x="{right}" y="66">{escape(north)}</text>'
        f'<path d="M{left} {low - 8}v8h{bar}v-8" fill="none" stroke="{INK}" stroke-width="3"/>'
        f'<text x="{left + bar // 2}" y="{low - 12}">{escape(scale)}</text></g></svg>'
    )


def _place(here: SketchDoor, neighbours: Iterable[Spot]) -> list[Home]:
    """The nearest neighbours in whole units about the plate, nearest first."""
    lon, lat = here.point.lon, here.point.lat
    east, north = metres_per_degree(lat)
    east, north = east * METRE, north * METRE
    homes = []
    for spot_lon, spot_lat, label, street, is_block in neighbours:
        x, y = int((spot_lon - lon) * east), int((spot_lat - lat) * north)
        homes.append((x * x + y * y, x, y, label, street, is_block))
    homes.sort()
    return homes[:MOST_NEIGHBOURS]


def _fit_streets(homes: Sequence[Home]) -> Fits:
    streets: dict[str, list[tuple[float, float]]] = {}
    for _, x, y, _, street, _ in homes:
        if street:
            streets.setdefault(street, []).append((x, y))
    fits = {}
    for street in sorted(streets):
        fit = fit_street(streets[street], METRE)
        if fit is not None:
            fits[street] = fit
    return fits


@lru_cache(maxsize=8192)
def _half(label: str, is_block: bool) -> tuple[int, int]:
    """Half of a home's width along its street and half of its depth, wide enough for its label."""
    width, depth = _BLOCK_HALF if is_block else _HOUSE_HALF
    letters = sum(1 if letter.isascii() else 1.7 for letter in label)
    return max(width, int(letters * 6.2)), depth


@lru_cache(maxsize=256)
def _stamp(half: int) -> tuple[int, int]:
    """What a home takes of the picture's cells: a square of bits, and how far back its corner is.

    The picture and a margin are one long row of cells, so that one ``&`` tells whether a place is
    taken.
    """
    cells = half * 9 // (5 * _CELL)  # a little less than the home: neighbours may touch
    return _box(cells, cells), (cells // 2) * (_COLUMNS + 1)


def _box(across: int, down: int) -> int:
    """A box of so many cells as bits."""
    row = (1 << across) - 1
    return sum(row << (line * _COLUMNS) for line in range(down))


def _cell(x: int, y: int) -> int:
    """The number of the cell of a place in the picture or its margin."""
    return (y + MID_Y + _MARGIN) // _CELL * _COLUMNS + (x + MID_X + _MARGIN) // _CELL


_CORNERS = _box(240 // _CELL, 110 // _CELL) << _cell(MID_X - 250, -MID_Y - 40) | _box(
    90 // _CELL, 130 // _CELL
) << _cell(MID_X - 80, MID_Y - 90)
"""CacheEntry free for the scale bar, lower right, and the north arrow, upper right."""


def _roads(fits: Fits) -> str:
    """Roads as broad white lines right across the picture, their names upon them."""
    if not fits:
        return ""
    lines, names = "", ""
    for street, fit in fits.items():
        (x1, y1), (x2, y2) = fit.ends(_BEYOND)
        lines += f"M{int(MID_X + x1)} {int(MID_Y - y1)}L{int(MID_X + x2)} {int(MID_Y - y2)}"
        ux, uy = fit.direction
        x, y = fit.nearest_to(-ux * _NAME_REACH, -uy * _NAME_REACH)
        x, y = int(MID_X + x), int(MID_Y - y)
        if 40 < x < WIDTH - 40 and 28 < y < HEIGHT - 28:
            turn = f"rotate({-fit.slope:.0f} {x} {y})"
            names += f'<text x="{x}" y="{y + 9}" transform="{turn}">{escape(street)}</text>'
    return (
        f'<path d="{lines}" stroke="{ROAD}" stroke-width="{_ROAD_WIDTH}" fill="none"/>'
        f'<g font-size="24" text-anchor="middle" fill="{INK}">{names}</g>'
    )


def _houses(own: Home, homes: Sequence[Home], fits: Fits) -> str:
    """The neighbours in the picture, but none that would be drawn into a nearer one."""
    stamp, back = _stamp(max(_half(own[3], own[5])) * _OWN_SIZE // 20)
    taken = _CORNERS | stamp << (_cell(0, 0) - back)
    outlines, numbers = "", ""
    shapes: dict[tuple[str, int], str] = {}
    for _, x, y, label, street, is_block in homes:
        if not (-_EDGE_X < x < _EDGE_X and -_EDGE_Y < y < _EDGE_Y):
            continue
        half = _half(label, is_block)
        stamp, back = _stamp(max(half))
        place = stamp << (_cell(x, y) - back)
        if taken & place:
            continue
        taken |= place
        shape = shapes.get((street, half[0])) or shapes.setdefault(
            (street, half[0]), _outline(half, fits.get(street))
        )
        right, down = MID_X + x, MID_Y - y
        outlines += f"M{right} {down}{shape}"
        text = label if label.isalnum() else escape(label)
        numbers += f'<text x="{right}" y="{down + 7}">{text}</text>'
    return (
        f'<path d="{outlines}" fill="{HOUSE}"/>'
        f'<g font-size="20" text-anchor="middle" fill="{INK}">{numbers}</g>'
    )


def _outline(half: tuple[int, int], fit: StreetFit | None) -> str:
    """A box along its street, as a path that starts from its middle."""
    ux, uy = fit.direction if fit else (1.0, 0.0)
    wide, deep = half
    ax, ay = round(wide * ux), round(-wide * uy)
    bx, by = round(deep * uy), round(deep * ux)
    return f"m{-ax - bx} {-ay - by}l{2 * ax} {2 * ay} {2 * bx} {2 * by} {-2 * ax} {-2 * ay}z"


def _own_plate(own: Home, fit: StreetFit | None) -> str:
    """This plate in plate blue, with a red dot at its door on the side of the street."""
    _, _, _, label, _, is_block = own
    wide, deep = _half(label, is_block)
    outline = _outline((wide * _OWN_SIZE // 20, deep * _OWN_SIZE // 20), fit)
    size = 24 if len(label) < 4 else 20
    drawn = (
        f'<path d="M{MID_X} {MID_Y}{outline}" fill="{PLATE}" stroke="#fff" stroke-width="3"/>'
        f'<text x="{MID_X}" y="{MID_Y + 8}" font-size="{size}" font-weight="700" '
        f'text-anchor="middle" fill="#fff">{escape(label)}</text>'
    )
    if fit is None:
        return drawn
    east, north = fit.nearest_to(0, 0)
    far = hypot(east, north)
    if far - _ROAD_WIDTH / 2 + METRE < deep * _OWN_SIZE // 20 - 4:
        return drawn  # it stands in the street, as an entrance may: a dot would hide its number
    share = 1 - (_ROAD_WIDTH / 2 - METRE) / far
    x, y = int(MID_X + east * share), int(MID_Y - north * share)
    return f'{drawn}<circle cx="{x}" cy="{y}" r="9" fill="{SEAL}" stroke="#fff" stroke-width="3"/>'
