"""API schemas of one address with its related records."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from address_model.codes import format_code
from address_model.lifecycle import AddressStatus, PlateStatus
from address_model.places import PlaceKind
from address_model.positions import Position
from service.addresses.queries import AddressRow, PositionRow
from service.addresses.schemas import AddressAnswer, AddressLevel, PointOut, PositionOut
from service.core.fields import AddressCode, CodeText, PlateToken, StandardText, may_be_absent
from service.placenames.queries import PlaceRow


class PlaceOut(BaseModel):
    """The named place that the address is numbered along."""

    number: str = Field(description="The number of the place.", examples=["33010200121800000001"])
    name: str = Field(description="Its name.", examples=["河坊街"])
    kind: PlaceKind = Field(
        description="street, estate, village, community or zone", examples=["street"]
    )
    townships: list[str] = Field(
        description="codes of the townships it lies in, 12 digits", examples=[["330102001000"]]
    )
    other_names: list[str] = Field(description="Its other names.", examples=[[]])
    continues: str = Field(
        description="number of the same road in the preceding county, or empty", examples=[""]
    )

    @classmethod
    def of(cls, row: PlaceRow) -> "PlaceOut":
        """From a row."""
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
    """One position of the address, with its point; what a grant does not name is absent."""

    model_config = ConfigDict(json_schema_extra=may_be_absent)

    geometry: PointOut = Field(description="The point.")
    source: str = Field(description="Who supplied it.", examples=["测绘"])
    note: str = Field(description="A note on it.", examples=[""])
    valid_from: date | None = Field(
        description="null for the address point itself",
        examples=["2026-01-01"],
    )
    version: int | None = Field(
        description="Increases with each change; null for the address point itself.", examples=[1]
    )

    @classmethod
    def of_own(cls, position: Position, row: AddressRow) -> "PlacedOut":
        """From the point of an address itself."""
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
        """From a typed position."""
        return cls(
            **PositionOut.of(row.position).model_dump(),
            geometry=PointOut.of(row.point),
            source=row.source,
            note=row.note,
            valid_from=row.valid_from,
            version=row.version,
        )


class NameOut(BaseModel):
    """A current or former text of the address."""

    text: str = Field(description="The text.", examples=["河坊街88号"])
    kind: Literal["standard", "alias", "former", "department", "second"] = Field(
        description="standard, alias, former, department, or second (its gate)", examples=["former"]
    )
    source: str = Field(description="Who supplied it.", examples=["公安"])
    source_id: str = Field(description="Its id at the source.", examples=[""])
    valid_from: date = Field(description="First day.", examples=["2020-01-01"])
    valid_to: date | None = Field(description="Last day; null while valid.", examples=[None])


class IdentifierOut(BaseModel):
    """The address's identifier in another scheme."""

    scheme: str = Field(description="Whose identifier it is.", examples=["police"])
    value: str = Field(description="The identifier.", examples=["330102-0088"])
    valid_from: date = Field(description="First day.", examples=["2020-01-01"])
    valid_to: date | None = Field(description="Last day; null while valid.", examples=[None])


class AreaOut(BaseModel):
    """An area that the address lies in."""

    kind: str = Field(description="The kind of area.", examples=["grid"])
    code: str = Field(description="Its code.", examples=["WG-0102-003"])
    name: str = Field(description="Its name.", examples=["清河坊第三网格"])


class HangingPlateOut(BaseModel):
    """A live plate of the address."""

    token: PlateToken
    status: PlateStatus = Field(description="The state of the plate.", examples=["in_use"])
    generation: int = Field(description="1 for the first plate of an address.", examples=[1])


class KinOut(BaseModel):
    """A parent or child address."""

    code: AddressCode
    code_text: CodeText
    standard_text: StandardText
    level: AddressLevel = Field(description="The deepest element named.", examples=["number"])
    status: AddressStatus = Field(
        description="The state of the address: 待建, 有效, 冻结, 待替换, 替换, 消亡, 无效.",
        examples=["active"],
    )

    @classmethod
    def of(cls, row: AddressRow) -> "KinOut":
        """From a row."""
        return cls(
            code=row.code,
            code_text=format_code(row.code),
            standard_text=row.standard_text,
            level=row.level,
            status=row.status,
        )


class AddressDetail(AddressAnswer):
    """One address with the parts requested; the others are null."""

    place: PlaceOut | None = Field(
        None, description="The place that it is numbered along.", examples=[None]
    )
    positions: list[PlacedOut] | None = Field(
        None, description="Its positions, with their points.", examples=[None]
    )
    names: list[NameOut] | None = Field(
        None, description="Its current and former texts.", examples=[None]
    )
    identifiers: list[IdentifierOut] | None = Field(
        None, description="Its identifiers in other schemes.", examples=[None]
    )
    areas: list[AreaOut] | None = Field(None, description="The areas it lies in.", examples=[None])
    plates: list[HangingPlateOut] | None = Field(
        None, description="Its live plates.", examples=[None]
    )
    parent: KinOut | None = Field(None, description="The address it lies in.", examples=[None])
    children: list[KinOut] | None = Field(
        None,
        description="What lies in it: the first 1,000 by code, in lists the first 100.",
        examples=[None],
    )
    at: date | None = Field(
        None, description="The day that was asked for, with `at`.", examples=["2026-01-31"]
    )
    unknown: list[str] | None = Field(
        None,
        description="With `at`: the fields whose value of that day is not kept.",
        examples=[["parent_code", "version"]],
    )
