"""Reads changes of many addresses, and which addresses they are about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from address_model.approvals import ApprovalKind, Decision
from address_model.tables import Address, Division
from service.approvals.queries import ApprovalRow, find_latest
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.bulk_changes.order import ACTION_NAMES, ChangeOrder, order_from
from service.core.actor import Actor
from service.core.database import LARGEST_NUMBER
from service.core.errors import NotFound
from service.core.records import Record
from service.runs.queries import RunRow, RunState, get_run, list_results, list_runs

KIND = "addresses:change"
APPROVAL = ApprovalKind.ADDRESS_CHANGE
LISTED = 50
_COVERED = text(
    "with recursive up(code, above) as (select code, parent_code from address "
    "where code = any(:codes) and parent_code is not null union "
    "select u.code, a.parent_code from up u join address a on a.code = u.above "
    "where a.parent_code is not null) select distinct code from up where above = any(:codes)"
)
_PLATES = text(
    "select count(*) from plate where code = any(:codes) and status not in ('replaced', 'void')"
)
_WORK = text(
    "select count(*) from work_item w join plate p on p.token = w.key "
    "where p.code = any(:codes) and w.state = 'open'"
)


class BulkChangeNotFound(NotFound):
    """There is no such change of many addresses."""


@dataclass(frozen=True, slots=True)
class BulkChangeRow:
    """One change of many: its run, what it does, and the request that it be agreed to."""

    run: RunRow
    order: ChangeOrder
    title: str
    division: str
    digest: str
    count: int
    author_id: int
    request: ApprovalRow

    @property
    def record(self) -> Record:
        """Its current state, for a caller that saw an older version."""
        facts = {"办理": ACTION_NAMES[self.order.action], "地址": f"{self.count:,} 个"}
        number = self.run.id
        return Record(
            "bulk_changes", str(number), f"批量办理 {number}", self.request.version, facts
        )

    @property
    def is_asked(self) -> bool:
        """Whether it waits for a second person."""
        return self.request.decision == Decision.OPEN

    @property
    def is_at_work(self) -> bool:
        """Whether workers are to go on with it."""
        return self.run.state in (RunState.QUEUED, RunState.RUNNING)

    @property
    def author(self) -> str:
        """The account that began it."""
        return Actor.parse(self.run.actor).name


@dataclass(frozen=True, slots=True)
class BulkExtent:
    """What hangs on addresses: live plates, and open work at them."""

    plates: int
    work: int


def subject_of(run_id: int) -> str:
    """The subject of the request about a run."""
    return f"run:{run_id}"


def get_bulk_change(session: Session, number: int) -> BulkChangeRow:
    """A change of many, whoever asks.

    Raises:
        BulkChangeNotFound: there is none.
    """
    run = get_run(session, number) if 0 < number <= LARGEST_NUMBER else None
    request = find_latest(session, APPROVAL, subject_of(number)) if run else None
    if run is None or run.kind != KIND or request is None:
        raise BulkChangeNotFound(f"there is no change {number}", zh="没有这次批量办理。")
    about = run.parameters
    return BulkChangeRow(
        run,
        order_from(about["order"]),  # type: ignore[arg-type]
        str(about["title"]),
        str(about["division"]),
        str(about["digest"]),
        int(str(about["count"])),
        int(str(about["account"])),
        request,
    )


def see_bulk_change(session: Session, number: int, member: StaffMember) -> BulkChangeRow:
    """A change of many that the person began, or that lies in the person's divisions.

    Raises:
        BulkChangeNotFound: there is none, or it is none of the person's.
    """
    try:
        found = get_bulk_change(session, number)
    except NotFound:
        found = None
    is_own = found is not None and found.author_id == member.account_id
    if found is None or not (is_own or may(member, Permission.ADDRESSES_READ, found.division)):
        raise BulkChangeNotFound(f"there is no change {number} here", zh="没有这次批量办理。")
    return found


def list_bulk_changes(session: Session, member: StaffMember) -> list[BulkChangeRow]:
    """The newest changes that the person began or may see, newest first."""
    rows = [get_bulk_change(session, run.id) for run in list_runs(session, kind=KIND, limit=LISTED)]
    return [
        row
        for row in rows
        if row.author_id == member.account_id
        or may(member, Permission.ADDRESSES_READ, row.division)
    ]


def list_changes_to_approve(session: Session, member: StaffMember) -> list[BulkChangeRow]:
    """What waits for this person's approval, newest first."""
    paused = list_runs(session, kind=KIND, state=RunState.PAUSED, limit=LISTED)
    rows = [get_bulk_change(session, run.id) for run in paused]
    approves = Permission.ADDRESSES_APPROVE
    return [
        row
        for row in rows
        if row.is_asked
        and row.author_id != member.account_id
        and may(member, approves, row.division)
    ]


def list_left(session: Session, change: BulkChangeRow) -> list[tuple[str, str]]:
    """The addresses that were left as they are so far, each with why."""
    return [
        (str(code), str(why))
        for phase in range(1, 8)
        for result in list_results(session, change.run.id, phase)
        for code, why in result.get("left", ())
    ]


def list_done(session: Session, change: BulkChangeRow) -> list[str]:
    """The codes that were changed so far."""
    return [
        str(code)
        for phase in range(1, 8)
        for result in list_results(session, change.run.id, phase)
        for code in result.get("done", ())
    ]


def find_covered(session: Session, codes: Collection[str]) -> set[str]:
    """Those of these addresses that lie in another of them."""
    return set(session.scalars(_COVERED, {"codes": list(codes)}))


def measure_extent(session: Session, codes: Sequence[str]) -> BulkExtent:
    """What hangs on these addresses."""
    values = {"codes": list(codes)}
    plates = session.scalar(_PLATES, values) or 0
    return BulkExtent(plates, session.scalar(_WORK, values) or 0)


def list_codes_within(
    session: Session, polygon: str, scopes: Sequence[str], *, most: int
) -> list[str]:
    """The codes of the addresses whose point lies in a polygon (WKT), in the order of the street.

    ``scopes`` are beginnings of division codes; others are left out.
    """
    area = func.ST_GeomFromText(polygon, 4490)
    inside = (
        select(Address.code)
        .join(Division, Division.id == Address.division_id)
        .where(func.ST_Covers(func.ST_MakeValid(area), Address.geom))
        .order_by(Address.street_order, Address.code)
    )
    found = session.execute(inside.add_columns(Division.code).limit(most))
    return [code for code, division in found if division.startswith(tuple(scopes))]
