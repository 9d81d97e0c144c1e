"""Reads kept forms of addresses: one's own, and those that wait for a second person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from address_model.tables import ActionDraft, Address, StaffAccount
from service.approvals.drafts import digest_lines
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.database import LARGEST_NUMBER
from service.core.errors import NotFound
from service.core.records import Record


class DraftState(StrEnum):
    """How far a kept form has come."""

    DRAFT = "draft"
    WAITING = "waiting"
    APPROVED = "approved"
    DONE = "done"
    BINNED = "binned"


DRAFT_STATE_NAMES = dict(
    zip(DraftState, ("草稿", "待审批", "已批准", "已办理", "回收站"), strict=True)
)
PUBLIC = (DraftState.WAITING, DraftState.APPROVED, DraftState.DONE)
"""States in which colleagues see it; what is being prepared is its author's alone."""


class ActionDraftNotFound(NotFound):
    """There is no such draft of an action."""


@dataclass(frozen=True, slots=True)
class ActionDraftRow:
    """One kept form; ``author`` is the display name of its account, ``text`` the address now."""

    id: int
    account_id: int
    code: str
    division: str
    action: str
    fields: Mapping[str, str]
    seen: int
    shown: Mapping[str, object]
    size: int
    state: str
    updated_at: datetime
    binned_at: datetime | None
    version: int
    author: str
    text: str

    @property
    def record(self) -> Record:
        """Its current state, for a caller that saw an older version."""
        facts = {"地址": self.text, "状态": DRAFT_STATE_NAMES[DraftState(self.state)]}
        return Record("action_drafts", str(self.id), f"草稿 {self.id}", self.version, facts)

    @property
    def digest(self) -> str:
        """What is approved: the action, the address as it was seen, and all that was typed."""
        typed = [f"{name}={value}" for name, value in sorted(self.fields.items())]
        return digest_lines([self.code, self.action, self.seen, *typed])


def get_draft(session: Session, number: int) -> ActionDraftRow:
    """A kept form, whoever asks.

    Raises:
        ActionDraftNotFound: there is none.
    """
    found = None
    if 0 < number <= LARGEST_NUMBER:
        found = session.execute(_select().where(ActionDraft.id == number)).one_or_none()
    if found is None:
        raise ActionDraftNotFound(f"there is no draft {number}", zh="没有这份草稿。")
    return ActionDraftRow(*found)


def see_draft(session: Session, number: int, member: StaffMember) -> ActionDraftRow:
    """A kept form of the person's own, or one that colleagues see in the person's divisions.

    Raises:
        ActionDraftNotFound: there is none, or it is none of the person's.
    """
    found = get_draft(session, number)
    is_own = found.account_id == member.account_id
    is_seen = found.state in PUBLIC and may(member, Permission.ADDRESSES_READ, found.division)
    if not is_own and not is_seen:
        raise ActionDraftNotFound(f"there is no draft {number} here", zh="没有这份草稿。")
    return found


def list_own_drafts(session: Session, member: StaffMember) -> list[ActionDraftRow]:
    """The person's kept forms that are not done, newest first; at most 200."""
    return _list(
        session,
        ActionDraft.account_id == member.account_id,
        ActionDraft.state != DraftState.DONE,
    )


def list_drafts_to_approve(session: Session, member: StaffMember) -> list[ActionDraftRow]:
    """What waits for this person's approval, newest first; at most 200."""
    scopes = member.scopes(Permission.ADDRESSES_APPROVE)
    if not scopes:
        return []
    return _list(
        session,
        ActionDraft.state == DraftState.WAITING,
        ActionDraft.account_id != member.account_id,
        or_(*(ActionDraft.division.startswith(scope) for scope in scopes)),
    )


def list_pending_drafts(session: Session, code: str) -> list[ActionDraftRow]:
    """What is to be done to an address (16 digits) and waits for a second person or its author."""
    states = (DraftState.WAITING, DraftState.APPROVED)
    return _list(session, ActionDraft.code == code, ActionDraft.state.in_(states))


def _list(session: Session, *conditions: ColumnElement[bool]) -> list[ActionDraftRow]:
    found = session.execute(
        _select().where(*conditions).order_by(ActionDraft.updated_at.desc()).limit(200)
    )
    return [ActionDraftRow(*row) for row in found]


def _select() -> Select[*tuple[Any, ...]]:
    names: Sequence[str] = [
        "id",
        "account_id",
        "code",
        "division",
        "action",
        "fields",
        "seen",
        "shown",
        "size",
        "state",
        "updated_at",
        "binned_at",
        "version",
    ]
    return (
        select(
            *(getattr(ActionDraft, name) for name in names),
            func.coalesce(func.nullif(StaffAccount.display_name, ""), StaffAccount.name),
            Address.standard_text,
        )
        .join(StaffAccount, StaffAccount.id == ActionDraft.account_id)
        .join(Address, Address.code == ActionDraft.code)
    )
