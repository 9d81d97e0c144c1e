"""Plates, their work and their areas follow their addresses; what hangs says so from then on.

How a plate stands to its address is judged wherever it is read (``Standing``): no page lags. Here
the work that follows is written, in the transaction that changes the address: whoever calls a
command of ``addresses`` that ends, corrects or moves calls ``follow_addresses`` after it
(``tests/architecture/`` keeps that). Doing it again changes nothing.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.codes import format_code
from address_model.inspections import PlateEventKind
from address_model.lifecycle import ADDRESS_STATUS_NAMES, GONE, AddressStatus, PlateStatus
from address_model.plain_elements import elements_from_plain
from address_model.plate_standing import CONSEQUENCES, Standing, standing_of
from service.addresses.queries import (
    AddressRow,
    find_successors,
    hold_addresses,
    lock_addresses,
)
from service.changes.commands import Action, Subject, announce
from service.core.actor import Actor
from service.linking.commands import inherit_areas, link_addresses
from service.plates.commands.event_record import PlateHappening, find_repeated, record_event
from service.plates.commands.notices import announce_plates
from service.plates.commands.succession import free_plates_before
from service.plates.event_report import EventReport
from service.plates.faces import face_text
from service.plates.queries.locked_plates import LockedPlate, lock_plate
from service.worklists import commands as worklists
from service.worklists.drafts import WorkDraft

_ENDING = "address-ended"
_HOLD = text(
    "select token from plate where code = any(:codes) and status not in ('replaced', 'void') "
    "order by token for no key update"
)
_KEEP_TEXT = text(
    "update plate p set printed_text = n.face from unnest(cast(:codes as text[]), "
    "cast(:faces as text[])) as n(code, face) where p.code = n.code "
    "and p.printed_text is null and p.status not in ('to_make', 'replaced', 'void') "
    "returning p.token"
)
_NOTE_TEXT = text(
    "with held as (select token from plate where token = any(:tokens) and status = 'to_make' "
    "order by token for no key update) "
    "update plate p set printed_text = n.face from held join unnest(cast(:tokens as text[]), "
    "cast(:faces as text[])) as n(token, face) on n.token = held.token where p.token = n.token "
    "and p.printed_text is distinct from n.face returning p.token"
)
_STANDINGS = text(
    "select p.token, p.printed_text, a.status, a.elements, exists (select from work_item w "
    "where w.key = p.token and w.state = 'open' and w.cause = 'other_text') as caused "
    "from plate p join address a on a.code = p.code where p.token = any(:tokens) "
    "and (p.printed_text is not null or a.status in ('replaced', 'retired', 'invalid')) "
    "order by a.code, p.token"
)

_PAGE = text(
    "select p.token, p.code from plate p join address a on a.code = p.code "
    "where p.token > :after and p.status not in ('replaced', 'void') "
    "and (p.printed_text is not null or a.status in ('replaced', 'retired', 'invalid')) "
    "order by p.token limit :size"
)


def follow_addresses(session: Session, before: Sequence[AddressRow], actor: Actor) -> None:
    """Let what hangs on addresses that were just changed follow them: plates, work, areas.

    ``before`` are the addresses as they were, locked by the command that changed them.
    """
    codes = [row.code for row in before]
    if not codes:
        return
    now = lock_addresses(session, codes)
    tokens = list(session.scalars(_HOLD, {"codes": codes}))
    keys = [*codes, *tokens]
    worklists.hold_items(session, keys)
    _keep_texts(session, before, now)
    settle_plates(session, tokens, actor)
    for row in now.values():
        if row.status in GONE:
            worklists.cancel_items_of(session, [row.code], ending_of(row), actor)
    worklists.hold_items(session, keys)  # with what was opened meanwhile
    inherit_areas(session, codes)
    heirs = {heir.code for found in find_successors(session, codes).values() for heir in found}
    others = sorted(heirs.difference(codes))
    link_addresses(session, [*codes, *others])
    announce(session, Subject.ADDRESS_AREA, Action.LINKED, others)
    worklists.move_items(session, codes, keys)


def settle_plates(session: Session, tokens: Sequence[str], actor: Actor) -> int:
    """Open and end the work of those plates that stand otherwise to their address than they did.

    Returns how many were looked at one by one; call it with their addresses and them locked.
    """
    worklists.hold_items(session, tokens)
    count = 0
    for row in session.execute(_STANDINGS, {"tokens": list(tokens)}).all():
        face = face_text(elements_from_plain(row.elements))
        standing = standing_of(row.status, row.printed_text, face)
        if standing is not Standing.SOUND or row.caused:
            settle_plate(session, lock_plate(session, row.token), actor)
            count += 1
    return count


def settle_page(
    session: Session, actor: Actor, *, after: str = "", size: int = 500
) -> tuple[int, str]:
    """Settle the next plates that may stand otherwise to their address, in order of token.

    Returns how many were looked at one by one, and the last token, "" when all have been seen. A
    register needs it once, when its addresses ended before their plates followed them.
    """
    rows = session.execute(_PAGE, {"after": after, "size": size}).all()
    if not rows:
        return 0, ""
    codes = sorted({row.code for row in rows})
    hold_addresses(session, *codes)
    session.execute(_HOLD, {"codes": codes})
    return settle_plates(session, [row.token for row in rows], actor), rows[-1].token


def settle_plate(session: Session, held: LockedPlate, actor: Actor) -> None:
    """Write what follows from how a plate, held, stands to its address: its work, and its end."""
    standing = held.standing
    if standing is Standing.SOUND and held.replaced_by is None:
        _end_caused(session, held, actor)
    consequence = CONSEQUENCES[standing][held.status]
    why = ending_of(held) if standing is Standing.ADDRESS_ENDED else _difference_of(held)
    if consequence.ends:
        outcome = why if standing is Standing.ADDRESS_ENDED else "文字不符，改为更换"
        ends = consequence.ends
        worklists.cancel_items_of(session, [held.token], outcome, actor, kinds=ends)
    if consequence.work:
        cause = str(standing)
        draft = WorkDraft(consequence.work, held.code, held.token, why, cause=cause)
        worklists.open_item(session, draft, actor)
    if consequence.after is PlateStatus.VOID:
        _void(session, held, why, actor)


def note_printed(session: Session, faces: Mapping[str, str]) -> None:
    """Keep what the files of plates say that are not made yet: ``face_text`` by token, as drawn.

    It counts from then on, however late the plate is made.
    """
    values = {"tokens": list(faces), "faces": list(faces.values())}
    announce_plates(session, session.scalars(_NOTE_TEXT, values), Action.CHANGED)


def ending_of(address: AddressRow | LockedPlate) -> str:
    """What has become of an ended address, in words: 地址已终止（消亡）：拆除."""
    if isinstance(address, LockedPlate):
        status, reason = address.address_status, address.address_reason
    else:
        status, reason = address.status, address.status_reason
    name = ADDRESS_STATUS_NAMES[AddressStatus(status)]
    return f"地址已终止（{name}）" + (f"：{reason}" if reason else "")


def _difference_of(held: LockedPlate) -> str:
    return f"文字不符：牌上是{held.printed_text}，现在是{held.face}"


def _keep_texts(session: Session, before: Sequence[AddressRow], now: dict[str, AddressRow]) -> None:
    """Keep what plates say whose making nobody recorded: what their address said until now."""
    faces = {
        row.code: face
        for row in before
        if (face := face_text(row.elements)) != face_text(now[row.code].elements)
    }
    if faces:
        values = {"codes": list(faces), "faces": list(faces.values())}
        announce_plates(session, session.scalars(_KEEP_TEXT, values), Action.CHANGED)


def _end_caused(session: Session, held: LockedPlate, actor: Actor) -> None:
    """End the replacing of a plate whose text is right again; one not hung yet shall hang."""
    cause = str(Standing.OTHER_TEXT)
    ended = worklists.end_caused_items(session, held.token, cause, "文字已相符", actor)
    if ended and held.status is PlateStatus.TO_INSTALL:
        worklists.open_installs(session, [held.token], actor)


def _void(session: Session, held: LockedPlate, reason: str, actor: Actor) -> None:
    """A plate that is not made yet is not made any more."""
    visit = EventReport(f"{_ENDING}:{format_code(held.code)}")
    kind = PlateEventKind.VOIDED
    if find_repeated(session, held.token, visit, kind, reason=reason):
        return
    free_plates_before(session, held)
    what = PlateHappening(kind, PlateStatus.VOID, reason)
    record_event(session, held, what, visit, actor, reason=reason)
