"""Stores lists of facilities: each row at the address that it names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from address_model.division_codes import division_prefix
from service.core.actor import Actor
from service.core.sheets import RowFault
from service.matching.queries import resolve_many
from service.service_items.commands.facilities import add_facility
from service.service_items.facility_rows import ListedFacility
from service.service_items.queries import find_facility
from service.service_items.queries.facilities import HIDDEN


@dataclass
class LoadedFacilities:
    """The result of a list: counts, and the faults of refused rows."""

    new: int = 0
    same: int = 0
    faults: list[RowFault] = field(default_factory=list)


def load_facilities(
    session: Session,
    listed: Sequence[ListedFacility],
    actor: Actor,
    today: date,
    *,
    scopes: Sequence[str] = ("",),
) -> LoadedFacilities:
    """Add the facilities of a list; rows that cannot be stored are refused one by one.

    A facility of the same kind and name at the same address stays as it is. An address is named by
    its code, or by a text that means it and no other (category A or B).

    Args:
        scopes: the beginnings of division codes within which addresses may lie.
    """
    report = LoadedFacilities()
    meant = resolve_many(session, [one.address for one in listed])
    for one, answer in zip(listed, meant, strict=True):
        address = answer.address if answer.category in ("A", "B") else None
        reason, hint = "", ""
        if address is None:
            reason = f"「{one.address[:60]}」 names no address of the register"
            hint = "write the standard address down to its number, or the 16 digits of its code"
        elif not division_prefix(address.division_code).startswith(tuple(scopes)):
            reason, hint = "the address lies outside your divisions", "leave this row out"
        elif address.status in HIDDEN:
            reason, hint = f"the address is {address.status}", "name the address that replaced it"
        if address is None or reason:
            report.faults.append(RowFault(one.row, "address", reason, hint))
        elif find_facility(session, one.draft.kind, one.draft.name, address.code) is not None:
            report.same += 1
        else:
            add_facility(session, address.code, one.draft, actor, today)
            report.new += 1
    return report
