"""Finds the account that an identity at the provider is bound to."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import StaffAccount, StaffIdentity


def find_bound(session: Session, issuer: str, subject: str) -> tuple[int, str] | None:
    """Id and name of the active account that an identity is bound to, or None."""
    row = session.execute(
        select(StaffAccount.id, StaffAccount.name)
        .join(StaffIdentity, StaffIdentity.account_id == StaffAccount.id)
        .where(
            StaffIdentity.issuer == issuer,
            StaffIdentity.subject == subject,
            StaffAccount.is_active,
        )
    ).first()
    return (row.id, row.name) if row else None
