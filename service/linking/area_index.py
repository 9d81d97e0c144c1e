"""An index of the areas of every kind for many points; cached until an area changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from service.areas.queries import HeldArea
from service.linking.binary_copy import Points
from service.linking.cell_cover import CellCover
from service.linking.differences import WantedLinks


@dataclass(frozen=True, slots=True)
class AreaIndexKey:
    """The validity of an index: database, last change of an area, day."""

    database: str
    changed_at: datetime | None
    day: date


@dataclass(frozen=True, slots=True)
class AreaIndex:
    """One cell cover per kind, and the kind of every current or future area."""

    key: AreaIndexKey
    by_kind: Mapping[str, CellCover]
    kinds: Mapping[int, str]

    @classmethod
    def of(cls, key: AreaIndexKey, areas: Sequence[HeldArea]) -> Self:
        """Build the index of these areas."""
        grouped: dict[str, list[HeldArea]] = {}
        for area in areas:
            grouped.setdefault(area.kind, []).append(area)
        covers = {
            kind: CellCover([area.id for area in members], [area.shape for area in members])
            for kind, members in grouped.items()
        }
        return cls(key, covers, {area.id: area.kind for area in areas})

    def locate(self, points: Points) -> WantedLinks:
        """The links of points, which must be in order of code without duplicates."""
        return WantedLinks(
            points.codes,
            {kind: cover.locate(points.lon, points.lat) for kind, cover in self.by_kind.items()},
        )
