"""Named places: the street, estate or village an address belongs to, and the keys from it.

A number counts along the thoroughfare, estate or village named last before it; buildings, units
and rooms of an estate count along the estate, whose road and number are its gate.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from address_model.division_codes import division_prefix, township_code
from address_model.elements import Elements, Numbered
from address_model.plate_suffixes import read_suffix
from address_model.things import fold_thing

KEY_SEPARATOR = "|"

_QUANTIFIER_CLASSES = {
    "栋": "幢", "号楼": "幢", "座": "幢", "楼": "层", "F": "层", "房": "室", "号房": "室",
    "梯": "单元", "门": "单元", "号": "号", "#": "号",
}  # fmt: skip
_VILLAGE_SUFFIX = re.compile(
    r"(社区)?(居民委员会|居委会)$|(村)?(村民委员会|村委会|经济合作社)$|社区$|自然村$|村$"
)


class PlaceKind(StrEnum):
    """The kind of place that addresses belong to; values as in the place-name register."""

    STREET = "street"
    """街路巷"""
    ESTATE = "estate"
    """小区"""
    VILLAGE = "village"
    """自然村"""
    COMMUNITY = "community"
    """行政村 or 社区 with numbers of its own"""
    ZONE = "zone"
    """开发区"""


SETTLEMENTS: Final = frozenset({PlaceKind.VILLAGE, PlaceKind.COMMUNITY})
"""Kinds that share one class of names: people confuse 河阳 and 河阳村."""

FIELDS: Final = {
    PlaceKind.STREET: "thoroughfare",
    PlaceKind.ESTATE: "estate",
    PlaceKind.VILLAGE: "natural_village",
    PlaceKind.ZONE: "devzone",
    PlaceKind.COMMUNITY: "community",
}
"""The element with the name of a place of each kind, in order of precedence."""

_GENERIC = re.compile(
    "(综合|商务|商业|商住|办公|行政|教学|住宅|职工|家属|员工|安置|科技|创业|工业|农贸|小商品|服务|文化|"
    "体育|老年|东|西|南|北|中|前|后|新|老|[一二三四五六七八九十甲乙丙丁A-Z0-9])*"
    "(楼|大楼|大厦|主楼|附楼|裙楼|裙房|附房|平房|小区|区|公寓|宿舍|新村|市场|菜场|中心|广场|园区|工业园|"
    "工业区|厂区|厂房|仓库|商场|商城|店面|店铺|商铺|门面|车库|车棚|食堂)"
)


class Counting(NamedTuple):
    """The place that an address belongs to, and its key there.

    ``qualifier`` is the folded name of the community a natural village lies in, else empty.
    ``local`` is the key below the place, ``door`` the part of it at the street (lanes and number,
    or the building of an estate), which two places of one name cannot share.
    """

    kind: PlaceKind
    name: str
    qualifier: str
    local: str
    door: str

    @property
    def folded(self) -> str:
        """The name in the form used to compare places."""
        return fold_place(self.kind, self.name)


_at = Elements._fields.index
_DOOR = ((_at("group"), "g"), (_at("number"), "n"))
_INSIDE = tuple((_at(level), level[0]) for level in ("building", "unit", "floor", "room", "thing"))
"""The numbered levels: their places among the elements, and their letters in a key."""


def fold_place(kind: str, name: str) -> str:
    """The form of a place name used for comparison: settlements lose the suffix of their level."""
    return fold_village(name) if kind in SETTLEMENTS else name


def class_of(kind: str) -> str:
    """The class of names a kind belongs to: natural villages and communities are one."""
    return PlaceKind.VILLAGE if kind in SETTLEMENTS else kind


def counting_of(elements: Elements) -> Counting | None:
    """The place that an address belongs to; None when it names no such place.

    Buildings, units and rooms of an estate count along it. A door of a road that names an estate
    (文三路138号东方通信大厦) counts along the road, and so does everything under a generic name
    (综合楼): the estate is then part of the key.
    """
    inside = _tags(elements, _INSIDE)
    kind = next((kind for kind, level in FIELDS.items() if getattr(elements, level)), None)
    if elements.estate and kind in (None, PlaceKind.ESTATE):
        kind = PlaceKind.ESTATE
    elif elements.estate and inside and not is_generic(elements.estate):
        door = inside[0]
        return Counting(PlaceKind.ESTATE, elements.estate, "", _joined(inside), door)
    if kind is None:
        return None
    qualifier = fold_village(elements.community) if kind is PlaceKind.VILLAGE else ""
    estate = [f"e{elements.estate}"] if elements.estate and kind is not PlaceKind.ESTATE else []
    outside = [*_lanes(elements), *_tags(elements, _DOOR), *estate]
    door = _joined(outside or inside[:1])
    name = getattr(elements, FIELDS[kind])
    return Counting(kind, name, qualifier, _joined([*outside, *inside]), door)


def second_counting_of(elements: Elements) -> Counting | None:
    """The second place that leads to an address, with its key there; None for most.

    For what lies in an estate it is its gate, the road and number (回浦路66号章安佳苑1幢101室 is
    回浦路66号1幢101室); for a door that names an estate, the estate itself.
    """
    if not (elements.estate and elements.thoroughfare and elements.number):
        return None
    if is_generic(elements.estate):
        return None
    if _tags(elements, _INSIDE):
        return counting_of(elements._replace(estate=""))
    return Counting(PlaceKind.ESTATE, elements.estate, "", "", "")


def is_generic(name: str) -> bool:
    """Whether an estate's name is only a generic term that many estates share (综合楼)."""
    return bool(_GENERIC.fullmatch(name))


def local_key(elements: Elements) -> str:
    """The key below its division of an address without a named place."""
    return _joined([*_lanes(elements), *_tags(elements, (*_DOOR, *_INSIDE))])


def division_key(county: str, township: str) -> str:
    """The stand-in for the place in the key of an address without a named place.

    ``township`` is a 12-digit code, the name of an unlisted township, or empty.
    """
    known = township_code(township) if township.isdigit() else ""
    return f"d{division_prefix(known or county)}{'' if known else township}"


def address_key(county: str, place: str, local: str) -> str:
    """The canonical key: ``county|place|local``; a renaming of the place changes no key.

    ``place`` is the key of a row of the place-name register, or ``d`` and a division's code for an
    address without a named place.
    """
    return KEY_SEPARATOR.join((county, place, local))


def _lanes(elements: Elements) -> list[str]:
    return [f"l{fold_numbered(lane)}" for lane in elements.lanes]


def _tags(elements: Elements, levels: tuple[tuple[int, str], ...]) -> list[str]:
    return [
        f"{letter}{fold_numbered(value)}"
        for at, letter in levels
        if (value := elements[at]) is not None
    ]


def _joined(parts: list[str]) -> str:
    return KEY_SEPARATOR.join(parts)


def fold_village(name: str) -> str:
    """A village's or community's name without its suffix: 河阳村, 河阳村委会 and 河阳 agree."""
    return _VILLAGE_SUFFIX.sub("", name) or name


@lru_cache(maxsize=65536)
def fold_numbered(value: Numbered | None) -> str:
    """A number with its quantifier reduced to its class: 3栋, 3号楼 and 3幢 are all ``3幢``.

    Suffixes are folded too: 之1 and 之一 agree. 之一 and -1 are two plates.
    """
    if value is None:
        return ""
    kind = _QUANTIFIER_CLASSES.get(value.quantifier) or fold_thing(value.quantifier)
    if value.suffix:
        value = value._replace(suffix=read_suffix(value.suffix))
    return f"{value.bare.upper()}{kind}"
