"""Finds an entry by a current or former division code, or by the id of an entry merged into it.

URLs of entries are permanent: former division codes and former ids are stored in the entry's
``links`` (``division:330603106000``, ``was:ZJH-0200``) and resolve to it.
"""

from collections.abc import Iterator

from sqlalchemy import any_, literal, select
from sqlalchemy.orm import Session

from address_model.division_decisions import final_code
from address_model.tables import Division, DivisionChange, HeritageEntry, PlaceName
from service.divisions.queries import find_decisions
from service.heritage.queries.entries import EntryNotFound

WAS, CODE = "was:", "division:"
_FURTHEST = 5
"""How many successive changes of a code are followed."""


def get_entry_id_of_code(session: Session, code: str) -> str:
    """The id of the entry with a current or former division code (6, 9 or 12 digits).

    Raises:
        EntryNotFound: no entry has this code.
    """
    found = find_entry_id_of_code(session, code)
    if found is None:
        raise EntryNotFound(
            f"no entry has the division code {code}",
            hint="list its entries: GET /api/v1/heritage?division=…",
        )
    return found


def find_entry_id_of_code(session: Session, code: str) -> str | None:
    """The id of the entry with a current or former division code, or None."""
    if len(code) not in (6, 9, 12):
        return None
    for one in _codes(session, code):
        statement = (
            select(HeritageEntry.id)
            .join(PlaceName, PlaceName.id == HeritageEntry.place_name_id)
            .join(Division, Division.id == PlaceName.division_id)
            .where(Division.code == one, PlaceName.is_division)
            .order_by(HeritageEntry.id)
        )
        found = session.scalar(statement.limit(1)) or _find_former(session, CODE + one)
        if found:
            return found
    return None


def find_entry_id_now(session: Session, entry_id: str) -> str | None:
    """The id of the entry that this one was merged into, or None."""
    return _find_former(session, WAS + entry_id)


def list_former_ids(session: Session) -> dict[str, str]:
    """The ids of merged entries, each with the id of its present entry."""
    rows = session.execute(select(HeritageEntry.id, HeritageEntry.links)).all()
    return {
        link.removeprefix(WAS): entry_id
        for entry_id, links in rows
        for link in links
        if link.startswith(WAS)
    }


def _codes(session: Session, code: str) -> Iterator[str]:
    """The code as 12 digits, then its successors, by its own change or its county's.

    The register's own decisions come first, then the published changes.
    """
    now = code.ljust(12, "0")
    decided = final_code(now, find_decisions(session))
    if decided != now:
        yield decided
    for _ in range(_FURTHEST):
        yield now
        after = _find_successor(session, now)
        if after is None:
            county = _find_successor(session, now[:6].ljust(12, "0"))
            after = county[:6] + now[6:] if county else None
        if after is None or after == now:
            return
        now = after


def _find_successor(session: Session, code: str) -> str | None:
    """The successor of a code by its latest change, or None."""
    statement = (
        select(DivisionChange.new_code)
        .where(
            DivisionChange.old_code == code,
            DivisionChange.new_code != "",
            DivisionChange.new_code != code,
        )
        .order_by(DivisionChange.year.desc(), DivisionChange.id)
    )
    return session.scalar(statement.limit(1))


def _find_former(session: Session, link: str) -> str | None:
    statement = select(HeritageEntry.id).where(literal(link) == any_(HeritageEntry.links))
    return session.scalar(statement.order_by(HeritageEntry.id).limit(1))
