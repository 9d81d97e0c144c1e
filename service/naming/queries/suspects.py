"""Doors that may be two houses under one code, with reasons, for review by a person.

Registers made before migration 0024 treated one name of a county as one street. Traces are a
door's former texts, its source ids, its point, and a missing township where several places share
the name.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.doors import Doors
from service.addresses.commands import SOURCE_SCHEME
from service.addresses.queries import get_address

_LIVING = "a.county = :county and a.status not in ('replaced', 'retired', 'invalid')"
_COUNTIES = text("select distinct county from address where starts_with(county, :c) order by 1")
_TOWNSHIPS = text(
    "select distinct name from division where level = 4 and valid_to is null "
    "and starts_with(code, :county) and code_system = 'nbs' order by name"
)
_TEXTS = text(
    "select a.code, a.standard_text, a.elements ->> 'township' as township, n.text "  # noqa: S608 - our own constant
    "from address a join address_name n on n.code = a.code and n.kind in ('former', 'department') "
    f"where {_LIVING} order by a.code, n.text"
)
_SOURCES = text(
    "select a.code, a.standard_text, min(substr(i.scheme, char_length(:scheme) + 1)) as source, "  # noqa: S608 - our own constant
    "string_agg(i.value, '、' order by i.value) as ids "
    "from address a join address_identifier i on i.code = a.code "
    f"where {_LIVING} and starts_with(i.scheme, :scheme) and i.valid_to is null "
    "group by a.code, i.scheme having count(*) > 1 order by 1"
)
_POINTS = text(
    "select a.code, a.standard_text, a.place_id, ST_X(a.geom) as lon, ST_Y(a.geom) as lat "  # noqa: S608 - our own constant
    f"from address a where {_LIVING} and a.place_id is not null and a.geom is not null "
    "order by a.place_id, a.code"
)
_WITHOUT_TOWNSHIP = text(
    "select a.code, a.standard_text, p.standard_name as name, count(distinct o.place_id) as places "  # noqa: S608 - our own constant
    "from address a join division d on d.id = a.division_id "
    "join place_name p on p.id = a.place_id "
    "join place_township t on t.place_id = p.id and t.valid_to is null "
    "join place_township o on o.county = t.county and o.folded = t.folded and o.kind = t.kind "
    f"and o.valid_to is null where {_LIVING} and substr(d.code, 7, 3) = '000' "
    "group by a.code, p.id having count(distinct o.place_id) > 1 order by 1"
)
_Found = Iterator[tuple[str, str, str]]
"""Code, standard text and reason."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A door with every reason to suspect that it is two houses."""

    code: str
    text: str
    reasons: tuple[str, ...]


def list_suspects(
    session: Session, *, county: str = "", after: str = "", limit: int = 100
) -> list[Suspect]:
    """The suspects of counties (six digits or their beginning), by county and code.

    ``after`` is the last code of the previous page.
    """
    counties = session.execute(_COUNTIES, {"c": county}).scalars().all()
    begins = get_address(session, after).county if after else ""
    checks: tuple[Callable[[Session, str], _Found], ...] = (
        _other_townships,
        _several_ids,
        _far_points,
        _no_township,
    )
    found: list[Suspect] = []
    for where in counties:
        if where < begins or len(found) >= limit:
            continue
        texts: dict[str, str] = {}
        reasons: dict[str, list[str]] = defaultdict(list)
        for check in checks:
            for code, standard, reason in check(session, where):
                texts[code] = standard
                reasons[code].append(reason)
        found += [
            Suspect(code, texts[code], tuple(dict.fromkeys(reasons[code])))
            for code in sorted(texts)
            if where > begins or code > after
        ]
    return found[:limit]


def _other_townships(session: Session, county: str) -> _Found:
    """Doors with a former or source text in another township of the county."""
    names = list(session.execute(_TOWNSHIPS, {"county": county}).scalars())
    for row in session.execute(_TEXTS, {"county": county}):
        said = [name for name in names if name in row.text]
        if said and row.township not in said:
            yield row.code, row.standard_text, f"曾写作{said[0]}的地址：{row.text}"


def _several_ids(session: Session, county: str) -> _Found:
    """Doors that one source lists more than once."""
    values = {"county": county, "scheme": SOURCE_SCHEME}
    for row in session.execute(_SOURCES, values):
        yield row.code, row.standard_text, f"来源{row.source}有多条记录：{row.ids}"


def _far_points(session: Session, county: str) -> _Found:
    """Doors over 5 km from every other door of their place."""
    rows_of: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(_POINTS, {"county": county}):
        rows_of[row.place_id].append(row)
    for rows in rows_of.values():
        heaps = _heaps(rows)
        most = max(len(heap) for heap in heaps)
        largest = next(heap for heap in heaps if len(heap) == most)
        for heap in heaps:
            for row in heap if heap is not largest else ():
                yield row.code, row.standard_text, "距同名地名的其他门牌超过 5 公里"


def _heaps(rows: list[Any]) -> list[list[Any]]:
    """Clusters of doors: no door of one lies within 5 km of a door of another."""
    heaps: list[tuple[Doors, list[Any]]] = []
    for row in rows:
        point = Point(row.lon, row.lat)
        near = [heap for heap in heaps if heap[0].is_near(point)]
        doors, held = near[0] if near else (Doors(), [])
        doors.add("", point)
        held.append(row)
        for others, more in near[1:]:
            doors.merge(others)
            held.extend(more)
        gone = {id(heap) for heap in near[1:]}
        heaps = [heap for heap in heaps if id(heap) not in gone]
        if not near:
            heaps.append((doors, held))
    return [held for _, held in heaps]


def _no_township(session: Session, county: str) -> _Found:
    """Doors without township along one of several places of one name."""
    for row in session.execute(_WITHOUT_TOWNSHIP, {"county": county}):
        yield row.code, row.standard_text, f"未注明乡镇街道，本县有{row.places}处{row.name}"
