"""Renders the standard text (标准地址) of an address, and folds numbers and names to compare."""

import re
from functools import lru_cache

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
