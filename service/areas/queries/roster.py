"""Reads the roster of duties for the desk: who answers for which area, and since when confirmed."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from address_model.division_codes import division_prefix
from address_model.spellings import spelling_pattern
from address_model.tables import Area, Division, Duty, StaffAccount
from service.areas.queries.lists import shown_state
from service.areas.queries.validity import holds_on, is_not_over
from service.core.records import Record


class RosterView(StrEnum):
    """Which duties of the roster are shown."""

    PRESENT = "present"
    UNCONFIRMED = "unconfirmed"
    HIDDEN = "hidden"
    WITHHELD = "withheld"
    ENDING = "ending"
    TO_COME = "to_come"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class RosterFilter:
    """Selects duties: ``division`` is a code or its beginning, ``text`` an area or a person.

    ``unconfirmed_for`` are days since the last confirmation, ``ending_within`` days to the last.
    """

    division: str = ""
    text: str = ""
    role: str = ""
    view: RosterView | None = RosterView.PRESENT
    numbers: tuple[int, ...] = ()
    post: tuple[int, str] | None = None
    """The id of an area and a role in it."""
    accounts: tuple[int, ...] = ()
    scopes: tuple[str, ...] = ("",)
    unconfirmed_for: int = 90
    ending_within: int = 30


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One duty with its area; ``state`` is whether it is shown today, or why not.

    ``community`` is the area's own name or that of the community above it; ``replaced`` is the
    name of whom a stand-in stands in for, ``account`` the name of the holder's account.
    """

    id: int
    area_id: int
    kind: str
    area_code: str
    area: str
    community: str
    division: str
    role: str
    display_name: str
    organisation: str
    phone: str
    publish: bool
    is_hidden: bool
    valid_from: date
    valid_to: date | None
    confirmed_at: date | None
    replaced: str
    account: str
    account_name: str
    version: int
    state: str

    @property
    def record(self) -> Record:
        """The duty as it now is, for an editor who saw an older version."""
        days = f"{self.valid_from} – {self.valid_to or '…'}"
        hidden = "暂停公示" if self.is_hidden else ""
        facts = {"姓名": self.display_name, "电话": self.phone, "起止": days, "公示": hidden}
        return Record("duties", f"duty {self.id}", f"责任 {self.id}", self.version, facts)


_ABOVE = aliased(Area)
_REPLACED = aliased(Duty)
_COMMUNITY = case(
    (Area.kind == "community", Area.name),
    (_ABOVE.kind == "community", _ABOVE.name),
    else_=Area.name,
)
_ORDER = (_COMMUNITY, Area.kind, Area.code, Duty.role, Duty.valid_from, Duty.id)


def list_roster(
    session: Session, wanted: RosterFilter, today: date, *, after: int = 0, limit: int = 50
) -> list[RosterRow]:
    """Duties by community, area and role, with their states; ``after`` is the last one's id."""
    statement = _joined(
        select(
            Duty.id,
            Duty.area_id,
            Area.kind,
            Area.code,
            Area.name,
            _COMMUNITY.label("community"),
            func.coalesce(Division.code, ""),
            Duty.role,
            Duty.display_name,
            Duty.organisation,
            Duty.phone,
            Duty.publish,
            Duty.hidden_at.is_not(None),
            Duty.valid_from,
            Duty.valid_to,
            Duty.confirmed_at,
            func.coalesce(_REPLACED.display_name, ""),
            func.coalesce(StaffAccount.name, ""),
            func.coalesce(StaffAccount.display_name, ""),
            Duty.version,
            shown_state(today),
        )
        .outerjoin(_REPLACED, _REPLACED.id == Duty.stand_in_for)
        .outerjoin(StaffAccount, StaffAccount.id == Duty.account_id)
    ).where(*_conditions(wanted, today))
    if after:
        last = session.execute(_joined(select(*_ORDER)).where(Duty.id == after)).first()
        if last is not None:
            statement = statement.where(tuple_(*_ORDER) > tuple_(*last))
    rows: list[Any] = list(session.execute(statement.order_by(*_ORDER).limit(limit)))
    return [RosterRow(*row) for row in rows]


def count_roster(session: Session, wanted: RosterFilter, today: date) -> int:
    """How many duties a filter selects."""
    statement = _joined(select(func.count())).where(*_conditions(wanted, today))
    count: int = session.execute(statement).scalar_one()
    return count


def _joined(statement: Select[Any]) -> Select[Any]:
    return (
        statement.select_from(Duty)
        .join(Area, Area.id == Duty.area_id)
        .outerjoin(_ABOVE, _ABOVE.id == Area.parent_id)
        .outerjoin(Division, Division.id == Area.division_id)
    )


def _conditions(wanted: RosterFilter, today: date) -> list[ColumnElement[bool]]:
    present = and_(*holds_on(Duty, today))
    confirmed_by = today - timedelta(days=wanted.unconfirmed_for)
    views: dict[RosterView | None, ColumnElement[bool]] = {
        RosterView.PRESENT: is_not_over(Duty, today),
        RosterView.UNCONFIRMED: and_(
            present, or_(Duty.confirmed_at.is_(None), Duty.confirmed_at <= confirmed_by)
        ),
        RosterView.HIDDEN: and_(is_not_over(Duty, today), Duty.hidden_at.is_not(None)),
        RosterView.WITHHELD: and_(is_not_over(Duty, today), ~Duty.publish),
        RosterView.ENDING: Duty.valid_to.between(
            today, today + timedelta(days=wanted.ending_within)
        ),
        RosterView.TO_COME: Duty.valid_from > today,
        RosterView.ENDED: Duty.valid_to < today,
    }
    found = [views[wanted.view]] if wanted.view else []
    for prefixes in ((wanted.division,), wanted.scopes):
        if "" not in prefixes:
            starts = [Division.code.startswith(division_prefix(one)) for one in prefixes]
            found.append(or_(false(), *starts))
    if wanted.text:
        named = (Area.name, _ABOVE.name, Duty.display_name, Duty.organisation)
        alike = [column.regexp_match(spelling_pattern(wanted.text)) for column in named]
        found.append(or_(Area.code == wanted.text, Duty.phone == wanted.text, *alike))
    if wanted.role:
        found.append(Duty.role == wanted.role)
    if wanted.numbers:
        found.append(Duty.id.in_(wanted.numbers))
    if wanted.post:
        area_id, role = wanted.post
        found.append(and_(Duty.area_id == area_id, Duty.role == role))
    if wanted.accounts:
        found.append(Duty.account_id.in_(wanted.accounts))
    return found
