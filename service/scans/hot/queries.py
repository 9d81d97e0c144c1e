"""Reads for scans, many plates at a time: a plate with its address, the doors about an address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from address_model.positions import Accuracy, Position, PositionKind, counting_position
from address_model.serialising import elements_from_plain
from service.addresses.queries import ENTRANCE_JOIN, entrance_of
from service.core.lanes import Lanes
from service.heritage.queries import STORY_KEY
from service.scans.sketch import REACH, Spot

_GLIMPSED = f"""
select p.token, p.code, k.body, coalesce(
    (select string_agg(l.area_id::text, ',' order by l.area_id) from address_area l
     where l.code = a.code),
    (select string_agg(r.id::text, ',' order by r.id) from area r
     where r.succeeded_by is null and ST_Covers(r.geom, a.geom)),
    ''),
  {STORY_KEY}
from plate p join address a on a.code = p.code join division d on d.id = a.division_id
  left join kept_body k on k.token = p.token
  and k.plate_version = p.version and k.address_version = a.version
  and k.made_by = %s and k.made_at + interval '1 day' > now()
where p.token = any(%b)
"""  # noqa: S608 - put together from our own constants
_SCANNED = f"""
select p.token, p.status, p.status_reason, b.payload_prefix, a.code, a.standard_text, a.elements,
  a.status, d.code, ST_X(a.geom), ST_Y(a.geom), a.point_accuracy,
  entrance.lon, entrance.lat, entrance.accuracy, entrance.label, a.is_sample,
  p.replaced_by is not null or a.successor_code is not null or a.status = 'replaced',
  p.version, a.version, p.printed_text, b.is_trial, n.*
from plate p join plate_batch b on b.id = p.batch_id join address a on a.code = p.code
join division d on d.id = a.division_id
{ENTRANCE_JOIN}
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
) n where p.token = any(%b)
"""  # noqa: S608 - put together from our own constants
"""The doors about a plate come in arrays: a row a door costs more to read than to draw. They stand
at their own points; only the plate's own address is sought at its entrance."""

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


@dataclass(frozen=True, slots=True)
class Scanned:
    """A plate with its address.

    ``has_followers`` says that something came in place of the plate or of the address; the
    versions are those of their rows; ``printed`` is what stands on the plate, where it is known;
    ``spots`` are the doors about it.
    """

    token: str
    plate_status: str
    plate_reason: str
    payload_prefix: str
    code: str
    standard_text: str
    elements: Elements
    address_status: str
    division: str
    position: Position | None
    is_sample: bool
    has_followers: bool
    plate_version: int
    address_version: int
    printed: str | None
    is_trial: bool
    spots: list[Spot]


class Glimpsed(NamedTuple):
    """A plate with the body of its page, when one is kept that still holds.

    ``area_ids`` are the ids of its areas, parted by commas; ``places`` is its ``STORY_KEY``.
    """

    token: str
    code: str
    body: bytes | None
    area_ids: str
    places: str


async def find_glimpsed(lanes: Lanes, made_by: bytes, tokens: list[str]) -> dict[str, Glimpsed]:
    """The plates of these tokens; a token that stands on no plate is left out.

    The areas are those the address is linked to; of an address that nobody has linked yet, those
    its point lies in.
    """
    rows = await lanes.rows(_GLIMPSED, made_by, tokens)
    return {row[0]: Glimpsed._make(row) for row in rows}


async def store_bodies(
    lanes: Lanes, made_by: bytes, made: Sequence[tuple[str, int, int, bytes]]
) -> None:
    """Keep bodies: token, versions of plate and address, body."""
    await lanes.rows(_STORE, made_by, *map(list, zip(*made, strict=True)))


async def clear_bodies(lanes: Lanes) -> None:
    """Drop bodies older than a day."""
    await lanes.rows(_CLEAR)


async def find_scanned(lanes: Lanes, tokens: Sequence[str]) -> dict[str, Scanned]:
    """The plates of these tokens with all that stands on their pages."""
    rows = await lanes.rows(_SCANNED, list(tokens))
    return {row[0]: _scanned(row) for row in rows}


def _scanned(row: tuple[Any, ...]) -> Scanned:
    token, status, reason, prefix, code, text, plain, state, division, lon, lat, accuracy = row[:12]
    own = None
    if lon is not None:
        own = Position(PositionKind.CENTRE, Point(lon, lat), Accuracy(accuracy))
    position = counting_position(own, entrance_of(*row[12:16]))
    elements = elements_from_plain(plain)
    doors = zip(*row[22:], strict=True) if row[22] else ()
    head = (token, status, reason, prefix, code, text, elements, state, division, position)
    taken = {(lon, lat)} | ({(position.point.lon, position.point.lat)} if position else set())
    fields: tuple[Any, ...] = (*head, *row[16:22], _spots(taken, doors))
    return Scanned(*fields)


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
