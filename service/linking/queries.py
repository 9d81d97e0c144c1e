"""Reads the links of addresses to areas, and reports addresses linked to none or to several."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from address_model.tables import Address, AddressArea, Area, Division
from service.linking.binary_copy import Codes, Links, Points, read_links, read_points
from service.linking.differences import WantedLinks

MOST_COUNTED = 100_000
"""The addresses of one area are counted up to here."""

NAMED = 100
"""Maximum number of addresses a report names per fault; it counts them all."""

_COUNT_LINKED = text(
    "select count(*), count(*) filter (where hand), count(*) filter (where areas > 1) "
    "from (select count(*) as areas, bool_or(how = 'hand') as hand from address_area "
    "where area_id = any(:ids) group by code) held"
)
_FIRST_DOUBLED = text(
    "select code from address_area where area_id = any(:ids) "
    "group by code having count(*) > 1 order by code limit :named"
)
_OUTSIDE = text(
    "select count(*), (array_agg(code order by code))[1:cast(:named as integer)] "
    "from address a where geom is not null and not exists ("
    "select from address_area l where l.code = a.code and l.area_id = any(:ids))"
)


@dataclass(frozen=True, slots=True)
class KindReport:
    """The links of all addresses to areas of one kind.

    ``outside`` and ``doubled`` are the first codes that lie in none, or in several.
    """

    kind: str
    areas: int
    linked: int
    by_hand: int
    outside_count: int
    doubled_count: int
    outside: tuple[str, ...]
    doubled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkReport:
    """The reports of all kinds, and the number of addresses without a point and so without area."""

    addresses: int
    without_point: int
    kinds: tuple[KindReport, ...]


def list_area_ids(session: Session, codes: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """The areas of every kind linked to addresses; codes without any are left out."""
    statement = (
        select(AddressArea.code, func.array_agg(AddressArea.area_id))
        .where(AddressArea.code == func.any(list(codes)))
        .group_by(AddressArea.code)
    )
    rows = session.execute(statement)
    return {code: tuple(sorted(areas)) for code, areas in rows}


def read_points_after(session: Session, after: str, limit: int) -> Points:
    """The next addresses with a point, in order of code."""
    rows = (
        "select code, geom, version, division_id from address "
        "where code > :after and geom is not null"
    )
    return _read_points(session, f"{rows} order by code limit :n", after=after, n=limit)


def read_points_of(session: Session, codes: Sequence[str]) -> Points:
    """The addresses among these codes with a point, in order of code."""
    rows = (
        "select code, geom, version, division_id from address "
        "where code = any(:codes) and geom is not null"
    )
    return _read_points(session, f"{rows} order by code", codes=list(codes))


def read_points_in(session: Session, boxes: Sequence[BaseGeometry]) -> Points:
    """The addresses whose point lies in one of these boxes (degrees), in order of code."""
    bounds = np.array([box.bounds for box in boxes]).reshape(-1, 4)
    return _read_points(
        session,
        "select distinct on (code) a.* from unnest(cast(:w as float8[]), "
        "cast(:s as float8[]), cast(:e as float8[]), cast(:n as float8[])) as box(w, s, e, n) "
        "join address a on a.geom && ST_MakeEnvelope(box.w, box.s, box.e, box.n, 4490) "
        "order by code",
        **{side: bounds[:, at].tolist() for at, side in enumerate("wsen")},
    )


def read_links_between(session: Session, after: str, last: str) -> Links:
    """The links of codes after one and up to another."""
    rows = "select * from address_area where code > :after and code <= :last"
    return _read_links(session, rows, after=after, last=last)


def read_links_of(session: Session, codes: Sequence[str]) -> Links:
    """The links of these codes."""
    rows = "select * from address_area where code = any(:codes)"
    return _read_links(session, rows, codes=list(codes))


def list_set_by_hand(session: Session, areas: Sequence[int]) -> list[str]:
    """The codes of the addresses that were put by hand into one of these areas."""
    by_hand = AddressArea.how == "hand", AddressArea.area_id.in_(areas)
    return list(session.scalars(select(AddressArea.code).where(*by_hand)))


def count_linked(session: Session, area_id: int) -> int:
    """The number of addresses linked to an area, up to ``MOST_COUNTED``."""
    statement = text(
        "select count(*) from (select b.code from area r join address b on b.geom && r.geom "
        "join address_area l on l.code = b.code and l.area_id = r.id "
        "where r.id = :area and l.how <> 'hand' union all "
        "select code from address_area where how = 'hand' and area_id = :area limit :most) linked"
    )
    values = {"area": area_id, "most": MOST_COUNTED}
    return int(session.execute(statement, values).scalar_one())


def locate_by_database(
    session: Session, codes: Sequence[str], today: date
) -> tuple[WantedLinks, dict[int, str]]:
    """The links of a few addresses by spatial join, and the kind of every area in force."""
    asked = np.array(sorted(set(codes)), dtype="S16")
    living = (Area.succeeded_by.is_(None), or_(Area.valid_to.is_(None), Area.valid_to >= today))
    found: dict[str, list[tuple[str, int]]] = {}
    for code, area_id, kind in session.execute(
        select(Address.code, Area.id, Area.kind)
        .join(Area, func.ST_Covers(Area.geom, Address.geom))
        .where(Address.code == func.any(list(codes)), *living)
    ):
        found.setdefault(kind, []).append((code, area_id))
    kinds = session.execute(select(Area.id, Area.kind).where(*living))
    by_kind = {
        kind: (
            np.searchsorted(asked, np.array([code for code, _ in pairs], dtype="S16")),
            np.array([area_id for _, area_id in pairs], dtype=np.int32),
        )
        for kind, pairs in found.items()
    }
    return WantedLinks(asked, by_kind), dict(kinds.all())


def group_versions(
    session: Session, points: Points, others: Codes
) -> dict[str, tuple[list[str], list[int]]]:
    """The codes and versions of addresses for each division (12 digits).

    Those of ``others``, which are not among the points, are read from the register.
    """
    grouped: dict[str, tuple[list[str], list[int]]] = {}
    ids = np.unique(points.divisions).tolist()
    divisions = select(Division.id, Division.code).where(Division.id.in_(ids))
    for division_id, division in session.execute(divisions.order_by(Division.code)):
        some = points.take(points.divisions == division_id) if len(ids) > 1 else points
        grouped[division] = some.codes.astype(str).tolist(), some.versions.tolist()
    if len(others):
        rows = (
            select(Division.code, Address.code, Address.version)
            .join(Division, Division.id == Address.division_id)
            .where(Address.code == func.any(others.astype(str).tolist()))
        )
        for division, code, version in session.execute(rows):
            codes, versions = grouped.setdefault(division, ([], []))
            codes.append(code)
            versions.append(version)
    return grouped


def build_report(session: Session, today: date, *, kind: str = "") -> LinkReport:
    """Count, for each kind of area, addresses inside, outside and in several; list the first."""
    total, pointless = session.execute(
        text("select count(*), count(*) filter (where geom is null) from address")
    ).one()
    kinds = session.execute(
        text(
            "select kind, count(*), array_agg(id) from area where succeeded_by is null "
            "and valid_from <= :day and (valid_to is null or valid_to >= :day) "
            "and :kind in ('', kind) group by kind order by kind"
        ),
        {"day": today, "kind": kind},
    ).all()
    reports: list[KindReport] = []
    for each, areas, ids in kinds:
        counted = {"ids": ids, "named": NAMED}
        linked, by_hand, doubled_count = session.execute(_COUNT_LINKED, counted).one()
        doubled = session.scalars(_FIRST_DOUBLED, counted).all()
        outside_count, outside = session.execute(_OUTSIDE, counted).one()
        named = tuple(outside or ()), tuple(doubled)
        counts = linked, by_hand, outside_count, doubled_count
        reports.append(KindReport(each, areas, *counts, *named))
    return LinkReport(total, pointless, tuple(reports))


def _read_points(session: Session, rows: str, **values: object) -> Points:
    """The points of a query of addresses in its order, concatenated by the server."""
    glued = (
        "string_agg(code, ''), string_agg(ST_AsBinary(geom), cast('' as bytea)), "
        "string_agg(int8send(version), cast('' as bytea)), "
        "string_agg(int4send(division_id), cast('' as bytea)), "
        "(select last from feed_counter where name = 'change')"
    )
    query = f"select {glued} from ({rows}) p"  # noqa: S608  # only our own queries come here
    return read_points(*session.execute(text(query), values).one())


def _read_links(session: Session, rows: str, **values: object) -> Links:
    """The links of a query on ``address_area``, concatenated by the server."""
    hand = "set_byte(cast(' ' as bytea), 0, cast(how = 'hand' as integer))"
    glued = (
        "string_agg(code, ''), string_agg(int4send(area_id), cast('' as bytea)), "
        f"string_agg({hand}, cast('' as bytea))"
    )
    query = f"select {glued} from ({rows}) l"  # noqa: S608  # only our own queries come here
    return read_links(*session.execute(text(query), values).one())
