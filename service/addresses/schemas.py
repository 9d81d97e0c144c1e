"""Addresses as the API shows them."""

from typing import Literal

from pydantic import BaseModel, Field

from address_model.coordinates import Point
from address_model.elements import Elements
from address_model.lifecycle import AddressStatus
from address_model.plain_elements import elements_to_plain
from address_model.positions import Accuracy, Position, PositionKind
from address_model.sensitivity import CLIENT
from service.addresses.json_view import show_address, show_elements, show_point, show_position
from service.addresses.queries import AddressRow
from service.core.fields import (
    AddressCode,
    CodeText,
    DivisionCode,
    NextCursor,
    StandardText,
    Version,
)

AddressLevel = Literal[
    "division", "thoroughfare", "lane", "natural_village", "estate",
    "number", "building", "unit", "floor", "room", "thing",
]  # fmt: skip
"""The deepest element that an address names, as ``addresses.drafts.level_of`` says it."""


class NumberedOut(BaseModel):
    """A number with its prefix, suffix and quantifier apart."""

    text: str = Field(description="The number as it is written.", examples=["88号"])
    number: str = Field(description="Its digits or letters alone.", examples=["88"])
    prefix: str = Field(description="What stands before it.", examples=[""])
    suffix: str = Field(description="What stands behind it: 之一, -1, 甲.", examples=[""])
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
        description="What is named before the place that counts and is no level above it.",
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
        description="A lamp, stop or other thing it is of; its kind is the quantifier.",
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
        """Show one."""
        return cls.model_validate(show_point(point))


class PositionOut(BaseModel):
    """What the point of an address is, and how exactly it is known."""

    kind: PositionKind = Field(
        description="entrance 入口, staircase 楼梯, garage 车库, fire_access 消防, or centre: the "
        "address's own point 代表点",
        examples=["entrance"],
    )
    kind_name: str = Field(examples=["入口"], description="The kind in Chinese.")
    label: str = Field(
        description="tells several of a kind apart; the main one has none", examples=["东门"]
    )
    accuracy: Accuracy = Field(
        description="A surveyed, B from a large-scale map, C by a telephone, D estimated; empty: "
        "unknown",
        examples=["C"],
    )
    within_m: float | None = Field(description="metres of the grade", examples=[10.0])

    @classmethod
    def of(cls, position: Position) -> "PositionOut":
        """Show one."""
        return cls.model_validate(show_position(position))


class AddressOut(BaseModel):
    """One standard address; ``geometry`` is its entrance where that is known, else its own point.

    ``position`` says which; an ``include=positions`` gives them all.
    """

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
        description="Why it has that state, where it was said.", examples=[""]
    )
    successor_code: str | None = Field(
        description="The address that took its place, where there is one.", examples=[None]
    )
    parent_code: str | None = Field(description="The address that it lies in.", examples=[None])
    geometry: PointOut | None = Field(
        description="Its entrance where that is known, else its own point.", examples=[None]
    )
    position: PositionOut | None = Field(
        description="What geometry is, and how exactly it is known.", examples=[None]
    )
    point_note: str = Field(description="What was noted about the point.", examples=[""])
    sample: bool = Field(
        description="Whether it is example data, no real address.", examples=[False]
    )
    version: Version = Field(description="raised at each change; see If-Match")

    @classmethod
    def of(cls, row: AddressRow) -> "AddressOut":
        """Show one row to a department."""
        return cls.model_validate(show_address(row, CLIENT))


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
    """One address and, when it has ended, what is there now at the end of the chain."""

    successors: list[SuccessorOut] = Field(
        description="What is there now, at the end of the chain.", examples=[[]]
    )


class AddressList(BaseModel):
    """A page of addresses; ``next`` is the cursor of the page behind it."""

    addresses: list[AddressOut] = Field(description="The page, in order of code.", examples=[[]])
    next: NextCursor
