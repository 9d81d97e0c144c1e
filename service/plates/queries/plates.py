"""Reads plates with their addresses: one by token, or lists."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_
from sqlalchemy.orm import Session

from address_model.division_codes import division_prefix
from address_model.elements import Elements, elements_from_plain
from address_model.normal_form import normalise
from address_model.tables import Address, CodeSpace, Plate, PlateBatch, WorkItem
from address_model.work import WorkKind
from service.addresses.queries import STREET_ORDER, lies_in_division, lies_on_stretch
from service.core.errors import PlateNotFound

PLATE_LEVELS = ("number", "building", "unit", "room", "estate", "thing")
"""The levels of addresses that have a plate: 门牌, 楼牌, 单元牌, 户室牌, 小区, 事物牌."""


@dataclass(frozen=True, slots=True)
class PlateRow:
    """One physical plate with its address."""

    token: str
    code: str
    generation: int
    status: str
    status_reason: str
    replaced_by: str | None
    design: str
    payload_prefix: str
    division_id: int
    standard_text: str
    elements: Elements
    is_sample: bool
    created_at: datetime
    address_status: str = "active"
    printed_text: str | None = None
    is_trial: bool = False
    version: int = 1

    @property
    def payload(self) -> str:
        """The payload of its QR code."""
        return self.payload_prefix + self.token


def get_plate(session: Session, token: str) -> PlateRow:
    """The plate with a folded token.

    Raises:
        PlateNotFound: no plate carries this token.
    """
    plate = find_plate(session, token)
    if plate is None:
        raise PlateNotFound(
            "no plate carries this token",
            hint="check it against the plate; a forged plate is not registered",
        )
    return plate


def find_plate(session: Session, token: str) -> PlateRow | None:
    """The plate with a folded token, or None."""
    row = session.execute(_select().where(Plate.token == token)).first()
    return None if row is None else _plate_row(row)


def find_plates(session: Session, tokens: Sequence[str]) -> dict[str, PlateRow]:
    """The plates of these tokens, by token; unknown tokens are left out."""
    rows = session.execute(_select().where(Plate.token == func.any(list(tokens))))
    return {row.token: _plate_row(row) for row in rows}


def list_plates_of(session: Session, code: str) -> list[PlateRow]:
    """All plates an address has or had, newest first."""
    statement = _select().where(Plate.code == code).order_by(Plate.generation.desc())
    return [_plate_row(row) for row in session.execute(statement)]


def list_plates(
    session: Session,
    *,
    division: str = "",
    street: str = "",
    status: str = "",
    after: str = "",
    limit: int = 50,
) -> list[PlateRow]:
    """Plates of a division (code or its beginning) or a street, in the order of the street.

    ``after`` is the token of the last one seen.
    """
    order = (*STREET_ORDER, Plate.token)
    statement = _select().order_by(*order).limit(limit)
    if after:
        last = select(*order).join(Address, Address.code == Plate.code).where(Plate.token == after)
        seen = session.execute(last).first() or (b"", "", "")
        statement = statement.where(tuple_(*order) > tuple_(*seen), order[0] >= seen[0])
    if division:
        statement = statement.where(lies_on_stretch(division))
    if street:
        beginning = division_prefix(division)[:6] if division else ""
        counties = select(CodeSpace.county).where(CodeSpace.county.startswith(beginning))
        statement = statement.where(
            Address.street == normalise(street).text, Address.county.in_(counties)
        )
    if status:
        statement = statement.where(Plate.status == status)
    return [_plate_row(row) for row in session.execute(statement)]


def list_plates_of_many(session: Session, codes: Sequence[str]) -> list[PlateRow]:
    """All plates of some addresses, in the order of the codes, newest generation first."""
    statement = _select().where(Plate.code.in_(codes)).order_by(Plate.generation.desc())
    rows = [_plate_row(row) for row in session.execute(statement)]
    return sorted(rows, key=lambda plate: codes.index(plate.code))


def count_to_replace(session: Session, codes: Sequence[str]) -> int:
    """How many plates of these addresses (16 digits) have open replacement work."""
    statement = (
        select(func.count())
        .select_from(Plate)
        .join(WorkItem, WorkItem.key == Plate.token)
        .where(
            Plate.code == func.any(list(codes)),
            WorkItem.kind == str(WorkKind.REPLACE),
            WorkItem.state == "open",
        )
    )
    return session.scalar(statement) or 0


def iterate_plates(
    session: Session,
    *,
    batch_id: int | None = None,
    with_trials: bool = True,
    limit: int | None = None,
    page: int = 2000,
) -> Iterator[PlateRow]:
    """Living plates in street order, those of one door by generation; streamed in pages."""
    order = (*STREET_ORDER, Plate.generation, Plate.token)
    statement = _select().where(is_living(with_trials=with_trials)).order_by(*order).limit(limit)
    if batch_id is not None:
        statement = statement.where(Plate.batch_id == batch_id)
    with session.execute(statement.execution_options(yield_per=page)) as rows:
        yield from map(_plate_row, rows)


def list_doors_without_plate(
    session: Session,
    *,
    division: str = "",
    after: str = "",
    for_trial: bool = False,
    limit: int = 2000,
) -> list[str]:
    """Codes of active addresses at plate level without a living plate, in order of code.

    Trial plates count only with ``for_trial``.
    """
    living = (
        select(Plate.token)
        .where(Plate.code == Address.code, is_living(with_trials=for_trial))
        .exists()
    )
    statement = (
        select(Address.code)
        .where(
            Address.code > after,
            Address.level.in_(PLATE_LEVELS),
            Address.status == "active",
            ~living,
        )
        .order_by(Address.code)
        .limit(limit)
    )
    if division:
        statement = statement.where(lies_in_division(division))
    return list(session.scalars(statement))


def is_living(*, with_trials: bool) -> ColumnElement[bool]:
    """Whether a plate is living; without trials, only real plates (generation above 0) count.

    Blank plates (generation 0) are not real before they are bound.
    """
    living = Plate.status.not_in(("replaced", "void"))
    return living if with_trials else and_(living, Plate.generation > 0)


def find_showcase_token(session: Session) -> str:
    """The token of a sample plate to show first: preferably a door of 河坊街; "" if none."""
    statement = (
        select(Plate.token)
        .join(Address, Address.code == Plate.code)
        .where(Address.is_sample)
        .order_by(
            Address.street != "河坊街",
            Address.standard_text.like("%弄%"),
            Address.level != "number",
            *STREET_ORDER,
            Plate.token,
        )
        .limit(1)
    )
    return session.scalar(statement) or ""


def _select() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Plate.token,
            Plate.code,
            Plate.generation,
            Plate.status,
            Plate.status_reason,
            Plate.replaced_by,
            PlateBatch.design,
            PlateBatch.payload_prefix,
            PlateBatch.is_trial,
            Address.division_id,
            Address.standard_text,
            Address.elements,
            Address.is_sample,
            Plate.created_at,
            Address.status.label("address_status"),
            Plate.printed_text,
            Plate.version,
        )
        .join(PlateBatch, PlateBatch.id == Plate.batch_id)
        .join(Address, Address.code == Plate.code)
    )


def _plate_row(row: Any) -> PlateRow:
    values = row._asdict()
    values["elements"] = elements_from_plain(row.elements)
    return PlateRow(**values)
