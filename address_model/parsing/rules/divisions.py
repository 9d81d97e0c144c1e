"""Provinces, cities, counties and townships, read from the front of the text by the gazetteer.

The rule walks along the text as long as it meets division names. It knows short forms (浙江,
萧山), other suffixes (崇贤镇 for 崇贤街道), former names and abolished counties (江干区, 鄞县),
levels that are missing or in the wrong order (椒江区台州市). A name is no division when a road, a
bridge or a building takes its name from it (鄞县大道, 绍兴路, 重庆大厦). A township that the
gazetteer does not know is read by its suffix; one named behind a road is found too. Of a level
named twice one is kept: the fuller name, or the later block (浙江省杭州市浙江省杭州市余杭区).
"""

import re
from typing import NamedTuple

from address_model.gazetteer import (
    CITY,
    COUNTY,
    DEPTH,
    FORMER,
    FULL,
    PROVINCE,
    RETYPED,
    SHORT,
    TOWNSHIP,
    Division,
    Reading,
)
from address_model.parsing.draft import Draft

_SKIPPED = re.compile(
    r"(?:[-,./;:()?、|*#!\"' ]|null|NULL|市辖区|其[它他]区|中国|地处"
    r"|城区(?=[一-龥]{1,5}(?:街道|镇)))+"
)
_THING = (
    r"(?:[东西南北中上下前后新老一二三四五六七八九十]{0,2}(?:路(?!桥)|街(?!道)|大道|巷|弄"
    r"|公路|高架|隧道|立交)"
    r"|大桥|大厦|大酒店|酒店|宾馆|饭店|大楼|火车|汽车站|客运|车站(?!路)|机场(?!路)"
    r"|国际(?!商贸|物流)|高速|医院|人民医院|中学|小学"
    r"|大学|学院(?!路)|经济|科技|高新|工业|技术|开发|产业|商会|银行|公司|分公司|江滨|花园"
    r"|小区|新村|广场|市场)"
)
_NO_SHORT = re.compile(
    rf"{_THING}|市(?!民|场路)|[区县州镇乡村]|街道|社区|家园|公寓|园区|家|苑|府"
    rf"|城(?![东西南北中店区])"
)
_NO_TOWNSHIP = re.compile(
    rf"{_NO_SHORT.pattern}|[东西南北新老]?[0-9一二三四五六七八九十]*[小]?[区苑园]"
    rf"|[桥门山河坊园潭塘]"
    r"|文化|面料|印象|豪园|明城|老市场|边防|派出所|[一-龥]{2}[园苑](?![一-龥])"
)
_NO_FULL = re.compile(r"路(?!桥)|街(?!道)|大道|巷|弄|第[一二三四五六](?:人民)?医院|人民医院|中医院")
_TOWNSHIP = re.compile(
    r"(?!经济|高新|工业)[一-龥]{1,4}?(?:街道|镇|乡)"
    r"(?!路|街|大道|中心|工业|企业|村|府|东路|西路|南路|北路|中路|中学|小学|卫|医|级)"
)
_NOT_IN_TOWNSHIP = re.compile(r"[路街号区县省市村社弄楼幢栋室园厦]")
_FOREIGN_COUNTY = re.compile(r"([一-龥]{2,4}?[县市]|[一-龥]{2}区)(?=[一-龥A-Za-z0-9]{2})")
_NO_COUNTY = re.compile(
    r".*[小社园校城郊新老厂库院片景特地辖矿街东西南北中一二三四五六七八九十业发心号]区$"
    r"|.*(?:城市|超市|夜市|菜市|门市|上市|集市|花市|都市|闹市|本市|我市)$"
)
_RANK = {FULL: 0, RETYPED: 1, FORMER: 1, SHORT: 2}

Hits = dict[int, list[tuple[int, tuple[Reading, ...]]]]


class Entry(NamedTuple):
    """One division name met on the walk."""

    level: str
    start: int
    end: int
    readings: tuple[Reading, ...]
    bare: bool


class _Walk:
    """The state of a walk: what was named so far and where the address may still lie."""

    def __init__(self, draft: Draft, hits: Hits) -> None:
        self.text = draft.text
        self.hits = hits
        self.entries: list[Entry] = []
        self.skipped: list[tuple[int, int]] = []
        self.places: list[Division] = []
        self.counties = draft.gazetteer.counties

    @property
    def levels(self) -> set[str]:
        return {entry.level for entry in self.entries}

    def run(self, position: int) -> int:
        """Walk from a position until no division follows; return where that is."""
        while position < len(self.text):
            skipped = _SKIPPED.match(self.text, position)
            at = skipped.end() if skipped else position
            entry = self._known(at) or self._township(at) or self._foreign(at)
            if entry is None:
                return position
            if skipped:
                self.skipped.append(skipped.span())
            self._enter(entry)
            position = entry.end
        return position

    def find_township(self, position: int) -> None:
        """Look for a township's full name behind a road or a zone."""
        for start in sorted(self.hits):
            for end, readings in self.hits[start]:
                kept = [r for r in readings if r.level == TOWNSHIP and r.kind != SHORT]
                kept = [r for r in kept if self._reaches(r.division)]
                if start >= position and kept and not _NO_SHORT.match(self.text, end):
                    self._enter(Entry(TOWNSHIP, start, end, tuple(kept), bare=False))
                    return

    def _reaches(self, division: Division) -> bool:
        return any(division.lies_in(p) for p in self.places) or self._is_next_door(division)

    def _known(self, at: int) -> Entry | None:
        for end, readings in sorted(self.hits.get(at, ()), key=lambda hit: -hit[0]):
            kept = [r for r in readings if self._may_stand(r, at, end)]
            if kept:
                level = self._level(kept, bare=_is_bare(self.text[at:end], kept[0]))
                kept = [r for r in kept if r.level == level]
                best = min(_RANK[r.kind] for r in kept)
                kept = [r for r in kept if _RANK[r.kind] == best]
                return Entry(level, at, end, tuple(kept), _is_bare(self.text[at:end], kept[0]))
        return None

    def _level(self, readings: list[Reading], *, bare: bool) -> str:
        """The level a form has here: a bare form repeats what it already named."""
        named = {id(r.division) for entry in self.entries for r in entry.readings}
        again = [r.level for r in readings if bare and id(r.division) in named]
        fresh = [r.level for r in readings if r.level not in self.levels]
        return min(again or fresh or [r.level for r in readings], key=lambda name: DEPTH[name])

    def _may_stand(self, reading: Reading, start: int, end: int) -> bool:
        bare = _is_bare(self.text[start:end], reading)
        blocked = _NO_FULL if not bare else _NO_TOWNSHIP if reading.level == TOWNSHIP else _NO_SHORT
        if end not in self.hits and blocked.match(self.text, end):
            return False
        division = reading.division
        if not self.places:
            return not (bare and reading.level == TOWNSHIP)
        if any(division.lies_in(place) or place.lies_in(division) for place in self.places):
            return not (reading.level == TOWNSHIP and self._other_township(reading))
        if reading.level == TOWNSHIP:
            return not self._other_township(reading) and self._is_next_door(division)
        return not bare and TOWNSHIP not in self.levels

    def _other_township(self, reading: Reading) -> bool:
        """A township is named already, and this is not the fuller name that corrects it."""
        named = [r for entry in self.entries if entry.level == TOWNSHIP for r in entry.readings]
        if not named or any(known.division is reading.division for known in named):
            return False
        return reading.kind != FULL or any(known.kind == FULL for known in named)

    def _is_next_door(self, division: Division) -> bool:
        """A township that its county lost to another in the same city (余杭区临平街道)."""
        city = division.at(CITY)
        return any(place.at(CITY) is city and place.at(COUNTY) for place in self.places)

    def _enter(self, entry: Entry) -> None:
        self.entries.append(entry)
        named = [r.division for r in entry.readings]
        inside = [d for d in named if any(d.lies_in(place) for place in self.places)]
        wider = any(place.lies_in(d) for d in named for place in self.places)
        if named and (inside or not wider):
            self.places = inside or named

    def _township(self, at: int) -> Entry | None:
        """A township that the gazetteer does not know, by its suffix."""
        match = _TOWNSHIP.match(self.text, at)
        if match is None or TOWNSHIP in self.levels or len(match.group()) < 3:
            return None
        if _NOT_IN_TOWNSHIP.search(match.group()[:-2]):
            return None
        return Entry(TOWNSHIP, at, match.end(), (), bare=False)

    def _foreign(self, at: int) -> Entry | None:
        """A county or city outside the register, by its suffix."""
        if self.levels & {COUNTY, TOWNSHIP}:
            return None
        if any(place.code for place in self.places):
            return self._misspelt(at)
        match = _FOREIGN_COUNTY.match(self.text, at)
        if match is None or _NO_COUNTY.match(match.group()):
            return None
        if any(start in self.hits for start in range(at + 1, match.end())):
            return None
        level = CITY if not self.entries and match.group()[-1] == "市" else COUNTY
        return Entry(level, at, match.end(), (), bare=False)

    def _misspelt(self, at: int) -> Entry | None:
        """A county of the city with one wrong character (义务市 for 义乌市)."""
        form = self.text[at : at + 3]
        if len(form) < 3 or form[2] not in "市区县" or _NO_COUNTY.match(form):
            return None
        city = self.places[0].at(CITY)
        found = [
            readings[0]
            for name, readings in self.counties.items()
            if _one_differs(form, name) and (city is None or readings[0].division.at(CITY) is city)
        ]
        if len(found) != 1:
            return None
        note = f"{form} was read as {found[0].division.name}"
        reading = Reading(found[0].division, FORMER, COUNTY, note)
        return Entry(COUNTY, at, at + 3, (reading,), bare=False)


def _one_differs(form: str, name: str) -> bool:
    return len(form) == len(name) and sum(a != b for a, b in zip(form, name, strict=True)) == 1


def read_divisions(draft: Draft) -> None:
    """Claim the divisions and settle where the address lies."""
    hits: Hits = {}
    for start, end, readings in draft.gazetteer.find_forms(draft.text):
        hits.setdefault(start, []).append((end, readings))
    walk = _Walk(draft, hits)
    end = walk.run(0)
    if not walk.places:
        for start in sorted(hits):
            if start >= end and any(_is_anchor(r) for _, rs in hits[start] for r in rs):
                end = walk.run(start)
                if walk.places:
                    break
    if walk.places and TOWNSHIP not in walk.levels:
        walk.find_township(end)
    _claim_entries(draft, walk, is_end=end >= len(draft.text))
    draft.division = _shared(walk.places)


def _is_anchor(reading: Reading) -> bool:
    return reading.kind == FULL and reading.level in (PROVINCE, CITY, COUNTY)


def _claim_entries(draft: Draft, walk: _Walk, *, is_end: bool) -> None:
    kept: dict[str, Entry] = {}
    for entry in walk.entries:
        known = kept.get(entry.level)
        if known is None or _replaces(entry, known, walk, is_end=is_end):
            kept[entry.level] = entry
    for entry in walk.entries:
        text = draft.text[entry.start : entry.end]
        if kept[entry.level] is entry:
            draft.claim(entry.level, entry.start, entry.end)
            _explain(draft, entry, text)
        else:
            draft.claim("other", entry.start, entry.end)
            draft.reasons.append(f"{text} is left out: the {entry.level} is named twice")
    for start, end in walk.skipped:
        draft.claim("other", start, end)


def _replaces(entry: Entry, known: Entry, walk: _Walk, *, is_end: bool) -> bool:
    same = not entry.readings or any(
        r.division is k.division for r in entry.readings for k in known.readings
    )
    if same and {r.kind for r in known.readings} == {FORMER} and entry.level == COUNTY:
        return True
    longer = (entry.end - entry.start) - (known.end - known.start)
    if not same or longer > 0:
        return True
    if longer < 0:
        return False
    between = _SKIPPED.sub("", walk.text[known.end : entry.start])
    return entry.bare if not between else not is_end


def _explain(draft: Draft, entry: Entry, text: str) -> None:
    kinds = {r.kind for r in entry.readings}
    if kinds == {FORMER}:
        draft.reasons += [r.note for r in entry.readings if r.note]
    elif kinds == {RETYPED} and len(entry.readings) == 1:
        draft.reasons.append(f"{text} is {entry.readings[0].division.name} today")


def _shared(places: list[Division]) -> Division | None:
    """The deepest division that all the possible places lie in."""
    for level in (TOWNSHIP, COUNTY, CITY, PROVINCE):
        found = [place.at(level) for place in places]
        if found and found[0] is not None and all(other is found[0] for other in found):
            return found[0]
    return None


def _is_bare(form: str, reading: Reading) -> bool:
    """Tell whether a form lacks the word that says what it is (浙江, 萧山, 横溪)."""
    if reading.level == TOWNSHIP:
        return not form.endswith(("镇", "乡", "街道")) or reading.kind == SHORT
    return form[-1] not in "省市区县州" or reading.kind == SHORT
