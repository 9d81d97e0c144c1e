"""Finds the names a new name may be confused with, in this register.

It searches place names, former ones included, and divisions.
"""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from address_model.pinyin import plain_pinyin
from address_model.same_names import Likeness, compare_names, scope_of
from address_model.tables import Division, PlaceName, PlaceNameForm
from service.divisions.queries import get_division

_LEVELS = {"county": 3, "township": 4, "village": 5}


@dataclass(frozen=True, slots=True, order=True)
class Confusable:
    """An existing name: how it resembles the new one, where it is, and which register has it."""

    likeness: Likeness
    name: str
    division: str
    known_as: str


def list_confusable(session: Session, name: str, kind: str, division: str) -> list[Confusable]:
    """Existing names that equal a new name of a kind in a division, or sound the same.

    Raises:
        DivisionNotFound: there is no such division.
    """
    row = get_division(session, division)
    county = get_division(session, row.code[:6]) if row.level >= 3 else row
    scope = scope_of(kind, row.code, is_district=county.name.endswith("区"))
    found: set[Confusable] = set()
    plain = plain_pinyin(name)
    for text, sound, known_as in (
        (PlaceName.standard_name, PlaceName.pinyin_plain, "place name"),
        (PlaceNameForm.text, PlaceNameForm.pinyin_plain, "former name of"),
    ):
        statement = select(text, Division.code, PlaceName.number).select_from(PlaceName)
        if text is PlaceNameForm.text:
            statement = statement.join(PlaceNameForm, PlaceNameForm.place_name_id == PlaceName.id)
        statement = statement.join(Division, Division.id == PlaceName.division_id).where(
            PlaceName.kind == kind,
            Division.code.startswith(scope),
            or_(text == name, sound == plain),
        )
        for held, code, number in session.execute(statement):
            likeness = compare_names(name, held) or Likeness.SAME_SOUND
            found.add(Confusable(likeness, held, code, f"{known_as} {number}"))
    divisions = select(Division.name, Division.code).where(
        Division.level == _LEVELS.get(kind),
        Division.code.startswith(scope),
        Division.code_system == "nbs",
    )
    for held, code in session.execute(divisions) if kind in _LEVELS else ():
        short = held.removesuffix("委会").removesuffix("居")
        same = compare_names(name, short) or compare_names(name, held)
        if same:
            found.add(Confusable(same, held, code, "division"))
    return sorted(found)
