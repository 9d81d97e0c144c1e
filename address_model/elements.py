"""The elements of an address (GB/T 35639, GB/T 23705, DB42/T 2175): values, text and JSON.

The values are named tuples, which are five times as fast to create as frozen dataclasses.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple, Self


class Numbered(NamedTuple):
    """A number with its prefix, suffix and quantifier kept apart.

    ``临47-1号`` is prefix 临, number 47, suffix 1, quantifier 号. A suffix that begins with 之 (and
    a Chinese numeral) or 附 (and digits) is written behind the quantifier (``123号之一``,
    ``94号附1``), any other before it (``12甲号``); ``plate_suffixes`` brings every writing to this
    form. Digits are half-width; a floor below ground is negative: ``地下二层`` is number
    -2, quantifier 层.
    """

    number: str
    quantifier: str = ""
    prefix: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        if self.suffix.startswith(("之", "附")):
            return f"{self.prefix}{self.number}{self.quantifier}{self.suffix}"
        joint = "-" if self.suffix[:1].isdigit() else ""
        return f"{self.prefix}{self.number}{joint}{self.suffix}{self.quantifier}"

    @property
    def bare(self) -> str:
        """The number without its quantifier, as in the canonical key."""
        return str(self._replace(quantifier=""))


class Elements(NamedTuple):
    """One address, from the province down to the room; an absent element is empty.

    Upper divisions are names as written in the register (浙江省 杭州市 上城区 清波街道 清河坊社区).
    ``lanes`` is the chain of 弄, 支弄 and 巷 under a thoroughfare or an estate, outermost first.
    ``parent_place`` is a place named before the one that counts and not a level above it:
    西郊路 in 西郊路后河巷20号. It is part of the text and of no key.
    ``thing`` is the lamp, bus stop … that has the address, see ``address_model.things``.
    """

    province: str = ""
    city: str = ""
    county: str = ""
    township: str = ""
    community: str = ""
    devzone: str = ""
    parent_place: str = ""
    thoroughfare: str = ""
    lanes: tuple[Numbered, ...] = ()
    natural_village: str = ""
    group: Numbered | None = None
    estate: str = ""
    number: Numbered | None = None
    building: Numbered | None = None
    unit: Numbered | None = None
    floor: Numbered | None = None
    room: Numbered | None = None
    thing: Numbered | None = None

    def with_divisions(
        self, *, province: str, city: str, county: str, township: str, community: str = ""
    ) -> Self:
        """Return the same local elements under these upper divisions."""
        return self._replace(
            province=province,
            city=city,
            county=county,
            township=township,
            community=community,
        )

    @property
    def street(self) -> str:
        """What the plate number counts along: thoroughfare, else estate, else natural village."""
        return self.thoroughfare or self.estate or self.natural_village or self.community


def standard_text(elements: Elements) -> str:
    """Render the full standard address, widest division first, without spaces."""
    return "".join(division_names(elements)) + local_text(elements)


def division_names(elements: Elements) -> tuple[str, ...]:
    """The division names in order; one that repeats its parent's is left out (直辖市)."""
    province, city, county, township, community = elements[:5]
    return _without_repeats(province, city, county, township, community)


@lru_cache(maxsize=4096)
def _without_repeats(*names: str) -> tuple[str, ...]:
    kept: list[str] = []
    for name in names:
        if name and (not kept or kept[-1] != name):
            kept.append(name)
    return tuple(kept)


def local_text(elements: Elements) -> str:
    """Render the part below the divisions: from the development zone to the room."""
    return "".join(local_parts(elements))


def local_parts(elements: Elements) -> tuple[str, ...]:
    """The elements of the local text in order; lines may break between them.

    As in GB/T 23705 and common usage: zone, village and the roads named before the one that
    counts, then the place that counts, directly before its lanes and number. With a thoroughfare
    the number precedes the estate, whose gate it is (文三路138号东方通信大厦3幢); without one it
    follows the estate (荷叶塘小区12号).
    """
    e = elements
    parts: list[object] = [e.devzone, e.natural_village, e.group, e.parent_place]
    if e.thoroughfare:
        parts += [e.thoroughfare, *e.lanes, e.number, e.estate]
    elif e.estate:
        parts += [e.estate, *e.lanes, e.number]
    elif e.natural_village or e.group:
        parts = [e.devzone, e.parent_place, e.natural_village, e.group, *e.lanes, e.number]
    else:
        parts = [e.parent_place, e.devzone, *e.lanes, e.number]
    parts += [e.building, e.unit, floor_text(e.floor), e.room, e.thing]
    texts = [str(part) for part in parts if part]
    if e.number and e.number.suffix.startswith("附"):
        # Separate a number that ends in digits from one that begins with them: 94号附1号2单元.
        place = texts.index(str(e.number)) + 1
        if place < len(texts) and texts[place][0].isascii():
            texts.insert(place, e.number.quantifier)
    return tuple(texts)


def floor_text(floor: Numbered | None) -> str:
    """A floor for display: -2层 is 地下2层."""
    if floor is None:
        return ""
    return f"地下{floor}".replace("地下-", "地下") if floor.number.startswith("-") else str(floor)


_NUMBERED = ("group", "number", "building", "unit", "floor", "room", "thing")
_TEXTS = tuple(name for name in Elements._fields if name not in (*_NUMBERED, "lanes"))


def elements_to_plain(elements: Elements) -> dict[str, object]:
    """Elements as JSON values; absent elements are left out.

    A numbered element is an object of the parts of ``Numbered`` that are not empty, in the order in
    which PostgreSQL's ``jsonb`` keeps them.
    """
    plain: dict[str, object] = {}
    for name, value in zip(Elements._fields, elements, strict=True):
        if not value:
            continue
        if isinstance(value, str):
            plain[name] = value
        elif isinstance(value, Numbered):
            plain[name] = _numbered_to_plain(value)
        else:
            plain[name] = [_numbered_to_plain(lane) for lane in value]
    return plain


def elements_from_plain(plain: Mapping[str, Any]) -> Elements:
    """Elements from the result of ``elements_to_plain``; unknown names are ignored.

    Before migration 0043 a numbered element was a list of its parts; rows that an import left
    waiting, and migrations, still hold such lists.
    """
    values: dict[str, Any] = {name: plain[name] for name in _TEXTS if name in plain}
    values |= {name: numbered_from_plain(plain[name]) for name in _NUMBERED if plain.get(name)}
    values["lanes"] = tuple(numbered_from_plain(lane) for lane in plain.get("lanes", ()))
    return Elements(**values)


def numbered_from_plain(plain: Any) -> Numbered:
    """A numbered element from its JSON value."""
    return Numbered(**plain) if isinstance(plain, dict) else Numbered(*plain)


def _numbered_to_plain(value: Numbered) -> dict[str, str]:
    number, quantifier, prefix, suffix = value
    plain = {"number": number}
    if prefix:
        plain["prefix"] = prefix
    if suffix:
        plain["suffix"] = suffix
    if quantifier:
        plain["quantifier"] = quantifier
    return plain
