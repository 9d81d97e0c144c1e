"""Blank plates (空白牌): printed with a QR code only, and bound once, on site, to an address."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.inspections import PlateEventKind
from address_model.lifecycle import PlateStatus
from address_model.tables import PlateBatch
from service.addresses.queries import hold_addresses
from service.audit import commands as audit
from service.changes.events import Action
from service.core.actor import Actor
from service.divisions.queries import get_division
from service.plates.commands.event_record import (
    EventDraft,
    hold_visited,
    hold_work,
    record_event,
)
from service.plates.commands.issue import NEXT_GENERATION, count_issued, draw_token
from service.plates.commands.notices import announce_plates
from service.plates.commands.succession import DONE_BY_HANGING, end_plate, end_plates_before
from service.plates.event_report import EventReport
from service.plates.payload_host import require_public_host
from service.plates.policies import require_blank, require_hangable, require_none_in_use
from service.plates.queries.events import EventRow
from service.plates.queries.locked_plates import lock_living_plates, lock_plate
from service.worklists import commands as worklists

_INSERT = text(
    "insert into plate (token, batch_id, county, generation) "
    "select unnest(cast(:tokens as text[])), :batch, :county, 0 "
    "on conflict (token) do nothing returning token"
)
_BIND = text(
    "update plate set code = cast(:code as varchar), printed_text = '', "  # noqa: S608 - our own
    "generation = (select "
    f"{NEXT_GENERATION} from plate p where p.code = :code) where token = :token"
)


def issue_blank_plates(
    session: Session, batch: PlateBatch, county: str, count: int, actor: Actor
) -> list[str]:
    """Issue plates without an address, for one county (6 digits); return the tokens.

    Raises:
        DivisionNotFound: there is no such county.
        DeadHost: the public could not open their QR codes, and they are not for trial.
    """
    require_public_host(batch.payload_prefix, is_trial=batch.is_trial)
    county = get_division(session, county).code[:6]
    division = county.ljust(12, "0")
    count_issued(session, batch.id, count, lambda: [division])
    tokens: list[str] = []
    while len(tokens) < count:
        drawn = [draw_token() for _ in range(count - len(tokens))]
        values = {"tokens": drawn, "batch": batch.id, "county": county}
        tokens += session.execute(_INSERT, values).scalars()
    announce_plates(session, tokens, Action.ISSUED_BLANK)
    audit.record_codes(session, actor=actor, action="plates:issue_blank", codes=tokens)
    return tokens


def bind_blank_plate(
    session: Session, token: str, code: str, visit: EventReport, actor: Actor
) -> EventRow:
    """Bind a blank plate to the address where it is installed; it can never be bound again.

    Plates of the address that are not in use (ordered, damaged, lost) end with it.

    Raises:
        PlateNotFound, AddressNotFound, MalformedCode: there is no such plate or address.
        Conflict: the plate is not blank, is of another county, or cannot be installed; or the
            address has ended, or has a plate in use.
    """
    (address,) = hold_addresses(session, code)
    extra = {"bound_to": address.code}
    held, repeated = hold_visited(session, token, visit, PlateEventKind.BOUND, **extra)
    if repeated:
        return repeated
    require_blank(held, address)
    living = lock_living_plates(session, address.code)
    hold_work(session, address.code)
    require_none_in_use(living, held, address)
    session.execute(_BIND, {"token": token, "code": address.code, "trial": held.is_trial})
    bound = lock_plate(session, token)
    require_hangable(bound)
    what = EventDraft(PlateEventKind.BOUND, PlateStatus.IN_USE)
    event = record_event(session, bound, what, visit, actor, **extra)
    for older in living:
        end_plate(session, older, token, visit, actor)
    end_plates_before(session, bound, visit, actor)
    keys = [token, address.code]
    worklists.finish_items_of(session, keys, DONE_BY_HANGING, "已安装空白牌", actor)
    return event
