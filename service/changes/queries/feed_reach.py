"""What of the change feed a program is told, by its grants."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.below_door import lies_below_door
from service.auth.grants import Program
from service.auth.permissions import Permission
from service.changes.events import Subject
from service.changes.queries.feed import ChangeRow

_OF_ADDRESSES = (
    Subject.ADDRESS,
    Subject.ADDRESS_AREA,
    Subject.ADDRESS_PLACE_NAME,
    Subject.DATASET_ROW,
)
"""Kinds of records whose key is the code of an address."""

_LEVELS = text(
    "select a.code as key, a.level, a.elements from address a where a.code = any(:codes) "
    "union all select p.token, a.level, a.elements from plate p join address a on a.code = p.code "
    "where p.token = any(:tokens)"
)


@dataclass(frozen=True, slots=True)
class FeedReach:
    """The divisions (beginnings of codes) from which a program is told changes.

    ``deep`` are those where it sees what lies below the door plate too; ``data`` and ``deep_data``
    those where it reads data about addresses (数据集).
    """

    granted: tuple[str, ...]
    deep: tuple[str, ...]
    data: tuple[str, ...]
    deep_data: tuple[str, ...]

    @classmethod
    def of(cls, program: Program) -> Self:
        """Of a program, by its grants in force."""
        deep = {
            needed: tuple(
                one.prefix for one in program.grants if one.is_deep and needed in one.permissions
            )
            for needed in (Permission.CHANGES_READ, Permission.DATASETS_READ)
        }
        return cls(
            granted=program.divisions(Permission.CHANGES_READ),
            deep=deep[Permission.CHANGES_READ],
            data=program.divisions(Permission.DATASETS_READ),
            deep_data=deep[Permission.DATASETS_READ],
        )

    def select(
        self, session: Session, rows: Sequence[ChangeRow], within: str = ""
    ) -> list[ChangeRow]:
        """Those of some changes that it is told, in their order.

        ``within`` is the beginning of a division's code. A change is in a division if its record
        lies there, or has just left it; of what lies below the door, a program to the door is not
        even told the key.
        """
        told, shallow = list[ChangeRow](), set[int]()
        for row in rows:
            is_data = row.subject == Subject.DATASET_ROW
            places = [
                place
                for place in {row.division, row.left_division or row.division}
                if place.startswith(within)
                and place.startswith(self.granted)
                and (not is_data or place.startswith(self.data))
            ]
            if not places:
                continue
            told.append(row)
            if not any(
                place.startswith(self.deep) and (not is_data or place.startswith(self.deep_data))
                for place in places
            ):
                shallow.add(row.position)
        doubtful = [row for row in told if row.position in shallow]
        values = {
            "codes": [row.key for row in doubtful if row.subject in _OF_ADDRESSES],
            "tokens": [row.key for row in doubtful if row.subject == Subject.PLATE],
        }
        if not any(values.values()):
            return told
        found = session.execute(_LEVELS, values)
        hidden = {row.key for row in found if lies_below_door(row.level, row.elements)}
        return [row for row in told if row.position not in shallow or row.key not in hidden]
