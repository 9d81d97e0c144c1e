"""Reads the accounts that a duty may be bound to."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.division_codes import division_prefix, list_prefixes
from address_model.tables import StaffAccount
from service.auth.queries.held_roles import held_roles

MOST = 500


def list_area_accounts(session: Session, role: str, division: str) -> list[tuple[str, str]]:
    """The active accounts (name, display name) with a role that covers a division."""
    above = list_prefixes(division) if division else []
    covering = ["", *above, *map(division_prefix, above)]
    held = held_roles()
    statement = (
        select(StaffAccount.name, StaffAccount.display_name)
        .join(held, held.c.account_id == StaffAccount.id)
        .where(StaffAccount.is_active, held.c.role == role, held.c.division.in_(covering))
        .distinct()
        .order_by(StaffAccount.name)
        .limit(MOST)
    )
    return [(row.name, row.display_name) for row in session.execute(statement)]
