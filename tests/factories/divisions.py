"""A province with one city, two counties and a few townships and communities."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy.orm import Session

from address_model.tables import Division
from tests.announcements import arranging

SQUARE = "POLYGON((120 30, 120.3 30, 120.3 30.4, 120 30.4, 120 30))"
_ROWS = (
    ("330000000000", 1, "浙江省", None),
    ("330100000000", 2, "杭州市", "330000000000"),
    ("330102000000", 3, "上城区", "330100000000"),
    ("330106000000", 3, "西湖区", "330100000000"),
    ("330102001000", 4, "清波街道", "330102000000"),
    ("330106001000", 4, "北山街道", "330106000000"),
    ("330102001051", 5, "清波门社区", "330102001000"),
)


@dataclass(frozen=True)
class Place:
    """The divisions that were made, by code."""

    ids: dict[str, int]

    @property
    def township_id(self) -> int:
        return self.ids["330102001000"]

    @property
    def county_id(self) -> int:
        return self.ids["330102000000"]


def make_place(session: Session) -> Place:
    """Insert the divisions; both counties have the same square as their boundary."""
    arranging(session)
    ids: dict[str, int] = {}
    for code, level, name, parent in _ROWS:
        row = Division(
            code=code,
            code_system="nbs",
            edition="2023",
            level=level,
            name=name,
            parent_id=ids[parent] if parent else None,
            geom=func.ST_Multi(func.ST_GeomFromText(SQUARE, 4490)) if level == 3 else None,
        )
        session.add(row)
        session.flush()
        ids[code] = row.id
    return Place(ids)
