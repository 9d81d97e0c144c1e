"""Selects the addresses of a batch: those that need a plate and are in no other open batch."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import ColumnElement, Integer, exists, func, literal, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from address_model.codes import InvalidCode, parse_code
from address_model.division_codes import shared_prefix
from address_model.lifecycle import BatchStatus
from address_model.normal_form import normalise
from address_model.tables import Address, Plate, PlateBatch, PlateBatchItem
from service.addresses.queries import STREET_ORDER, lies_in_division
from service.auth.members import StaffMember
from service.batches.request import LARGEST, BatchRequest, Selection
from service.core.errors import TooMuch
from service.plates.queries import PLATE_LEVELS, is_living

_LOCK = text("select pg_advisory_xact_lock(hashtextextended('plate_batch choosing', 0))")
_OPEN = (
    BatchStatus.DRAFT,
    BatchStatus.AWAITING_APPROVAL,
    BatchStatus.APPROVED,
    BatchStatus.RUNNING,
    BatchStatus.BLOCKED,
    BatchStatus.PROVEN,
)
_DIVISIONS = text(
    "select min(d.code), max(d.code) from plate_batch_item i join address a on a.code = i.code "
    "join division d on d.id = a.division_id where i.batch_id = :batch"
)
_WHY = text(
    "select c.code, a.status, a.level, exists (select 1 from plate p where p.code = c.code "
    "and p.status not in ('replaced', 'void') "
    "and (case when :trial then :any or p.generation < 0 else p.generation > 0 end)) as has_plate "
    "from unnest(cast(:codes as text[])) as c(code) left join address a on a.code = c.code "
    "where not exists (select 1 from plate_batch_item i "
    "where i.batch_id = :batch and i.code = c.code)"
)


def open_list(session: Session, order: BatchRequest, member: StaffMember) -> int:
    """Insert the batch, without its list; its number."""
    values = {
        "name": order.name.strip(),
        "design": order.design,
        "payload_prefix": order.payload_prefix,
        "is_trial": order.is_trial,
        "status": BatchStatus.DRAFT,
        "choice": asdict(order.choice),
        "print_options": asdict(order.make),
        "reprint_reason": order.reprint_reason.strip(),
        "author_id": member.account_id,
        "created_by": str(member.actor),
    }
    statement = insert(PlateBatch).values(**values).returning(PlateBatch.id)
    return session.execute(statement).scalar_one()


def write_list(
    session: Session, batch_id: int, choice: Selection, *, for_trial: bool = False
) -> int:
    """Write the list of a batch in street order; return how many addresses it has.

    Trial plates count only in a trial batch, and a trial reprint covers only trial plates.
    Concurrent calls never select the same address.

    Raises:
        TooMuch: more addresses than a batch may have.
    """
    session.execute(_LOCK)
    order = func.row_number().over(order_by=STREET_ORDER)
    # the living plate of an address; for a reprint, one that is not being replaced yet
    held = [Plate.code == Address.code, is_living(with_trials=for_trial)]
    if choice.reprint:
        held.append(Plate.replaced_by.is_(None))
    if choice.reprint and for_trial:
        held.append(Plate.generation < 0)
    living = select(func.max(Plate.token)).where(*held).correlate(Address).scalar_subquery()
    chosen = (
        select(
            literal(batch_id, Integer),
            order,
            Address.code,
            living if choice.reprint else literal(None),
        )
        .where(*_conditions(choice, living))
        .limit(LARGEST + 1)
    )
    session.execute(
        insert(PlateBatchItem).from_select(["batch_id", "place", "code", "replaces"], chosen)
    )
    statement = select(func.count()).where(PlateBatchItem.batch_id == batch_id)
    count = session.scalar(statement) or 0
    if count > LARGEST:
        raise TooMuch(
            f"a batch has at most {LARGEST:,} plates, and more addresses match",
            hint="choose a smaller division, or make several batches",
            zh=f"一个批次最多 {LARGEST:,} 块，符合条件的更多。请选小一些的区划，或者分几批做。",
        )
    return count


def find_division(session: Session, batch_id: int) -> str:
    """The common prefix of the division codes of all addresses of a batch."""
    first, last = session.execute(_DIVISIONS, {"batch": batch_id}).one()
    return shared_prefix(str(first), str(last))


def explain_missing(
    session: Session,
    batch_id: int,
    codes: Sequence[str],
    *,
    reprint: bool,
    for_trial: bool = False,
) -> list[tuple[str, str]]:
    """Why given codes are not in the batch: ``(code as written, reason)``."""
    digits, refused = _parse_all(codes)
    counting = {"trial": for_trial, "any": not reprint}
    rows = session.execute(_WHY, {"batch": batch_id, "codes": list(digits)} | counting)
    for code, status, level, has_plate in rows:
        if status is None:
            reason = "no address has this code"
        elif level not in PLATE_LEVELS:
            reason = "addresses of this level have no plates"
        elif has_plate and not reprint:
            reason = "it has a plate already; another one is a reprint and needs a reason"
        elif reprint and not has_plate:
            reason = "it has no plate to reprint"
        else:
            reason = f"the address is {status}, or in another open batch"
        refused.append((digits[code], reason))
    return refused


def _parse_all(codes: Sequence[str]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The codes as written by their digits; and those that are none, each with the reason."""
    digits: dict[str, str] = {}
    refused: list[tuple[str, str]] = []
    for written in codes:
        try:
            digits[parse_code(written).digits] = written
        except InvalidCode as error:
            refused.append((written, str(error)))
    return digits, refused


def _conditions(choice: Selection, living: ColumnElement[str]) -> list[ColumnElement[bool]]:
    found = [
        Address.level.in_(PLATE_LEVELS),
        Address.status.in_(choice.statuses),
        living.is_not(None) if choice.reprint else living.is_(None),
        ~exists(
            select(PlateBatchItem.code)
            .join(PlateBatch, PlateBatch.id == PlateBatchItem.batch_id)
            .where(
                PlateBatchItem.code == Address.code,
                PlateBatchItem.left_out == "",
                PlateBatch.status.in_(_OPEN),
            )
        ),
    ]
    if choice.division:
        found.append(lies_in_division(choice.division))
    if choice.street:
        found.append(Address.street == normalise(choice.street).text)
    if choice.codes:
        found.append(Address.code == func.any(list(_parse_all(choice.codes)[0])))
    return found
