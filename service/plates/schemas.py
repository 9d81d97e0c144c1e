"""Plates as the API shows them."""

from datetime import datetime

from pydantic import Base64Bytes, BaseModel, Field

from address_model.coordinates import CoordinateSystem
from address_model.inspections import PlateEventKind
from address_model.plate_standing import Standing, standing_of
from service.plates.faces import face_text
from service.plates.queries import PlateRow
from service.plates.queries.events import EventRow


class PlateOut(BaseModel):
    """One physical plate.

    `standing` is how it stands to its address as that is now: `sound`; `other_text`, the register
    says something else than `printed_text`; `address_ended`, it must not be hung.
    """

    token: str
    code: str
    standard_text: str
    generation: int
    status: str
    status_reason: str
    standing: Standing
    printed_text: str | None
    replaced_by: str | None
    design: str
    payload: str
    created_at: datetime
    sample: bool
    trial: bool
    version: int = Field(description="raised at each change; see If-Match")

    @classmethod
    def of(cls, row: PlateRow) -> "PlateOut":
        """Show one row."""
        return cls(
            token=row.token,
            code=row.code,
            standard_text=row.standard_text,
            generation=row.generation,
            status=row.status,
            status_reason=row.status_reason,
            standing=standing_of(row.address_status, row.printed_text, face_text(row.elements)),
            printed_text=row.printed_text,
            replaced_by=row.replaced_by,
            design=row.design,
            payload=row.payload,
            created_at=row.created_at,
            sample=row.is_sample,
            trial=row.is_trial,
            version=row.version,
        )


class EventIn(BaseModel):
    """Something that happened to a plate.

    `id` is made by the caller (a UUID): sent again with the same id, an event is recorded once. It
    may come as the header `Idempotency-Key` instead.
    """

    id: str = Field(default="", max_length=64)
    kind: PlateEventKind = Field(description="replaced is not sent: it follows from another.")
    at: datetime | None = Field(default=None, description="When it happened; now if left out.")
    lon: float | None = None
    lat: float | None = None
    crs: CoordinateSystem = CoordinateSystem.WGS84
    accuracy_m: float | None = Field(default=None, ge=0, le=1e7)
    note: str = Field(default="", max_length=1000)
    photo: Base64Bytes | None = Field(
        default=None, max_length=28_000_000, description="JPEG, PNG or WebP in base64."
    )
    reason: str = Field(default="", max_length=200, description="Of an order, or of voiding.")
    code: str = Field(default="", max_length=24, description="Of the address, to bind a blank.")
    accepts_text: bool = Field(
        default=False, description="To hang a plate whose text differs from the register's."
    )


class EventOut(BaseModel):
    """An event as it was recorded."""

    id: str
    token: str
    code: str
    kind: PlateEventKind
    before: str
    after: str
    at: datetime
    recorded_at: datetime
    actor: str
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    distance_m: float | None
    far: bool
    has_photo: bool
    note: str
    successor: str | None

    @classmethod
    def of(cls, row: EventRow) -> "EventOut":
        """Show one event."""
        return cls(
            id=row.id,
            token=row.token,
            code=row.code,
            kind=PlateEventKind(row.kind),
            before=row.before,
            after=row.after,
            at=row.at,
            recorded_at=row.recorded_at,
            actor=row.actor,
            lon=row.point.lon if row.point else None,
            lat=row.point.lat if row.point else None,
            accuracy_m=row.accuracy_m,
            distance_m=row.distance_m,
            far=row.is_far,
            has_photo=bool(row.photo),
            note=row.note,
            successor=row.successor,
        )


class EventList(BaseModel):
    """What happened to a plate, newest first."""

    events: list[EventOut]
