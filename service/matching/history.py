"""Division history of the township and county of a text: renamed, merged, divided, moved.

Explanations come only from division lists and decisions; see ``address_model.gazetteer``.
"""

from dataclasses import dataclass

from address_model.division_codes import township_code
from address_model.divisions import COUNTY, FORMER, RETYPED, TOWNSHIP, Division
from address_model.gazetteer import Gazetteer
from address_model.normal_form import normalise
from address_model.parsing import Parse
from address_model.township_moves import TownshipMove


@dataclass(frozen=True, slots=True)
class NamedTownship:
    """The township named in a text; false when there is none.

    ``codes`` are its current townships, 12 digits each, or its name if no division list knows it;
    ``decision`` explains why they differ from the text. It may be ``anywhere`` in its county if
    the lists give no more.
    """

    name: str = ""
    codes: tuple[str, ...] = ()
    decision: str = ""
    anywhere: bool = False

    def __bool__(self) -> bool:
        return bool(self.name)


NO_TOWNSHIP = NamedTownship()


def read_township(reading: Parse, gazetteer: Gazetteer) -> NamedTownship:
    """The township named in a reading, with its current codes."""
    name = reading.place.township
    if not name:
        return NO_TOWNSHIP
    written = next((e.text for e in reversed(reading.elements) if e.level == TOWNSHIP), name)
    written = normalise(written).text
    code = township_code(reading.division)
    known = gazetteer.find_division(code) if code else None
    if known is not None and written == known.name:
        return NamedTownship(name, (code,))
    former = [
        one
        for one in gazetteer.forms.get(written, ())
        if one.level == TOWNSHIP
        and one.kind in (FORMER, RETYPED)
        and one.division.code.startswith(reading.county)
    ]
    decision = "；".join(
        dict.fromkeys(one.note or f"{written}今为{one.division.name}" for one in former)
    )
    if code:
        return NamedTownship(written, (code,), decision)
    codes = [one.division.code for one in former if one.division.level == TOWNSHIP]
    return NamedTownship(written, (*codes, name[:12]), decision, anywhere=len(codes) < len(former))


def find_other_county(reading: Parse, gazetteer: Gazetteer) -> Division | None:
    """The county named in a text whose township lies in another county.

    If a text names two counties, the parser keeps one; the other is checked here too.
    """
    if not reading.county:
        return None
    for element in reading.elements:
        if element.level not in (COUNTY, "other"):
            continue
        forms = gazetteer.forms.get(normalise(element.text).text, ())
        if element.level != COUNTY:
            forms = tuple(one for one in forms if one.level == COUNTY and not one.bare)
        named = [one.division for one in forms]
        if named and not any(d.code[:6] == reading.county or d.depth < 2 for d in named):
            return named[0]
    return None


def find_move(reading: Parse, county: Division, gazetteer: Gazetteer) -> TownshipMove | None:
    """The move that explains why a text names the former county of its township."""
    for move in gazetteer.moves:
        if move.county_then == county.code[:6] and move.holds(reading.division):
            return move
    return None


def list_moves(reading: Parse, gazetteer: Gazetteer) -> list[TownshipMove]:
    """The townships that left the county of a text without township."""
    if not reading.county or reading.place.township:
        return []
    return [move for move in gazetteer.moves if move.county_then == reading.county]


def explain_move(move: TownshipMove, gazetteer: Gazetteer) -> str:
    """The move in words."""
    then, now = gazetteer.find_division(move.county_then), gazetteer.find_division(move.county_now)
    return f"{move.name}{move.year}年由{then.name if then else ''}划归{now.name if now else ''}"
