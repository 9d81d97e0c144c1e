"""Field types shared by requests and responses of the API, each described once."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from service.core.database import LARGEST_NUMBER

DIVISION_PATTERN = r"^(\d{2,12})?$"

AddressCode = Annotated[
    str,
    Field(
        description="Address code: 16 digits, the last two of which check the others.",
        examples=["3301029032882641"],
    ),
]
CodeText = Annotated[
    str,
    Field(
        description="The code in groups of four, as a plate has it.",
        examples=["3301 0290 3288 2641"],
    ),
]
StandardText = Annotated[
    str,
    Field(
        description="The standard address (标准地址).",
        examples=["浙江省杭州市上城区清波街道河坊街88号"],
    ),
]
DivisionCode = Annotated[
    str,
    Field(description="Division code of 12 digits (GB/T 2260, 统计用).", examples=["330102001000"]),
]
DivisionPrefix = Annotated[
    str,
    Field(
        pattern=DIVISION_PATTERN,
        description="A division code or its beginning, 2 to 12 digits; empty: anywhere.",
        examples=["330102"],
    ),
]
PlateToken = Annotated[
    str,
    Field(
        description="The ten characters that the QR code of a plate carries.",
        examples=["7K3M9QX2TB"],
    ),
]
Version = Annotated[
    int,
    Field(description="Raised at each change of the record; see If-Match.", examples=[3]),
]
Number = Annotated[
    int,
    Field(ge=1, le=LARGEST_NUMBER, description="The number of the record.", examples=[17]),
]
Score = Annotated[float, Field(description="How well it fits, 0 to 1.", examples=[0.95])]
Metres = Annotated[float, Field(description="Distance in metres.", examples=[12.5])]
Longitude = Annotated[
    float,
    Field(ge=-180, le=180, description="Longitude in degrees, in crs.", examples=[120.1659]),
]
Latitude = Annotated[
    float, Field(ge=-90, le=90, description="Latitude in degrees, in crs.", examples=[30.2401])
]
NextCursor = Annotated[
    str | None,
    Field(
        description="The cursor of the page behind this one; null on the last.",
        examples=["3301029032882641"],
    ),
]


AnyName = Annotated[
    str,
    Field(max_length=40, description="Characters, pinyin, or a former name.", examples=["河坊街"]),
]
"""A name to search by."""

PlaceCursor = Annotated[
    str,
    Field(
        pattern=r"^[0-9A-Z-]{0,24}$",
        description="Rows behind this number: `next` of the page before.",
        examples=["ZJH-0087"],
    ),
]
"""The cursor of a list of place names or heritage entries."""


def may_be_absent(schema: dict[str, Any]) -> None:
    """A ``json_schema_extra`` for records of which a grant or ``fields`` shows only some members.

    What is shown is of its type, so the members do not become nullable.
    """
    schema.pop("required", None)


class Question(BaseModel):
    """The body of a request; unknown members are refused, as unknown parameters are."""

    model_config = ConfigDict(extra="forbid")


def page_size(most: int) -> Any:
    """The constraint of a parameter ``limit``."""
    return Field(ge=1, le=most, description=f"Rows of a page, {most:,} at most.", examples=[50])
