"""SQL statements that look up many doors at once, one index access each."""

from typing import NamedTuple

from sqlalchemy import text

from address_model.tables.addresses import LANES


class DoorMatch(NamedTuple):
    """A number in a street of a county; inside a building only the given rooms are read.

    The statements take its fields as arrays under these names.
    """

    county: str
    street: str
    number_order: int | None
    rooms: str = ""
    """Room numbers, separated by blanks."""
    lanes: str = ""
    """In the form of the register."""
    number: str = ""
    """With its suffix, like the following five."""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    thing: str = ""
    spelt: str = ""
    """If set, only addresses with this squeezed local text match."""
    digits: str = ""
    """Digits that occur in that text."""


_KINDS = {"number_order": "int"}
_ARRAYS = ", ".join(f"cast(:{name} as {_KINDS.get(name, 'text')}[])" for name in DoorMatch._fields)
_OF_DOORS = f"""
select found.code from unnest({_ARRAYS}) as w({", ".join(DoorMatch._fields)})
cross join lateral ({{rows}} limit :most) found
"""  # noqa: S608 - put together from our own constants
_ON_STREET = "select a.code from address a where a.county = w.county and a.street = w.street and "

AT_NUMBER = text(
    _OF_DOORS.format(
        rows=f"""
select code from (
  select code, apart, min(apart) over () as least from (
    select code, (concat(e->'number'->>0, e->'number'->>3) <> w.number)::int
      + (concat(e->'building'->>0, e->'building'->>3) <> w.building)::int
      + (concat(e->'unit'->>0, e->'unit'->>3) <> w.unit)::int
      + (concat(e->'floor'->>0, e->'floor'->>3) <> w.floor)::int
      + (concat(e->'room'->>0, e->'room'->>3) <> w.room)::int
      + (concat(e->'thing'->>0, e->'thing'->>1) <> w.thing)::int as apart
    from (
      select code, elements as e from address a
      where a.county = w.county and a.street = w.street and a.number_order = w.number_order
        and {LANES} = w.lanes
        and (a.level <> 'room' or a.elements->'room'->>0 = any(string_to_array(w.rooms, ' ')))
    ) a
  ) a
) a where apart = least or least > 0 order by apart, code"""  # noqa: S608 - our own constants
    )
)
"""Rows that match the text in every level or, without any, the most similar ones. An address in
another lane never matches: see ``address_model.comparison``."""

_SPELT = """strpos(a.standard_text, w.digits) > 0 and right(translate(replace(
  a.standard_text, '号楼', '幢'), '栋座-–—·.,，、。()（）/# ', '幢幢'), char_length(w.spelt))
  in (w.spelt, left(w.spelt, -1) || '房')"""
"""The same folds as ``reparse.squeeze``, which then decides; 室 and 房 are equal."""

SPELT_AT_NUMBER = text(
    _OF_DOORS.format(rows=f"{_ON_STREET} a.number_order = w.number_order and {_SPELT}")
)
SPELT_WITHOUT = text(_OF_DOORS.format(rows=f"{_ON_STREET} a.number_order is null and {_SPELT}"))
WITHOUT_NUMBER = text(_OF_DOORS.format(rows=f"{_ON_STREET} a.number_order is null"))
NEIGHBOURS = text(
    _OF_DOORS.format(
        rows=f"""
({_ON_STREET} a.number_order <= w.number_order and a.level <> 'thing'
  order by a.number_order desc limit 3) union all
({_ON_STREET} a.number_order > w.number_order and a.level <> 'thing'
  order by a.number_order limit 3)"""
    )
)
