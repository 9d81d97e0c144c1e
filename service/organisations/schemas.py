"""The unit schemas of the API; who holds a post is not among what they say."""

from datetime import date

from pydantic import BaseModel, Field

from address_model.units import UNIT_KIND_NAMES, UnitKind
from service.core.fields import DivisionCode, NextCursor, Version
from service.organisations.queries import PostRow, UnitRow


class UnitOut(BaseModel):
    """A unit (单位) of a division: an office, a station, a committee, a grid."""

    number: str = Field(description="Its number, which stays for ever.", examples=["U3301020001"])
    name: str = Field(description="Its name.", examples=["清波街道办事处"])
    kind: UnitKind = Field(description="What kind of office it is.", examples=["township_office"])
    kind_name: str = Field(description="The kind in Chinese.", examples=["乡镇政府、街道办"])
    division: DivisionCode
    parent: str | None = Field(
        description="The number of the unit above it; null if there is none.",
        examples=["U3301020001"],
    )
    phone: str = Field(description="Its office telephone, or empty.", examples=["0571-87654321"])
    valid_from: date = Field(description="Its first day.", examples=["2026-01-01"])
    valid_to: date | None = Field(
        description="Its last day; null as long as it lasts.", examples=["2026-12-31"]
    )
    version: Version

    @classmethod
    def of(cls, row: UnitRow) -> "UnitOut":
        """Show a row."""
        return cls(
            number=row.number,
            name=row.name,
            kind=row.kind,
            kind_name=UNIT_KIND_NAMES[row.kind],
            division=row.division,
            parent=row.parent or None,
            phone=row.phone,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            version=row.version,
        )


class UnitPost(BaseModel):
    """A post of a unit, without the name of whoever holds it."""

    name: str = Field(description="Its name.", examples=["网格员"])
    is_held: bool = Field(description="Whether somebody holds it today.", examples=[True])

    @classmethod
    def of(cls, post: PostRow, day: date) -> "UnitPost":
        """Show a post as it stands on a day."""
        held = any(one.valid_from <= day for one in post.list_holders(day))
        return cls(name=post.name, is_held=held)


class UnitDetail(UnitOut):
    """A unit with its posts and the units directly below it."""

    posts: list[UnitPost] = Field(description="Its posts that last.", examples=[[]])
    below: list[UnitOut] = Field(description="The units directly below it.", examples=[[]])


class UnitList(BaseModel):
    """A page of units; ``next`` is the cursor of the next page."""

    units: list[UnitOut] = Field(
        description="The page, ordered by division and number.", examples=[[]]
    )
    next: NextCursor
