"""The page of one import: what was found in the file, and what becomes of its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from itertools import zip_longest
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from address_model.approvals import ApprovalKind
from service.admin.answer import see_other, show, staff_message
from service.approvals.queries import find_latest
from service.audit.policies import require_seen
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.errors import MenpaiError, NotFound, Outdated, status_of
from service.core.web import ReadSession, database_of
from service.divisions.queries import find_names
from service.imports.headings import IDENTIFIER
from service.imports.row_log import RowOutcome
from service.imports.uploads.queries import UploadRow, see_upload
from service.imports.uploads.queries.repeated_rows import find_first_rows
from service.imports.uploads.queries.rows import (
    STORABLE,
    UploadedRow,
    count_unstored,
    list_reasons,
    list_rows,
)
from service.imports.uploads.states import (
    CORRECTABLE_STATES,
    OPEN_STATES,
    RUNNING_STATES,
    STATE_NAMES,
    UploadState,
)
from service.imports.uploads.words import FIELD_NAMES, OUTCOME_NAMES, SYSTEM_NAMES
from service.runs.queries import get_run

PAGE = 50
_LONGEST_SCHEME = 32
TONES = {
    UploadState.READ: "warn",
    UploadState.CHECKING: "warn",
    UploadState.CHECKED: "warn",
    UploadState.AWAITING_APPROVAL: "warn",
    UploadState.STORING: "warn",
    UploadState.STORED: "good",
}
FILTERS = (
    RowOutcome.ERROR,
    RowOutcome.CONFLICT,
    RowOutcome.NEW,
    RowOutcome.CHANGED,
    RowOutcome.SAME,
    RowOutcome.WAITING,
)

REFUSALS = (RowOutcome.ERROR, RowOutcome.CONFLICT)

_WORDS = {
    "states": STATE_NAMES,
    "tones": TONES,
    "fields": FIELD_NAMES,
    "systems": SYSTEM_NAMES,
    "outcomes": {one: OUTCOME_NAMES[one] for one in FILTERS},
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list: its heading, its field ("" if unknown), and cells as examples."""

    heading: str
    field: str
    cells: str

    @property
    def identifier(self) -> str:
        """The field of a column that holds the codes of another system, named by its heading."""
        return IDENTIFIER + self.heading.replace("=", "")[:_LONGEST_SCHEME]


@dataclass(frozen=True, slots=True)
class RowPage:
    """A page of the rows of one outcome, after so many of ``total``; 0 follows the last page."""

    outcome: RowOutcome
    rows: list[UploadedRow]
    after: int
    following: int
    total: int
    first_rows: dict[tuple[int, int], int]
    """For its repeated rows, as ``find_first_rows``."""

    @classmethod
    def read(cls, session: ReadSession, upload: UploadRow, wanted: str, after: int) -> "RowPage":
        """The page that was asked for; without an outcome, of the first that has rows."""
        counts = upload.result.get("counts", {})
        filled = (one for one in FILTERS if counts.get(one))
        outcome = RowOutcome(wanted) if wanted in FILTERS else next(filled, RowOutcome.NEW)
        rows = list_rows(session, upload.id, outcome, start=after, limit=PAGE + 1)
        following = after + PAGE if len(rows) > PAGE else 0
        first_rows = find_first_rows(session, upload.id, rows[:PAGE])
        return cls(outcome, rows[:PAGE], after, following, counts.get(outcome, 0), first_rows)

    @property
    def is_refused(self) -> bool:
        """Whether its rows have faults."""
        return self.outcome in REFUSALS


def show_upload(
    request: Request,
    session: ReadSession,
    member: StaffMember,
    upload: UploadRow,
    *,
    wanted: str = "",
    after: int = 0,
    fault: MenpaiError | None = None,
) -> Response:
    """The page; with a fault it says why a step was refused, under the status of the fault."""
    counts = upload.result.get("counts", {})
    left = count_unstored(session, upload.id)
    runs = upload.run_id is not None and upload.state in RUNNING_STATES
    names = find_names(session, [upload.division]) if upload.division else {"": "全部区划"}
    columns = list_columns(upload.reading)
    return show(
        request,
        member,
        "imports/import.html",
        status_code=status_of(fault) if fault else HTTPStatus.OK,
        problem=staff_message(fault) if fault else "",
        upload=upload,
        place=names.get(upload.division, upload.division),
        is_open=upload.state in OPEN_STATES,
        columns=columns,
        unknown=[one.heading for one in columns if not one.field],
        counts=counts,
        shown=RowPage.read(session, upload, wanted, after),
        reasons=list_reasons(session, upload.id) if counts else [],
        run=get_run(session, upload.run_id) if upload.run_id and runs else None,
        left=left,
        to_store=sum(left[one] for one in STORABLE),
        asked=find_latest(session, ApprovalKind.LIST_UPLOAD, str(upload.id)),
        may_correct=upload.state in CORRECTABLE_STATES,
        may_make=may(member, Permission.BATCHES_CREATE, upload.division),
        **_WORDS,
    )


def take_step(
    request: Request,
    member: StaffMember,
    where: tuple[int, int],
    step: Callable[[UploadRow], None],
    back: str = "",
) -> Response:
    """Take a step of an import, given by number and version seen, and return to its page.

    ``back`` is the part of its page that is returned to. Each step opens its own transactions: the
    importer commits as it goes.
    """
    number, seen = where
    with database_of(request).reading() as session:
        held = see_upload(session, number, member)
        require_seen(session, held.record, seen)
    try:
        step(held)
    except (Outdated, NotFound):
        raise
    except MenpaiError as fault:
        with database_of(request).reading() as session:
            now = see_upload(session, number, member)
            return show_upload(request, session, member, now, fault=fault)
    return see_other(f"/admin/imports/{number}{back}")


def list_columns(reading: dict[str, Any]) -> list[Column]:
    """The columns of a list as they were found."""
    headings = reading.get("headings", [])
    cells = zip_longest(*reading.get("samples", []), fillvalue="")
    shown = ["、".join(filter(None, column)) for column in cells] or [""] * len(headings)
    fields = reading.get("fields", {})
    return [
        Column(heading, fields.get(heading, ""), examples)
        for heading, examples in zip(headings, shown, strict=False)
    ]
