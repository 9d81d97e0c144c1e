"""Reads service items: one, the list of a division, all that hold today."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from address_model.address_kinds import ADDRESS_KIND_NAMES, AddressKind
from address_model.division_codes import division_prefix, list_prefixes
from address_model.tables import ServiceItem
from service.core.errors import NotFound
from service.core.paging import join_cursor, split_cursor
from service.core.records import Record
from service.service_items.register import OfferedService, ServiceRegister


class ServiceItemNotFound(NotFound):
    """There is no such service item."""


@dataclass(frozen=True, slots=True)
class ServiceItemRow:
    """A service item as registered."""

    id: int
    division: str
    name: str
    name_en: str
    office: str
    hours: str
    phone: str
    link: str
    kinds: tuple[str, ...]
    rank: int
    is_sample: bool
    valid_from: date
    valid_to: date | None
    withdrawn_at: datetime | None
    version: int

    @property
    def cursor(self) -> str:
        """Where the list goes on after it."""
        return join_cursor(self.division or "-", self.rank, self.id)

    @property
    def kind_names(self) -> str:
        """The kinds of address it is for, as they are called."""
        names = [ADDRESS_KIND_NAMES[AddressKind(kind)] for kind in self.kinds]
        return "、".join(names) or "全部"

    @property
    def record(self) -> Record:
        """The item as it now is, for an editor who saw an older version."""
        facts = {
            "事项": self.name,
            "办理单位": self.office,
            "时间": self.hours,
            "电话": self.phone,
            "链接": self.link,
            "适用": self.kind_names,
            "状态": "已撤下" if self.withdrawn_at else "登记中",
        }
        title = f"办事服务“{self.name}”"
        return Record("service_items", str(self.id), title, self.version, facts)

    def holds_on(self, day: date) -> bool:
        """Whether pages show it on that day."""
        is_over = self.valid_to is not None and self.valid_to < day
        return self.withdrawn_at is None and self.valid_from <= day and not is_over


def get_service_item(session: Session, number: int, *, lock: bool = False) -> ServiceItemRow:
    """The item with this number; ``lock`` holds it until the transaction ends.

    Raises:
        ServiceItemNotFound: there is none.
    """
    statement = select(*_COLUMNS).where(ServiceItem.id == number)
    if lock:
        statement = statement.with_for_update(key_share=True)
    row = session.execute(statement).first()
    if row is None:
        raise ServiceItemNotFound(f"there is no service item {number}")
    return _row(row)


def has_service_item(session: Session, division: str, name: str) -> bool:
    """Whether a division (12 digits, or "") has an item of this name that was not withdrawn."""
    is_held = select(ServiceItem.id).where(
        ServiceItem.division == division,
        ServiceItem.name == name,
        ServiceItem.withdrawn_at.is_(None),
    )
    return session.scalar(select(is_held.exists())) or False


def list_service_items(
    session: Session,
    division: str,
    today: date,
    *,
    ended: bool = False,
    after: str = "",
    limit: int = 100,
) -> list[ServiceItemRow]:
    """The items of a division, of those above that hold in it too, and of those below.

    ``ended`` are those that were withdrawn or are over. In order of division (widest first), rank
    and number.
    """
    is_over = or_(ServiceItem.withdrawn_at.is_not(None), ServiceItem.valid_to < today)
    statement = select(*_COLUMNS).where(is_over if ended else func.coalesce(~is_over, True))
    if division:
        inside = ServiceItem.division.startswith(division_prefix(division))
        above = ServiceItem.division.in_(["", *list_prefixes(division)])
        statement = statement.where(or_(inside, above))
    if after:
        code, rank, number = split_cursor(after, str, int, int)
        place = tuple_(ServiceItem.division, ServiceItem.rank, ServiceItem.id)
        statement = statement.where(place > ("" if code == "-" else code, rank, number))
    ordered = statement.order_by(ServiceItem.division, ServiceItem.rank, ServiceItem.id)
    return [_row(row) for row in session.execute(ordered.limit(limit))]


def load_service_register(
    session: Session, today: date, division: str | None = None
) -> ServiceRegister:
    """The services that pages show on a day: all, or those for one division.

    Only this function decides which are public.
    """
    statement = select(*_OFFERED).where(
        ServiceItem.withdrawn_at.is_(None),
        ServiceItem.valid_from <= today,
        or_(ServiceItem.valid_to.is_(None), ServiceItem.valid_to >= today),
    )
    if division is not None:
        statement = statement.where(ServiceItem.division.in_(["", *list_prefixes(division)]))
    rows = session.execute(statement.order_by(ServiceItem.id))
    return ServiceRegister(OfferedService(*(*row[:8], tuple(row.kinds), *row[9:])) for row in rows)


_OFFERED: tuple[Any, ...] = (
    ServiceItem.id,
    ServiceItem.division,
    ServiceItem.name,
    ServiceItem.name_en,
    ServiceItem.office,
    ServiceItem.hours,
    ServiceItem.phone,
    ServiceItem.link,
    ServiceItem.kinds,
    ServiceItem.rank,
    ServiceItem.is_sample,
)
_COLUMNS = (
    *_OFFERED,
    ServiceItem.valid_from,
    ServiceItem.valid_to,
    ServiceItem.withdrawn_at,
    ServiceItem.version,
)


def _row(row: Any) -> ServiceItemRow:
    return ServiceItemRow(*(*row[:8], tuple(row.kinds), *row[9:]))
