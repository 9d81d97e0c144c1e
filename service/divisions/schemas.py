"""The division schemas of the API."""

from collections.abc import Sequence
from datetime import date
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
    valid_from: date | None = Field(
        description="The day it began, where that is known.", examples=[None]
    )
    valid_to: date | None = Field(
        description="The day on which it ended; null while it stands.", examples=[None]
    )
    successors: list[str] = Field(
        description="The divisions that took its place, if it has ended.",
        examples=[["330102002000"]],
    )

    @classmethod
    def of(cls, row: DivisionRow, successors: Sequence[str] = ()) -> "DivisionOut":
        """Show a row."""
        return cls(
            code=row.code,
            code_system=row.code_system,
            edition=row.edition,
            level=LEVEL_NAMES[row.level],
            name=row.name,
            pinyin=row.pinyin,
            urban_rural=row.urban_rural,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            successors=list(successors),
        )


class DivisionList(BaseModel):
    """A page of divisions; ``next`` is the cursor of the next page."""

    divisions: list[DivisionOut] = Field(description="The page, ordered by code.", examples=[[]])
    next: NextCursor


class DivisionChangeOut(BaseModel):
    """A change of a division: renamed, merged, divided, given another code."""

    year: int = Field(description="The year of the change.", examples=[2021])
    kind: str = Field(
        description="What happened: a word of the published lists, or renamed, merged by a local "
        "decision.",
        examples=["merged"],
    )
    old_code: str = Field(description="The code before, or empty.", examples=["330103000000"])
    old_name: str = Field(description="The name before, or empty.", examples=["下城区"])
    new_code: str = Field(description="The code after, or empty.", examples=["330102000000"])
    new_name: str = Field(description="The name after, or empty.", examples=["上城区"])
    source: str = Field(description="The notice (批复) or list.", examples=[""])


class DivisionDetail(DivisionOut):
    """A division with its ancestors, children and changes."""

    ancestors: list[DivisionOut] = Field(
        description="Its ancestors, from the province down.", examples=[[]]
    )
    children: list[DivisionOut] = Field(description="Its direct children.", examples=[[]])
    changes: list[DivisionChangeOut] = Field(
        description="The changes in which it occurs, the oldest first.", examples=[[]]
    )
