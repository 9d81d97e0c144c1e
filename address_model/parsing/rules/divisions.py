"""Provinces, cities, counties and townships, read from the front of the text by the gazetteer.

The rule walks along the text as long as it meets division names. It knows short forms (浙江,
萧山), other suffixes (崇贤镇 for 崇贤街道), former names and abolished counties (江干区, 鄞县),
levels that are missing or in the wrong order (椒江区台州市). A name is no division when a road, a
bridge or a building takes its name from it (鄞县大道, 绍兴路, 重庆大厦). A township that the
gazetteer does not know is read by its suffix; one named behind a road is found too. Of a level
named twice one is kept: the fuller name, or the later block (浙江省杭州市浙江省杭州市余杭区).
"""

from address_model.divisions import COUNTY, FORMER, PROVINCE, TOWNSHIP
from address_model.parsing.draft import Draft
from address_model.parsing.rules.division_heads import heads_of
from address_model.parsing.rules.division_steps import MetDivision
from address_model.parsing.rules.division_walk import Walk
from address_model.parsing.rules.division_words import SKIPPED


def read_divisions(draft: Draft) -> None:
    """Claim the divisions and settle where the address lies."""
    text = draft.text
    heads = heads_of(draft.gazetteer)
    head = heads.find(text)
    if head.is_all_of(text, draft.gazetteer):
        draft.take(head.claims, head.marks, head.reasons)
        draft.division = head.division
        return
    walk = Walk(draft, head)
    end = walk.run(head.end)
    heads.remember(text, walk.entries)
    if not walk.standing.places:
        end = walk.find_anchor(end)
    places = walk.standing.places
    if not places or (places[0].level == PROVINCE and places[0].code):
        walk.find_zone_county()
    if walk.standing.places and TOWNSHIP not in walk.standing.levels:
        walk.find_township(end)
    if len(walk.entries) > len(walk.standing.levels):
        _claim_once(draft, walk, is_end=end >= len(text))
    else:
        draft.take(head.claims, head.marks, head.reasons)
        _claim(draft, walk.entries[len(head.entries) :])
    for start, end in walk.skipped:
        draft.put_aside(start, end)
    draft.division = walk.standing.division


def _claim(draft: Draft, entries: list[MetDivision]) -> None:
    for entry in entries:
        draft.claim(entry.level, entry.start, entry.end)
        draft.reasons += entry.reasons(draft.text)


def _claim_once(draft: Draft, walk: Walk, *, is_end: bool) -> None:
    """Claim one entry of each level and leave out the others."""
    kept: dict[str, MetDivision] = {}
    for entry in walk.entries:
        known = kept.get(entry.level)
        if known is None or _replaces(entry, known, walk, is_end=is_end):
            kept[entry.level] = entry
    for entry in walk.entries:
        if kept[entry.level] is entry:
            _claim(draft, [entry])
            continue
        draft.put_aside(entry.start, entry.end)
        text = draft.text[entry.start : entry.end]
        draft.reasons.append(f"{text} is left out: the {entry.level} is named twice")


def _replaces(entry: MetDivision, known: MetDivision, walk: Walk, *, is_end: bool) -> bool:
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
