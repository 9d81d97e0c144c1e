"""One address with what hangs on it, as the API shows it to departments."""

from datetime import date

from pydantic import BaseModel, Field

from address_model.codes import format_code
from address_model.positions import Position
from service.addresses.queries import AddressRow, PositionRow
from service.addresses.schemas import AddressAnswer, PointOut, PositionOut
from service.placenames.queries import PlaceRow


class PlaceOut(BaseModel):
    """The named place that the address counts along."""

    number: str
    name: str
    kind: str = Field(description="street, estate, village, community or zone")
    townships: list[str] = Field(description="codes of the townships it lies in, 12 digits")
    other_names: list[str]
    continues: str = Field(description="number of the same road in the county before, or empty")

    @classmethod
    def of(cls, row: PlaceRow) -> "PlaceOut":
        """Show one."""
        townships = [one.code for one in row.townships if one.code]
        return cls(
            number=row.number,
            name=row.name,
            kind=row.kind,
            townships=townships,
            other_names=list(row.other_names),
            continues=row.continues,
        )


class PlacedOut(PositionOut):
    """One position of the address, with its point."""

    geometry: PointOut
    source: str
    note: str
    valid_from: date | None = Field(description="the own point has no date: see the changes")
    version: int | None

    @classmethod
    def of_own(cls, position: Position, row: AddressRow) -> "PlacedOut":
        """Show the own point of an address."""
        return cls(
            **PositionOut.of(position).model_dump(),
            geometry=PointOut.of(position.point),
            source=row.point_source,
            note=row.point_note,
            valid_from=None,
            version=None,
        )

    @classmethod
    def of_row(cls, row: PositionRow) -> "PlacedOut":
        """Show a typed position."""
        return cls(
            **PositionOut.of(row.position).model_dump(),
            geometry=PointOut.of(row.point),
            source=row.source,
            note=row.note,
            valid_from=row.valid_from,
            version=row.version,
        )


class NameOut(BaseModel):
    """One text the address has or had."""

    text: str
    kind: str = Field(description="standard, alias, former, department, or second (its gate)")
    source: str
    source_id: str
    valid_from: date
    valid_to: date | None


class IdentifierOut(BaseModel):
    """The address's identifier in another scheme."""

    scheme: str
    value: str
    valid_from: date
    valid_to: date | None


class AreaOut(BaseModel):
    """An area that the address lies in."""

    kind: str
    code: str
    name: str


class HangingPlateOut(BaseModel):
    """A plate of the address that has not ended."""

    token: str
    status: str
    generation: int


class KinOut(BaseModel):
    """An address that this one lies in, or that lies directly in this one."""

    code: str
    code_text: str
    standard_text: str
    level: str
    status: str

    @classmethod
    def of(cls, row: AddressRow) -> "KinOut":
        """Show one."""
        return cls(
            code=row.code,
            code_text=format_code(row.code),
            standard_text=row.standard_text,
            level=row.level,
            status=row.status,
        )


class AddressDetail(AddressAnswer):
    """One address with the parts that were asked for; the others are null."""

    place: PlaceOut | None = None
    positions: list[PlacedOut] | None = None
    names: list[NameOut] | None = None
    identifiers: list[IdentifierOut] | None = None
    areas: list[AreaOut] | None = None
    plates: list[HangingPlateOut] | None = None
    parent: KinOut | None = None
    children: list[KinOut] | None = Field(None, description="the first 1,000, in order of code")
