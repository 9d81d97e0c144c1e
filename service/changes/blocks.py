"""Writes changes of many links as blocks: one row of the feed for up to 500 of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.changes.events import Action, Subject
from service.core.bulk_copy import copy_rows

BLOCK = 500
"""The largest number of changes in one row; who reads one of them unfolds them all."""

_COLUMNS = (
    "position", "subject", "key", "action", "division", "version", "size", "keys", "versions"
)  # fmt: skip
_RAISED = text(
    "select key, max(version) from change "
    "where position > :seen and subject = 'address' and version is not null group by key"
)


@dataclass(frozen=True, slots=True)
class LinkChanges:
    """Changed links of many addresses, of the subject ``address_area`` or ``address_place_name``.

    ``by_division`` has the version of each address by its code, for each division (12 digits), as
    they were when the feed was at position ``seen`` or later. No other subject is told in blocks:
    the history of a record looks for single rows of its key.
    """

    subject: Subject
    by_division: Mapping[str, Mapping[str, int]]
    seen: int

    def __len__(self) -> int:
        return sum(map(len, self.by_division.values()))


def write_blocks(session: Session, links: Sequence[LinkChanges], before: int) -> None:
    """Insert the changes at the positions after ``before``; the caller holds the feed's lock.

    An address that others have changed since it was seen is told with the version in the feed, so
    that no position has an older version of it than an earlier one.
    """
    rows: list[tuple[object, ...]] = []
    for one in links:
        raised: dict[str, int] = dict(session.execute(_RAISED, {"seen": one.seen}).all())
        for division, versions in one.by_division.items():
            keys = list(versions)
            for start in range(0, len(keys), BLOCK):
                some = keys[start : start + BLOCK]
                before += len(some)
                told = [raised.get(key, versions[key]) for key in some]
                alike = (before, one.subject, some[0], Action.LINKED, division, told[0])
                rows.append((*alike, len(some), some, told))
    copy_rows(session, "change", _COLUMNS, rows)
