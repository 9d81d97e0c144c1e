"""How many addresses an action touches, and what its author saw would follow, to be kept."""

from collections.abc import Mapping, Sequence

from service.addresses.commands.action_drafts import FilledForm
from service.addresses.queries import AddressRow, get_address
from service.admin.address.action_form import ActionForm, ActionKind
from service.admin.address.consequences import (
    AddressStanding,
    list_consequences,
    list_text_changes,
    take_standing,
)
from service.core.database import Session
from service.reports.drafts import ReportedChange

MOST_SHOWN = 30


def measure_change(session: Session, code: str) -> int:
    """The address and all that lies in it."""
    return 1 + take_standing(session, code).extent.below


def fill_form(action: str, filled: ActionForm) -> FilledForm:
    """A form as it is kept: what was sent, without what the page adds."""
    sent = filled.model_fields_set - {"seen", "step", "listed", "cells"}
    fields = {name: str(getattr(filled, name)) for name in sorted(sent)}
    return FilledForm(action, fields, filled.seen)


def tell_change(
    session: Session, now: AddressStanding, then: AddressStanding, before: Sequence[AddressRow]
) -> Mapping[str, object]:
    """What follows from an action that was done and is not committed, as values to keep."""
    texts = list_text_changes(session, before)
    return {
        "effects": [[row.subject, row.now, row.then] for row in list_consequences(now, then)],
        "texts": [[one.code, one.before, one.after] for one in texts[:MOST_SHOWN]],
        "count": len(texts),
    }


def change_of(session: Session, before: AddressRow, kind: ActionKind) -> ReportedChange:
    """What was done to an address for the sake of a report, for its story."""
    was, now = before.standard_text, get_address(session, before.code).standard_text
    texts = (was, now) if was != now else ("", "")
    return ReportedChange(f"address {before.code}", f"{kind.title}地址", *texts)
