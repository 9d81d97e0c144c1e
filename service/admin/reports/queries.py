"""Reads reports for the desk: lists of a division, what stands around one, and what is overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session

from address_model.reports import FIRST_LEVEL, OPEN, Feedback, ReportKind, ReportState
from address_model.tables import AddressArea, Area, Division, Duty, Report, WorkItem
from address_model.work import DAYS_ALLOWED, WorkKind, WorkState
from service.core.clock import now_utc
from service.core.paging import join_cursor, split_cursor
from service.reports.queries import ReportRow, read_report, select_reports

ALLOWED = timedelta(days=DAYS_ALLOWED[WorkKind.REPORT])
"""How long a report may wait for its answer."""

COUNTED_FOR = timedelta(days=90)
"""How far back answers are counted."""


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """Selects reports that double no other; ``prefix`` begins the codes of their divisions.

    ``state`` None is whatever still waits for an answer. ``risen_to`` finds what has risen to this
    level of divisions or above.
    """

    prefix: str = ""
    state: ReportState | None = None
    kind: ReportKind | None = None
    is_overdue: bool = False
    risen_to: int = 0

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filter as conditions of a statement."""
        states = [self.state] if self.state else OPEN
        found: list[ColumnElement[bool]] = [
            Report.division.between(self.prefix.ljust(12, "0"), self.prefix.ljust(12, "9")),
            Report.state.in_([str(state) for state in states]),
            Report.joined_to.is_(None),
        ]
        if self.kind:
            found.append(Report.kind == str(self.kind))
        if self.is_overdue:
            found.append(Report.received_at < now_utc() - ALLOWED)
        if self.risen_to:
            found.append(Report.level <= self.risen_to)
        return found


@dataclass(frozen=True, slots=True)
class ListedReport:
    """A report of a list: how many double it, and the state of its work, "" without any."""

    report: ReportRow
    joined: int
    assignee: str
    work_state: str

    @property
    def due(self) -> datetime:
        """When it is to be answered."""
        return self.report.received_at + ALLOWED

    @property
    def is_overdue(self) -> bool:
        """Whether it still waits after that."""
        return self.report.is_open and self.due < now_utc()

    @property
    def needs_words(self) -> bool:
        """Whether its work has ended without an answer."""
        return self.report.is_open and self.work_state != WorkState.OPEN

    @property
    def cursor(self) -> str:
        """The cursor after this report."""
        return join_cursor(self.report.received_at.isoformat(), self.report.number)


@dataclass(frozen=True, slots=True)
class ReportCount:
    """How many reports wait, how many of them too long, and when the oldest came."""

    open: int
    overdue: int
    risen: int
    since: datetime | None


def list_reports(
    session: Session, wanted: ReportFilter, *, after: str = "", limit: int = 50
) -> list[ListedReport]:
    """Reports that wait, the oldest first; of those that are closed, the newest first.

    Raises:
        BadRequest: ``after`` is no cursor of this list.
    """
    place = tuple_(Report.received_at, Report.number)
    statement = select_reports().where(*wanted.conditions()).limit(limit)
    is_open = wanted.state is None or wanted.state in OPEN
    if after:
        seen = tuple_(*split_cursor(after, datetime.fromisoformat, str))
        statement = statement.where(place > seen if is_open else place < seen)
    order = (Report.received_at, Report.number)
    statement = statement.order_by(*(order if is_open else (one.desc() for one in order)))
    return _with_work(session, [read_report(row) for row in session.execute(statement)])


def see_around(session: Session, report: ReportRow) -> ListedReport:
    """One report as a list shows it."""
    (found,) = _with_work(session, [report])
    return found


def list_joinable(session: Session, report: ReportRow, *, limit: int = 20) -> list[ReportRow]:
    """Other reports that wait at the same address or in the same grid, those there first."""
    near = Report.code == report.code
    if report.area_id is not None:
        near = near | (Report.area_id == report.area_id)
    statement = (
        select_reports()
        .where(*ReportFilter(report.division).conditions(), near, Report.number != report.number)
        .order_by((Report.code != report.code), Report.received_at, Report.number)
        .limit(limit)
    )
    return [read_report(row) for row in session.execute(statement)]


def count_waiting(session: Session, prefix: str, level: int) -> ReportCount:
    """What waits in divisions that begin so; ``risen`` counts what has risen to ``level``."""
    late = func.count().filter(Report.received_at < now_utc() - ALLOWED)
    risen = func.count().filter(Report.level <= level, Report.level < FIRST_LEVEL)
    statement = select(func.count(), late, risen, func.min(Report.received_at))
    row = session.execute(statement.where(*ReportFilter(prefix).conditions())).one()
    return ReportCount(*row)


def count_feedback(session: Session, prefix: str) -> dict[Feedback, int]:
    """What residents said of the answers of the last ``COUNTED_FOR``, by what they said."""
    statement = (
        select(Report.feedback, func.count())
        .where(
            Report.division.between(prefix.ljust(12, "0"), prefix.ljust(12, "9")),
            Report.received_at >= now_utc() - COUNTED_FOR,
            Report.feedback != "",
        )
        .group_by(Report.feedback)
    )
    return {Feedback(said): count for said, count in session.execute(statement)}


def _with_work(session: Session, rows: Sequence[ReportRow]) -> list[ListedReport]:
    numbers = [row.number for row in rows]
    doubles = (
        select(Report.joined_to, func.count())
        .where(Report.joined_to.in_(numbers))
        .group_by(Report.joined_to)
    )
    items = select(WorkItem.id, WorkItem.assignee, WorkItem.state).where(
        WorkItem.id.in_({row.work_item for row in rows if row.work_item})
    )
    joined = {row[0]: row[1] for row in session.execute(doubles)}
    work = {item: (assignee, state) for item, assignee, state in session.execute(items)}
    return [
        ListedReport(row, joined.get(row.number, 0), *work.get(row.work_item or 0, ("", "")))
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class DutyThere:
    """A duty whose contact residents see at an address, without the telephone."""

    id: int
    role: str
    display_name: str
    area: str
    division: str


def list_duties_at(session: Session, code: str, day: date) -> list[DutyThere]:
    """The duties of the areas of an address that hold on a day and are published."""
    statement = (
        select(Duty.id, Duty.role, Duty.display_name, Area.name, func.coalesce(Division.code, ""))
        .join(Area, Area.id == Duty.area_id)
        .join(AddressArea, AddressArea.area_id == Area.id)
        .outerjoin(Division, Division.id == Area.division_id)
        .where(
            AddressArea.code == code,
            Duty.publish,
            Duty.hidden_at.is_(None),
            Duty.valid_from <= day,
            or_(Duty.valid_to.is_(None), Duty.valid_to >= day),
        )
        .order_by(Area.kind, Duty.role, Duty.id)
        .limit(20)
    )
    return [DutyThere(*row) for row in session.execute(statement)]
