"""Locks place names, in one order, before they are judged."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

_HOLD = text(
    "select id from place_name where number = any(:numbers) order by number for no key update"
)


def hold_names(session: Session, numbers: Sequence[str]) -> None:
    """Lock the existing names of these numbers until the transaction ends."""
    session.execute(_HOLD, {"numbers": list(numbers)})
