"""Reads vector tiles (Mapbox Vector Tile 2) of the register from PostGIS.

From afar a tile has ``cells`` (counts), near it has ``addresses`` (one point each) and the
``streets`` that their doors determine; ``communities`` and ``divisions`` are borders. Only what
lies in the given divisions is in a tile; borders of divisions are for everybody.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.lifecycle import GONE
from service.divisions.queries import PRIMARY_SYSTEM
from service.tiles.grid import Bounds, Tile

POINTS_FROM = 15
"""The zoom from which on each address is a point; at lower zooms they are counted by cell."""
STREETS_FROM = 16
COMMUNITIES_FROM = 13
MOST_POINTS = 5000
"""At most so many points are in one tile, the living addresses first."""
FEWEST_DOORS = 6
"""A street is drawn midway between its two rows of doors where a tile has so many of them."""
EXTENT = 4096
_BASE = 17
"""The zoom of the cells that are counted, see ``AddressCell``."""
_FINER = 3
"""A tile has 8 by 8 cells."""
_MARGIN = 64 / EXTENT
_STREET_MARGIN = 0.25

_GONE = ", ".join(f"'{status}'" for status in sorted(GONE))
_OWN = "(:everywhere or d.code like any(:scopes))"
_OWN_CELLS = (
    "(:everywhere or c.division_id in (select d.id from unnest(cast(:scopes as text[])) s(scope) "
    "join division d on d.code between rpad(rtrim(s.scope, '%'), 12, '0') "
    "and rpad(rtrim(s.scope, '%'), 12, '9')))"
)
_ENVELOPE = "ST_MakeEnvelope(:west, :south, :east, :north, 4490)"


def _drawn(geom: str) -> str:
    """A geometry in degrees as one of the tile's own coordinates."""
    web = f"ST_Transform(ST_SetSRID({geom}, 4326), 3857)"
    return f"ST_AsMVTGeom({web}, ST_TileEnvelope(:zoom, :x, :y), {EXTENT}, 64, true)"


def _layer(name: str, statement: str) -> str:
    return f"(select coalesce(ST_AsMVT(t, '{name}', {EXTENT}, 'geom'), ''::bytea) from ({statement}) t)"  # noqa: E501, S608 - our own names


def _written(element: str) -> str:
    """A numbered element as it is written, see ``address_model.elements.Numbered``."""
    e = f"a.elements -> '{element}'"
    suffix = f"coalesce({e} ->> 'suffix', '')"
    joint = f"case when {suffix} ~ '^[0-9]' then '-' else '' end"
    return (
        f"case when a.elements ? '{element}' then concat({e} ->> 'prefix', {e} ->> 'number', "
        f"{joint}, {suffix}, case '{element}' when 'number' then '' else {e} ->> 'quantifier' end) "
        "end"
    )


_LABEL = (
    f"coalesce({', '.join(map(_written, ('thing', 'number', 'building', 'unit', 'room')))}, '')"
)
_STREET = "coalesce(a.elements ->> 'thoroughfare', '')"
_POINT_COLUMNS = (
    "a.code, a.standard_text, a.elements, a.number_order, a.level, a.status, a.division_id"
)
_SHOWN = f"""
  select {_POINT_COLUMNS}, a.geom, '' as entrance from address a
  where a.geom && {_ENVELOPE} and not exists (
    select from address_position e
    where e.code = a.code and e.kind = 'entrance' and e.valid_to is null)
  union all
  select {_POINT_COLUMNS}, e.geom, coalesce(nullif(e.label, ''), '入口')
  from address_position e join address a on a.code = e.code
  where e.geom && {_ENVELOPE} and e.kind = 'entrance' and e.valid_to is null
"""  # noqa: S608 - our own constants
_OWN_POINTS = f"select a.* from ({_SHOWN}) a join division d on d.id = a.division_id where {_OWN}"  # noqa: S608
_POINTS = f"""
  select code, label, standard_text, status, entrance, here, {_drawn("geom")} as geom from (
    select a.code, {_LABEL} as label, a.standard_text, a.status, a.entrance, a.geom,
      count(*) over (partition by a.geom) as here,
      row_number() over (partition by a.geom order by a.status in ({_GONE}),
        length(a.standard_text), a.code) as place
    from ({_OWN_POINTS}) a
  ) one where place = 1 order by status in ({_GONE}) limit {MOST_POINTS}
"""  # noqa: S608 - our own constants
_STREETS = f"""
  with door as (
    select concat({_STREET}, (
        select string_agg(concat(lane ->> 'number', lane ->> 'quantifier'), '' order by n)
        from jsonb_array_elements(a.elements -> 'lanes') with ordinality as l(lane, n))
      ) as street, a.number_order % 2 as side, ST_X(p.web) as px, ST_Y(p.web) as py
    from ({_OWN_POINTS}) a,
    lateral (select ST_Transform(ST_SetSRID(a.geom, 4326), 3857) as web) p
    where a.level = 'number' and {_STREET} <> '' and a.status not in ({_GONE})
  ), centred as (
    select street, px, py, avg(px) over whole as east, avg(py) over whole as north,
      px - avg(px) over one_side as dx, py - avg(py) over one_side as dy,
      count(*) over whole as doors
    from door window whole as (partition by street), one_side as (partition by street, side)
  ), turned as (
    select street, atan2(2 * sum(dx * dy), sum(dx * dx) - sum(dy * dy)) / 2 as angle
    from centred where doors >= {FEWEST_DOORS} group by street
  ), placed as (
    select street, east, north, cos(angle) as ux, sin(angle) as uy,
      (px - east) * cos(angle) + (py - north) * sin(angle) as along,
      (py - north) * cos(angle) - (px - east) * sin(angle) as across
    from centred join turned using (street)
  ), line as (
    select street, ux, uy, min(along) - 8 as first, max(along) + 8 as last,
      max(across) - min(across) as width, (min(across) + max(across)) / 2 as middle, east, north
    from placed group by street, ux, uy, east, north
  )
  select street, ST_AsMVTGeom(ST_SetSRID(ST_MakeLine(
      ST_MakePoint(east - uy * middle + ux * first, north + ux * middle + uy * first),
      ST_MakePoint(east - uy * middle + ux * last, north + ux * middle + uy * last)), 3857),
    ST_TileEnvelope(:zoom, :x, :y), {EXTENT}, 256, true) as geom
  from line where width between 9 and 60 and last - first >= 1.8 * width
"""  # noqa: S608 - our own constants
_CELLS = f"""
  select ST_MakePoint((mid_x - :first_x) * :scale, (mid_y - :first_y) * :scale) as geom, addresses
  from (
    select sum((x + 0.5) * addresses) / sum(addresses) as mid_x,
      sum((y + 0.5) * addresses) / sum(addresses) as mid_y, sum(addresses)::int as addresses
    from address_cell c
    where x between :first_x and :last_x and y between :first_y and :last_y and {_OWN_CELLS}
    group by x >> :shift, y >> :shift having sum(addresses) > 0
  ) one
"""  # noqa: S608 - our own constants
_IS_COMMUNITY = (
    "a.kind = 'community' and a.succeeded_by is null and a.valid_to is null "
    f"and a.geom && {_ENVELOPE} and (d.id is null or {_OWN})"
)
_COMMUNITIES = f"""
  select name, {_drawn("ST_Boundary(a.geom)")} as geom
  from (select a.name, a.geom from area a left join division d on d.id = a.division_id
    where {_IS_COMMUNITY}) a
"""  # noqa: S608 - our own constants
_DIVISIONS = f"""
  select name, level, {_drawn("ST_Boundary(geom)")} as geom from division
  where geom && {_ENVELOPE} and valid_to is null and code_system = '{PRIMARY_SYSTEM}'
  and level between 2 and case when :zoom < 8 then 2 else 4 end
"""  # noqa: S608 - our own constants
_NAMES = f"""
  select name, level, ST_AsMVTGeom(ST_Transform(ST_SetSRID(ST_Centroid(geom), 4326), 3857),
    ST_TileEnvelope(:zoom, :x, :y), {EXTENT}, 0, true) as geom
  from (
    select name, level, geom from division
    where geom && {_ENVELOPE} and valid_to is null and code_system = '{PRIMARY_SYSTEM}'
    and level between case when :zoom < 8 then 2 when :zoom < 12 then 3 else 4 end
      and case when :zoom < 7 then 2 when :zoom < 10 then 3 else 4 end
    union all
    select a.name, 5, a.geom from area a left join division d on d.id = a.division_id
    where :zoom >= {COMMUNITIES_FROM} and {_IS_COMMUNITY}
  ) named
"""  # noqa: S608 - our own constants


def read_tile(session: Session, tile: Tile, scopes: Sequence[str]) -> bytes:
    """The tile, with the addresses of these divisions (codes or their beginnings; "" is all)."""
    statement, values = tile_statement(tile, scopes)
    return bytes(session.execute(text(statement), values).scalar_one())


def tile_statement(tile: Tile, scopes: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """The statement of a tile and its values; for ``read_tile`` and the test of its plan."""
    layers = [_layer("divisions", _DIVISIONS), _layer("names", _NAMES)]
    margin = _MARGIN
    if tile.zoom >= COMMUNITIES_FROM:
        layers.append(_layer("communities", _COMMUNITIES))
    if tile.zoom >= STREETS_FROM:
        layers.append(_layer("streets", _STREETS))
        margin = _STREET_MARGIN
    layers.append(
        _layer("addresses", _POINTS) if tile.zoom >= POINTS_FROM else _layer("cells", _CELLS)
    )
    west, south, east, north = tile.bounds(margin)
    wide = max(_BASE - tile.zoom, 0)
    values: dict[str, Any] = {
        "zoom": tile.zoom,
        "x": tile.x,
        "y": tile.y,
        "everywhere": "" in scopes,
        "scopes": [f"{scope}%" for scope in scopes],
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "first_x": tile.x << wide,
        "first_y": tile.y << wide,
        "last_x": (tile.x + 1 << wide) - 1,
        "last_y": (tile.y + 1 << wide) - 1,
        "scale": EXTENT / (1 << wide),
        "shift": max(wide - _FINER, 0),
    }
    return f"select {' || '.join(layers)}", values


def read_extent(session: Session, scopes: Sequence[str]) -> Bounds | None:
    """Where the counted addresses of some divisions lie; None without any."""
    statement = text(
        f"select min(x), max(y) + 1, max(x) + 1, min(y) from address_cell c "  # noqa: S608
        f"where {_OWN_CELLS}"
    )
    values = {"everywhere": "" in scopes, "scopes": [f"{scope}%" for scope in scopes]}
    west, south, east, north = session.execute(statement, values).one()
    if west is None:
        return None
    first, last = Tile(_BASE, west, south).bounds(), Tile(_BASE, east, north).bounds()
    return first[0], first[3], last[0], last[3]
