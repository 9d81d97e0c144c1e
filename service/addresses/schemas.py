"""The address schemas of the API."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from address_model.coordinates import Point
from address_model.elements import Elements, elements_to_plain
from address_model.lifecycle import AddressStatus
from address_model.positions import Accuracy, Position, PositionKind
from address_model.sensitivity import Viewer
from service.addresses.json_view import show_address, show_elements, show_point, show_position
from service.addresses.queries import AddressRow
from service.core.fields import (
    AddressCode,
    CodeText,
    DivisionCode,
    NextCursor,
    StandardText,
    Version,
    may_be_absent,
)

AddressLevel = Literal[
    "division", "thoroughfare", "lane", "natural_village", "estate",
    "number", "building", "unit", "floor", "room", "thing",
]  # fmt: skip
"""The deepest element of an address; see ``addresses.drafts.level_of``."""


class NumberedOut(BaseModel):
    """A number and its prefix, suffix and quantifier."""

    text: str = Field(description="The complete number.", examples=["88号"])
    number: str = Field(description="Its digits or letters only.", examples=["88"])
    prefix: str = Field(description="The prefix, such as 临 or 附.", examples=[""])
    suffix: str = Field(description="The suffix: 之一, -1, 甲.", examples=[""])
    quantifier: str = Field(description="号, 弄, 幢, 单元, 室 …", examples=["号"])


class ElementsOut(BaseModel):
    """The elements of an address; an absent element is null or an empty text."""

    province: str = Field(description="省", examples=["浙江省"])
    city: str = Field(description="市", examples=["杭州市"])
    county: str = Field(description="县（市、区）", examples=["上城区"])
    township: str = Field(description="乡镇、街道", examples=["清波街道"])
    community: str = Field(description="社区、行政村", examples=["清河坊社区"])
    devzone: str = Field(description="开发区", examples=[""])
    parent_place: str = Field(
        description="A place named before the numbered place, without being a level above it.",
        examples=[""],
    )
    thoroughfare: str = Field(description="街路巷", examples=["河坊街"])
    lanes: list[NumberedOut] = Field(description="弄、支弄, outermost first.", examples=[[]])
    natural_village: str = Field(description="自然村", examples=[""])
    group: NumberedOut | None = Field(description="组", examples=[None])
    estate: str = Field(description="小区", examples=[""])
    number: NumberedOut | None = Field(description="门牌号", examples=[None])
    building: NumberedOut | None = Field(description="幢", examples=[None])
    unit: NumberedOut | None = Field(description="单元", examples=[None])
    floor: NumberedOut | None = Field(description="层", examples=[None])
    room: NumberedOut | None = Field(description="室", examples=[None])
    thing: NumberedOut | None = Field(
        description="A lamp, stop or other object; its kind is the quantifier.",
        examples=[None],
    )

    @classmethod
    def of(cls, elements: Elements) -> "ElementsOut":
        """Show the elements of one address."""
        return cls.model_validate(show_elements(elements_to_plain(elements)))


class PointOut(BaseModel):
    """A GeoJSON point (RFC 7946); degrees, EPSG:4490, longitude first."""

    type: Literal["Point"] = Field("Point", description="Always Point.", examples=["Point"])
    coordinates: tuple[float, float] = Field(
        description="Longitude, latitude.", examples=[[120.1659, 30.2401]]
    )

    @classmethod
    def of(cls, point: Point) -> "PointOut":
        """Show a point."""
        return cls.model_validate(show_point(point))


class PositionOut(BaseModel):
    """The kind of an address's point, and how accurately it is known."""

    kind: PositionKind = Field(
        description="entrance 入口, staircase 楼梯, garage 车库, fire_access 消防, or centre: the "
        "address's own point 代表点",
        examples=["entrance"],
    )
    kind_name: str = Field(examples=["入口"], description="The kind in Chinese.")
    label: str = Field(
        description="Distinguishes several of one kind; the main one has none.", examples=["东门"]
    )
    accuracy: Accuracy = Field(
        description="A surveyed, B large-scale map, C phone, D estimated; empty: unknown.",
        examples=["C"],
    )
    within_m: float | None = Field(description="Metres of the grade.", examples=[10.0])

    @classmethod
    def of(cls, position: Position) -> "PositionOut":
        """Show a position."""
        return cls.model_validate(show_position(position))


class AddressOut(BaseModel):
    """One standard address; ``geometry`` is its entrance if known, else its own point.

    ``position`` says which; ``include=positions`` returns all positions. Fields that the grant of
    the program does not name, or ``fields`` leaves out, are absent.
    """

    model_config = ConfigDict(json_schema_extra=may_be_absent)

    code: AddressCode
    code_text: CodeText
    standard_text: StandardText
    elements: ElementsOut = Field(description="The address in its elements.")
    division: DivisionCode
    level: AddressLevel = Field(description="The deepest element named.", examples=["number"])
    status: AddressStatus = Field(
        description="The state of the address: 待建, 有效, 冻结, 待替换, 替换, 消亡, 无效.",
        examples=["active"],
    )
    status_reason: str = Field(
        "", description="The reason for that state, if one was given.", examples=[""]
    )
    successor_code: str | None = Field(
        description="The address that took its place, if there is one.", examples=[None]
    )
    parent_code: str | None = Field(None, description="The address it lies in.", examples=[None])
    geometry: PointOut | None = Field(
        description="Its entrance if known, else its own point.", examples=[None]
    )
    position: PositionOut | None = Field(
        description="The kind of the geometry, and how accurately it is known.", examples=[None]
    )
    point_note: str = Field("", description="A note about the point.", examples=[""])
    sample: bool = Field(
        description="Whether it is example data rather than a real address.", examples=[False]
    )
    version: Version = Field(description="Increases with each change; see If-Match.")

    @classmethod
    def of(cls, row: AddressRow, viewer: Viewer) -> "AddressOut":
        """Show one row to a viewer; fields that are hidden from it are not set."""
        return cls.model_validate(show_address(row, viewer))


class SuccessorOut(BaseModel):
    """An address that took the place of another."""

    code: AddressCode
    code_text: CodeText
    standard_text: StandardText
    status: AddressStatus = Field(
        description="The state of the address: 待建, 有效, 冻结, 待替换, 替换, 消亡, 无效.",
        examples=["active"],
    )


class AddressAnswer(AddressOut):
    """One address and, if it has ended, its current successors."""

    successors: list[SuccessorOut] = Field(
        description="Its current successors, at the end of the chain.", examples=[[]]
    )


class AddressList(BaseModel):
    """A page of addresses; ``next`` is the cursor of the next page."""

    addresses: list[AddressOut] = Field(description="The page, ordered by code.", examples=[[]])
    next: NextCursor
