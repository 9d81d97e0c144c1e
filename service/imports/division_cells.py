"""Strips divisions from name cells: a street cell often repeats them (余姚市泗门镇人民路)."""

from address_model.elements import Elements
from service.divisions.register import COUNTY_LEVEL, LEVEL_NAMES, DivisionRegister, DivisionRow

_NAMED = ("thoroughfare", "estate", "natural_village")
_LEAST = 3
"""Minimum length of a name after its divisions: 泗门镇北路 stays whole, 泗门镇人民路 does not."""


class DivisionsDisagree(ValueError):
    """A name begins with a division other than the row's; the argument is the cell."""


def strip_divisions(
    register: DivisionRegister, elements: Elements, county: DivisionRow
) -> Elements:
    """Remove divisions from the names; a township found only in a name is moved to its own field.

    Raises:
        DivisionsDisagree: a name begins with another county or township.
    """
    for field in _NAMED:
        whole: str = getattr(elements, field)
        if len(whole) <= _LEAST + 1:
            continue
        rest = whole
        for one in register.path(county.id):
            rest = _without(rest, one.name)
        if elements.township:
            rest = _without(rest, elements.township)
        # the township that the name begins with, if enough is left to be a name
        lengths = range(len(rest) - _LEAST, _LEAST, -1)
        leading = (register.find_child(county.id, rest[:length]) for length in lengths)
        townships = (one for one in leading if one is not None and one.level == COUNTY_LEVEL + 1)
        township = next(townships, None)
        if township is not None:
            if elements.township:
                raise DivisionsDisagree(whole)
            rest = rest[len(township.name) :]
            elements = elements._replace(township=township.name)
        if rest == whole and register.names_county(whole[:4], county):
            raise DivisionsDisagree(whole)
        if elements.community:
            rest = _without(rest, elements.community)
        if rest != whole:
            elements = elements._replace(**{field: rest})  # type: ignore[arg-type]
    return elements


def complete_divisions(
    register: DivisionRegister, elements: Elements, within: DivisionRow | None
) -> Elements:
    """Fill missing divisions from the division that the whole list is declared to lie in.

    A row that names another county is left as it is.
    """
    if within is None:
        return elements
    names = register.names(within.id)
    if elements.county and elements.county != names.get("county", elements.county):
        return elements
    lacking = {level: name for level, name in names.items() if not getattr(elements, level)}
    return elements._replace(**lacking)  # type: ignore[arg-type]


def find_homes(register: DivisionRegister, level: str, name: str) -> tuple[str, ...]:
    """The names of the parents of all divisions with this name and level, as a hint."""
    homes = (
        register.by_id[row.parent_id].name
        for row in register.by_id.values()
        if row.name == name and LEVEL_NAMES[row.level] == level and row.parent_id in register.by_id
    )
    return tuple(dict.fromkeys(homes))


def _without(name: str, division: str) -> str:
    """A name without the division before it, if enough is left to be a name."""
    if name.startswith(division) and len(name) >= len(division) + _LEAST:
        return name[len(division) :]
    return name
