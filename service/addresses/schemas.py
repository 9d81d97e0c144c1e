"""Addresses as the API shows them."""

from pydantic import BaseModel, Field

from address_model.coordinates import Point
from address_model.elements import Elements
from address_model.positions import Position
from address_model.sensitivity import CLIENT
from address_model.serialising import elements_to_plain
from service.addresses.json_view import show_address, show_elements, show_point, show_position
from service.addresses.queries import AddressRow


class NumberedOut(BaseModel):
    """A number with its prefix, suffix and quantifier apart."""

    text: str
    number: str
    prefix: str
    suffix: str
    quantifier: str


class ElementsOut(BaseModel):
    """The elements of an address; an absent element is null or an empty text."""

    province: str
    city: str
    county: str
    township: str
    community: str
    devzone: str
    parent_place: str
    thoroughfare: str
    lanes: list[NumberedOut]
    natural_village: str
    group: NumberedOut | None
    estate: str
    number: NumberedOut | None
    building: NumberedOut | None
    unit: NumberedOut | None
    floor: NumberedOut | None
    room: NumberedOut | None
    thing: NumberedOut | None = Field(
        description="a lamp, stop or other thing that the address is of; its kind is the quantifier"
    )

    @classmethod
    def of(cls, elements: Elements) -> "ElementsOut":
        """Show the elements of one address."""
        return cls.model_validate(show_elements(elements_to_plain(elements)))


class PointOut(BaseModel):
    """A GeoJSON point (RFC 7946); degrees, EPSG:4490, longitude first."""

    type: str = "Point"
    coordinates: tuple[float, float]

    @classmethod
    def of(cls, point: Point) -> "PointOut":
        """Show one."""
        return cls.model_validate(show_point(point))


class PositionOut(BaseModel):
    """What the point of an address is, and how exactly it is known."""

    kind: str = Field(
        description="entrance 入口, staircase 楼梯, garage 车库, fire_access 消防, or centre: the "
        "address's own point 代表点",
        examples=["entrance"],
    )
    kind_name: str = Field(examples=["入口"])
    label: str = Field(description="tells several of a kind apart; the main one has none")
    accuracy: str = Field(
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

    code: str
    code_text: str
    standard_text: str
    elements: ElementsOut
    division: str
    level: str
    status: str
    status_reason: str
    successor_code: str | None
    parent_code: str | None
    geometry: PointOut | None
    position: PositionOut | None
    point_note: str
    sample: bool
    version: int = Field(description="raised at each change; see If-Match")

    @classmethod
    def of(cls, row: AddressRow) -> "AddressOut":
        """Show one row to a department."""
        return cls.model_validate(show_address(row, CLIENT))


class SuccessorOut(BaseModel):
    """An address that took the place of another."""

    code: str
    code_text: str
    standard_text: str
    status: str


class AddressAnswer(AddressOut):
    """One address and, when it has ended, what is there now at the end of the chain."""

    successors: list[SuccessorOut]


class AddressList(BaseModel):
    """A page of addresses; ``next`` is the cursor of the page behind it."""

    addresses: list[AddressOut]
    next: str | None
