"""Hanyu Pinyin of place names and whole addresses: capitals, terms apart, tones where asked.

After 《中国地名汉语拼音字母拼写规则(汉语地名部分)》, (84)中地字第17号, and GB 17733: rules 1
(specific and generic term apart), 3 (villages are not split), 7 (capitals), 8 (apostrophe before
a, o, e).
Generic terms are spelled, never translated: 河坊街 is ``Hefang Jie``, not Hefang Street.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from address_model.elements import Elements, Numbered
from address_model.name_terms import VILLAGE, Term, list_terms, split_name
from address_model.readings import Syllable, read_characters
from address_model.things import kind_of

_SEAT_TERMS = ("省", "市")
_VOWELS = "aeo"
_DIAERESIS = "\u0308"

_PEOPLES = (
    "土家族",
    "蒙古族",
    *("畲族", "回族", "壮族", "满族", "苗族", "侗族", "瑶族", "彝族", "藏族"),
)


@dataclass(frozen=True)
class SpelledName:
    """A name in pinyin, with and without tones, and its guessed readings."""

    toned: str
    """As in a gazetteer: ``Tiāntāi Xiàn``."""

    plain: str
    """As on a plate, without tones: ``Tiantai Xian``; ü stays."""

    syllables: tuple[Syllable, ...]

    @property
    def doubtful(self) -> tuple[str, ...]:
        """The characters whose reading is not confirmed for this name."""
        return tuple(syllable.written for syllable in self.syllables if syllable.is_guess)

    @property
    def needs_review(self) -> bool:
        """Whether a person must confirm the reading before it is published as standard."""
        return bool(self.doubtful)

    @property
    def source(self) -> str:
        """The distinct sources of its audited readings; empty without any."""
        return " ; ".join(dict.fromkeys(s.source for s in self.syllables if s.source))


@lru_cache(maxsize=32768)
def read_name(name: str, division: str = "", kind: str = "") -> SpelledName:
    """The name in pinyin: ``Tiāntāi Xiàn``, and which of its characters were guessed.

    Args:
        name: the standard name.
        division: code of the division it lies in or names, 2 to 12 digits; empty when unknown.
        kind: empty, ``village``, ``natural`` or ``structure`` (:mod:`address_model.name_terms`).
    """
    specific = len(split_name(name, kind)[0])
    syllables = read_characters(name, specific, division)
    first, *others = list_terms(name, kind) or (Term(0, 0),)
    # An ethnic group before 自治县 is written apart too: Jingning Shezu Zizhixian.
    people = next((p for p in _PEOPLES if name[: first.end].endswith(p)), "")
    cut = first.end - len(people)
    if people and others and cut:
        first, others = Term(0, cut), [Term(cut, first.end), *others]
    toned = ""
    for term in (first, *others):
        spelled = str(term.number) if term.number else _write(syllables[term.start : term.end])
        toned += ("-" if term.joins else " " if toned else "") + spelled
    return SpelledName(toned, drop_tones(toned), syllables)


@lru_cache(maxsize=32768)
def spell_name(name: str) -> str:
    """The name without tones: 河坊街 is ``Hefang Jie``, 诸葛村 ``Zhugecun``."""
    kind = VILLAGE if name.endswith("村") and not name.endswith("新村") else ""
    return read_name(name, "", kind).plain


def plain_pinyin(text: str) -> str:
    """The search form of a text: 汉字 as pinyin in lower case, no tones, spaces or marks."""
    spelled = text if text.isascii() else read_name(text).plain
    bare = unicodedata.normalize("NFD", spelled.lower()).replace("u\u0308", "v")
    return "".join(letter for letter in bare if "a" <= letter <= "z" or letter.isdigit())


def drop_tones(toned: str) -> str:
    """Pinyin without its tone marks; ü stays ü."""
    apart = unicodedata.normalize("NFD", toned)
    kept = (mark for mark in apart if mark == _DIAERESIS or not unicodedata.combining(mark))
    return unicodedata.normalize("NFC", "".join(kept))


def spell_address(elements: Elements) -> str:
    """The whole address in pinyin in Chinese order, widest first: ``… Hefang Jie 88 Hao``."""
    number, estate = _numbered(elements.number), _spelled(elements.estate)
    village, lanes = _village_and_lanes(elements)
    zone, parent = _spelled(elements.devzone), _spelled(elements.parent_place)
    if elements.thoroughfare:
        local = [zone, *village, parent, _spelled(elements.thoroughfare), *lanes, number, estate]
    elif elements.estate:
        local = [zone, *village, parent, estate, *lanes, number]
    elif any(village):
        local = [zone, parent, *village, *lanes, number]
    else:
        local = [parent, zone, *lanes, number]
    inside = (elements.building, elements.unit, elements.floor, elements.room)
    parts = [_spelled(name) for name in _divisions(elements)]
    parts += [*local, *map(_numbered, inside)]
    thing = elements.thing
    if thing is not None:  # 12号路灯 is ``12 Hao Ludeng``
        word = thing.quantifier.removeprefix("号")
        parts.append(_numbered(thing._replace(quantifier="号")) if thing.number else "")
        parts.append(word if word.isascii() else _hanzi(word))
    return " ".join(filter(None, parts))


def spell_street(elements: Elements) -> str:
    """The street or place that the number belongs to, with lanes: ``Hefang Jie 11 Long``."""
    village, lanes = _village_and_lanes(elements)
    if elements.thoroughfare:
        parts = [_spelled(elements.thoroughfare), *lanes]
    elif elements.estate:
        parts = [_spelled(elements.estate), *lanes]
    else:
        community = "" if elements.natural_village else _spelled(elements.community)
        parts = [community, *village, *lanes]
    return " ".join(filter(None, parts))


def _village_and_lanes(elements: Elements) -> tuple[list[str], list[str]]:
    village = [_spelled(elements.natural_village), _numbered(elements.group)]
    return village, [_numbered(lane) for lane in elements.lanes]


def romanise_address(elements: Elements) -> str:
    """The whole address in English order, narrowest first, for letters and visitors.

    ``Room 501, Unit 2, Building 3, No. 88 Hefang Jie, …, Hangzhou, Zhejiang``: numbered levels are
    in English, names stay pinyin, province and city lose their generic term.
    """
    inside = [thing_in_english(elements.thing)]
    inside += [_counted(elements.room, "Room"), _counted(elements.floor, "Floor")]
    inside += [_counted(elements.unit, "Unit"), _counted(elements.building, "Building")]
    estate, number = _spelled(elements.estate), _counted(elements.number, "No.")
    lanes = [_numbered(lane) for lane in reversed(elements.lanes)]
    village = [_numbered(elements.group), _spelled(elements.natural_village)]
    street = _spelled(elements.thoroughfare)
    if street and number and not lanes:
        local = [estate, f"{number} {street}"]
    elif street:
        local = [estate, number, *lanes, street]
    else:
        local = [number, *lanes, estate]
    parts = [*inside, *local, _spelled(elements.parent_place), *village]
    parts.append(_spelled(elements.devzone))
    for name in reversed(_divisions(elements)):
        specific, generic = split_name(name)
        parts.append(spell_name(specific if generic in _SEAT_TERMS else name))
    return ", ".join(filter(None, parts))


def thing_in_english(thing: Numbered | None) -> str:
    """A thing in English: 12号路灯 is ``Street lamp No. 12``; empty for none."""
    if thing is None:
        return ""
    return f"{kind_of(thing).name_en} No. {thing.bare}" if thing.number else kind_of(thing).name_en


def spell_figure(text: str) -> str:
    """Figures as they are, 汉字 among them as pinyin: 临47-1 is ``Lin 47-1``."""
    runs = groupby(text, key=str.isascii)
    return " ".join("".join(run) if is_plain else _hanzi("".join(run)) for is_plain, run in runs)


def _divisions(elements: Elements) -> list[str]:
    """The distinct division names, widest first; a community named as its village is left out."""
    names: list[str] = []
    community = "" if elements.natural_village == elements.community else elements.community
    for name in (elements.province, elements.city, elements.county, elements.township, community):
        if name and name not in names:
            names.append(name)
    return names


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
    return _spell_term(text)


def _spell_term(term: str) -> str:
    return drop_tones(_write(read_characters(term, len(term)))) if term else ""


def _write(syllables: tuple[Syllable, ...]) -> str:
    """Join syllables with a capital, an apostrophe before a, o, e, and figures unchanged."""
    joined = ""
    for syllable in syllables:
        first = unicodedata.normalize("NFD", syllable.read)[:1]
        is_apart = joined and first in _VOWELS and not syllable.written.isascii()
        joined += f"'{syllable.read}" if is_apart else syllable.read
    return joined[:1].upper() + joined[1:]
