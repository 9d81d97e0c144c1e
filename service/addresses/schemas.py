"""Addresses as the API shows them."""

from pydantic import BaseModel, Field

from address_model.codes import format_code
from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from address_model.positions import Position
from service.addresses.queries import AddressRow


class NumberedOut(BaseModel):
    """A number with its prefix, suffix and quantifier apart."""

    text: str
    number: str
    prefix: str
    suffix: str
    quantifier: str

    @classmethod
    def of(cls, value: Numbered) -> "NumberedOut":
        """Show one."""
        return cls(
            text=str(value),
            number=value.number,
            prefix=value.prefix,
            suffix=value.suffix,
            quantifier=value.quantifier,
        )


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
        values = {name: _shown(getattr(elements, name)) for name in cls.model_fields}
        return cls.model_validate(values)


class PointOut(BaseModel):
    """A GeoJSON point (RFC 7946); degrees, EPSG:4490, longitude first."""

    type: str = "Point"
    coordinates: tuple[float, float]

    @classmethod
    def of(cls, point: Point) -> "PointOut":
        """Show one."""
        return cls(coordinates=(point.lon, point.lat))


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
        return cls(
            kind=position.kind,
            kind_name=position.name,
            label=position.label,
            accuracy=position.accuracy,
            within_m=position.accuracy.metres,
        )


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
        """Show one row."""
        shown = row.position
        return cls(
            code=row.code,
            code_text=format_code(row.code),
            standard_text=row.standard_text,
            elements=ElementsOut.of(row.elements),
            division=row.division_code,
            level=row.level,
            status=row.status,
            status_reason=row.status_reason,
            successor_code=row.successor_code,
            parent_code=row.parent_code,
            geometry=PointOut.of(shown.point) if shown else None,
            position=PositionOut.of(shown) if shown else None,
            point_note=row.point_note,
            sample=row.is_sample,
            version=row.version,
        )


class SuccessorOut(BaseModel):
    """An address that took the place of another."""

    code: str
    code_text: str
    standard_text: str
    status: str

    @classmethod
    def of(cls, row: AddressRow) -> "SuccessorOut":
        """Show one."""
        return cls(
            code=row.code,
            code_text=format_code(row.code),
            standard_text=row.standard_text,
            status=row.status,
        )


class AddressAnswer(AddressOut):
    """One address and, when it has ended, what is there now at the end of the chain."""

    successors: list[SuccessorOut]


class AddressList(BaseModel):
    """A page of addresses; ``next`` is the cursor of the page behind it."""

    addresses: list[AddressOut]
    next: str | None


def _shown(value: object) -> object:
    if isinstance(value, Numbered):
        return NumberedOut.of(value)
    if isinstance(value, tuple):
        return [NumberedOut.of(item) for item in value]
    return value
