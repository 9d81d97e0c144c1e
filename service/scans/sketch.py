"""The location sketch (位置示意图): our own plates and streets as a small SVG, with no base map.

A base map needs an approval number and a foreign host; the neighbouring plates of our own register
say more to somebody who stands before a door: which side, after which number, before which.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import hypot

from address_model.coordinates import LocalFrame, Point
from address_model.elements import Elements
from service.scans.street_fit import StreetFit, compass, fit_street

WIDTH, HEIGHT = 340, 190
UNITS_PER_METRE = 2.0
BAR_M = 50
HOUSE_M, BLOCK_M = (8.5, 9.0), (26.0, 11.0)
ROAD_WIDTH_M = 9.0
LETTER_M = 2.8

_GROUND, _ROAD, _HOUSE, _INK = "#e9e4d8", "#fff", "#d3ccbb", "#262c36"
_PLATE, _SEAL = "#0b4ea2", "#a3241b"


@dataclass(frozen=True, slots=True)
class Door:
    """A plate to draw: its point (CGCS2000), its number as short text, the street it counts along.

    ``street`` is empty where numbers count along no street (villages, estates).
    """

    point: Point
    label: str
    street: str = ""
    is_block: bool = False

    @property
    def spoken(self) -> str:
        """The label as one says it: 88号, 3幢."""
        return self.label if self.is_block else f"{self.label}号"


def door_at(point: Point, elements: Elements) -> Door:
    """Return what a sketch draws for an address: a block of an estate, or a number on a street."""
    if elements.building and not elements.number:
        return Door(point, str(elements.building), is_block=True)
    street = elements.thoroughfare + "".join(map(str, elements.lanes))
    return Door(point, elements.number.bare if elements.number else "", street)


@dataclass(frozen=True, slots=True)
class Sketch:
    """A drawing and the same in one sentence, for those who do not see it."""

    svg: str
    caption: str


@dataclass(frozen=True, slots=True)
class _Placed:
    """A door in metres east and north of the plate in the middle, with the street's direction."""

    door: Door
    east: float
    north: float
    along: tuple[float, float]

    @property
    def half(self) -> tuple[float, float]:
        """Half of the width along the street and half of the depth, in metres."""
        width, depth = BLOCK_M if self.door.is_block else HOUSE_M
        letters = sum(1 if letter.isascii() else 1.7 for letter in self.door.label)
        return max(width, letters * LETTER_M) / 2, depth / 2

    def touches(self, other: "_Placed") -> bool:
        """Whether the two would be drawn into each other (by their round outlines)."""
        gap = hypot(self.east - other.east, self.north - other.north)
        return gap < (max(self.half) + max(other.half)) * 0.95


def draw_sketch(here: Door, neighbours: Sequence[Door]) -> Sketch:
    """Draw the plates about one plate, which stands in the middle; about 170 by 95 metres.

    Neighbours outside the picture help to find the direction of a street; some 60 are enough.
    """
    frame = LocalFrame(here.point)
    doors = sorted({*neighbours, here}, key=lambda door: (door.street, door.label, door.point.lon))
    spots = {door: frame.to_metres(door.point) for door in doors}
    fits = _fit_streets(spots)
    fit = fits.get(here.street)
    homes = [_place(door, spot, fits) for door, spot in spots.items()]
    shown = _uncrowded(sorted(homes, key=lambda home: hypot(home.east, home.north)), here)
    caption = _caption(here, homes, fits)
    label = escape(f"位置示意图：{caption}", quote=True)
    parts = [
        f'<svg class="map" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">',
        f'<path fill="{_GROUND}" d="M0 0H{WIDTH}V{HEIGHT}H0z"/>',
        *_roads(fits),
        *_houses(shown, here),
        _here(shown[0], fit),
        _north_and_scale(),
        "</svg>",
    ]
    return Sketch("".join(parts), caption)


def _fit_streets(spots: dict[Door, tuple[float, float]]) -> dict[str, StreetFit]:
    streets: dict[str, list[tuple[float, float]]] = {}
    for door, spot in spots.items():
        if door.street:
            streets.setdefault(door.street, []).append(spot)
    fits = {street: fit_street(places) for street, places in sorted(streets.items())}
    return {street: fit for street, fit in fits.items() if fit is not None}


def _place(door: Door, spot: tuple[float, float], fits: dict[str, StreetFit]) -> _Placed:
    fit = fits.get(door.street)
    return _Placed(door, *spot, along=fit.direction if fit else (1.0, 0.0))


def _uncrowded(homes: Sequence[_Placed], here: Door) -> list[_Placed]:
    """The plate itself first, then neighbours that overlap nothing drawn and lie in the picture."""
    room_east, room_north = WIDTH / 2 / UNITS_PER_METRE + 5, HEIGHT / 2 / UNITS_PER_METRE + 5
    shown = [home for home in homes if home.door is here]
    for home in homes:
        inside = abs(home.east) <= room_east and abs(home.north) <= room_north
        if inside and not any(home.touches(other) for other in shown):
            shown.append(home)
    return shown


def _xy(east: float, north: float) -> tuple[float, float]:
    return WIDTH / 2 + east * UNITS_PER_METRE, HEIGHT / 2 - north * UNITS_PER_METRE


def _roads(fits: dict[str, StreetFit]) -> list[str]:
    """Roads as broad white lines right across the picture, their names upon them."""
    lines, names = [], []
    for street, fit in fits.items():
        (x1, y1), (x2, y2) = (_xy(*end) for end in fit.ends(beyond=25))
        lines.append(f"M{x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}")
        anchor = fit.nearest_to(-fit.direction[0] * 62, -fit.direction[1] * 62)
        x, y = _xy(*anchor)
        if 20 < x < WIDTH - 20 and 14 < y < HEIGHT - 14:
            names.append(
                f'<text x="{x:.0f}" y="{y:.0f}" dy=".36em" '
                f'transform="rotate({-fit.slope:.0f} {x:.0f} {y:.0f})">{escape(street)}</text>'
            )
    width = ROAD_WIDTH_M * UNITS_PER_METRE
    return [
        f'<path d="{"".join(lines)}" stroke="{_ROAD}" stroke-width="{width:.0f}" fill="none"/>',
        f'<g font-size="12" text-anchor="middle" fill="{_INK}">{"".join(names)}</g>',
    ]


def _houses(shown: Sequence[_Placed], here: Door) -> list[str]:
    others = [home for home in shown if home.door is not here]
    outlines = "".join(_outline(home) for home in others)
    numbers = "".join(
        f'<text x="{x:.0f}" y="{y:.0f}" dy=".36em">{escape(home.door.label)}</text>'
        for home in others
        for x, y in [_xy(home.east, home.north)]
    )
    return [
        f'<path d="{outlines}" fill="{_HOUSE}"/>',
        f'<g font-size="10" text-anchor="middle" fill="{_INK}">{numbers}</g>',
    ]


def _outline(home: _Placed, grow: float = 1.0) -> str:
    (ax, ay), (half_width, half_depth) = home.along, home.half
    corners = []
    for along, across in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        u, v = along * half_width * grow, across * half_depth * grow
        x, y = _xy(home.east + u * ax - v * ay, home.north + u * ay + v * ax)
        corners.append(f"{x:.1f} {y:.1f}")
    return f"M{'L'.join(corners)}z"


def _here(home: _Placed, fit: StreetFit | None) -> str:
    """This plate in plate blue, with a red dot at its door on the side of the street."""
    x, y = _xy(home.east, home.north)
    size = 12 if len(home.door.label) < 4 else 10
    drawn = (
        f'<path d="{_outline(home, 1.35)}" fill="{_PLATE}" stroke="#fff" stroke-width="1.5"/>'
        f'<text x="{x:.0f}" y="{y:.0f}" dy=".36em" font-size="{size}" font-weight="700" '
        f'text-anchor="middle" fill="#fff">{escape(home.door.label)}</text>'
    )
    if fit is None:
        return drawn
    foot = fit.nearest_to(home.east, home.north)
    gap = hypot(home.east - foot[0], home.north - foot[1]) or 1.0
    share = (ROAD_WIDTH_M / 2 - 1) / gap
    dot_x, dot_y = _xy(
        foot[0] + (home.east - foot[0]) * share, foot[1] + (home.north - foot[1]) * share
    )
    return drawn + (
        f'<circle cx="{dot_x:.1f}" cy="{dot_y:.1f}" r="4.5" fill="{_SEAL}" stroke="#fff" '
        'stroke-width="1.5"/>'
    )


def _north_and_scale() -> str:
    right, low, bar = WIDTH - 16, HEIGHT - 10, BAR_M * UNITS_PER_METRE
    return (
        f'<g fill="{_INK}" font-size="11" text-anchor="middle">'
        f'<path d="M{right} 8l5 13-5-3-5 3z"/><text x="{right}" y="33">北</text>'
        f'<path d="M{WIDTH - 18 - bar:.0f} {low - 20}h{bar + 18:.0f}v30h-{bar + 18:.0f}z" '
        f'fill="{_GROUND}" opacity=".9"/>'
        f'<path d="M{WIDTH - 10 - bar:.0f} {low - 4}v4h{bar:.0f}v-4" fill="none" '
        f'stroke="{_INK}" stroke-width="1.5"/>'
        f'<text x="{WIDTH - 10 - bar / 2:.0f}" y="{low - 5}">{BAR_M} 米</text></g>'
    )


def _caption(here: Door, homes: Sequence[_Placed], fits: dict[str, StreetFit]) -> str:
    """One sentence: on which side of which street, between which numbers."""
    fit = fits.get(here.street)
    if fit is None:
        return _caption_without_street(here, homes, fits)
    side = fit.side_of(0, 0)
    text = f"{here.street}{here.spoken}在街的{compass(*fit.towards(0, 0))}侧"
    for sign in (1, -1):
        ahead = [
            home
            for home in homes
            if home.door.street == here.street
            and fit.side_of(home.east, home.north) == side
            and fit.along(home.east, home.north) * sign > 1
        ]
        if ahead:
            next_door = min(ahead, key=lambda home: abs(fit.along(home.east, home.north)))
            direction = (fit.direction[0] * sign, fit.direction[1] * sign)
            text += f"，{compass(*direction)}邻{next_door.door.spoken}"
    return text


def _caption_without_street(
    here: Door, homes: Sequence[_Placed], fits: dict[str, StreetFit]
) -> str:
    """For villages and estates: the nearest of its kind, and the way to the nearest street."""
    same = [home for home in homes if home.door.is_block == here.is_block]
    near = sorted(same, key=lambda home: hypot(home.east, home.north))
    names = [home.door.spoken for home in near if home.door.label != here.label][:3]
    text = f"{here.spoken}附近有{'、'.join(names)}" if names else f"{here.spoken}的位置"
    feet = {street: fit.nearest_to(0, 0) for street, fit in fits.items()}
    if feet:
        street = min(feet, key=lambda name: hypot(*feet[name]))
        metres = round(hypot(*feet[street]), -1)
        text += f"，{compass(*feet[street])}面约{metres:.0f}米是{street}"
    return text
