"""API schemas of areas: community, grid, police beat …; never a contact."""

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from service.areas.queries import PublishedArea
from service.core.fields import Version


class AreaRecord(BaseModel):
    """An area (责任区) with its days; the key is that of the change feed."""

    key: str = Field(description="Its kind and code.", examples=["grid:WG-0102-003"])
    kind: str = Field(description="The kind: grid, community, police_beat …", examples=["grid"])
    code: str = Field(description="Its code, unique in its kind.", examples=["WG-0102-003"])
    name: str = Field(description="Its name.", examples=["清河坊第三网格"])
    parent: str | None = Field(
        description="The key of the area it lies in.", examples=["community:SQ-0102-01"]
    )
    division: str | None = Field(
        description="The division it lies in, 12 digits.", examples=["330102001000"]
    )
    valid_from: date = Field(description="First day of this border.", examples=["2026-01-01"])
    valid_to: date | None = Field(
        description="Last day of this border; null while it has none.", examples=[None]
    )
    sample: bool = Field(description="Whether it is example data.", examples=[False])
    version: Version

    @classmethod
    def of(cls, row: PublishedArea) -> "AreaRecord":
        """Show an area without its border."""
        return cls(
            key=row.key,
            kind=row.kind,
            code=row.code,
            name=row.name,
            parent=row.parent or None,
            division=row.division or None,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            sample=row.is_sample,
            version=row.version,
        )


class AreaDetail(AreaRecord):
    """An area with its border."""

    geometry: dict[str, Any] = Field(
        description="The border: a GeoJSON MultiPolygon in degrees, EPSG:4490.",
        examples=[{"type": "MultiPolygon", "coordinates": []}],
    )


class AreaList(BaseModel):
    """A page of areas; ``next`` is the cursor of the next page."""

    areas: list[AreaRecord] = Field(
        description="The page, by division, kind and code.", examples=[[]]
    )
    next: int | None = Field(
        description="The cursor of the page behind this one; null on the last.", examples=[17]
    )
