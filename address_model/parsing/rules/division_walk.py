"""The walk along a text from one division name to the next; see ``divisions`` for the rule."""

import re
from typing import NamedTuple

from address_model.divisions import (
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

SKIPPED = re.compile(
    r"(?:[-,./;:()?、|*#!\"' ]|null|NULL|市辖区|其[它他]区|中国|地处"
    r"|城区(?=[一-龥]{1,5}(?:街道|镇)))+"
)
_SKIPPED_FIRST = frozenset("-,./;:()?、|*#!\"' nN市其中地城")
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
_NO_FULL = re.compile(r"大道(?![东西南北]路)|第[一二三四五六](?:人民)?医院|人民医院|中医院")
_NO_FULL_FIRST = frozenset("大第人中")
_TOWNSHIP = re.compile(
    r"(?:(?!经济|高新|工业)[一-龥]{1,4}?(?:街道|镇|乡)|城关(?!镇))"
    r"(?!路|街|大道|中心|工业|企业|村|府|东路|西路|南路|北路|中路|中学|小学|卫|医|级)"
)
_NOT_IN_TOWNSHIP = re.compile(r"[路街号区县省市村社弄楼幢栋室园厦]")
_FOREIGN_COUNTY = re.compile(
    r"(浦东新区|滨海新区|[一-龥]{2,4}?[县市]|[一-龥]{2}区)(?=[一-龥A-Za-z0-9]{2})"
)
_NO_COUNTY = re.compile(
    r".*[小社园校郊新老厂库院片景特地辖矿街东西南北中一二三四五六七八九十业发心号]区$"
    r"|.?[老新主市]?城区$(?<![东西]城区)"
    r"|.*(?:城市|超市|夜市|菜市|门市|上市|集市|花市|都市|闹市|本市|我市)$"
)
_ZONE_FOLLOWS = re.compile(r"(?:经济|工业|高新|技术|开发)[一-龥]{0,6}[区园]")
_RANK = {FULL: 0, RETYPED: 1, FORMER: 1, SHORT: 2}


Ends = list[tuple[int, tuple[Reading, ...]]]


class Entry(NamedTuple):
    """One division name met on the walk."""

    level: str
    start: int
    end: int
    readings: tuple[Reading, ...]
    bare: bool


class Walk:
    """The state of a walk: what was named so far and where the address may still lie."""

    def __init__(self, draft: Draft) -> None:
        self.text = draft.text
        self.hits = draft.gazetteer.find_forms(draft.text)
        self.entries: list[Entry] = []
        self.levels: set[str] = set()
        self.skipped: list[tuple[int, int]] = []
        self.places: list[Division] = []
        self.counties = draft.gazetteer.counties

    def run(self, position: int) -> int:
        """Walk from a position until no division follows; return where that is."""
        text = self.text
        while position < len(text):
            at = position
            skipped = None
            if text[at] in _SKIPPED_FIRST:
                skipped = SKIPPED.match(text, position)
                at = skipped.end() if skipped else position
            ends = self.hits.get(at)
            entry = self._plain(at, ends) if ends else None
            if entry is None:
                entry = self._known(at, ends) if ends else None
                entry = entry or self._township(at) or self._foreign(at)
                if entry is None:
                    return position
                self._enter(entry)
            if skipped:
                self.skipped.append(skipped.span())
            position = entry.end
        return position

    def find_township(self, position: int) -> None:
        """Look for a township's full name behind a road or a zone."""
        for start, ends in self.hits.items():
            if start < position:
                continue
            for end, readings in ends:
                kept = [r for r in readings if r.level == TOWNSHIP and not r.bare]
                kept = [r for r in kept if self._reaches(r.division)]
                if kept and not _NO_SHORT.match(self.text, end):
                    self._enter(Entry(TOWNSHIP, start, end, tuple(kept), bare=False))
                    return

    def find_zone_county(self) -> None:
        """Believe the county that a development zone is named after (德清经济开发区)."""
        for ends in self.hits.values():
            for end, readings in ends:
                counties = [r.division for r in readings if r.level in (CITY, COUNTY)]
                if counties and counties[0].code and _ZONE_FOLLOWS.match(self.text, end):
                    self.places = counties
                    return

    def _reaches(self, division: Division) -> bool:
        return any(division.lies_in(p) for p in self.places) or self._is_next_door(division)

    def _plain(self, at: int, ends: Ends) -> Entry | None:
        """Take the usual case at once: a full name with one meaning, inside what was named."""
        end, readings = ends[-1]
        reading = readings[0]
        if len(readings) > 1 or reading.kind != FULL or reading.level in self.levels:
            return None
        division, places = reading.division, self.places
        if places and (len(places) > 1 or places[0] not in division.lineage):
            return None
        follows = self.text[end : end + 1] in _NO_FULL_FIRST and end not in self.hits
        if follows and _NO_FULL.match(self.text, end):
            return None
        entry = Entry(reading.level, at, end, readings, False)
        self.entries.append(entry)
        self.levels.add(reading.level)
        self.places = [division]
        return entry

    def _known(self, at: int, ends: Ends) -> Entry | None:
        for end, readings in reversed(ends):
            kept = [r for r in readings if self._fits(r)]
            if kept and not self._goes_on(end):
                kept = [r for r in kept if not _blocks(r).match(self.text, end)]
                if kept and kept[0].bare and end < len(self.text):
                    kept = [r for r in kept if not self._is_named(r.division)]
            if kept:
                return self._best(at, end, kept)
        return None

    def _best(self, start: int, end: int, readings: list[Reading]) -> Entry:
        if len(readings) > 1:
            level = self._level(readings)
            readings = [r for r in readings if r.level == level]
            best = min(_RANK[r.kind] for r in readings)
            readings = [r for r in readings if _RANK[r.kind] == best]
        return Entry(readings[0].level, start, end, tuple(readings), readings[0].bare)

    def _level(self, readings: list[Reading]) -> str:
        """The level a form has here: a bare form repeats what it already named."""
        levels = [r.level for r in readings if r.level not in self.levels]
        if readings[0].bare:
            named = {id(r.division) for entry in self.entries for r in entry.readings}
            levels = [r.level for r in readings if id(r.division) in named] or levels
        return min(levels or [r.level for r in readings], key=lambda name: DEPTH[name])

    def _fits(self, reading: Reading) -> bool:
        division = reading.division
        is_township = reading.level == TOWNSHIP
        if is_township and reading.bare and not self._is_narrow():
            return False
        if not self.places:
            return True
        for place in self.places:
            if division.lies_in(place) or place.lies_in(division):
                return not (is_township and self._other_township(reading))
        if is_township:
            return not self._other_township(reading) and self._is_next_door(division)
        return not reading.bare and TOWNSHIP not in self.levels

    def _goes_on(self, at: int) -> bool:
        """Another division of the register follows at once."""
        return at in self.hits and any(r.division.code for _, rs in self.hits[at] for r in rs)

    def _is_named(self, division: Division) -> bool:
        """Its short form alone would only repeat it, and rather begins a name (天台山东路)."""
        return any(r.division is division for entry in self.entries for r in entry.readings)

    def _is_narrow(self) -> bool:
        """A city or county is known, so that a bare township name may be believed."""
        return bool(self.places) and self.places[0].level != PROVINCE

    def _other_township(self, reading: Reading) -> bool:
        """A township is named already, and this is not the fuller name that corrects it."""
        if TOWNSHIP not in self.levels:
            return False
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
        self.levels.add(entry.level)
        named = [r.division for r in entry.readings]
        if not self.places:
            self.places = named
            return
        inside = [d for d in named if any(d.lies_in(place) for place in self.places)]
        wider = any(place.lies_in(d) for d in named for place in self.places)
        if named and (inside or not wider):
            self.places = inside or named

    def _township(self, at: int) -> Entry | None:
        """A township that the gazetteer does not know, by its suffix."""
        if TOWNSHIP in self.levels:
            return None
        match = _TOWNSHIP.match(self.text, at)
        if match is None or (len(match.group()) < 3 and match.group() != "城关"):
            return None
        if _NOT_IN_TOWNSHIP.search(match.group()[:-2]):
            return None
        return Entry(TOWNSHIP, at, match.end(), (), bare=False)

    def _foreign(self, at: int) -> Entry | None:
        """A county or city outside the register, by its suffix."""
        if COUNTY in self.levels or TOWNSHIP in self.levels:
            return None
        if self.places and self.places[0].code:
            return self._misspelt(at)
        match = _FOREIGN_COUNTY.match(self.text, at)
        if match is None or (_NO_COUNTY.match(match.group()) and len(match.group()) != 4):
            return None
        if any(self._is_full(start) for start in range(at + 1, match.end())):
            return None
        level = CITY if not self.entries and match.group()[-1] == "市" else COUNTY
        return Entry(level, at, match.end(), (), bare=False)

    def _is_full(self, start: int) -> bool:
        """A full name of the register begins here."""
        ends = self.hits.get(start, ())
        return any(not reading.bare for _, readings in ends for reading in readings)

    def _misspelt(self, at: int) -> Entry | None:
        """A county of the city with one wrong character (义务市 for 义乌市)."""
        form = self.text[at : at + 3]
        if form[2:] not in ("市", "区", "县") or _NO_COUNTY.match(form):
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


def _blocks(reading: Reading) -> re.Pattern[str]:
    """What must not follow a name, because a road or a building takes its name from it."""
    if not reading.bare:
        return _NO_FULL
    return _NO_TOWNSHIP if reading.level == TOWNSHIP else _NO_SHORT
