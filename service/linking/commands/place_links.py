"""Links addresses to place names by id: by rule where it is safe, otherwise by hand.

A street is linked to the addresses that carry its whole name in its county, a village to those in
its township. Where two place names would fit, neither is linked and both are told. Divisions need
no link: the code of an address leads to them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, or_, select
from sqlalchemy.orm import Session

from address_model.tables import Address, AddressPlaceName, Division, PlaceName
from service.addresses.queries import get_address
from service.audit import commands as audit
from service.changes import commands as changes
from service.core.actor import Actor
from service.core.copying import copy_rows
from service.placenames.queries import get_place_id

_RULE, _HAND = "rule", "hand"
_SCOPES = {"street": 6, "village": 9}
"""How many digits of the division's code two things of one name must share to be one thing."""


@dataclass
class LinkedPlaces:
    """What linking did; ``unclear`` are names that more than one place name answers to."""

    added: int = 0
    removed: int = 0
    same: int = 0
    unclear: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Linkable:
    """A place name that addresses may carry in their text, and where."""

    id: int
    number: str
    name: str
    kind: str
    scope: str


def link_places(session: Session, actor: Actor) -> LinkedPlaces:
    """Link every address to the streets and villages it bears; links by hand are left alone."""
    report = LinkedPlaces()
    linkable = _list_linkable(session)
    counts = Counter((one.kind, one.name, one.scope) for one in linkable)
    wanted: dict[tuple[str, int], str] = {}
    for one in linkable:
        if counts[(one.kind, one.name, one.scope)] > 1:
            report.unclear.append(f"{one.number} {one.name}")
            continue
        for code in _list_bearers(session, one):
            wanted[(code, one.id)] = one.kind
    by_hand = _held(session, _HAND)
    held = _held(session, _RULE)
    fresh = sorted(set(wanted) - held - by_hand)
    stale = sorted(held - set(wanted))
    report.added, report.removed, report.same = len(fresh), len(stale), len(held) - len(stale)
    _store(session, [(code, place, wanted[(code, place)]) for code, place in fresh], stale)
    _announce(session, [*fresh, *stale], actor)
    return report


def assign_place(
    session: Session, code: str, number: str, *, kind: str, reason: str, actor: Actor
) -> None:
    """Say by hand that an address lies at a place name; ``kind`` is building, historical, …

    Raises:
        AddressNotFound: no such address.
        PlaceNameNotFound: no such place name.
    """
    address = get_address(session, code)
    place_id = get_place_id(session, number)
    unassign_place(session, code, number, actor)
    session.execute(
        insert(AddressPlaceName).values(
            code=address.code, place_name_id=place_id, kind=kind, how=_HAND, reason=reason
        )
    )
    _announce(session, [(address.code, place_id)], actor)


def unassign_place(session: Session, code: str, number: str, actor: Actor) -> bool:
    """Take a link away; returns whether there was one."""
    key = (get_address(session, code).code, get_place_id(session, number))
    gone = session.execute(
        delete(AddressPlaceName)
        .where(AddressPlaceName.code == key[0], AddressPlaceName.place_name_id == key[1])
        .returning(AddressPlaceName.code)
    ).all()
    if gone:
        _announce(session, [key], actor)
    return bool(gone)


def _list_linkable(session: Session) -> list[_Linkable]:
    """Streets and villages whose division is known closely enough for the rule."""
    statement = (
        select(PlaceName.id, PlaceName.number, PlaceName.standard_name, PlaceName.kind, Division)
        .join(Division, Division.id == PlaceName.division_id)
        .where(PlaceName.kind.in_(_SCOPES), PlaceName.status == "current")
        .order_by(PlaceName.number)
    )
    found = []
    for id_, number, name, kind, division in session.execute(statement).all():
        digits = _SCOPES[kind]
        scope = division.code[:digits]
        if division.level >= (3 if digits == 6 else 4):
            found.append(_Linkable(id_, number, name, kind, scope))
    return found


def _list_bearers(session: Session, one: _Linkable) -> Sequence[str]:
    names: ColumnElement[bool] = Address.street == one.name
    if one.kind == "village":
        names = or_(names, Address.elements["natural_village"].astext == one.name)
    statement = select(Address.code).where(names)
    if one.kind == "street":
        statement = statement.where(Address.county == one.scope)
    else:
        inside = select(Division.id).where(Division.code.startswith(one.scope))
        statement = statement.where(Address.division_id.in_(inside))
    return session.scalars(statement).all()


def _held(session: Session, how: str) -> set[tuple[str, int]]:
    statement = select(AddressPlaceName.code, AddressPlaceName.place_name_id)
    rows: Sequence[Any] = session.execute(statement.where(AddressPlaceName.how == how)).all()
    return {(code, place) for code, place in rows}


def _store(
    session: Session, fresh: list[tuple[str, int, str]], stale: list[tuple[str, int]]
) -> None:
    for code, place in stale:
        session.execute(
            delete(AddressPlaceName).where(
                AddressPlaceName.code == code, AddressPlaceName.place_name_id == place
            )
        )
    columns = ("code", "place_name_id", "kind", "how", "reason")
    reason = "same whole name within its scope"
    copy_rows(
        session,
        "address_place_name",
        columns,
        ((code, place, kind, _RULE, reason) for code, place, kind in fresh),
    )


def _announce(session: Session, links: list[tuple[str, int]], actor: Actor) -> None:
    if not links:
        return
    codes = sorted({code for code, _ in links})
    notes = [changes.ChangeNote("address_place_name", code, "linked") for code in codes]
    changes.record(session, notes)
    audit.record_codes(session, actor=actor, action="place_names:link", codes=codes)
