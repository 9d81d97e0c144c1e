"""Turns a finished draft into elements, plates and a verdict."""

from dataclasses import replace

from address_model.elements import Elements, Numbered
from address_model.gazetteer import CITY, COUNTY, PROVINCE, TOWNSHIP, Division
from address_model.normalising import Step
from address_model.parsing.draft import Draft
from address_model.parsing.reading import Element, Parse, Verdict

_NAMES = ("devzone", "thoroughfare", "natural_village", "estate")
_NUMBERED = ("group", "number", "building", "unit", "floor", "room")


def assemble(draft: Draft, steps: list[Step]) -> Parse:
    """Return the parse that a draft amounts to."""
    draft.claims.sort(key=lambda claim: claim.start)
    division = _with_community(draft)
    place = _place(draft, division)
    plates = _plates(place, draft)
    county = division.at(COUNTY) if division else None
    return Parse(
        text=draft.normal.raw,
        elements=_elements(draft),
        place=place,
        plates=plates,
        verdict=_verdict(draft, plates),
        division=_code(division),
        county=county.code[:6] if county else "",
        reasons=tuple(dict.fromkeys((*draft.reasons, *draft.doubts))),
        steps=tuple(steps),
    )


def _elements(draft: Draft) -> tuple[Element, ...]:
    raw = draft.normal.raw
    found = []
    for claim in draft.claims:
        start, end = draft.normal.raw_span(claim.start, claim.end)
        found.append(Element(claim.level, raw[start:end], start, end))
    return tuple(found)


def _code(division: Division | None) -> str:
    while division is not None and not division.code:
        division = division.parent
    return division.code if division else ""


def _with_community(draft: Draft) -> Division | None:
    division = draft.division
    if division is None or division.level != TOWNSHIP:
        return division
    for claim in draft.claims:
        if claim.level in ("community", "natural_village"):
            name = draft.text[claim.start : claim.end]
            found = draft.gazetteer.find_community(division, name)
            if found:
                return found
    return division


def _place(draft: Draft, division: Division | None) -> Elements:
    values: dict[str, object] = {}
    lanes: list[Numbered] = []
    for claim in draft.claims:
        if claim.level == "lane" and claim.value:
            lanes.append(claim.value)
        elif claim.level in _NUMBERED and claim.value:
            values.setdefault(claim.level, claim.value)
        elif claim.level in _NAMES or claim.level in (
            "township",
            "community",
            "county",
            "city",
            "province",
        ):
            values.setdefault(claim.level, draft.text[claim.start : claim.end])
    for level in (PROVINCE, CITY, COUNTY, TOWNSHIP, "community"):
        known = division.at(level) if division else None
        if known:
            values[level] = known.name
    return Elements(**values, lanes=tuple(lanes))  # type: ignore[arg-type]


def _plates(place: Elements, draft: Draft) -> tuple[Elements, ...]:
    if not draft.has("number", "building", "room", "unit"):
        return ()
    plates = [place]
    for level, values in draft.lists:
        plates = [_with(plate, level, value) for plate in plates for value in values]
        names = "、".join(str(v) for v in values)
        draft.reasons.append(f"the text names {len(values)} of level {level}: {names}")
    return tuple(plates)


def _with(plate: Elements, level: str, value: Numbered) -> Elements:
    return replace(plate, room=value) if level == "room" else replace(plate, number=value)


def _verdict(draft: Draft, plates: tuple[Elements, ...]) -> Verdict:
    if draft.doubts:
        return Verdict.AMBIG
    if not plates:
        return Verdict.NOPLATE
    return Verdict.LIST if len(plates) > 1 else Verdict.OK
