"""The location sketch (位置示意图): the surrounding plates and streets as a small SVG, no base map.

A base map would need a map approval number and a third-party host. The neighbouring plates show
which side of the street a door is on, and between which numbers.

Coordinates are integers in quarter metres, east and north of the plate in the centre: drawing has a
budget of 0.1 ms.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from math import hypot

from address_model.coordinates import Point, metres_per_degree
from address_model.elements import Elements
from service.scans.sketch_facts import Caption, Home, StreetFit, caption_of, fit_street

WIDTH, HEIGHT = 680, 380
METRE = 4
MID_X, MID_Y = WIDTH // 2, HEIGHT // 2
MOST_NEIGHBOURS = 40
REACH = (0.00095, 0.00055)
"""Half-size of the search window in degrees, some 90 by 60 m; the picture is smaller."""

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
    """A plate to draw: point (CGCS2000), number as a short label, street it is numbered along.

    ``street`` is empty where there is none (villages, estates).
    """

    point: Point
    label: str
    street: str = ""
    is_block: bool = False


Spot = tuple[float, float, str, str, bool]
"""A door as a tuple: longitude, latitude, label, street, whether it is a block."""
Fits = dict[str, StreetFit]


def door_at(point: Point, elements: Elements) -> SketchDoor:
    """The door of an address: an estate's block, a number on a street, or a thing."""
    if elements.thing:
        return SketchDoor(point, str(elements.thing), elements.thoroughfare, is_block=True)
    if elements.building and not elements.number:
        return SketchDoor(point, str(elements.building), is_block=True)
    street = elements.thoroughfare + "".join(map(str, elements.lanes))
    return SketchDoor(point, elements.number.bare if elements.number else "", street)


@dataclass(frozen=True, slots=True)
class Sketch:
    """A drawing without its words (SVG elements), and the facts of its caption."""

    drawing: str
    caption: Caption


def draw_sketch(here: SketchDoor, neighbours: Iterable[SketchDoor]) -> Sketch:
    """Draw the plates around one plate in the centre: 170 by 95 metres.

    Neighbours outside the picture are not drawn, but help to fit the streets.
    """
    spots = [(d.point.lon, d.point.lat, d.label, d.street, d.is_block) for d in neighbours]
    return draw_spots(here, spots)


def draw_spots(here: SketchDoor, neighbours: Iterable[Spot]) -> Sketch:
    """Draw the same from neighbours given as tuples."""
    lon, lat = here.point.lon, here.point.lat
    east, north = metres_per_degree(lat)
    east, north = east * METRE, north * METRE
    homes: list[Home] = []
    for spot_lon, spot_lat, label, street, is_block in neighbours:
        x, y = int((spot_lon - lon) * east), int((spot_lat - lat) * north)
        homes.append((x * x + y * y, x, y, label, street, is_block))
    homes.sort()
    del homes[MOST_NEIGHBOURS:]
    own = (0, 0, 0, here.label, here.street, here.is_block)
    streets: dict[str, list[tuple[float, float]]] = {}
    for _, x, y, _, street, _ in [own, *homes]:
        if street:
            streets.setdefault(street, []).append((x, y))
    fitted = {street: fit_street(streets[street], METRE) for street in sorted(streets)}
    fits = {street: fit for street, fit in fitted.items() if fit is not None}
    caption = caption_of(own, homes, fits, METRE)
    drawing = _roads(fits) + _houses(own, homes, fits) + _own_plate(own, fits.get(here.street))
    return Sketch(drawing, caption)


def sketch_svg(sketch: Sketch, label: str, north: str, scale: str) -> str:
    """Return the SVG with its words: accessible label, north arrow and scale bar."""
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


@lru_cache(maxsize=8192)
def _half(label: str, is_block: bool) -> tuple[int, int]:
    """Half the width (along the street, to fit the label) and half the depth of a home."""
    width, depth = _BLOCK_HALF if is_block else _HOUSE_HALF
    letters = sum(1 if letter.isascii() else 1.7 for letter in label)
    return max(width, int(letters * 6.2)), depth


@lru_cache(maxsize=256)
def _stamp(half: int) -> tuple[int, int]:
    """The cells a home occupies as a square of bits, and the offset of its corner.

    Picture and margin form one bitmap in a single integer, so one ``&`` tests for overlap.
    """
    cells = half * 9 // (5 * _CELL)  # a little less than the home: neighbours may touch
    return _box(cells, cells), (cells // 2) * (_COLUMNS + 1)


def _box(across: int, down: int) -> int:
    """A rectangle of cells as bits."""
    row = (1 << across) - 1
    return sum(row << (line * _COLUMNS) for line in range(down))


def _cell(x: int, y: int) -> int:
    """The index of the cell at a position in the picture or its margin."""
    return (y + MID_Y + _MARGIN) // _CELL * _COLUMNS + (x + MID_X + _MARGIN) // _CELL


_CORNERS = _box(240 // _CELL, 110 // _CELL) << _cell(MID_X - 250, -MID_Y - 40) | _box(
    90 // _CELL, 130 // _CELL
) << _cell(MID_X - 80, MID_Y - 90)
"""Reserved for the scale bar (lower right) and the north arrow (upper right)."""


def _roads(fits: Fits) -> str:
    """Streets as broad white lines with their names."""
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
    """The neighbours inside the picture; one that would overlap a nearer one is left out."""
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
    """A box aligned with its street, as an SVG path relative to its centre."""
    ux, uy = fit.direction if fit else (1.0, 0.0)
    wide, deep = half
    ax, ay = round(wide * ux), round(-wide * uy)
    bx, by = round(deep * uy), round(deep * ux)
    return f"m{-ax - bx} {-ay - by}l{2 * ax} {2 * ay} {2 * bx} {2 * by} {-2 * ax} {-2 * ay}z"


def _own_plate(own: Home, fit: StreetFit | None) -> str:
    """This plate in blue, with a red dot at its door on the street side."""
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
    distance = hypot(east, north)
    if distance - _ROAD_WIDTH / 2 + METRE < deep * _OWN_SIZE // 20 - 4:
        return drawn  # an entrance in the street itself: the dot would hide its number
    share = 1 - (_ROAD_WIDTH / 2 - METRE) / distance
    x, y = int(MID_X + east * share), int(MID_Y - north * share)
    return f'{drawn}<circle cx="{x}" cy="{y}" r="9" fill="{SEAL}" stroke="#fff" stroke-width="3"/>'
