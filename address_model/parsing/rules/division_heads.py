"""The division names that texts begin with, remembered: the addresses of a list share them.

A head is a chain of names as the walk read them (浙江省杭州市西湖区, 余杭区仓前街道). It is kept
when no text that begins so is read otherwise, but for a few words right behind it, which are
looked for each time (鄞县大道, 绍兴路).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from address_model.divisions import COUNTY, PROVINCE, TOWNSHIP, Division
from address_model.gazetteer import Gazetteer
from address_model.parsing.draft import MARKS, Claim
from address_model.parsing.rules.division_steps import (
    START,
    MetDivision,
    Readings,
    WalkState,
    best,
    fitting,
    step,
    step_plainly,
)
from address_model.parsing.rules.division_words import (
    COUNTY_ENDS,
    NO_FULL,
    SKIPPED_FIRST,
    TOWNSHIP_WORD,
    block_of,
)

MOST_HEADS = 10_000
"""When there are more, all are forgotten. 72,747 real addresses of a province have 5,400, and a
head takes two kilobytes or three."""

_SKIPPED_BEGINNINGS = ("市辖", "其它", "其他", "中国", "地处", "城区")


@dataclass(frozen=True, slots=True, eq=False)
class DivisionHead:
    """The division names that a text begins with, and all that follows from them."""

    end: int = 0
    entries: tuple[MetDivision, ...] = ()
    claims: tuple[Claim, ...] = ()
    marks: str = ""
    reasons: tuple[str, ...] = ()
    standing: WalkState = START
    division: Division | None = None
    block: re.Pattern[str] = NO_FULL
    """What must not follow, because a road or a building takes its name from the last one."""
    longer: tuple[str, ...] = ()
    """What must not follow, because it would make a longer name of one."""
    is_settled: bool = False
    """The city is known, so that only a county or a township can follow."""

    def is_all_of(self, text: str, gazetteer: Gazetteer) -> bool:
        """Tell whether no other division can follow in a text."""
        end = self.end
        if not self.is_settled or text[end : end + 1] in SKIPPED_FIRST:
            return False
        for _, readings in gazetteer.find_forms_at(text, end):
            if fitting(self.standing, readings):
                return False
        levels = self.standing.levels
        if TOWNSHIP in levels:
            return True
        may_be_misspelt = COUNTY not in levels and text[end + 2 : end + 3] in COUNTY_ENDS
        return not may_be_misspelt and not TOWNSHIP_WORD.search(text, end)

    def may_stand(self, text: str) -> bool:
        """Tell whether what follows in a text leaves the head as it is."""
        return not (text.startswith(self.longer, self.end) or self.block.match(text, self.end))


_NOTHING = DivisionHead()


class Heads:
    """The heads that were met with one gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._heads: dict[str, DivisionHead] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        """The lengths of the heads that begin with two characters, longest first."""

    def find(self, text: str) -> DivisionHead:
        """Return the longest known head of a text; an empty one if there is none."""
        for length in self._lengths.get(text[:2], ()):
            head = self._heads.get(text[:length])
            if head is not None:
                return head if head.may_stand(text) else _NOTHING
        return _NOTHING

    def remember(self, text: str, entries: list[MetDivision]) -> None:
        """Keep the names that a walk met in front, as far as what follows could not matter."""
        head = _NOTHING
        for entry in entries:
            front = text[: entry.end]
            known = self._heads.get(front)
            if known is None:
                possible = self._possible(head, entry, text)
                if not possible:
                    return
                known = self._extended(head, entry, text, possible)
                if len(self._heads) >= MOST_HEADS:
                    self._heads, self._lengths = {}, {}
                self._heads[front] = known
                lengths = {len(front), *self._lengths.get(front[:2], ())}
                self._lengths[front[:2]] = tuple(sorted(lengths, reverse=True))
            head = known

    def _possible(self, head: DivisionHead, entry: MetDivision, text: str) -> Readings:
        """What an entry behind a head can mean, or nothing unless it is always read as it is."""
        standing, start = head.standing, entry.start
        ends = self._gazetteer.find_forms_at(text, start)
        is_next = start == head.end and not text.startswith(_SKIPPED_BEGINNINGS, start)
        if not is_next or entry.level in standing.levels or not ends or ends[-1][0] != entry.end:
            return ()
        if head.entries and not any(reading.division.code for reading in entry.readings):
            return ()  # the walk also asks what follows the name before
        possible = ends[-1][1]
        if step_plainly(standing, possible) is None:
            possible = fitting(standing, possible)
            if possible and possible[0].bare and any(standing.names(r.division) for r in possible):
                return ()
        is_alike = len({block_of(reading) for reading in possible}) == 1
        return possible if is_alike and best(standing, possible) == entry.readings else ()

    def _extended(
        self, head: DivisionHead, entry: MetDivision, text: str, possible: Readings
    ) -> DivisionHead:
        """A head with one more entry."""
        entries = (*head.entries, entry)
        longer = []
        for start in [known.start for known in entries]:
            name = text[start : entry.end]
            for form, length, _ in self._gazetteer.beginnings.get(name[:2], ()):
                if length > len(name) and form.startswith(name):
                    longer.append(form[len(name) :])
        standing = step(head.standing, entry.level, entry.readings)
        places, levels = standing.places, standing.levels
        is_known = bool(places) and places[0].level != PROVINCE
        return DivisionHead(
            entry.end,
            entries,
            (*head.claims, Claim(entry.start, entry.end, entry.level)),
            head.marks + MARKS[entry.level] * (entry.end - entry.start),
            (*head.reasons, *entry.reasons(text)),
            standing,
            standing.division,
            block_of(possible[0]),
            tuple(longer),
            is_known and (COUNTY in levels or TOWNSHIP in levels or bool(places[0].code)),
        )


@lru_cache(maxsize=4)
def heads_of(gazetteer: Gazetteer) -> Heads:
    """Return what is remembered of one gazetteer."""
    return Heads(gazetteer)
