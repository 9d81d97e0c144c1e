"""Reads reports: one, those that belong together, and figures of many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from address_model.elements import Elements, elements_from_plain, local_text
from address_model.reports import KIND_NAMES, OPEN, STATE_NAMES, ReportKind, ReportState
from address_model.sensitivity import cut_at_door
from address_model.tables import Address, Report
from service.core.errors import NotFound
from service.core.records import Record
from service.reports.drafts import hash_follow

_OPEN = tuple(map(str, OPEN))


class ReportNotFound(NotFound):
    """There is no such report."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report with its address; the texts of ``Report`` say what its fields are."""

    number: str
    kind: ReportKind
    token: str
    code: str
    standard_text: str
    elements: Elements
    division: str
    area_id: int | None
    text: str
    photo: str
    state: ReportState
    answer: str
    work_item: int | None
    joined_to: str
    language: str
    feedback: str
    level: int
    received_at: datetime
    risen_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    cleared_at: datetime | None
    version: int

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.state in OPEN

    @property
    def door(self) -> str:
        """The short form of its address, down to the door: 河坊街88号."""
        return local_text(cut_at_door(self.elements))

    @property
    def record(self) -> Record:
        """The report as it now is, for whoever saw an older version."""
        facts = {
            "事项": KIND_NAMES[self.kind],
            "状态": STATE_NAMES[self.state],
            "答复": self.answer,
            "并入": self.joined_to,
        }
        return Record("reports", self.number, f"居民报告 {self.number}", self.version, facts)


def get_report(session: Session, number: str, *, lock: bool = False) -> ReportRow:
    """One report; ``lock`` locks it until the transaction ends: after its work item.

    Raises:
        ReportNotFound: there is no such number.
    """
    statement = select_reports().where(Report.number == number)
    if lock:
        statement = statement.with_for_update(of=Report, key_share=True)
    row = session.execute(statement).first()
    if row is None:
        raise unknown_report()
    return read_report(row)


def find_followed(session: Session, number: str, follow: str) -> ReportRow | None:
    """The report with this number and follow token; None if either is wrong."""
    found = Report.number == number, Report.follow_hash == hash_follow(follow)
    row = session.execute(select_reports().where(*found)).first()
    return None if row is None else read_report(row)


def find_open_report(
    session: Session, code: str, token: str, kind: ReportKind | None = None
) -> ReportRow | None:
    """The oldest open report of a plate, or of an address as such, of a kind or of any; or None.

    Reports that double another are left out.
    """
    statement = select_reports().where(
        Report.code == code,
        Report.token == token if token else Report.token.is_(None),
        Report.state.in_(_OPEN),
        Report.joined_to.is_(None),
    )
    if kind is not None:
        statement = statement.where(Report.kind == str(kind))
    row = session.execute(statement.order_by(Report.received_at, Report.number).limit(1)).first()
    return None if row is None else read_report(row)


def lock_reports(session: Session, number: str) -> list[ReportRow]:
    """Lock a report and those that are joined to it, in order of number; itself is first.

    The work item is locked before. Unknown numbers give an empty list.
    """
    own = Report.number == number
    statement = select_reports().where(or_(own, Report.joined_to == number))
    statement = statement.order_by(Report.number).with_for_update(of=Report, key_share=True)
    rows = map(read_report, session.execute(statement))
    return sorted(rows, key=lambda row: (row.number != number, row.number))


def list_reports_of(session: Session, work_item: int, *, is_open: bool = False) -> list[ReportRow]:
    """The reports that a work item is about, oldest first; ``is_open``: those without an answer."""
    statement = select_reports().where(Report.work_item == work_item)
    if is_open:
        statement = statement.where(Report.state.in_(_OPEN))
    ordered = statement.order_by(Report.received_at, Report.number)
    return list(map(read_report, session.execute(ordered)))


def list_joined(session: Session, number: str) -> list[ReportRow]:
    """The reports that double this one, oldest first."""
    statement = select_reports().where(Report.joined_to == number)
    ordered = statement.order_by(Report.received_at, Report.number)
    return list(map(read_report, session.execute(ordered)))


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """Reports of one kind from a county (6 digits): received, closed, and the median days to that.

    ``median_days`` is a fraction, None while none is closed.
    """

    county: str
    kind: ReportKind
    received: int
    closed: int
    median_days: float | None


def list_figures(session: Session, since: datetime, until: datetime) -> list[ReportFigures]:
    """Figures of reports received from ``since`` on, before ``until``, by county and kind."""
    county = func.left(Report.division, 6).label("county")
    days = func.extract("epoch", Report.closed_at - Report.received_at) / 86400.0
    closed = Report.closed_at.is_not(None)
    statement = (
        select(
            county,
            Report.kind,
            func.count().label("received"),
            func.count(Report.closed_at).label("closed"),
            func.percentile_cont(0.5).within_group(case((closed, days))).label("median_days"),
        )
        .where(Report.received_at >= since, Report.received_at < until)
        .group_by(county, Report.kind)
        .order_by(county, Report.kind)
    )
    return [
        ReportFigures(
            row.county,
            ReportKind(row.kind),
            row.received,
            row.closed,
            None if row.median_days is None else float(row.median_days),
        )
        for row in session.execute(statement)
    ]


def find_answer_days(
    session: Session, since: datetime, until: datetime
) -> dict[str, tuple[int, float]]:
    """Of reports closed from ``since`` on, before ``until``, by county (6 digits): how many there
    are, and the median of the days from receiving to closing.
    """
    days = func.extract("epoch", Report.closed_at - Report.received_at) / 86400.0
    county = func.left(Report.division, 6)
    statement = (
        select(county, func.count(), func.percentile_cont(0.5).within_group(days))
        .where(Report.closed_at >= since, Report.closed_at < until)
        .group_by(county)
    )
    return {code: (count, float(median)) for code, count, median in session.execute(statement)}


def sum_photo_bytes(session: Session) -> int:
    """The bytes of all photos that reports refer to."""
    kept = select(func.coalesce(func.sum(Report.photo_bytes), 0)).where(Report.photo != "")
    return int(session.execute(kept).scalar_one())


def list_photos(session: Session, names: Sequence[str]) -> dict[str, str]:
    """Those of some stored photos that a report refers to, each with its number."""
    found = select(Report.photo, Report.number).where(Report.photo.in_(names))
    return {row.photo: row.number for row in session.execute(found)}


def select_reports() -> Select[*tuple[Any, ...]]:
    """The columns of a ``ReportRow``, for ``read_report``."""
    return select(
        Report.number,
        Report.kind,
        func.coalesce(Report.token, "").label("token"),
        Report.code,
        Address.standard_text,
        Address.elements,
        Report.division,
        Report.area_id,
        Report.text,
        Report.photo,
        Report.state,
        Report.answer,
        Report.work_item,
        func.coalesce(Report.joined_to, "").label("joined_to"),
        Report.language,
        Report.feedback,
        Report.level,
        Report.received_at,
        Report.risen_at,
        Report.closed_at,
        Report.closed_by,
        Report.cleared_at,
        Report.version,
    ).join(Address, Address.code == Report.code)


def read_report(row: Any) -> ReportRow:
    """A report from a row of ``select_reports``."""
    values = row._asdict()
    values["elements"] = elements_from_plain(row.elements)
    values["kind"], values["state"] = ReportKind(row.kind), ReportState(row.state)
    return ReportRow(**values)


def unknown_report() -> ReportNotFound:
    """The error for a number that no report has."""
    return ReportNotFound(
        "there is no such report", zh="没有这个编号的居民报告，或不在您负责的区划内。"
    )
