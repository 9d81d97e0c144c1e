"""What a person at a plate, or at a desk, brings with an event."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from address_model.coordinates import CoordinateSystem, InvalidPoint, Point, convert
from service.core.clock import now_utc
from service.core.errors import BadRequest

CLOCKS_DIFFER = timedelta(minutes=10)
_OLDEST = timedelta(days=366)
_LONGEST_ID = 64
_LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class EventReport:
    """One visit to one plate.

    ``id`` is made by whoever records it; sent again with the same id it is recorded once. ``at``
    is when it happened by their clock, now if not given; ``point`` is in degrees, EPSG:4490;
    ``photo`` is the name of a stored file. ``accepts_text`` says that whoever hangs the plate has
    seen that its text differs from the register's. ``seen`` is the version of the plate that they
    saw, where they saw it in the register.

    Raises:
        BadRequest: no id, a time that cannot be, or a note too long.
    """

    id: str
    at: datetime | None = None
    point: Point | None = None
    accuracy_m: float | None = None
    note: str = ""
    photo: str = ""
    accepts_text: bool = False
    seen: int | None = None

    def __post_init__(self) -> None:
        if not 0 < len(self.id) <= _LONGEST_ID or not self.id.isprintable():
            raise BadRequest(
                f"an event's id has 1 to {_LONGEST_ID} characters", hint="make a fresh UUID"
            )
        if len(self.note) > _LONGEST_NOTE:
            raise BadRequest(f"a note has at most {_LONGEST_NOTE} characters")
        if "\x00" in self.note:
            raise BadRequest("a note is text without NUL characters")
        if self.at is not None:
            _require_possible(self.at)

    def digest(self, kind: str, **detail: object) -> str:
        """SHA-256 of all that was said: the same thing sent again has the same."""
        place = [self.point.lon, self.point.lat] if self.point else None
        at = self.at.isoformat() if self.at else None
        said = [kind, at, place, self.accuracy_m, self.note, self.photo, detail]
        return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def read_point(
    lon: float | None,
    lat: float | None,
    system: CoordinateSystem = CoordinateSystem.WGS84,
) -> Point | None:
    """The point somebody sent (degrees) as the register holds points; None when none was sent.

    Raises:
        BadRequest: only one of the two numbers, or no place on earth.
    """
    if lon is None and lat is None:
        return None
    if lon is None or lat is None:
        raise BadRequest("a point has a longitude and a latitude", hint="send both, or neither")
    try:
        return convert(Point(lon, lat), system, CoordinateSystem.CGCS2000)
    except InvalidPoint as error:
        raise BadRequest(str(error), hint="longitude comes first") from error


def _require_possible(at: datetime) -> None:
    if at.tzinfo is None:
        raise BadRequest(f"{at} has no time zone", hint="write it as 2026-11-25T14:30:00+08:00")
    now = now_utc()
    if not now - _OLDEST <= at <= now + CLOCKS_DIFFER:
        raise BadRequest(
            f"{at.isoformat()} is in the future or over a year ago",
            hint="correct the phone's clock",
        )
