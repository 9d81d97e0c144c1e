"""Counts how many addresses a grant lets a program copy."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.tables import Address
from service.addresses.queries import lies_in_division
from service.auth.grants import Grant
from service.auth.permissions import Permission

_BULK = frozenset({Permission.ADDRESSES_READ, Permission.CHANGES_READ})
"""Permissions by which all addresses of a division can be copied."""

_MOST_COUNTED = 1_000_000


def count_readable(session: Session, grant: Grant) -> int:
    """How many addresses a grant lets a program copy; 0 if it only answers about single ones.

    Counted up to a million.
    """
    if not grant.permissions & _BULK:
        return 0
    some = select(Address.code).limit(_MOST_COUNTED)
    if grant.division:
        some = some.where(lies_in_division(grant.division))
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0
