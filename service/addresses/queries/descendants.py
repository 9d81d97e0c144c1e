"""Reads the addresses below others in the tree: the buildings, units and rooms of a door."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.lifecycle import GONE
from service.addresses.queries.addresses import find_addresses
from service.addresses.queries.rows import AddressRow

_BELOW = text(
    "with recursive below(root, code) as ("
    "select parent_code, code from address where parent_code = any(:codes) "
    "and status <> all(:gone) union "
    "select b.root, a.code from below b join address a on a.parent_code = b.code "
    "where a.status <> all(:gone)) select root, code from below order by code limit :most"
)


def list_descendants(
    session: Session, codes: Sequence[str], *, most: int
) -> list[tuple[str, AddressRow]]:
    """The living addresses below these (16 digits), in order of code, each with the one above.

    At most ``most``, so that the caller can tell when there are too many.
    """
    values = {"codes": list(codes), "gone": [str(one) for one in GONE], "most": most}
    found = session.execute(_BELOW, values).all()
    rows = find_addresses(session, [code for _, code in found])
    return [(root, rows[code]) for root, code in found]
