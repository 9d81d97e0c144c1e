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
from service.changes.commands import Action, Subject
from service.core.actor import Actor
from service.core.bulk_copy import copy_rows

_UPDATE = text(
    "update address a set county = v.county, division_id = v.division_id, "
    "standard_text = v.standard_text, elements = cast(v.elements as jsonb), street = v.street, "
    "number_order = v.number_order, street_order = v.street_order, level = v.level, "
    "place_id = v.place_id, second_place_id = v.second_place_id, "
    "updated_at = clock_timestamp() from unnest("
    "cast(:codes as text[]), cast(:counties as text[]), cast(:divisions as bigint[]), "
    "cast(:texts as text[]), cast(:elements as text[]), cast(:streets as text[]), "
    "cast(:numbers as int[]), cast(:orders as bytea[]), cast(:levels as text[]), "
    "cast(:places as int[]), cast(:second_places as int[])) "
    "as v(code, county, division_id, standard_text, elements, street, number_order, "
    "street_order, level, place_id, second_place_id) where a.code = v.code"
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
        set_texts(session, [(row.code, draft) for row, draft in free])
        renamed = [(row, draft) for row, draft in free if row.standard_text != draft.text]
        close_standard_names(session, [row.code for row, _ in renamed])
        names = name_rows((row.code, draft) for row, draft in renamed)
        copy_rows(session, "address_name", NAME_COLUMNS, names)
        codes = [row.code for row, _ in free]
        changes.announce(session, Subject.ADDRESS, Action.CORRECTED, codes)
        audit.record_codes(session, actor=actor, action="addresses:follow", codes=codes)
    return ChangedTexts(tuple(row for row, _ in free), frozen, conflicts)


def set_texts(session: Session, pairs: Sequence[tuple[str, AddressDraft]]) -> None:
    """Store the texts, places and divisions of addresses (16 digits) from their drafts.

    Names, events and the audit entry are the caller's.
    """
    drafts = [draft for _, draft in pairs]
    values = {
        "codes": [code for code, _ in pairs],
        "counties": [draft.county for draft in drafts],
        "divisions": [draft.division_id for draft in drafts],
        "texts": [draft.text for draft in drafts],
        "elements": [orjson.dumps(elements_to_plain(one.elements)).decode() for one in drafts],
        "streets": [draft.elements.street for draft in drafts],
        "numbers": [draft.number_order for draft in drafts],
        "orders": [draft.street_order for draft in drafts],
        "levels": [draft.level for draft in drafts],
        "places": [draft.place_id for draft in drafts],
        "second_places": [draft.second_place_id for draft in drafts],
    }
    session.execute(_UPDATE, values)
