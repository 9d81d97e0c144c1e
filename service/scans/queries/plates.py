"""Reads what a card shows of plate and address: the one statement, by token or by code.

Scans ask many tokens at a time over connections of their event loop, the other pages one in the
session of their request; what a row means is said here once for both.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from address_model.plain_elements import elements_from_plain
from address_model.positions import Accuracy, Position, PositionKind, counting_position
from service.addresses.queries import ENTRANCE_JOIN, ENTRANCE_LATERAL, entrance_of
from service.core.reads import StatementSource
from service.heritage.queries import STORY_KEY
from service.scans.sketch import REACH, Spot

AREA_IDS = """coalesce(
  (select string_agg(l.area_id::text, ',' order by l.area_id) from address_area l
   where l.code = a.code),
  (select string_agg(r.id::text, ',' order by r.id) from area r
   where r.succeeded_by is null and ST_Covers(r.geom, a.geom)),
  '')"""
"""The ids of the areas of an address ``a``, parted by commas: a column to select.

They are those it is linked to; of an address that nobody has linked yet, those its point lies in.
"""

_ADDRESS = f"""
  a.code, a.standard_text, a.elements, a.status, d.code, ST_X(a.geom), ST_Y(a.geom),
  a.point_accuracy, entrance.lon, entrance.lat, entrance.accuracy, entrance.label, a.is_sample,
  a.version, {AREA_IDS}, {STORY_KEY}, n.*
"""
_DOORS = f"""
cross join lateral (
  select array_agg(lon), array_agg(lat), array_agg(building), array_agg(number),
    array_agg(street), array_agg(lanes)
  from (
    select ST_X(geom) as lon, ST_Y(geom) as lat, (elements -> 'building')::text as building,
      (elements -> 'number')::text as number, elements ->> 'thoroughfare' as street,
      (elements -> 'lanes')::text as lanes
    from address near
    where geom && ST_Expand(coalesce(entrance.geom, a.geom), {REACH[0]}, {REACH[1]})
      and level in ('number', 'building') and near.code <> a.code order by code
  ) door
) n
"""  # noqa: S608 - put together from our own constants
"""The doors about a plate come in arrays: a row a door costs more to read than to draw. They stand
at their own points; only the address itself is sought at its entrance."""

_IS_FOLLOWED = """
  a.successor_code is not null or a.status = 'replaced'
  or exists (select from address_succession s where s.code = a.code)
"""
_BY_TOKEN = f"""
select p.token, p.status, p.status_reason, b.payload_prefix || p.token, p.printed_text, b.is_trial,
  p.version, p.replaced_by, p.replaced_by is not null or {_IS_FOLLOWED}, {_ADDRESS}
from plate p join plate_batch b on b.id = p.batch_id join address a on a.code = p.code
join division d on d.id = a.division_id {ENTRANCE_JOIN} {_DOORS}
where p.token = any(%b)
"""  # noqa: S608 - put together from our own constants
_BY_CODE = f"""
select '', coalesce(hanging.status, 'to_make'), '', '', null, coalesce(hanging.is_trial, false),
  0, null, {_IS_FOLLOWED}, {_ADDRESS}
from address a join division d on d.id = a.division_id
{ENTRANCE_LATERAL} on a.level not in ('unit', 'floor', 'room')
left join lateral (
  select p.status, b.is_trial from plate p join plate_batch b on b.id = p.batch_id
  where p.code = a.code and p.status not in ('replaced', 'void')
  order by b.is_trial, p.generation desc limit 1
) hanging on true {_DOORS}
where a.code = any(%b)
"""  # noqa: S608 - put together from our own constants
"""Of the plates of an address the newest that has not ended speaks, one for trial only where there
is no other. The way into a home is nobody's business: it is drawn where its door stands."""


@dataclass(frozen=True, slots=True)
class PlateRecord:
    """A plate with its address and what lies about it; what was asked by code has no token.

    ``is_followed`` says that something came in place of the plate or of the address; the versions
    are those of their rows; ``printed`` is what stands on the plate, where it is known. ``own`` is
    the address's own point, ``position`` what it is shown by. ``area_ids`` are the ids of its
    areas, parted by commas; ``places`` is its ``STORY_KEY``; ``spots`` are the doors about it.
    """

    token: str
    plate_status: str
    plate_reason: str
    payload: str
    printed: str | None
    is_trial: bool
    plate_version: int
    replaced_by: str | None
    is_followed: bool
    code: str
    standard_text: str
    elements: Elements
    address_status: str
    division: str
    own: Position | None
    position: Position | None
    is_sample: bool
    address_version: int
    area_ids: str
    places: str
    spots: list[Spot]


async def fetch_plates(pool: StatementSource, tokens: list[str]) -> dict[str, PlateRecord]:
    """The plates of these tokens; a token that stands on no plate is left out."""
    rows = await pool.rows(_BY_TOKEN, tokens)
    return {row[0]: _record(row) for row in rows}


def read_plate(session: Session, token: str) -> PlateRecord | None:
    """The plate of a token (ten characters, folded), or None."""
    return _read(session, _BY_TOKEN, token)


def read_address(session: Session, code: str) -> PlateRecord | None:
    """The address of a code (16 digits) with the state of the plate that hangs there, or None."""
    return _read(session, _BY_CODE, code)


def _read(session: Session, statement: str, key: str) -> PlateRecord | None:
    row = session.connection().exec_driver_sql(statement, ([key],)).first()
    return None if row is None else _record(tuple(row))


def _record(row: tuple[Any, ...]) -> PlateRecord:
    code, text, plain, state, division, lon, lat, accuracy = row[9:17]
    own = None
    if lon is not None:
        own = Position(PositionKind.CENTRE, Point(lon, lat), Accuracy(accuracy))
    position = counting_position(own, entrance_of(*row[17:21]))
    doors = zip(*row[25:], strict=True) if row[25] else ()
    taken = {(lon, lat)} | ({(position.point.lon, position.point.lat)} if position else set())
    address = (code, text, elements_from_plain(plain), state, division, own, position)
    fields: tuple[Any, ...] = (*row[:9], *address, *row[21:25], _spots(taken, doors))
    return PlateRecord(*fields)


def _spots(taken: set[tuple[float, float]], doors: Iterable[tuple[Any, ...]]) -> list[Spot]:
    """The doors about a plate, as ``door_at`` makes them; none at the points that are taken.

    Of several doors at one point the one with the lowest code is taken.
    """
    spots: list[Spot] = []
    for lon, lat, building, number, street, lanes in doors:
        if (lon, lat) in taken:
            continue
        taken.add((lon, lat))
        if building and not number:
            spots.append((lon, lat, _written(building), "", True))
        else:
            label, way = _bare(number) if number else "", street or ""
            spots.append((lon, lat, label, way + _chain(lanes) if lanes else way, False))
    return spots


@lru_cache(maxsize=16384)
def _written(plain: str) -> str:
    return str(Numbered(*orjson.loads(plain)))


@lru_cache(maxsize=16384)
def _bare(plain: str) -> str:
    return Numbered(*orjson.loads(plain)).bare


@lru_cache(maxsize=16384)
def _chain(plain: str) -> str:
    return "".join([str(Numbered(*lane)) for lane in orjson.loads(plain)])
