"""Lists addresses in street order with their living plates: for pages and files of the staff.

A filter that has no index of its own (active addresses, entrances, plates) is applied to a window
of the list: at most ``SCANNED`` addresses are looked at for one page, which then says where it
stopped.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.division_codes import division_prefix
from address_model.lifecycle import AddressStatus
from service.addresses.queries import ENTRANCE_JOIN
from service.core.paging import join_cursor, page_of, split_cursor

SCANNED = 20_000
_TOWNSHIP = 9
_NAMED = "(a.place_id = any(:places) or a.second_place_id = any(:places))"
_IN_AREA = (
    "a.code in (select b.code from area r join address b on b.geom && r.geom "
    "join address_area l on l.code = b.code and l.area_id = r.id where r.id = :area "
    "union select code from address_area where how = 'hand' and area_id = :area)"
)
"""Linked to an area: those inside are found by their point, those put there by hand by an index."""
_STRETCH = "a.street_order between :first and :last"
_INSIDE = "a.division_id in (select id from division where starts_with(code, :prefix))"
_UNUSUAL = "a.status = :status and a.status <> 'active'"
"""The second part is for the planner: the index of states holds no active addresses."""
_LATER = "(a.street_order, a.code) > (:order, :code) and a.street_order >= :order"
_HAS_ENTRANCE = (
    "exists (select from address_position e where e.code = a.code and e.kind = 'entrance' "
    "and e.valid_to is null)"
)
_PLATE = (
    "left join lateral (select token, status from plate where code = a.code "
    "and status not in ('replaced', 'void') and generation > 0 "
    "order by generation desc limit 1) p on true"
)
_COLUMNS = (
    "a.code, a.street_order, a.standard_text, a.status, a.status_reason, a.source, "
    "a.division_id, a.geom"
)
_WINDOW = "order by a.street_order, a.code limit :most"


@dataclass(frozen=True, slots=True)
class AddressFilter:
    """Which addresses a list has: ``division`` is a code or its beginning, "" everywhere.

    ``places`` are keys of place names that the addresses stand along or lie in; ``codes`` limits
    the list to these addresses, ``area`` to those linked to an area (id); None is no limit.
    """

    division: str = ""
    places: tuple[int, ...] | None = None
    codes: tuple[str, ...] | None = None
    area: int | None = None
    status: str = ""
    without_point: bool = False
    without_plate: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether addresses of the division are left out for their state, point or plate."""
        return bool(self.status or self.without_point or self.without_plate)

    @property
    def has_index(self) -> bool:
        """Whether an index finds just the addresses that fit; else a window is looked through."""
        is_active = self.status == AddressStatus.ACTIVE
        return not (is_active or self.without_point or self.without_plate)


@dataclass(frozen=True, slots=True)
class ListedAddress:
    """One address with its division, shown position and newest living plate."""

    code: str
    street_order: bytes
    standard_text: str
    status: str
    status_reason: str
    source: str
    division_code: str
    division: str
    point: Point | None
    token: str
    plate_status: str

    @property
    def cursor(self) -> str:
        """Its place in the list."""
        return join_cursor(self.street_order.hex(), self.code)


@dataclass(frozen=True, slots=True)
class AddressPage:
    """One page of the list; ``following`` is the cursor of the next one.

    ``is_cut`` says that the page ends because ``SCANNED`` addresses were looked at.
    """

    rows: list[ListedAddress] = field(default_factory=list)
    following: str = ""
    is_cut: bool = False


def list_in_street_order(
    session: Session, wanted: AddressFilter, *, after: str = "", limit: int = 50
) -> AddressPage:
    """One page of the addresses that fit, in street order; ``after`` is a cursor.

    Raises:
        BadRequest: ``after`` is no cursor.
    """
    values: dict[str, Any] = _values_of(wanted, after)
    values["most"] = limit + 1 if wanted.has_index else SCANNED
    values["limit"] = limit + 1
    window = _window_of(wanted, after)
    conditions = {
        "a.status = :status": wanted.status,
        f"not {_HAS_ENTRANCE}": wanted.without_point,
        "p.token is null": wanted.without_plate,
    }
    kept = " and ".join(one for one, applies in conditions.items() if applies) or "true"
    statement = text(
        f"select a.code, a.street_order, a.standard_text, a.status, a.status_reason, a.source, "  # noqa: S608 - our own constants
        "d.code as division_code, d.name as division, "
        "coalesce(entrance.lon, ST_X(a.geom)) as lon, "
        "coalesce(entrance.lat, ST_Y(a.geom)) as lat, "
        "coalesce(p.token, '') as token, coalesce(p.status, '') as plate_status "
        f"from ({window}) a join division d on d.id = a.division_id {ENTRANCE_JOIN} {_PLATE} "
        f"where {kept} order by a.street_order, a.code limit :limit"
    )
    found = [_listed(row) for row in session.execute(statement, values)]
    rows, following = page_of(found, limit, attrgetter("cursor"))
    if following is None and not wanted.has_index:
        end = text(
            f"select a.street_order, a.code from ({window}) a "  # noqa: S608 - the same
            "order by a.street_order, a.code offset :before limit 1"
        )
        last = session.execute(end, values | {"before": SCANNED - 1}).first()
        if last is not None:
            return AddressPage(rows, join_cursor(last[0].hex(), last[1]), is_cut=True)
    return AddressPage(rows, following or "")


def iterate_in_street_order(
    session: Session, wanted: AddressFilter, *, most_pages: int, page: int = 5000
) -> Iterator[AddressPage]:
    """Yield one page after another, at most so many; the last may have a cursor left."""
    after = ""
    for _ in range(most_pages):
        found = list_in_street_order(session, wanted, after=after, limit=page)
        yield found
        after = found.following
        if not after:
            return


def _values_of(wanted: AddressFilter, after: str) -> dict[str, Any]:
    prefix = division_prefix(wanted.division) if wanted.division else ""
    first = prefix[:_TOWNSHIP].encode()
    order, code = split_cursor(after, bytes.fromhex, str) if after else (b"", "")
    return {
        "prefix": prefix,
        "first": first,
        "last": first + b"\xff",
        "order": order,
        "code": code,
        "places": list(wanted.places or ()),
        "codes": list(wanted.codes or ()),
        "area": wanted.area,
        "status": wanted.status,
    }


def _window_of(wanted: AddressFilter, after: str) -> str:
    """The part of the list that is looked at, in order.

    Addresses of places, of codes and of an area are few: they are collected first, so that the
    order is never walked through for them.
    """
    prefix = division_prefix(wanted.division) if wanted.division else ""
    conditions = [
        condition
        for applies, condition in (
            (prefix, _STRETCH),
            (len(prefix) > _TOWNSHIP, _INSIDE),
            (after, _LATER),
            (wanted.status not in ("", AddressStatus.ACTIVE), _UNUSUAL),
            (wanted.without_point, "a.geom is null"),
        )
        if applies
    ]
    few = [
        condition
        for applies, condition in (
            (wanted.places is not None, _NAMED),
            (wanted.codes is not None, "a.code = any(:codes)"),
            (wanted.area is not None, _IN_AREA),
        )
        if applies
    ]
    source = "address a"
    if few:
        held = " and ".join(few)
        source = f"(select {_COLUMNS} from address a where {held} offset 0) a"  # noqa: S608 - our own constants
    where = " and ".join(conditions) or "true"
    return f"select {_COLUMNS} from {source} where {where} {_WINDOW}"  # noqa: S608 - the same


def _listed(row: Any) -> ListedAddress:
    values = row._asdict()
    lon, lat = values.pop("lon"), values.pop("lat")
    point = None if lon is None or lat is None else Point(lon, lat)
    return ListedAddress(**values, point=point)
