"""Reads and writes stored page bodies, many plates per statement."""

from collections.abc import Sequence
from typing import NamedTuple

from service.core.async_pool import AsyncPool
from service.core.reads import StatementSource
from service.heritage.queries import STORY_KEY
from service.scans.queries.plates import AREA_IDS

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
