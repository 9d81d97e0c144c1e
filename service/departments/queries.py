"""Reads one address with the related records of several slices, and how much a grant opens."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.lifecycle import ENDED
from address_model.sensitivity import Viewer
from address_model.tables import Address, AddressIdentifier, AddressName, Area
from service.addresses.json_view import is_seen, show_address
from service.addresses.queries import (
    AddressRow,
    find_successors,
    get_address,
    lies_in_division,
    list_children,
    list_positions,
)
from service.auth.grants import Grant
from service.auth.permissions import Permission
from service.core.errors import AddressNotFound
from service.departments.schemas import (
    AddressDetail,
    AreaOut,
    HangingPlateOut,
    IdentifierOut,
    KinOut,
    NameOut,
    PlacedOut,
    PlaceOut,
)
from service.linking.queries import list_area_ids
from service.placenames.queries import find_places
from service.plates.queries import list_plates_of

PARTS = ("place", "positions", "names", "identifiers", "areas", "plate", "parent", "children")
"""The related records that ``include`` may name."""

MOST_CHILDREN = 1000


_BULK = frozenset({Permission.ADDRESSES_READ, Permission.CHANGES_READ})
"""Permissions by which all addresses of a division can be copied."""

_MOST_COUNTED = 1_000_000


def count_readable(session: Session, grant: Grant) -> int:
    """How many addresses a grant lets a program copy; 0 if it only answers about single ones.

    Counted up to a million.
    """
    if not grant.permissions & _BULK:
        return 0
    some = select(Address.code).limit(_MOST_COUNTED)
    if grant.division:
        some = some.where(lies_in_division(grant.division))
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def read_address(
    session: Session, code: str, parts: Sequence[str], viewer: Viewer
) -> AddressDetail:
    """One address with the ``parts`` requested, and with relatives that the viewer sees.

    Raises:
        MalformedCode: the text is no address code.
        AddressNotFound: no address has this code, or the viewer does not see it.
    """
    row = get_address(session, code)
    if not is_seen(row, viewer):
        raise AddressNotFound(
            f"no address has the code {row.code}",
            hint="compare the code with the plate, digit by digit",
        )
    after = find_successors(session, [row.code]).get(row.code, [])
    following = [one for one in after if is_seen(one, viewer)]
    answer = AddressDetail.model_validate(show_address(row, viewer, following))
    read: dict[str, Callable[[Session, AddressRow, AddressDetail], None]] = {
        "place": _read_place,
        "positions": _read_positions,
        "names": _read_names,
        "identifiers": _read_identifiers,
        "areas": _read_areas,
        "plate": _read_plates,
        "parent": partial(_read_parent, viewer=viewer),
        "children": partial(_read_children, viewer=viewer),
    }
    for part in parts:
        read[part](session, row, answer)
    return answer


def _read_place(session: Session, row: AddressRow, answer: AddressDetail) -> None:
    if row.place_id is not None:
        found = find_places(session, [row.place_id])
        answer.place = next((PlaceOut.of(place) for place in found.values()), None)


def _read_positions(session: Session, row: AddressRow, answer: AddressDetail) -> None:
    own = row.own_position
    answer.positions = [PlacedOut.of_own(own, row)] if own else []
    answer.positions += [
        PlacedOut.of_row(one) for one in list_positions(session, [row.code]).get(row.code, [])
    ]


def _read_names(session: Session, row: AddressRow, answer: AddressDetail) -> None:
    statement = (
        select(
            AddressName.text,
            AddressName.kind,
            AddressName.source,
            AddressName.source_id,
            AddressName.valid_from,
            AddressName.valid_to,
        )
        .where(AddressName.code == row.code)
        .order_by(AddressName.valid_to.desc().nulls_first(), AddressName.kind.desc())
    )
    rows: Sequence[Any] = session.execute(statement).all()
    answer.names = [NameOut(**one._mapping) for one in rows]  # noqa: SLF001 - public in SQLAlchemy


def _read_identifiers(session: Session, row: AddressRow, answer: AddressDetail) -> None:
    statement = (
        select(
            AddressIdentifier.scheme,
            AddressIdentifier.value,
            AddressIdentifier.valid_from,
            AddressIdentifier.valid_to,
        )
        .where(AddressIdentifier.code == row.code)
        .order_by(AddressIdentifier.scheme, AddressIdentifier.value)
    )
    rows: Sequence[Any] = session.execute(statement).all()
    answer.identifiers = [IdentifierOut(**one._mapping) for one in rows]  # noqa: SLF001 - as above


def _read_areas(session: Session, row: AddressRow, answer: AddressDetail) -> None:
    ids = list_area_ids(session, [row.code]).get(row.code, ())
    statement = select(Area.kind, Area.code, Area.name).where(Area.id.in_(ids)).order_by(Area.kind)
    rows: Sequence[Any] = session.execute(statement).all()
    answer.areas = [AreaOut(kind=kind, code=code, name=name) for kind, code, name in rows]


def _read_plates(session: Session, row: AddressRow, answer: AddressDetail) -> None:
    answer.plates = [
        HangingPlateOut(token=one.token, status=one.status, generation=one.generation)
        for one in list_plates_of(session, row.code)
        if one.status not in ENDED
    ]


def _read_parent(
    session: Session, row: AddressRow, answer: AddressDetail, *, viewer: Viewer
) -> None:
    parent = get_address(session, row.parent_code) if row.parent_code else None
    if parent is not None and is_seen(parent, viewer):
        answer.parent = KinOut.of(parent)


def _read_children(
    session: Session, row: AddressRow, answer: AddressDetail, *, viewer: Viewer
) -> None:
    found = list_children(session, row.code, limit=MOST_CHILDREN)
    answer.children = [KinOut.of(one) for one in found if is_seen(one, viewer)]
