"""What history says of the township and county of a text: renamed, merged, divided, moved.

Explanations come from division lists and decisions alone; see ``address_model.gazetteer``.
"""

from dataclasses import dataclass

from address_model.division_codes import township_code
from address_model.divisions import COUNTY, FORMER, RETYPED, TOWNSHIP, Division, DivisionMeaning
from address_model.gazetteer import Gazetteer
from address_model.normal_form import normalise
from address_model.parsing import Parse
from address_model.township_moves import TownshipMove


@dataclass(frozen=True, slots=True)
class SaidTownship:
    """The township that a text names; false when it names none.

    ``codes`` are the townships that it is today, 12 digits each, or its name while no division list
    knows it; ``decision`` says why they are others than the text says. It may be ``anywhere`` in
    its county when the lists tell only that.
    """

    name: str = ""
    codes: tuple[str, ...] = ()
    decision: str = ""
    anywhere: bool = False

    def __bool__(self) -> bool:
        return bool(self.name)


NO_TOWNSHIP = SaidTownship()


def read_township(reading: Parse, gazetteer: Gazetteer) -> SaidTownship:
    """The township that a reading names, and what it is today."""
    name = reading.place.township
    if not name:
        return NO_TOWNSHIP
    written = next((e.text for e in reversed(reading.elements) if e.level == TOWNSHIP), name)
    written = normalise(written).text
    code = township_code(reading.division)
    known = gazetteer.find_division(code) if code else None
    if known is not None and written == known.name:
        return SaidTownship(name, (code,))
    former = [
        one
        for one in gazetteer.forms.get(written, ())
        if one.level == TOWNSHIP
        and one.kind in (FORMER, RETYPED)
        and one.division.code.startswith(reading.county)
    ]
    decision = "；".join(dict.fromkeys(_decision(one, written) for one in former))
    if code:
        return SaidTownship(written, (code,), decision)
    codes = [one.division.code for one in former if one.division.level == TOWNSHIP]
    return SaidTownship(written, (*codes, name[:12]), decision, anywhere=len(codes) < len(former))


def _decision(reading: DivisionMeaning, written: str) -> str:
    return reading.note or f"{written}今为{reading.division.name}"


def find_other_county(reading: Parse, gazetteer: Gazetteer) -> Division | None:
    """The county that a text names although its address, by its township, lies in another.

    Of two counties that a text names the parser keeps one: the other is asked about too.
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
    """The move that explains why a text puts its township into a county that it left."""
    for move in gazetteer.moves:
        if move.county_then == county.code[:6] and move.holds(reading.division):
            return move
    return None


def list_moves(reading: Parse, gazetteer: Gazetteer) -> list[TownshipMove]:
    """The townships that left the county of a text that names no township."""
    if not reading.county or reading.place.township:
        return []
    return [move for move in gazetteer.moves if move.county_then == reading.county]


def explain_move(move: TownshipMove, gazetteer: Gazetteer) -> str:
    """The move in words."""
    then, now = gazetteer.find_division(move.county_then), gazetteer.find_division(move.county_now)
    return f"{move.name}{move.year}年由{then.name if then else ''}划归{now.name if now else ''}"
