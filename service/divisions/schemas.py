"""The division schemas of the API."""

from typing import Literal

from pydantic import BaseModel, Field

from service.core.fields import DivisionCode, NextCursor
from service.divisions.register import LEVEL_NAMES, DivisionRow

CodeSystem = Literal["nbs", "mca"]
"""统计用区划代码 and 民政部区划代码."""

DivisionLevel = Literal["province", "city", "county", "township", "community"]


class DivisionOut(BaseModel):
    """A division with its code system and edition; codes of different systems are never mixed."""

    code: DivisionCode
    code_system: CodeSystem = Field(description="nbs 统计用区划代码, mca 民政部.", examples=["nbs"])
    edition: str = Field(description="Edition of the code system.", examples=["2023"])
    level: DivisionLevel = Field(description="Its level.", examples=["county"])
    name: str = Field(description="Its name.", examples=["上城区"])
    pinyin: str = Field(description="Its name in pinyin.", examples=["Shangcheng Qu"])
    urban_rural: str = Field(
        description="Urban–rural class (城乡分类代码), of communities.", examples=["111"]
    )

    @classmethod
    def of(cls, row: DivisionRow) -> "DivisionOut":
        """Show a row."""
        return cls(
            code=row.code,
            code_system=row.code_system,
            edition=row.edition,
            level=LEVEL_NAMES[row.level],
            name=row.name,
            pinyin=row.pinyin,
            urban_rural=row.urban_rural,
        )


class DivisionList(BaseModel):
    """A page of divisions; ``next`` is the cursor of the next page."""

    divisions: list[DivisionOut] = Field(description="The page, ordered by code.", examples=[[]])
    next: NextCursor


class DivisionDetail(DivisionOut):
    """A division with its ancestors and children."""

    ancestors: list[DivisionOut] = Field(
        description="Its ancestors, from the province down.", examples=[[]]
    )
    children: list[DivisionOut] = Field(description="Its direct children.", examples=[[]])
