"""Imports that wait for a person: lists that were uploaded and are not stored yet."""

from collections.abc import Iterator

from service.admin.waiting_work import WaitingWork, WorkGroup
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.database import Session
from service.imports.commands.waiting_rows import count_waiting
from service.imports.row_log import RowOutcome
from service.imports.uploads.queries import UploadLine, list_open_uploads, list_uploads_to_approve
from service.imports.uploads.states import STATE_NAMES, UploadState

SHOWN = 5
KIND = "导入"


def list_waiting_imports(session: Session, member: StaffMember) -> Iterator[WaitingWork]:
    """Unfinished lists, and rows with a question, where this person writes addresses."""
    scopes = member.scopes(Permission.ADDRESSES_WRITE)
    if not scopes:
        return
    if rows := count_waiting(session, [scope[:6] for scope in scopes]):
        yield WaitingWork(
            WorkGroup.DATA,
            "待定",
            "是不是同一处",
            "/admin/imports/questions",
            "回答",
            f"{rows:,} 行等着定：两处同名的是一处还是两处",
        )
    found = list_open_uploads(session, scopes=scopes, limit=SHOWN + 1)
    for line in found[:SHOWN]:
        yield WaitingWork(
            WorkGroup.DATA,
            KIND,
            line.file_name,
            f"/admin/imports/{line.id}",
            "接着办",
            f"停在“{STATE_NAMES[UploadState(line.state)]}”，{_rows_of(line)}",
            line.account,
            line.created_at,
        )
    if len(found) > SHOWN:
        yield WaitingWork(WorkGroup.DATA, KIND, "其余没有办完的清单", "/admin/imports", "全部")


def list_imports_to_approve(session: Session, member: StaffMember) -> Iterator[WaitingWork]:
    """The lists of colleagues that this person may approve."""
    reviewed = member.scopes(Permission.ADDRESSES_APPROVE)
    if not reviewed:
        return
    for line in list_uploads_to_approve(session, member.account_id, scopes=reviewed, limit=SHOWN):
        yield WaitingWork(
            WorkGroup.APPROVAL,
            KIND,
            line.file_name,
            f"/admin/imports/{line.id}/review",
            "看清单并审批",
            _rows_of(line),
            line.account,
            line.created_at,
        )


def _rows_of(line: UploadLine) -> str:
    """How many rows the list has, and how many of them are refused."""
    counts = line.counts or {}
    refused = counts.get(RowOutcome.ERROR, 0) + counts.get(RowOutcome.CONFLICT, 0)
    rows = f"{line.rows:,} 行"
    return f"{rows}中 {refused:,} 行有问题" if refused else rows
