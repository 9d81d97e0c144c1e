"""Reserves codes, for houses that get their addresses later or for offline issue."""

from sqlalchemy.orm import Session

from address_model.codes import AddressCode
from service.addresses.commands.entry import issue_codes
from service.audit import commands as audit
from service.core.actor import Actor
from service.core.bulk_copy import copy_rows
from service.core.errors import BadRequest
from service.divisions.queries import get_division

_COLUMNS = ("code", "county", "purpose", "reserved_by")


def reserve_codes(
    session: Session, county: str, count: int, purpose: str, actor: Actor
) -> list[AddressCode]:
    """Reserve the next codes of a county (6 digits) for one purpose.

    They are never issued to other addresses. An imported list that has one of them in its ``code``
    column assigns it to its address, once.

    Raises:
        BadRequest: the purpose is empty.
        DivisionNotFound: there is no such county.
        CodeSpaceExhausted: the county has fewer codes left.
    """
    if not purpose.strip():
        raise BadRequest("a reservation needs a purpose", hint="say for whom or for what")
    county = get_division(session, county).code[:6]
    codes = issue_codes(session, county, count)
    rows = ((code.digits, county, purpose.strip(), str(actor)) for code in codes)
    copy_rows(session, "code_reservation", _COLUMNS, rows)
    audit.record_codes(session, actor=actor, action="codes:reserve", codes=codes)
    return codes
