"""Which changes concern a webhook: by its program's grants, its division, its kinds, its area."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.below_door import lies_below_door
from address_model.division_codes import division_prefix
from service.auth.grants import Program
from service.auth.permissions import Permission
from service.changes.events import Subject
from service.changes.queries import ChangeRow
from service.webhooks.queries.hooks import HookRow

_IN_AREA = text(
    "with held as (select a.id from area a "
    " where a.kind || ':' || a.code = :area and a.succeeded_by is null) "
    "select 'address' as subject, l.code as key from address_area l, held "
    " where l.area_id = held.id and l.code = any(:codes) "
    "union all select 'plate', p.token from plate p join address_area l on l.code = p.code, held "
    " where l.area_id = held.id and p.token = any(:tokens) "
    "union all select 'duty', n.key::text from unnest(cast(:duties as integer[])) as n(key) "
    " left join duty d on d.id = n.key "
    " where d.id is null or d.area_id in (select id from held)"
)
_LYING = (Subject.ADDRESS, Subject.ADDRESS_PLACE_NAME, Subject.DATASET_ROW)
_OF_ADDRESSES = (*_LYING, Subject.ADDRESS_AREA)
"""Kinds of records whose key is the code of an address."""

_LEVELS = text(
    "select a.code as key, a.level, a.elements from address a where a.code = any(:codes) "
    "union all select p.token, a.level, a.elements from plate p join address a on a.code = p.code "
    "where p.token = any(:tokens)"
)


@dataclass(frozen=True, slots=True)
class Interest:
    """What a webhook is told of.

    ``granted`` are the beginnings of its program's divisions, ``deep`` of those where the program
    also sees what lies below the door plate. Of an area (``kind:code``) these are told: itself, its
    duties, the addresses and plates in it, data about them, and every change of the links between
    addresses and areas in its division, because an address may have left the area.
    """

    granted: tuple[str, ...]
    deep: tuple[str, ...]
    division: str
    subjects: frozenset[str]
    area: str

    @classmethod
    def of(cls, hook: HookRow, program: Program) -> Self:
        """Of a webhook, by the grants of its program in force."""
        needed = Permission.CHANGES_READ
        grants = [one for one in program.grants if needed in one.permissions]
        return cls(
            granted=program.divisions(needed),
            deep=tuple(one.prefix for one in grants if one.is_deep),
            division=division_prefix(hook.division),
            subjects=frozenset(hook.subjects),
            area=hook.area,
        )

    def select(self, session: Session, rows: Sequence[ChangeRow]) -> list[ChangeRow]:
        """The changes of a stretch of the feed that concern the webhook, in their order."""
        fits = [
            row
            for row in rows
            if (not self.subjects or row.subject in self.subjects)
            and any(
                place.startswith(self.division) and place.startswith(self.granted)
                for place in (row.division, row.left_division or row.division)
            )
        ]
        shallow = [row for row in fits if not row.division.startswith(self.deep)]
        values = {
            "codes": [row.key for row in shallow if row.subject in _OF_ADDRESSES],
            "tokens": [row.key for row in shallow if row.subject == Subject.PLATE],
        }
        if any(values.values()):
            found = session.execute(_LEVELS, values)
            hidden = {row.key for row in found if lies_below_door(row.level, row.elements)}
            fits = [row for row in fits if row.key not in hidden or row not in shallow]
        return self._in_area(session, fits) if self.area and fits else fits

    def _in_area(self, session: Session, rows: Sequence[ChangeRow]) -> list[ChangeRow]:
        keys: dict[str, list[str]] = {}
        for row in rows:
            keys.setdefault(row.subject, []).append(row.key)
        values = {
            "area": self.area,
            "codes": [key for subject in _LYING for key in keys.get(subject, [])],
            "tokens": keys.get(Subject.PLATE, []),
            "duties": [int(key) for key in keys.get(Subject.DUTY, [])],
        }
        inside = {(subject, key) for subject, key in session.execute(_IN_AREA, values)}
        codes = {key for subject, key in inside if subject == Subject.ADDRESS}
        inside |= {(subject, key) for subject in _LYING for key in codes}
        inside.add((Subject.AREA, self.area))
        return [
            row
            for row in rows
            if row.subject == Subject.ADDRESS_AREA or (row.subject, row.key) in inside
        ]
