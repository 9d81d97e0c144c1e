"""The walk along a text from one division name to the next; see ``divisions`` for the rule."""

import re
from dataclasses import replace
from operator import ne

from address_model.divisions import CITY, COUNTY, FORMER, FULL, PROVINCE, TOWNSHIP, DivisionMeaning
from address_model.parsing.draft import Draft
from address_model.parsing.rules.division_heads import DivisionHead
from address_model.parsing.rules.division_steps import (
    MetDivision,
    Readings,
    best,
    fitting,
    step,
    step_plainly,
)
from address_model.parsing.rules.division_words import (
    COUNTY_ENDS,
    NO_FULL,
    NO_FULL_FIRST,
    NO_SHORT,
    SKIPPED,
    SKIPPED_FIRST,
    TOWNSHIP_WORD,
    block_of,
)

_TOWNSHIP = re.compile(
    r"(?:(?!经济|高新|工业)[一-龥]{1,4}?(?:街道|镇|乡)|城关(?!镇))"
    r"(?!路|街|大道|中心|企业|村|府|东路|西路|南路|北路|中路|中学|小学|卫|医|级)"
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
_ZONE_FOLLOWS = re.compile(r"(?:经济|工业|高新|技术|开发|湾)[一-龥]{0,6}[区园]")
Ends = list[tuple[int, Readings]]


class Walk:
    """The state of a walk: what was named so far and where the address may still lie."""

    def __init__(self, draft: Draft, head: DivisionHead) -> None:
        self.text = draft.text
        self.gazetteer = draft.gazetteer
        self.entries = list(head.entries)
        self.standing = head.standing
        self.skipped: list[tuple[int, int]] = []

    def run(self, position: int) -> int:
        """Walk from a position until no division follows; return where that is."""
        text = self.text
        find_ends = self.gazetteer.find_forms_at
        while position < len(text):
            at = position
            skipped = None
            if text[at] in SKIPPED_FIRST:
                skipped = SKIPPED.match(text, position)
                at = skipped.end() if skipped else position
            ends = find_ends(text, at)
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

    def find_anchor(self, position: int) -> int:
        """Walk from the first full name behind a position that leads anywhere."""
        for start, ends in sorted(self.gazetteer.find_forms(self.text).items()):
            if start >= position and any(
                r.kind == FULL and r.level in (PROVINCE, CITY, COUNTY)
                for _, readings in ends
                for r in readings
            ):
                position = self.run(start)
                if self.standing.places:
                    break
        return position

    def find_township(self, position: int) -> None:
        """Look for a township's full name behind a road or a zone."""
        if not TOWNSHIP_WORD.search(self.text, position):
            return
        for start, ends in self.gazetteer.find_forms(self.text).items():
            if start < position:
                continue
            for end, readings in ends:
                kept = [r for r in readings if r.level == TOWNSHIP and not r.bare]
                kept = [r for r in kept if self.standing.reaches(r.division)]
                if kept and not NO_SHORT.match(self.text, end):
                    self._enter(MetDivision(TOWNSHIP, start, end, tuple(kept), bare=False))
                    return

    def find_zone_county(self) -> None:
        """Believe the county that a development zone is named after (德清经济开发区)."""
        if not _ZONE_FOLLOWS.search(self.text):
            return
        for ends in self.gazetteer.find_forms(self.text).values():
            for end, readings in ends:
                counties = tuple([r.division for r in readings if r.level in (CITY, COUNTY)])
                if counties and counties[0].code and _ZONE_FOLLOWS.match(self.text, end):
                    self.standing = replace(self.standing, places=counties)
                    return

    def _plain(self, at: int, ends: Ends) -> MetDivision | None:
        """Take the usual case at once: a full name with one meaning, inside what was named."""
        end, readings = ends[-1]
        standing = step_plainly(self.standing, readings)
        if standing is None:
            return None
        follows = self.text[end : end + 1] in NO_FULL_FIRST and not self._ends_at(end)
        if follows and NO_FULL.match(self.text, end):
            return None
        entry = MetDivision(readings[0].level, at, end, readings, False)
        self.entries.append(entry)
        self.standing = standing
        return entry

    def _known(self, at: int, ends: Ends) -> MetDivision | None:
        for end, readings in reversed(ends):
            kept = fitting(self.standing, readings)
            goes_on = any(r.division.code for _, after in self._ends_at(end) for r in after)
            if kept and not goes_on:
                kept = tuple([r for r in kept if not block_of(r).match(self.text, end)])
                if kept and kept[0].bare and end < len(self.text):
                    kept = tuple([r for r in kept if not self.standing.names(r.division)])
            if kept:
                kept = best(self.standing, kept)
                return MetDivision(kept[0].level, at, end, kept, kept[0].bare)
        return None

    def _ends_at(self, at: int) -> Ends:
        return self.gazetteer.find_forms_at(self.text, at)

    def _enter(self, entry: MetDivision) -> None:
        self.entries.append(entry)
        self.standing = step(self.standing, entry.level, entry.readings)

    def _township(self, at: int) -> MetDivision | None:
        """A township that the gazetteer does not know, by its suffix."""
        if TOWNSHIP in self.standing.levels:
            return None
        match = _TOWNSHIP.match(self.text, at)
        if match is None or (len(match.group()) < 3 and match.group() != "城关"):
            return None
        if _NOT_IN_TOWNSHIP.search(match.group()[:-2]):
            return None
        return MetDivision(TOWNSHIP, at, match.end(), (), bare=False)

    def _foreign(self, at: int) -> MetDivision | None:
        """A county or city outside the register, by its suffix."""
        if COUNTY in self.standing.levels or TOWNSHIP in self.standing.levels:
            return None
        if self.standing.places and self.standing.places[0].code:
            return self._misspelt(at)
        match = _FOREIGN_COUNTY.match(self.text, at)
        if match is None or (_NO_COUNTY.match(match.group()) and len(match.group()) != 4):
            return None
        within = [self._ends_at(start) for start in range(at + 1, match.end())]
        if any(not r.bare for ends in within for _, readings in ends for r in readings):
            return None  # a full name of the register begins inside
        level = CITY if not self.entries and match.group()[-1] == "市" else COUNTY
        return MetDivision(level, at, match.end(), (), bare=False)

    def _misspelt(self, at: int) -> MetDivision | None:
        """A county of the city with one wrong character (义务市 for 义乌市)."""
        form = self.text[at : at + 3]
        if form[2:] not in COUNTY_ENDS or _NO_COUNTY.match(form):
            return None
        city = self.standing.places[0].at(CITY)
        found = [
            readings[0]
            for name, readings in self.gazetteer.counties.items()
            if len(name) == len(form)
            and sum(map(ne, form, name)) == 1
            and (city is None or readings[0].division.at(CITY) is city)
        ]
        if len(found) != 1:
            return None
        note = f"{form} was read as {found[0].division.name}"
        reading = DivisionMeaning(found[0].division, FORMER, COUNTY, note)
        return MetDivision(COUNTY, at, at + 3, (reading,), bare=False)
