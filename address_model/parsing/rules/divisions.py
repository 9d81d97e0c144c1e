"""Provinces, cities, counties and townships, read from the front of the text by the gazetteer.

The rule walks along the text as long as it meets division names. It knows short forms (浙江,
萧山), other suffixes (崇贤镇 for 崇贤街道), former names and abolished counties (江干区, 鄞县),
levels that are missing or in the wrong order (椒江区台州市). A name is no division when a road, a
bridge or a building takes its name from it (鄞县大道, 绍兴路, 重庆大厦). A township that the
gazetteer does not know is read by its suffix; one named behind a road is found too. Of a level
named twice one is kept: the fuller name, or the later block (浙江省杭州市浙江省杭州市余杭区).
"""

from address_model.divisions import (
    CITY,
    COUNTY,
    FORMER,
    FULL,
    PROVINCE,
    RETYPED,
    TOWNSHIP,
    Division,
    Reading,
)
from address_model.parsing.draft import Draft
from address_model.parsing.rules.division_walk import SKIPPED, Entry, Walk


def read_divisions(draft: Draft) -> None:
    """Claim the divisions and settle where the address lies."""
    walk = Walk(draft)
    end = walk.run(0)
    if not walk.places:
        for start in sorted(walk.hits):
            if start >= end and any(_is_anchor(r) for _, rs in walk.hits[start] for r in rs):
                end = walk.run(start)
                if walk.places:
                    break
    if walk.places and TOWNSHIP not in walk.levels:
        walk.find_township(end)
    if not walk.places or walk.places[0].level == PROVINCE:
        walk.find_zone_county()
    _claim_entries(draft, walk, is_end=end >= len(draft.text))
    draft.division = _shared(walk.places)


def _is_anchor(reading: Reading) -> bool:
    return reading.kind == FULL and reading.level in (PROVINCE, CITY, COUNTY)


def _claim_entries(draft: Draft, walk: Walk, *, is_end: bool) -> None:
    entries = walk.entries
    kept: dict[str, Entry] = {}
    if len(entries) > len(walk.levels):
        for entry in entries:
            known = kept.get(entry.level)
            if known is None or _replaces(entry, known, walk, is_end=is_end):
                kept[entry.level] = entry
    spans = []
    for entry in entries:
        level, start, end, readings, _ = entry
        if kept and kept[level] is not entry:
            spans.append(("other", start, end))
            text = draft.text[start:end]
            draft.reasons.append(f"{text} is left out: the {level} is named twice")
            continue
        spans.append((level, start, end))
        if readings and readings[0].kind != FULL:
            _explain(draft, entry, draft.text[start:end])
    spans += [("other", start, end) for start, end in walk.skipped]
    draft.claim_all(spans)


def _replaces(entry: Entry, known: Entry, walk: Walk, *, is_end: bool) -> bool:
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
    between = SKIPPED.sub("", walk.text[known.end : entry.start])
    return entry.bare if not between else not is_end


def _explain(draft: Draft, entry: Entry, text: str) -> None:
    kinds = {r.kind for r in entry.readings}
    if kinds == {FORMER}:
        draft.reasons += [r.note for r in entry.readings if r.note]
    elif kinds == {RETYPED} and len(entry.readings) == 1:
        draft.reasons.append(f"{text} is {entry.readings[0].division.name} today")


def _shared(places: list[Division]) -> Division | None:
    """The deepest division that all the possible places lie in."""
    if len(places) == 1:
        return places[0]
    for level in (TOWNSHIP, COUNTY, CITY, PROVINCE):
        found = [place.at(level) for place in places]
        if found and found[0] is not None and all(other is found[0] for other in found):
            return found[0]
    return None
