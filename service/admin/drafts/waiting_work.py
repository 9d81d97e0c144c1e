"""Changes of addresses that wait for a person: to be approved, approved, or being prepared."""

from collections.abc import Iterator

from service.addresses.queries.action_drafts import (
    ActionDraftRow,
    DraftState,
    list_drafts_to_approve,
    list_own_drafts,
)
from service.admin.address.actions import ACTIONS
from service.admin.waiting_work import WaitingWork, WorkGroup
from service.auth.members import StaffMember
from service.core.database import Session

SHOWN = 5


def list_waiting_drafts(session: Session, member: StaffMember) -> Iterator[WaitingWork]:
    """What this person is to approve, may carry out, or has begun."""
    for draft in list_drafts_to_approve(session, member)[:SHOWN]:
        yield _line(draft, WorkGroup.APPROVAL, "审批", f"涉及 {draft.size:,} 个地址")
    own = list_own_drafts(session, member)
    for draft in [one for one in own if one.state == DraftState.APPROVED][:SHOWN]:
        yield _line(draft, WorkGroup.DATA, "办理", "已批准，可以办理了")
    kept = [one for one in own if one.state == DraftState.DRAFT]
    for draft in kept[:SHOWN]:
        yield _line(draft, WorkGroup.DATA, "接着填", "草稿")
    if len(kept) > SHOWN:
        yield WaitingWork(WorkGroup.DATA, "草稿", "其余的草稿", "/admin/drafts", "全部")


def _line(draft: ActionDraftRow, group: WorkGroup, action: str, detail: str) -> WaitingWork:
    kind = ACTIONS[draft.action].title
    path = f"/admin/drafts/{draft.id}"
    return WaitingWork(
        group, kind, draft.text, path, action, detail, draft.author, draft.updated_at
    )
