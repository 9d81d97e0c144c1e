"""Request and response bodies of plates in the API."""

from datetime import datetime

from pydantic import Base64Bytes, BaseModel, Field

from address_model.coordinates import CoordinateSystem
from address_model.inspections import PlateEventKind
from address_model.lifecycle import PlateStatus
from address_model.plate_standing import Standing, standing_of
from service.core.fields import PlateToken, Question, StandardText, Version
from service.plates.event_report import EventReport, read_point
from service.plates.faces import face_text
from service.plates.queries import PlateRow
from service.plates.queries.events import EventRow


class PlateOut(BaseModel):
    """One physical plate.

    `standing` compares it with its current address: `sound`; `other_text`, the register differs
    from `printed_text`; `address_ended`, it must not be hung.
    """

    token: PlateToken
    code: str = Field(
        description="The code of its address; empty for a blank plate.",
        examples=["3301029032882641"],
    )
    standard_text: StandardText
    generation: int = Field(description="1 for the first plate of an address.", examples=[1])
    status: PlateStatus = Field(description="The state of the plate.", examples=["in_use"])
    status_reason: str = Field(description="Why it has that state; may be empty.", examples=[""])
    standing: Standing = Field(
        description="How it compares with its current address.", examples=["sound"]
    )
    printed_text: str | None = Field(
        description="The text printed on it; null if unknown.", examples=["河坊街88号"]
    )
    replaced_by: str | None = Field(
        description="The token of the plate that replaces it.", examples=[None]
    )
    design: str = Field(description="The design it was made in.", examples=["medium"])
    payload: str = Field(
        description="The payload of its QR code.", examples=["https://DZ.EXAMPLE.GOV.CN/7K3M9QX2TB"]
    )
    created_at: datetime = Field(
        description="When it was issued.", examples=["2026-05-01T08:00:00Z"]
    )
    sample: bool = Field(description="Whether it belongs to sample data.", examples=[False])
    trial: bool = Field(description="Whether it is a trial plate (试印).", examples=[False])
    version: Version = Field(description="raised at each change; see If-Match")

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


class EventIn(Question):
    """An event of a plate to record.

    `id` is drawn by the caller (a UUID): sent again with the same id, an event is recorded once.
    The header `Idempotency-Key` may be used instead.
    """

    id: str = Field(
        default="",
        max_length=64,
        description="The id drawn by the caller.",
        examples=["5f0c7c3e-6a4b-4f0e-9f1e-6c1d6f2f9c11"],
    )
    kind: PlateEventKind = Field(
        description="The kind; `replaced` cannot be sent, it follows from another.",
        examples=["well"],
    )
    at: datetime | None = Field(
        default=None,
        description="When it happened; default now.",
        examples=["2026-11-01T10:00:00Z"],
    )
    lon: float | None = Field(
        None, ge=-180, le=180, description="Longitude in degrees, in crs.", examples=[120.1659]
    )
    lat: float | None = Field(
        None, ge=-90, le=90, description="Latitude in degrees, in crs.", examples=[30.2401]
    )
    crs: CoordinateSystem = Field(
        CoordinateSystem.WGS84,
        description="Coordinate system of lon and lat.",
        examples=["4326"],
    )
    accuracy_m: float | None = Field(
        default=None, ge=0, le=1e7, description="Accuracy of the point in metres.", examples=[8]
    )
    note: str = Field(default="", max_length=1000, description="A note.", examples=["完好"])
    photo: Base64Bytes | None = Field(
        default=None,
        max_length=28_000_000,
        description="JPEG, PNG or WebP in base64.",
        examples=["/9j/4AAQSkZJRg=="],
    )
    reason: str = Field(
        default="", max_length=200, description="Why it is ordered or voided.", examples=["褪色"]
    )
    code: str = Field(
        default="",
        max_length=24,
        description="The address to bind a blank plate to.",
        examples=["3301029032882641"],
    )
    accepts_text: bool = Field(
        default=False,
        description="Confirms a text that differs from the register.",
        examples=[False],
    )

    def to_report(self, key: str, seen: int | None) -> EventReport:
        """The report of the event; ``key`` is its id if the body has none."""
        return EventReport(
            self.id or key,
            self.at,
            read_point(self.lon, self.lat, self.crs),
            self.accuracy_m,
            self.note,
            accepts_text=self.accepts_text,
            seen=seen,
        )


class EventOut(BaseModel):
    """A recorded event."""

    id: str = Field(
        description="The id drawn by the caller.",
        examples=["5f0c7c3e-6a4b-4f0e-9f1e-6c1d6f2f9c11"],
    )
    token: PlateToken
    code: str = Field(
        description="The code of the address at that time.", examples=["3301029032882641"]
    )
    kind: PlateEventKind = Field(description="What happened.", examples=["well"])
    before: str = Field(description="The state of the plate before it.", examples=["in_use"])
    after: str = Field(description="The state of the plate after it.", examples=["in_use"])
    at: datetime = Field(description="When it happened.", examples=["2026-11-01T10:00:00Z"])
    recorded_at: datetime = Field(
        description="When it was recorded.", examples=["2026-11-01T10:00:05Z"]
    )
    actor: str = Field(description="Who recorded it.", examples=["staff:demo-crew"])
    lon: float | None = Field(description="Longitude, EPSG:4490.", examples=[120.1659])
    lat: float | None = Field(description="Latitude, EPSG:4490.", examples=[30.2401])
    accuracy_m: float | None = Field(description="Accuracy of the point in metres.", examples=[8])
    distance_m: float | None = Field(
        description="Distance from the register's point in metres.", examples=[12.5]
    )
    far: bool = Field(description="Whether that is too far to be at the plate.", examples=[False])
    has_photo: bool = Field(description="Whether a photo came with it.", examples=[True])
    note: str = Field(description="A note.", examples=["完好"])
    successor: str | None = Field(
        description="The token of the plate that it ordered.", examples=[None]
    )

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
    """The events of a plate, newest first."""

    events: list[EventOut] = Field(description="Newest first.", examples=[[]])
