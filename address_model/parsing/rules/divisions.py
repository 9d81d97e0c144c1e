"""Provinces, cities, counties and townships, read from the front of the text by the gazetteer.

The rule walks along the text as long as it meets division names. It knows short forms (浙江),
other suffixes (崇贤镇 for 崇贤街道), former names and abolished counties (江干区, 鄞县), levels
that are missing, repeated (浙江省杭州市浙江省杭州市) or in the wrong order (椒江区台州市). A
name is no division when a road, a bridge or a building takes its name from it (鄞县大道,
绍兴路, 重庆大厦).
A township that the gazetteer does not know is read by its suffix. What lies before or between
(null, 市辖区, punctuation) is skipped.
"""

import re

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
)  # fmt: skip
from address_model.parsing.draft import Draft

_SKIPPED = re.compile(
    r"(?:[-,./;:()?、|*#!\"' ]|null|NULL|市辖区|中国|城区(?=[一-龥]{1,5}(?:街道|镇)))+"
)
_THING = (
    r"(?:[东西南北中上下新老一二三四五六七八九十]{0,2}(?:路|街|大道|巷|弄|桥|线|公路|高架|隧道|立交)"
    r"|大桥|大厦|大酒店|酒店|宾馆|饭店|大楼|火车|汽车站|客运|车站|机场|国际|火车站|高速|医院|人民医院|中学"
    r"|小学|大学|学院|经济|高新|工业|技术|开发|产业|商会|银行|公司|分公司|江滨|花园|小区|新村|广场|市场)"
)
_NO_SHORT = re.compile(rf"{_THING}|[市区县州镇乡村]|街道|社区|家园|公寓|园区|家|苑|府|城")
_NO_FULL = re.compile(
    r"(?:[东西南北中一二三四五六七八九十]?(?:路|街(?!道)|大道|巷|弄)|大桥|大厦|第[一二三四五六]|人民医院|中医院)"
)
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
_KIND_ORDER = {FULL: 0, RETYPED: 1, FORMER: 1, SHORT: 2}

Hits = dict[int, list[tuple[int, tuple[Reading, ...]]]]


class _Walk:
    """The state of one walk: what was named so far and where it may still lie."""

    def __init__(self, draft: Draft, hits: Hits) -> None:
        self.draft = draft
        self.hits = hits
        self.readings: dict[str, list[Reading]] = {}
        self.spans: dict[str, tuple[int, int]] = {}
        self.places: list[Division] = []
        self.position = 0

    def run(self, start: int) -> None:
        """Walk from a position until no division follows."""
        self.position = start
        text = self.draft.text
        while self.position < len(text):
            skipped = _SKIPPED.match(text, self.position)
            at = skipped.end() if skipped else self.position
            if not (self._take_known(at) or self._take_township(at) or self._take_foreign(at)):
                return
            if skipped:
                self.draft.claim("other", skipped.start(), skipped.end())

    def _take_known(self, at: int) -> bool:
        for end, readings in sorted(self.hits.get(at, ()), key=lambda hit: -hit[0]):
            chosen = self._choose(at, end, readings)
            if chosen:
                self._enter(at, end, chosen)
                return True
        return False

    def _choose(self, start: int, end: int, readings: tuple[Reading, ...]) -> list[Reading]:
        text = self.draft.text
        kept: list[Reading] = []
        for reading in readings:
            blocked = _NO_SHORT if _is_bare(text[start:end], reading) else _NO_FULL
            if blocked.match(text, end) or not self._fits(reading, start, end):
                continue
            kept.append(reading)
        if not kept:
            return []
        level = min(
            (r.level for r in kept), key=lambda level: (self._is_repeat(level), DEPTH[level])
        )
        kept = [r for r in kept if r.level == level]
        best = min(_KIND_ORDER[r.kind] for r in kept)
        return [r for r in kept if _KIND_ORDER[r.kind] == best]

    def _is_repeat(self, level: str) -> bool:
        return level in self.readings

    def _fits(self, reading: Reading, start: int, end: int) -> bool:
        """Tell whether a reading may stand here, after what was read before."""
        bare = _is_bare(self.draft.text[start:end], reading)
        division = reading.division
        if reading.level == TOWNSHIP:
            if TOWNSHIP in self.readings and not _same(self.readings[TOWNSHIP], reading):
                return False
            if not self.places:
                return not bare
            return self._reaches(division) or (not bare and self._neighbours(division))
        if not self.places:
            return True
        if bare and reading.level in self.readings and self.position == end:
            return False
        return self._reaches(division) or (not bare and not _deeper_named(self.readings, reading))

    def _reaches(self, division: Division) -> bool:
        return any(division.lies_in(p) or p.lies_in(division) for p in self.places)

    def _neighbours(self, division: Division) -> bool:
        """A township that its county lost to a neighbour in the same city (余杭区临平街道)."""
        city = division.at(CITY)
        return any(place.at(CITY) is city and place.at(COUNTY) for place in self.places)

    def _enter(self, start: int, end: int, readings: list[Reading]) -> None:
        level = readings[0].level
        if level in self.readings:
            self._repeat(level, start, end, readings)
        else:
            self.draft.claim(level, start, end)
            self.spans[level] = (start, end)
        self.readings[level] = readings
        inside = [r.division for r in readings if any(r.division.lies_in(p) for p in self.places)]
        wider = any(p.lies_in(r.division) for r in readings for p in self.places)
        if inside or not wider:
            self.places = inside or [r.division for r in readings]
        self.position = end

    def _repeat(self, level: str, start: int, end: int, readings: list[Reading]) -> None:
        """A level named twice: a later full name replaces a short one, else it is dropped."""
        text = self.draft.text
        old_start, old_end = self.spans[level]
        same = any(r.division is o.division for r in readings for o in self.readings[level])
        if not same or end - start > old_end - old_start:
            claim = next(c for c in self.draft.claims if c.start == old_start and c.level == level)
            self.draft.reopen(claim)
            self.draft.claim("other", old_start, old_end)
            self.draft.claim(level, start, end)
            self.spans[level] = (start, end)
        else:
            self.draft.claim("other", start, end)
        if same:
            self.draft.reasons.append(f"{text[start:end]} is written twice")
        else:
            self.draft.reasons.append(
                f"{text[old_start:old_end]} and {text[start:end]} exclude each other; "
                "the later one was taken"
            )

    def _take_township(self, at: int) -> bool:
        match = _TOWNSHIP.match(self.draft.text, at)
        if match is None or TOWNSHIP in self.readings:
            return False
        if len(match.group()) < 3 or _NOT_IN_TOWNSHIP.search(match.group()[:-2]):
            return False
        self.draft.claim(TOWNSHIP, at, match.end())
        self.spans[TOWNSHIP] = (at, match.end())
        self.readings[TOWNSHIP] = []
        self.position = match.end()
        return True

    def _take_foreign(self, at: int) -> bool:
        if COUNTY in self.readings or TOWNSHIP in self.readings:
            return False
        if self.places and any(place.code for place in self.places):
            return False
        match = _FOREIGN_COUNTY.match(self.draft.text, at)
        if match is None or _NO_COUNTY.match(match.group()):
            return False
        level = CITY if not self.readings and match.group()[-1] == "市" else COUNTY
        self.draft.claim(level, at, match.end())
        self.spans[level] = (at, match.end())
        self.readings[level] = []
        self.position = match.end()
        return True


def read_divisions(draft: Draft) -> None:
    """Claim the divisions and settle where the address lies."""
    hits: Hits = {}
    for start, end, readings in draft.gazetteer.find_forms(draft.text):
        hits.setdefault(start, []).append((end, readings))
    walk = _Walk(draft, hits)
    walk.run(0)
    if not walk.places:
        for start in sorted(hits):
            if start > 0 and any(
                r.kind == FULL and r.level in (PROVINCE, CITY, COUNTY)
                for _, rs in hits[start]
                for r in rs
            ):
                walk.run(start)
                if walk.places:
                    break
    _settle(draft, walk)


def _settle(draft: Draft, walk: _Walk) -> None:
    for level, readings in walk.readings.items():
        kinds = {r.kind for r in readings}
        if kinds == {FORMER}:
            draft.reasons.append("；".join(dict.fromkeys(r.note for r in readings if r.note)))
        elif kinds == {RETYPED} and len(readings) == 1:
            start, end = walk.spans[level]
            draft.reasons.append(f"{draft.text[start:end]} is {readings[0].division.name} today")
    draft.division = _shared(walk.places)


def _shared(places: list[Division]) -> Division | None:
    """The deepest division that all the possible places lie in."""
    if not places:
        return None
    for level in (TOWNSHIP, COUNTY, CITY, PROVINCE):
        found = {id(place.at(level)) for place in places}
        if len(found) == 1 and places[0].at(level) is not None:
            return places[0].at(level)
    return None


def _is_bare(form: str, reading: Reading) -> bool:
    if reading.level == TOWNSHIP:
        return not form.endswith(("镇", "乡", "街道")) or reading.kind == SHORT
    return form[-1] not in "省市区县州" or reading.kind == SHORT


def _same(known: list[Reading], reading: Reading) -> bool:
    return any(other.division is reading.division for other in known)


def _deeper_named(readings: dict[str, list[Reading]], reading: Reading) -> bool:
    return any(DEPTH[level] > DEPTH[reading.level] + 1 for level in readings)
