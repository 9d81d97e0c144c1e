"""Undoes the newest change of an address by the reversing command: a move or a correction."""

from dataclasses import replace

from address_model.coordinates import Point
from address_model.elements import numbered_from_plain
from service.addresses import commands
from service.addresses.commands import Renumbering
from service.addresses.drafts import take_division
from service.addresses.queries import AddressRow, find_addresses
from service.admin.address.field_reader import Refused, read_text
from service.admin.address.history import undo_title
from service.admin.address.queries.history import HistoryEvent, list_events
from service.audit.policies import require_seen
from service.auth.members import StaffMember, require
from service.auth.permissions import Permission
from service.changes.events import Subject
from service.core.database import Database
from service.core.web import WriteSession
from service.plates.commands import follow_addresses

REASON = "撤销"


def undo_newest(
    session: WriteSession,
    database: Database,
    member: StaffMember,
    address: AddressRow,
    *,
    entry: int,
    seen: int,
) -> None:
    """Undo the newest change of an address, if it is the one with this position in the chain.

    Raises:
        Refused: something else was done since, or no command reverses it.
        Outdated: the address was changed in the meantime.
        NotAllowed: it would go back to a division that is not the person's.
    """
    require_seen(session, address.record, seen)
    event = next(iter(list_events(session, {address.code: Subject.ADDRESS}, limit=1)), None)
    if event is None or event.position != entry or not undo_title(event):
        raise Refused("", "这一步以后又有办理，不能直接撤销；请用更正或移动改回。")
    if event.action == "addresses:renumber":
        changed = commands.renumber_addresses(
            session,
            _list_old_numbers(session, member, event),
            member.actor,
            reason=REASON,
            seen={address.code: seen},
        )
    elif event.action == "addresses:move":
        point = Point(*event.detail["before"])
        facts = commands.PointFacts(source="officer", note=REASON)
        changed = [
            commands.move_address(
                session, address.code, point, member.actor, facts=facts, seen=seen
            )
        ]
    else:
        draft = read_text(database, str(event.detail["before"]), REASON)
        draft = take_division(replace(draft, source=REASON), address)
        require(member, Permission.ADDRESSES_WRITE, draft.division_code)
        changed = commands.correct_address(session, address, draft, member.actor, seen=seen)
    follow_addresses(session, changed, member.actor)


def _list_old_numbers(
    session: WriteSession, member: StaffMember, event: HistoryEvent
) -> list[Renumbering]:
    """The old numbers of all addresses of one renumbering.

    Raises:
        Refused: something else was done to one of them since.
        NotAllowed: one lies outside the person's divisions.
    """
    orders = []
    for code, row in find_addresses(session, list(event.detail["together"])).items():
        require(member, Permission.ADDRESSES_WRITE, row.division_code)
        newest = next(iter(list_events(session, {code: Subject.ADDRESS}, limit=1)), None)
        if newest is None or (newest.action, newest.at) != (event.action, event.at):
            raise Refused("", f"同一批改号的“{row.standard_text}”以后又有办理，不能整批撤销。")
        orders.append(Renumbering(code, numbered_from_plain(newest.detail["number"])))
    return orders
