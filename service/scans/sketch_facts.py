"""What a location sketch tells: the streets its plates determine, and its caption in words.

A fitted street runs midway between its two rows of plates, so it shows on which side a door is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, pi, sin
from operator import mul
from typing import Self

from address_model.pinyin import spell_figure, spell_name, thing_in_english
from address_model.things import find_thing
from service.core.words import Language, Words, mark

_FEWEST_PLATES = 6
_REACH_M = 130
_NARROWEST_M = 8


@dataclass(frozen=True, slots=True)
class StreetFit:
    """A straight centre line: the point nearest the origin, unit direction, extent along it."""

    middle: tuple[float, float]
    direction: tuple[float, float]
    first: float
    last: float

    @property
    def slope(self) -> float:
        """Degrees above the horizontal, between -90 and 90."""
        return degrees(atan2(self.direction[1], self.direction[0]))

    def along(self, east: float, north: float) -> float:
        """The coordinate of a point along the street, from the foot of the origin."""
        return east * self.direction[0] + north * self.direction[1]

    def left_of(self, east: float, north: float) -> float:
        """The distance of a point left of the centre line; negative on the right."""
        (ux, uy), (mx, my) = self.direction, self.middle
        return ux * (north - my) - uy * (east - mx)

    def nearest_to(self, east: float, north: float) -> tuple[float, float]:
        """The foot of a point on the centre line."""
        (ux, uy), (mx, my) = self.direction, self.middle
        offset = (east - mx) * ux + (north - my) * uy
        return mx + offset * ux, my + offset * uy

    def towards(self, east: float, north: float) -> tuple[float, float]:
        """The vector from the centre line to a point, perpendicular to it."""
        foot = self.nearest_to(east, north)
        return east - foot[0], north - foot[1]

    def ends(self, beyond: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """Both ends of the known extent, extended by ``beyond``."""
        (ux, uy), (mx, my) = self.direction, self.middle
        one, two = self.first - beyond, self.last + beyond
        return (mx + one * ux, my + one * uy), (mx + two * ux, my + two * uy)

    @classmethod
    def through(
        cls, places: Sequence[tuple[float, float]], direction: tuple[float, float], narrowest: float
    ) -> Self | None:
        """The line midway between two rows of plates; None if there is only one row."""
        ux, uy = direction
        across = [north * ux - east * uy for east, north in places]
        low, high = min(across), max(across)
        if high - low < narrowest:
            return None
        border = (low + high) / 2
        left = [offset for offset in across if offset > border]
        along = [east * ux + north * uy for east, north in places]
        first, last = min(along), max(along)
        if last - first < 1.8 * (high - low):
            return None
        right_mean = (sum(across) - sum(left)) / (len(across) - len(left))
        offset = (sum(left) / len(left) + right_mean) / 2
        return cls((-offset * uy, offset * ux), direction, first, last)


def fit_street(places: Sequence[tuple[float, float]], metre: float = 1.0) -> StreetFit | None:
    """Fit a street to plates around the origin; None if they do not determine it.

    ``metre`` is one metre in the units of the places. The direction is the principal axis of the
    plates, from their second moments.
    """
    if len(places) < _FEWEST_PLATES:
        return None
    reach = (_REACH_M * metre) ** 2
    near = [place for place in places if place[0] * place[0] + place[1] * place[1] < reach]
    count = len(near)
    if count < _FEWEST_PLATES:
        return None
    easts, norths = zip(*near, strict=True)
    east, north = sum(easts), sum(norths)
    cross = sum(map(mul, easts, norths)) - east * north / count
    squares = sum(map(mul, easts, easts)) - east * east / count
    squares -= sum(map(mul, norths, norths)) - north * north / count
    angle = atan2(2 * cross, squares) / 2
    return StreetFit.through(near, (cos(angle), sin(angle)), _NARROWEST_M * metre)


def wind_of(east: float, north: float) -> int:
    """The nearest of eight directions, counter-clockwise from east: 0 east, 2 north, …"""
    return round(atan2(north, east) / (pi / 4)) % 8


Home = tuple[int, int, int, str, str, bool]
"""Squared distance from the centre, units east, units north, label, street, is a block."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A home named in a caption: direction (see ``wind_of``), label and kind."""

    wind: int
    label: str
    is_block: bool


@dataclass(frozen=True, slots=True)
class Caption:
    """The facts of a caption, independent of language.

    On a street: ``street``, the ``side`` as a direction, and in ``near`` the next doors on that
    side. Otherwise ``side`` is None, ``near`` holds the nearest homes, and ``street`` may name the
    nearest street, in direction ``wind`` at ``metres``.
    """

    label: str
    is_block: bool
    street: str = ""
    side: int | None = None
    near: tuple[Neighbour, ...] = ()
    wind: int = 0
    metres: int = 0


def caption_of(
    own: Home, homes: Sequence[Home], fits: Mapping[str, StreetFit], metre: int
) -> Caption:
    """The facts about a home among others, given nearest first.

    ``metre`` is one metre in the units of the homes.
    """
    fit = fits.get(own[4])
    if fit is None:  # in villages and estates: the nearest homes of its kind, and street
        label, is_block = own[3], own[5]
        names = [home for home in homes if home[5] == is_block and home[3] != label][:3]
        about = tuple(Neighbour(wind_of(x, y), name, block) for _, x, y, name, _, block in names)
        if not fits:
            return Caption(label, is_block, near=about)
        ways = {street: fit.nearest_to(0, 0) for street, fit in fits.items()}
        nearest = min(ways, key=lambda name: ways[name][0] ** 2 + ways[name][1] ** 2)
        east, north = ways[nearest]
        metres = round((east * east + north * north) ** 0.5 / metre, -1)
        return Caption(label, is_block, nearest, None, about, wind_of(east, north), int(metres))
    street, (ux, uy) = own[4], fit.direction
    is_left = fit.left_of(0, 0) > 0
    ahead, behind = _next_doors([home for home in homes if home[4] == street], fit, is_left=is_left)
    near = []
    if ahead is not None:
        near.append(Neighbour(wind_of(ux, uy), ahead[3], ahead[5]))
    if behind is not None:
        near.append(Neighbour(wind_of(-ux, -uy), behind[3], behind[5]))
    return Caption(own[3], own[5], street, wind_of(*fit.towards(0, 0)), tuple(near))


def _next_doors(
    homes: Sequence[Home], fit: StreetFit, *, is_left: bool
) -> tuple[Home | None, Home | None]:
    """The next doors on one side of the street, ahead and behind."""
    ahead = behind = None
    first, last = float("inf"), float("-inf")
    for home in homes:
        offset = fit.along(home[1], home[2])
        if offset > first or offset < last or -4 <= offset <= 4:
            continue
        if (fit.left_of(home[1], home[2]) > 0) is not is_left:
            continue
        if offset > 0:
            ahead, first = home, offset
        else:
            behind, last = home, offset
    return ahead, behind


WINDS = (
    *(mark("东"), mark("东北"), mark("北"), mark("西北")),
    *(mark("西"), mark("西南"), mark("南"), mark("东南")),
)
_RUNS = re.compile(r"[!-~]+|[^!-~]+")
_BLOCK = re.compile(r"([0-9A-Za-z-]+)(?:幢|栋|座|楼|号楼)")


def sketch_sentence(caption: Caption, _: Words) -> str:
    """河坊街88号在街的南侧，东邻90号，西邻86号; off streets the nearest homes and street."""
    own = spoken(caption.label, _, is_block=caption.is_block)
    if caption.side is not None:
        text = _(
            "{street}{own}在街的{wind}侧",
            street=_street_name(caption.street, _),
            own=own,
            wind=_(WINDS[caption.side]),
        )
        for near in caption.near:
            name = spoken(near.label, _, is_block=near.is_block)
            text += _("，{wind}邻{name}", wind=_(WINDS[near.wind]), name=name)
        return text
    names = _("、").join([spoken(near.label, _, is_block=near.is_block) for near in caption.near])
    text = _("{own}附近有{names}", own=own, names=names) if names else _("{own}的位置", own=own)
    if caption.street:
        wind = _(WINDS[caption.wind])
        text += _(
            "，{wind}面约{metres}米是{street}",
            wind=wind,
            metres=caption.metres,
            street=_street_name(caption.street, _),
        )
    return text


def _street_name(street: str, _: Words) -> str:
    """A street name in the language of the words: 河坊街6弄, Hefang Jie 6 Long."""
    if _.language is Language.ZH:
        return street
    return " ".join([one if one.isascii() else spell_name(one) for one in _RUNS.findall(street)])


def spoken(label: str, _: Words, *, is_block: bool) -> str:
    """The label of a home in words: 88号, 3幢; No. 88, Building 3."""
    if _.language is Language.ZH:
        return label if is_block else _("{number}号", number=label)
    if is_block and (thing := find_thing(label)):
        return thing_in_english(thing[1])
    if block := _BLOCK.fullmatch(label) if is_block else None:
        return _("{number}幢", number=block[1])
    label = spell_figure(label)
    return label if is_block else _("{number}号", number=label)
