"""Reads the record behind a card, by token or by address code, and keeps page bodies.

Scans read many tokens per statement over async connections, other pages one in their request's
session; both share the statements and the parsing of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.elements import Elements, elements_from_plain, numbered_from_plain
from address_model.lifecycle import GONE
from address_model.positions import Accuracy, Position, PositionKind, counting_position, entrance_of
from service.addresses.queries import ENTRANCE_JOIN, ENTRANCE_LATERAL
from service.core.async_pool import AsyncPool
from service.core.reads import StatementSource
from service.heritage.queries import STORY_KEY
from service.scans.sketch import REACH, Spot

AREA_IDS = """coalesce(
  (select string_agg(l.area_id::text, ',' order by l.area_id) from address_area l
   where l.code = a.code),
  (select string_agg(r.id::text, ',' order by r.id) from area r
   where r.succeeded_by is null and ST_Covers(r.geom, a.geom)),
  '')"""
"""SQL column: the comma-separated area ids of an address ``a``.

The areas it is linked to; for an address not linked yet, those that cover its point.
"""

_ADDRESS = f"""
  a.code, a.standard_text, a.elements, a.status, d.code, ST_X(a.geom), ST_Y(a.geom),
  a.point_accuracy, entrance.lon, entrance.lat, entrance.accuracy, entrance.label, a.is_sample,
  a.version, {AREA_IDS}, {STORY_KEY}, n.*
"""
_GONE = ", ".join(f"'{status}'" for status in sorted(GONE))
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
      and level in ('number', 'building') and near.code <> a.code
      and near.status not in ({_GONE}) order by code
  ) door
) n
"""  # noqa: S608 - built from constants
"""SQL: the living doors around a plate, as arrays: one row per door would cost more than drawing.
They are taken at their address points; only the plate's own address is shown at its entrance."""

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
"""  # noqa: S608 - built from constants
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
"""  # noqa: S608 - built from constants
"""The state is that of the newest live plate; a trial plate counts only if there is no other. For
privacy, a unit, floor or room is shown at its address point, not at its entrance."""


@dataclass(frozen=True, slots=True)
class PlateRecord:
    """A plate with its address and neighbours; ``token`` is empty when read by address code.

    ``is_followed``: plate or address has a successor. ``printed`` is the text on the plate, if
    known. ``own`` is the address point, ``position`` the one to show. ``area_ids`` are
    comma-separated; ``places`` is the ``STORY_KEY``; ``spots`` are the surrounding doors.
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
    """The plates with these tokens; unknown tokens are left out."""
    rows = await pool.rows(_BY_TOKEN, tokens)
    return {row[0]: _record(row) for row in rows}


def read_plate(session: Session, token: str) -> PlateRecord | None:
    """The plate with a token (ten characters, normalised), or None."""
    return _read(session, _BY_TOKEN, token)


def read_address(session: Session, code: str) -> PlateRecord | None:
    """The address with a 16-digit code, with the state of its plate, or None."""
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
    spots: list[Spot] = []  # as of ``door_at``; of several doors at a point the lowest code
    for east, north, building, number, street, lanes in doors:
        if (east, north) in taken:
            continue
        taken.add((east, north))
        if building and not number:
            spots.append((east, north, _number_text(building), "", True))
        else:
            label, way = _number_label(number) if number else "", street or ""
            spots.append((east, north, label, way + _lanes_text(lanes) if lanes else way, False))
    address = (code, text, elements_from_plain(plain), state, division, own, position)
    fields: tuple[Any, ...] = (*row[:9], *address, *row[21:25], spots)
    return PlateRecord(*fields)


@lru_cache(maxsize=16384)
def _number_text(plain: str) -> str:
    return str(numbered_from_plain(orjson.loads(plain)))


@lru_cache(maxsize=16384)
def _number_label(plain: str) -> str:
    return numbered_from_plain(orjson.loads(plain)).bare


@lru_cache(maxsize=16384)
def _lanes_text(plain: str) -> str:
    return "".join([str(numbered_from_plain(lane)) for lane in orjson.loads(plain)])


_CACHED = f"""
select p.token, p.code, k.body, {AREA_IDS}, {STORY_KEY}
from plate p join address a on a.code = p.code join division d on d.id = a.division_id
  left join kept_body k on k.token = p.token
  and k.plate_version = p.version and k.address_version = a.version
  and k.made_by = %s and k.made_at + interval '1 day' > now()
where p.token = any(%b)
"""  # noqa: S608 - built from constants
_BARE = f"""
select p.token, p.code, null::bytea, {AREA_IDS}, {STORY_KEY}
from plate p join address a on a.code = p.code join division d on d.id = a.division_id
where p.token = any(%b)
"""  # noqa: S608 - built from constants
"""For a standby, where unlogged tables cannot be read."""

_STORE = """
insert into kept_body as held (token, plate_version, address_version, made_by, body)
select token, plate_version, address_version, %s, body
from unnest(%b::text[], %b::bigint[], %b::bigint[], %b::bytea[])
  as made (token, plate_version, address_version, body)
on conflict (token) do update set plate_version = excluded.plate_version,
  address_version = excluded.address_version, made_by = excluded.made_by,
  made_at = excluded.made_at, body = excluded.body
returning 1
"""
_CLEAR = "delete from kept_body where made_at < now() - interval '1 day' returning 1"


class CachedPlate(NamedTuple):
    """A plate, with its stored page body if there is a valid one.

    ``area_ids`` are its area ids, comma-separated; ``places`` is its ``STORY_KEY``.
    """

    token: str
    code: str
    body: bytes | None
    area_ids: str
    places: str


async def fetch_cached_plates(
    pool: StatementSource, made_by: bytes, tokens: list[str]
) -> dict[str, CachedPlate]:
    """The plates with these tokens; unknown tokens are left out."""
    rows = await pool.rows(_CACHED, made_by, tokens)
    return {row[0]: CachedPlate._make(row) for row in rows}


async def fetch_bare_plates(pool: StatementSource, tokens: list[str]) -> dict[str, CachedPlate]:
    """The plates with these tokens, without bodies; works on a standby."""
    rows = await pool.rows(_BARE, tokens)
    return {row[0]: CachedPlate._make(row) for row in rows}


async def store_bodies(
    pool: AsyncPool, made_by: bytes, made: Sequence[tuple[str, int, int, bytes]]
) -> None:
    """Store bodies: token, row versions of plate and address, body."""
    await pool.rows(_STORE, made_by, *map(list, zip(*made, strict=True)))


async def clear_bodies(pool: AsyncPool) -> None:
    """Delete bodies older than a day."""
    await pool.rows(_CLEAR)
