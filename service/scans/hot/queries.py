"""Reads for scans, many plates at a time: a plate with its address, the doors about an address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from address_model.serialising import elements_from_plain
from service.core.lanes import Lanes
from service.heritage.queries import STORY_KEY
from service.scans.sketch import Door

TILE = 0.0015
"""Degrees: a square of some 150 metres, less than a sketch looks about."""

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
  and k.plate_version = p.xmin::text::bigint and k.address_version = a.xmin::text::bigint
  and k.made_by = %s and k.made_at > now() - interval '1 day'
where p.token = any(%b)
"""  # noqa: S608 - put together from our own constants
_SCANNED = """
select p.token, p.status, p.status_reason, b.payload_prefix, a.code, a.standard_text, a.elements,
  a.status, d.code, ST_X(a.geom), ST_Y(a.geom), a.is_sample,
  p.replaced_by is not null or a.successor_code is not null,
  p.xmin::text::bigint, a.xmin::text::bigint
from plate p join plate_batch b on b.id = p.batch_id join address a on a.code = p.code
join division d on d.id = a.division_id where p.token = any(%b)
"""
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
_TILES = f"""
select t.name, n.code, n.elements, ST_X(n.geom), ST_Y(n.geom)
from unnest(%b::text[], %b::bigint[], %b::bigint[]) as t (name, x, y) cross join lateral (
  select code, elements, geom from address
  where geom && ST_MakeEnvelope(t.x * {TILE}, t.y * {TILE}, (t.x + 1) * {TILE},
    (t.y + 1) * {TILE}, 4490) and level in ('number', 'building')
    and ST_X(geom) < (t.x + 1) * {TILE} and ST_Y(geom) < (t.y + 1) * {TILE}
) n order by n.code
"""  # noqa: S608 - put together from our own constants
Tile = tuple[tuple[float, float, Door], ...]
"""Longitude and latitude (degrees) and door of every place in a square that has one."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """A plate with its address.

    ``has_followers`` says that something came in place of the plate or of the address; the
    versions are those of their rows.
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
    point: Point | None
    is_sample: bool
    has_followers: bool
    plate_version: int
    address_version: int


@dataclass(frozen=True, slots=True)
class Glimpsed:
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
    return {row[0]: Glimpsed(*row) for row in rows}


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


async def find_tiles(lanes: Lanes, names: Sequence[str]) -> dict[str, Tile]:
    """The doors of squares named ``x:y``, counted in ``TILE`` degrees east and north; one a point.

    Of several doors at one point the one with the lowest code is taken.
    """
    east, north = zip(*(map(int, name.split(":")) for name in names), strict=True)
    places: dict[str, dict[tuple[float, float], Door]] = {name: {} for name in names}
    for name, _, plain, lon, lat in await lanes.rows(_TILES, list(names), list(east), list(north)):
        if (lon, lat) not in places[name]:
            places[name][lon, lat] = _door(Point(lon, lat), plain)
    return {
        name: tuple((lon, lat, door) for (lon, lat), door in doors.items())
        for name, doors in places.items()
    }


def _scanned(row: tuple[Any, ...]) -> Scanned:
    token, status, reason, prefix, code, text, plain, state, division, lon, lat = row[:11]
    point = None if lon is None else Point(lon, lat)
    elements = elements_from_plain(plain)
    head = (token, status, reason, prefix, code, text, elements, state, division)
    return Scanned(*head, point, *row[11:])


def _door(point: Point, plain: Mapping[str, Any]) -> Door:
    """What ``door_at`` makes of the elements, without making them."""
    building, number = plain.get("building"), plain.get("number")
    if building and not number:
        return Door(point, _written(*building), is_block=True)
    street = plain.get("thoroughfare", "")
    if lanes := plain.get("lanes"):
        street += "".join([_written(*lane) for lane in lanes])
    return Door(point, _bare(*number) if number else "", street)


@lru_cache(maxsize=16384)
def _written(*parts: str) -> str:
    return str(Numbered(*parts))


@lru_cache(maxsize=16384)
def _bare(*parts: str) -> str:
    return Numbered(*parts).bare
