"""Reads addresses by street and number, many in one statement, and the numbers nearest to them."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.elements import Elements, elements_to_plain
from address_model.tables.addresses import LANES
from service.addresses.queries import AddressRow, find_addresses


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

_AT_NUMBER = text(
    _OF_DOORS.format(
        rows=f"""
select code from (
  select code, apart, min(apart) over () as least from (
    select code, (concat(e->'number'->>'number', e->'number'->>'suffix') <> w.number)::int
      + (concat(e->'building'->>'number', e->'building'->>'suffix') <> w.building)::int
      + (concat(e->'unit'->>'number', e->'unit'->>'suffix') <> w.unit)::int
      + (concat(e->'floor'->>'number', e->'floor'->>'suffix') <> w.floor)::int
      + (concat(e->'room'->>'number', e->'room'->>'suffix') <> w.room)::int
      + (concat(e->'thing'->>'number', e->'thing'->>'quantifier') <> w.thing)::int as apart
    from (
      select code, elements as e from address a
      where a.county = w.county and a.street = w.street and a.number_order = w.number_order
        and {LANES} = w.lanes
        and (a.level <> 'room'
          or a.elements->'room'->>'number' = any(string_to_array(w.rooms, ' ')))
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

_SPELT_AT_NUMBER = text(
    _OF_DOORS.format(rows=f"{_ON_STREET} a.number_order = w.number_order and {_SPELT}")
)
_SPELT_WITHOUT = text(_OF_DOORS.format(rows=f"{_ON_STREET} a.number_order is null and {_SPELT}"))
_WITHOUT_NUMBER = text(_OF_DOORS.format(rows=f"{_ON_STREET} a.number_order is null"))
_NEIGHBOURS = text(
    _OF_DOORS.format(
        rows=f"""
({_ON_STREET} a.number_order <= w.number_order and a.level <> 'thing'
  order by a.number_order desc limit 3) union all
({_ON_STREET} a.number_order > w.number_order and a.level <> 'thing'
  order by a.number_order limit 3)"""
    )
)

MOST_ROWS = 300
LIKELIEST = 12
"""Maximum number of rows compared with a text that no row matches in full, most similar first: one
number of a long street may have hundreds, in its lanes and on their floors."""


def lanes_of(elements: Elements) -> str:
    """Lanes in the form of the register: see ``DoorMatch.lanes``."""
    plain = elements_to_plain(elements)
    return json.dumps(plain["lanes"], ensure_ascii=False) if "lanes" in plain else ""


def like_of(elements: Elements) -> tuple[str, ...]:
    """The fields that rank rows at a number: ``number`` to ``thing`` of a ``DoorMatch``."""
    levels = (elements.number, elements.building, elements.unit, elements.floor, elements.room)
    thing = str(elements.thing) if elements.thing else ""
    return *(value.number + value.suffix if value else "" for value in levels), thing


def list_doors(session: Session, doors: Sequence[DoorMatch]) -> list[AddressRow]:
    """The addresses at these doors; a door without a number means addresses without one.

    At most four queries for any number of doors; each door is one index access.
    """
    kinds = (
        (_AT_NUMBER, LIKELIEST, [d for d in doors if not d.spelt and d.number_order is not None]),
        (_WITHOUT_NUMBER, MOST_ROWS, [d for d in doors if not d.spelt and d.number_order is None]),
        (_SPELT_AT_NUMBER, MOST_ROWS, [d for d in doors if d.spelt and d.number_order is not None]),
        (_SPELT_WITHOUT, MOST_ROWS, [d for d in doors if d.spelt and d.number_order is None]),
    )
    codes: list[str] = []
    for statement, most, some in kinds:
        if some:
            codes += session.execute(statement, _arrays(some) | {"most": most}).scalars()
    return _rows(session, codes)


def list_neighbours(session: Session, doors: Sequence[DoorMatch]) -> list[AddressRow]:
    """The addresses whose numbers are nearest to these doors, at most six of each."""
    if not doors:
        return []
    codes = session.execute(_NEIGHBOURS, _arrays(doors) | {"most": 6}).scalars()
    return _rows(session, list(codes))


def _rows(session: Session, codes: Sequence[str]) -> list[AddressRow]:
    return list(find_addresses(session, sorted(set(codes))).values()) if codes else []


def _arrays(doors: Sequence[DoorMatch]) -> dict[str, object]:
    columns = zip(*doors, strict=True)
    return {name: list(column) for name, column in zip(DoorMatch._fields, columns, strict=True)}
