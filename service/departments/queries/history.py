"""Reads all that is kept with its day about an address, and its changes in the feed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from address_model.below_door import lies_below_door
from address_model.codes import format_code
from address_model.elements import elements_to_plain
from address_model.sensitivity import Viewer, mask
from address_model.tables import Address
from service.addresses.json_view import is_seen
from service.addresses.queries import AddressRow, find_addresses, find_successors, list_positions
from service.changes.events import Subject
from service.departments.address_choice import AddressChoice
from service.departments.history_schemas import AddressHistory, HistoricPositionOut, HistoryEventOut
from service.departments.queries.addresses import Shown
from service.departments.queries.parts import read_identifiers, read_names
from service.departments.schemas import IdentifierOut, KinOut, NameOut

_EVENTS = text(
    "select position, action, version, at from change where subject = :subject and key = :code "
    "and position > :after order by position limit :limit"
)
_KEPT_SINCE = text("select at from change order by position limit 1")
_PREDECESSORS = text(
    "select code from address where successor_code = :code union "
    "select code from address_succession where successor_code = :code order by code"
)


def show_history(
    session: Session,
    row: AddressRow,
    choice: AddressChoice,
    viewer: Viewer,
    *,
    after: int,
    size: int,
) -> tuple[Shown, int | None]:
    """All that is dated about an address, and a page of its changes in commit order.

    Returns the position after which the next page begins, None on the last.
    """
    values = {"subject": str(Subject.ADDRESS), "code": row.code, "after": after}
    events: Sequence[Any] = session.execute(_EVENTS, values | {"limit": size + 1}).all()
    following = events[size - 1].position if len(events) > size else None
    before = session.scalars(_PREDECESSORS, {"code": row.code}).all()
    names = read_names(session, [row], viewer)
    identifiers = read_identifiers(session, [row], viewer)
    relatives = find_addresses(session, before)
    after_it = find_successors(session, [row.code]).get(row.code, [])
    entered = select(Address.created_at).where(Address.code == row.code)
    history = AddressHistory(
        code=row.code,
        code_text=format_code(row.code),
        registered_at=session.scalars(entered).one(),
        names=sorted(names.get(row.code, ()), key=_begins),
        positions=[
            HistoricPositionOut.of_row(one)
            for one in list_positions(session, [row.code], history=True).get(row.code, [])
        ],
        identifiers=sorted(identifiers.get(row.code, ()), key=_begins),
        predecessors=[KinOut.of(one) for one in relatives.values() if is_seen(one, viewer)],
        successors=[KinOut.of(one) for one in after_it if is_seen(one, viewer)],
        events=[HistoryEventOut.model_validate(one._asdict()) for one in events[:size]],
        kept_since=session.scalar(_KEPT_SINCE),
        next=following,
    )
    deep = lies_below_door(row.level, elements_to_plain(row.elements))
    told = history.model_dump(mode="json")
    shown = mask(told, "history", viewer, division=row.division_code, is_deep=deep)
    return choice.narrow(shown), following


def _begins(one: NameOut | IdentifierOut) -> date:
    return one.valid_from
