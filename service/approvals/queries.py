"""Reads requests for approval: the latest of a subject, and what an author did alone today."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.selectable import LateralFromClause

from address_model.approvals import ApprovalKind, Decision
from address_model.tables import Approval, StaffAccount
from service.approvals.drafts import Author
from service.core.actor import Actor
from service.core.clock import start_of_day

WITH_ACCOUNT = frozenset({"staff", "shell"})
"""Kinds of actors whose name is that of an account."""


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """One request; ``author`` is the actor who asked, ``decider`` the name of an account or ""."""

    id: int
    kind: str
    subject: str
    division: str
    size: int
    digest: str
    author: str
    author_id: int | None
    asked_at: datetime
    decision: str
    decider_id: int | None
    decider: str
    decided_at: datetime | None
    reason: str
    version: int


def find_latest(session: Session, kind: ApprovalKind, subject: str) -> ApprovalRow | None:
    """The last request about a subject, whatever became of it."""
    asked = _select().where(Approval.kind == kind, Approval.subject == subject)
    row = session.execute(asked.order_by(Approval.id.desc()).limit(1)).first()
    return ApprovalRow(*row) if row else None


def latest_of(kind: ApprovalKind, subject: ColumnElement[str]) -> LateralFromClause:
    """The last request about each row of a query, to be joined: ``subject`` is its key."""
    return (
        _select()
        .where(Approval.kind == kind, Approval.subject == subject)
        .order_by(Approval.id.desc())
        .limit(1)
        .lateral("latest")
    )


def find_author(session: Session, actor: Actor) -> Author:
    """Who asks when this actor does: with the account, where it is a person's."""
    if actor.kind not in WITH_ACCOUNT:
        return Author(actor)
    named = select(StaffAccount.id).where(StaffAccount.name == actor.name)
    return Author(actor, session.scalar(named))


def count_alone_today(session: Session, kind: ApprovalKind, author: Author) -> int:
    """How much of a kind this author let go on today without a second person.

    The day is one of ``MENPAI_TIMEZONE``. Lock the author first: it is judged by this.
    """
    own = (
        and_(Approval.author_id.is_(None), Approval.author == str(author.actor))
        if author.account_id is None
        else Approval.author_id == author.account_id
    )
    counted = select(func.coalesce(func.sum(Approval.size), 0)).where(
        Approval.kind == kind,
        Approval.asked_at >= start_of_day(),
        Approval.decision == Decision.APPROVED,
        Approval.decider_id.is_(None),
        own,
    )
    return int(session.execute(counted).scalar_one())


def _select() -> Select[*tuple[Any, ...]]:
    decider = aliased(StaffAccount)
    return select(
        Approval.id,
        Approval.kind,
        Approval.subject,
        Approval.division,
        Approval.size,
        Approval.digest,
        Approval.author,
        Approval.author_id,
        Approval.asked_at,
        Approval.decision,
        Approval.decider_id,
        func.coalesce(decider.name, "").label("decider"),
        Approval.decided_at,
        Approval.reason,
        Approval.version,
    ).outerjoin(decider, decider.id == Approval.decider_id)
