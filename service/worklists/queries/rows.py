"""A work item as a value, the filter of lists of them, and the statement that both are read by."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, false, func, or_, select, true

from address_model.coordinates import Point
from address_model.division_codes import division_prefix
from address_model.elements import Elements, elements_from_plain, local_text
from address_model.lifecycle import GONE
from address_model.plate_standing import STANDING_NAMES, Standing
from address_model.tables import Address, Area, WorkItem
from address_model.work import WORK_STATE_NAMES, WorkKind, WorkState
from service.addresses.queries import ENTRANCE
from service.core.actor import name_actor
from service.core.paging import join_cursor
from service.core.records import Record


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A work item with its address; ``area`` is the name of its grid."""

    id: int
    kind: str
    subject: str
    key: str
    code: str
    standard_text: str
    elements: Elements
    address_status: str
    division: str
    area_id: int | None
    area: str
    campaign: str
    cause: str
    reason: str
    due: date
    state: str
    assignee: str
    outcome: str
    opened_by: str
    opened_at: datetime
    closed_by: str
    closed_at: datetime | None
    point: Point | None
    version: int

    @property
    def record(self) -> Record:
        """The item as it now is, for an editor who saw an older version."""
        facts = {
            "状态": WORK_STATE_NAMES[WorkState(self.state)],
            "结果": self.outcome,
            "办结人": name_actor(self.closed_by),
            "办理人": self.assignee,
            "期限": self.due.isoformat(),
        }
        title = f"工单 {self.id}（{self.place}）"
        return Record("work_items", str(self.id), title, self.version, facts)

    @property
    def place(self) -> str:
        """The short form of the address: 河坊街88号."""
        return local_text(self.elements)

    @property
    def warning(self) -> str:
        """A warning before going there: the address has ended, or the plate's text differs."""
        if self.address_status in GONE:
            return STANDING_NAMES[Standing.ADDRESS_ENDED]
        return STANDING_NAMES[Standing.OTHER_TEXT] if self.cause == Standing.OTHER_TEXT else ""

    @property
    def token(self) -> str:
        """The token of the plate, "" when the work is at an address without one."""
        return self.key if self.subject == "plate" else ""

    @property
    def cursor(self) -> str:
        """The cursor after this item."""
        return join_cursor(self.division, self.due, self.id)


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """A filter of items; empty fields match everything. ``division`` may be a prefix of a code.

    ``scopes`` are prefixes of the divisions a person may see; an item must lie in one of them.
    ``assignee`` "" is nobody. ``due_before`` finds what is overdue on that day.
    """

    division: str = ""
    area_id: int | None = None
    assignee: str | None = None
    kind: WorkKind | None = None
    numbers: tuple[int, ...] = ()
    scopes: tuple[str, ...] = ("",)
    due_before: date | None = None

    def values(self) -> dict[str, object]:
        """The filter as parameters of the statement."""
        found: dict[str, object] = {}
        if self.division:
            found["division"] = division_prefix(self.division) + "%"
        if self.area_id is not None:
            found["area_id"] = self.area_id
        if self.assignee is not None:
            found["assignee"] = self.assignee
        if self.kind:
            found["kind"] = str(self.kind)
        if self.numbers:
            found["numbers"] = list(self.numbers)
        return found


def conditions_of(wanted: WorkFilter, state: str) -> list[ColumnElement[bool]]:
    """The conditions of a filter of items in one state, in any if ``state`` is empty."""
    found: list[ColumnElement[bool]] = [WorkItem.state == state] if state else []
    if wanted.division:
        found.append(lies_in(wanted.division))
    if "" not in wanted.scopes:
        found.append(or_(false(), *map(lies_in, wanted.scopes)))
    if wanted.area_id is not None:
        found.append(WorkItem.area_id == wanted.area_id)
    if wanted.assignee is not None:
        found.append(WorkItem.assignee == wanted.assignee)
    if wanted.kind:
        found.append(WorkItem.kind == str(wanted.kind))
    if wanted.due_before is not None:
        found.append(WorkItem.due < wanted.due_before)
    if wanted.numbers:
        found.append(WorkItem.id == func.any(list(wanted.numbers)))
    return found


def lies_in(division: str) -> ColumnElement[bool]:
    """Whether an item lies in a division, given by its code or the beginning of one."""
    prefix = division_prefix(division)
    return WorkItem.division.between(prefix.ljust(12, "0"), prefix.ljust(12, "9"))


def select_items() -> Select[*tuple[Any, ...]]:
    """The columns of a ``WorkRow``, for ``read_row``."""
    return (
        select(
            WorkItem.id,
            WorkItem.kind,
            WorkItem.subject,
            WorkItem.key,
            WorkItem.code,
            Address.standard_text,
            Address.elements,
            Address.status.label("address_status"),
            WorkItem.division,
            WorkItem.area_id,
            func.coalesce(Area.name, cast("", Text)).label("area"),
            WorkItem.campaign,
            WorkItem.cause,
            WorkItem.reason,
            WorkItem.due,
            WorkItem.state,
            WorkItem.assignee,
            WorkItem.outcome,
            WorkItem.opened_by,
            WorkItem.opened_at,
            WorkItem.closed_by,
            WorkItem.closed_at,
            WorkItem.version,
            func.coalesce(ENTRANCE.c.entrance_lon, func.ST_X(Address.geom)).label("lon"),
            func.coalesce(ENTRANCE.c.entrance_lat, func.ST_Y(Address.geom)).label("lat"),
        )
        .join(Address, Address.code == WorkItem.code)
        .join(Area, Area.id == WorkItem.area_id, isouter=True)
        .outerjoin(ENTRANCE, true())
    )


def read_row(row: Any) -> WorkRow:
    """An item from a row of ``select_items``."""
    values = row._asdict()
    lon, lat = values.pop("lon"), values.pop("lat")
    values["elements"] = elements_from_plain(row.elements)
    return WorkRow(**values, point=None if lon is None else Point(lon, lat))
