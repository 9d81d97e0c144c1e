"""Which changes concern a webhook: by its program's grants, its division, its kinds, its area."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.division_codes import division_prefix
from service.auth.grants import Program
from service.changes.events import Subject
from service.changes.queries import ChangeRow, FeedReach
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
"""Kinds of records that lie in an area if their address does."""


@dataclass(frozen=True, slots=True)
class Interest:
    """What a webhook is told of.

    ``reach`` is what its program may be told. Of an area (``kind:code``) these are told: itself,
    its duties, the addresses and plates in it, data about them, and every change of the links
    between addresses and areas in its division, because an address may have left the area.
    """

    reach: FeedReach
    division: str
    subjects: frozenset[str]
    area: str

    @classmethod
    def of(cls, hook: HookRow, program: Program) -> Self:
        """Of a webhook, by the grants of its program in force."""
        return cls(
            reach=FeedReach.of(program),
            division=division_prefix(hook.division),
            subjects=frozenset(hook.subjects),
            area=hook.area,
        )

    def select(self, session: Session, rows: Sequence[ChangeRow]) -> list[ChangeRow]:
        """The changes of a stretch of the feed that concern the webhook, in their order."""
        of_kinds = [row for row in rows if not self.subjects or row.subject in self.subjects]
        fits = self.reach.select(session, of_kinds, self.division)
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
