"""Changes the texts of many addresses at once; former texts still resolve to them."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.codes import format_code
from address_model.elements import elements_to_plain
from address_model.lifecycle import AddressStatus
from service.addresses.commands.names import (
    NAME_COLUMNS,
    close_standard_names,
    find_holders,
    name_rows,
)
from service.addresses.drafts import AddressDraft
from service.addresses.queries import AddressRow
from service.audit import commands as audit
from service.changes import commands as changes
from service.changes.commands import Action, ChangeNote, Subject
from service.core.actor import Actor
from service.core.bulk_copy import copy_rows

_UPDATE = text(
    "update address a set division_id = v.division_id, standard_text = v.standard_text, "
    "elements = cast(v.elements as jsonb), street = v.street, street_order = v.street_order, "
    "updated_at = clock_timestamp() from unnest("
    "cast(:codes as text[]), cast(:divisions as bigint[]), cast(:texts as text[]), "
    "cast(:elements as text[]), cast(:streets as text[]), cast(:orders as bytea[])) "
    "as v(code, division_id, standard_text, elements, street, street_order) "
    "where a.code = v.code"
)


@dataclass(frozen=True, slots=True)
class ChangedTexts:
    """The result of changing texts.

    ``before`` are the changed addresses as they were; ``frozen`` the codes of frozen addresses,
    left unchanged; ``conflicts`` name the new texts that another address has.
    """

    before: tuple[AddressRow, ...] = ()
    frozen: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


def change_texts(
    session: Session, pairs: Sequence[tuple[AddressRow, AddressDraft]], actor: Actor
) -> ChangedTexts:
    """Set the texts and divisions of living addresses, locked by the caller, from their drafts.

    Each changed address is announced once. Frozen ones, and those whose new text another address
    has, are left unchanged and reported.
    """
    pairs = [
        (row, draft)
        for row, draft in pairs
        if (row.division_id, row.standard_text) != (draft.division_id, draft.text)
    ]
    frozen = tuple(row.code for row, _ in pairs if row.status == AddressStatus.FROZEN)
    pairs = [(row, draft) for row, draft in pairs if row.status != AddressStatus.FROZEN]
    taken = find_holders(session, [draft.key for _, draft in pairs])
    free = [(row, draft) for row, draft in pairs if taken.get(draft.key, row.code) == row.code]
    conflicts = tuple(
        f"{format_code(row.code)} {draft.text}: {format_code(taken[draft.key])} has this text"
        for row, draft in pairs
        if taken.get(draft.key, row.code) != row.code
    )
    if free:
        _write(session, free, actor)
    return ChangedTexts(tuple(row for row, _ in free), frozen, conflicts)


def _write(
    session: Session, pairs: Sequence[tuple[AddressRow, AddressDraft]], actor: Actor
) -> None:
    codes = [row.code for row, _ in pairs]
    values = {
        "codes": codes,
        "divisions": [draft.division_id for _, draft in pairs],
        "texts": [draft.text for _, draft in pairs],
        "elements": [orjson.dumps(elements_to_plain(d.elements)).decode() for _, d in pairs],
        "streets": [draft.elements.street for _, draft in pairs],
        "orders": [draft.street_order for _, draft in pairs],
    }
    session.execute(_UPDATE, values)
    renamed = [(row, draft) for row, draft in pairs if row.standard_text != draft.text]
    close_standard_names(session, [row.code for row, _ in renamed])
    names = name_rows((row.code, draft) for row, draft in renamed)
    copy_rows(session, "address_name", NAME_COLUMNS, names)
    changes.record(
        session,
        [ChangeNote(Subject.ADDRESS, r.code, Action.CORRECTED, d.division_code) for r, d in pairs],
    )
    audit.record_codes(session, actor=actor, action="addresses:follow", codes=codes)
