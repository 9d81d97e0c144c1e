"""Hanyu Pinyin of place names and whole addresses: capitals, no tones, terms apart.

After 《中国地名汉语拼音字母拼写规则(汉语地名部分)》, (84)中地字第17号, and GB 17733: rules 1
(specific and generic term apart), 3 (villages are not split), 7 (capitals), 8 (apostrophe before
a, o, e).
Generic terms are spelled, never translated: 河坊街 is ``Hefang Jie``, not Hefang Street.
"""

import re
from functools import lru_cache
from itertools import groupby

from pypinyin import Style, lazy_pinyin

from address_model.elements import Elements, Numbered

_GENERIC = (
    *("自治县", "自治区", "自治州", "新区", "大道", "大街", "支路", "支弄", "公路", "新村", "小区"),
    *("花园", "公寓", "家园", "街道", "社区", "路", "街", "巷", "弄", "里", "坊", "苑"),
    *("省", "市", "区", "县", "镇", "乡"),
)
_SEAT_TERMS = ("省", "市")
_VOWEL = re.compile(r"^[aoe]")

_PEOPLES = (
    "土家族",
    "蒙古族",
    *("畲族", "回族", "壮族", "满族", "苗族", "侗族", "瑶族", "彝族", "藏族"),
)

READINGS = {"乐清": "yue qing", "天台": "tian tai", "鲒埼": "jie qi", "台州": "tai zhou"}
"""Audited local readings that a dictionary gets wrong."""

_TERMS = {"弄": "Long", "支弄": "Zhilong", "幢": "Zhuang"}
"""Generic terms and quantifiers that are read otherwise than in other words."""


@lru_cache(maxsize=32768)
def spell_name(name: str) -> str:
    """The name in pinyin, each term capitalised: 河坊街 is ``Hefang Jie``, 诸葛村 ``Zhugecun``."""
    specific, generic = split_name(name)
    people = next((p for p in _PEOPLES if specific.endswith(p) and specific != p), "")
    terms = [_spell_term(specific.removesuffix(people)), _spell_term(people), _hanzi(generic)]
    return " ".join(filter(None, terms))


def split_name(name: str) -> tuple[str, str]:
    """(Specific term, generic term) of a name; a village keeps its generic term joined."""
    for generic in _GENERIC:
        if name.endswith(generic) and len(name) > len(generic):
            return name[: -len(generic)], generic
    return name, ""


def spell_address(elements: Elements) -> str:
    """The whole address as it is said in Chinese, widest first: ``… Hefang Jie 88 Hao``."""
    village = [_spelled(elements.natural_village), _numbered(elements.group)]
    lanes = [_numbered(lane) for lane in elements.lanes]
    number, estate = _numbered(elements.number), _spelled(elements.estate)
    if elements.thoroughfare:
        local = [_spelled(elements.thoroughfare), *lanes, *village, number, estate]
    else:
        local = [*village, estate, *lanes, number]
    inside = (elements.building, elements.unit, elements.floor, elements.room)
    parts = [_spelled(name) for name in _divisions(elements)]
    parts += [_spelled(elements.devzone), *local, *map(_numbered, inside)]
    return " ".join(filter(None, parts))


def romanise_address(elements: Elements) -> str:
    """The whole address in English order, narrowest first, for letters and guests.

    ``Room 501, Unit 2, Building 3, No. 88 Hefang Jie, …, Hangzhou, Zhejiang``: what counts is
    said in English, names stay pinyin, province and city go without their generic term.
    """
    inside = [_counted(elements.room, "Room"), _counted(elements.floor, "Floor")]
    inside += [_counted(elements.unit, "Unit"), _counted(elements.building, "Building")]
    estate, number = _spelled(elements.estate), _counted(elements.number, "No.")
    lanes = [_numbered(lane) for lane in reversed(elements.lanes)]
    village = [_numbered(elements.group), _spelled(elements.natural_village)]
    street = _spelled(elements.thoroughfare)
    if street and number and not lanes and not any(village):
        local = [estate, f"{number} {street}"]
    elif street:
        local = [estate, number, *village, *lanes, street]
    else:
        local = [number, *lanes, estate, *village]
    parts = [*inside, *local, _spelled(elements.devzone)]
    parts += [_seat(name) for name in reversed(_divisions(elements))]
    return ", ".join(filter(None, parts))


def spell_figure(text: str) -> str:
    """Figures as they are, 汉字 among them as pinyin: 临47-1 is ``Lin 47-1``."""
    runs = groupby(text, key=str.isascii)
    return " ".join("".join(run) if is_plain else _hanzi("".join(run)) for is_plain, run in runs)


def _divisions(elements: Elements) -> list[str]:
    """The division names, widest first, each once; a village that is its own community too."""
    names: list[str] = []
    community = "" if elements.natural_village == elements.community else elements.community
    for name in (elements.province, elements.city, elements.county, elements.township, community):
        if name and name not in names:
            names.append(name)
    return names


def _seat(name: str) -> str:
    """A division in English order: 浙江省 is ``Zhejiang``, 杭州市 ``Hangzhou``."""
    specific, generic = split_name(name)
    return spell_name(specific if generic in _SEAT_TERMS else name)


def _spelled(name: str) -> str:
    return spell_name(name) if name else ""


def _numbered(value: Numbered | None) -> str:
    """A number with its quantifier spelled: 88号 is ``88 Hao``, 之一 behind it ``Zhi Yi``."""
    if value is None:
        return ""
    quantifier = _hanzi(value.quantifier)
    if value.suffix.startswith(("之", "附")):
        parts = [spell_figure(value.prefix + value.number), quantifier, spell_figure(value.suffix)]
    else:
        parts = [spell_figure(value.bare), quantifier]
    return " ".join(filter(None, parts))


def _counted(value: Numbered | None, noun: str) -> str:
    return f"{noun} {spell_figure(value.bare)}" if value else ""


@lru_cache(maxsize=4096)
def _hanzi(text: str) -> str:
    """单元 is ``Danyuan``, 之一 ``Zhi Yi``: a joining 之 stands apart."""
    if text.startswith(("之", "附")) and len(text) > 1:
        return f"{_spell_term(text[0])} {_spell_term(text[1:])}"
    return _TERMS.get(text) or _spell_term(text)


def _spell_term(term: str) -> str:
    syllables: list[str] = []
    rest = term
    while rest:
        known = next((name for name in READINGS if rest.startswith(name)), "")
        if known:
            syllables += READINGS[known].split()
            rest = rest[len(known) :]
        else:
            end = next(
                (i for i in range(1, len(rest)) if rest[i:].startswith(tuple(READINGS))), None
            )
            syllables += lazy_pinyin(rest[:end], style=Style.NORMAL)
            rest = rest[end:] if end else ""
    return _join(syllables)


def _join(syllables: list[str]) -> str:
    joined = ""
    for syllable in syllables:
        joined += f"'{syllable}" if joined and _VOWEL.match(syllable) else syllable
    return joined[:1].upper() + joined[1:]
