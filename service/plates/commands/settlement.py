"""Settles plates, their work and areas after a change of their addresses.

The ``Standing`` of a plate is computed on every read. The work that follows from it is written
here, in the transaction that changes the address: every caller of a command of ``addresses`` that
ends, corrects or moves calls ``follow_addresses`` after it (checked by ``tests/architecture/``).
Settling again changes nothing.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.codes import format_code
from address_model.elements import elements_from_plain
from address_model.inspections import PlateEventKind
from address_model.lifecycle import ADDRESS_STATUS_NAMES, GONE, AddressStatus, PlateStatus
from address_model.plate_standing import CONSEQUENCES, Standing, standing_of
from service.addresses.queries import (
    AddressRow,
    find_successors,
    hold_addresses,
    lock_addresses,
)
from service.changes.commands import Action, Subject, announce
from service.core.actor import Actor
from service.linking.commands import hold_links, inherit_areas, link_addresses
from service.plates.commands.event_record import EventDraft, find_repeated, record_event
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
    """Update the plates, work and areas of addresses that were just changed.

    ``before`` are the addresses as they were, locked by the command that changed them.
    """
    codes = [row.code for row in before]
    if not codes:
        return
    now = lock_addresses(session, codes)
    tokens = list(session.scalars(_HOLD, {"codes": codes}))
    keys = [*codes, *tokens]
    worklists.hold_items(session, keys)
    hold_links(session)  # before reports, which follow the work that ends here
    faces = {
        row.code: face
        for row in before
        if (face := face_text(row.elements)) != face_text(now[row.code].elements)
    }
    if faces:  # made plates without a known text bear the text of their address until now
        texts = {"codes": list(faces), "faces": list(faces.values())}
        announce_plates(session, session.scalars(_KEEP_TEXT, texts), Action.CHANGED)
    settle_plates(session, tokens, actor)
    for row in now.values():
        if row.status in GONE:
            worklists.cancel_items_of(session, [row.code], ending_of(row), actor)
    worklists.hold_items(session, keys)  # including items opened meanwhile
    inherit_areas(session, codes)
    heirs = {heir.code for found in find_successors(session, codes).values() for heir in found}
    others = sorted(heirs.difference(codes))
    link_addresses(session, [*codes, *others])
    announce(session, Subject.ADDRESS_AREA, Action.LINKED, others)
    worklists.move_items(session, codes, keys, actor)


def settle_plates(session: Session, tokens: Sequence[str], actor: Actor) -> int:
    """Open and end work on plates whose standing may have changed; return how many were settled.

    Call it with the plates and their addresses locked.
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
    """Settle the next page of plates in order of token, after a token.

    Returns how many were settled, and the last token, "" at the end. Needed once for a register
    whose addresses changed before plates were settled with them.
    """
    rows = session.execute(_PAGE, {"after": after, "size": size}).all()
    if not rows:
        return 0, ""
    codes = sorted({row.code for row in rows})
    hold_addresses(session, *codes)
    session.execute(_HOLD, {"codes": codes})
    return settle_plates(session, [row.token for row in rows], actor), rows[-1].token


def settle_plate(session: Session, held: LockedPlate, actor: Actor) -> None:
    """Open, end and cancel work by the standing of a plate, which is held, or void it."""
    standing = held.standing
    if standing is Standing.SOUND and held.replaced_by is None:
        # The text is right again: no replacement, and a plate not installed yet is to be installed.
        cause = str(Standing.OTHER_TEXT)
        ended = worklists.end_caused_items(session, held.token, cause, "文字已相符", actor)
        if ended and held.status is PlateStatus.TO_INSTALL:
            worklists.open_installs(session, [held.token], actor)
    consequence = CONSEQUENCES[standing][held.status]
    if standing is Standing.ADDRESS_ENDED:
        why = ending_of(held)
    else:
        why = f"文字不符：牌上是{held.printed_text}，现在是{held.face}"
    if consequence.ends:
        outcome = why if standing is Standing.ADDRESS_ENDED else "文字不符，改为更换"
        ends = consequence.ends
        worklists.cancel_items_of(session, [held.token], outcome, actor, kinds=ends)
    if consequence.work:
        cause = str(standing)
        draft = WorkDraft(consequence.work, held.code, held.token, why, cause=cause)
        worklists.open_item(session, draft, actor)
    if consequence.after is not PlateStatus.VOID:
        return
    visit, kind = EventReport(f"{_ENDING}:{format_code(held.code)}"), PlateEventKind.VOIDED
    if not find_repeated(session, held.token, visit, kind, reason=why):
        free_plates_before(session, held)
        what = EventDraft(kind, PlateStatus.VOID, why)
        record_event(session, held, what, visit, actor, reason=why)


def note_printed(session: Session, faces: Mapping[str, str]) -> None:
    """Store the printed texts of plates that are not made yet: ``face_text`` by token.

    They count from now on, however late the plates are made.
    """
    values = {"tokens": list(faces), "faces": list(faces.values())}
    announce_plates(session, session.scalars(_NOTE_TEXT, values), Action.CHANGED)


def ending_of(address: AddressRow | LockedPlate) -> str:
    """How an address ended, in words: 地址已终止（消亡）：拆除."""
    if isinstance(address, LockedPlate):
        status, reason = address.address_status, address.address_reason
    else:
        status, reason = address.status, address.status_reason
    name = ADDRESS_STATUS_NAMES[AddressStatus(status)]
    return f"地址已终止（{name}）" + (f"：{reason}" if reason else "")
