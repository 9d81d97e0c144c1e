"""The report that comes with an event of a plate: id, time, point, note, photo."""

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
    """The report on one plate.

    ``id`` is drawn by the caller; sent again with the same id, it is recorded once. ``at`` is the
    time by the caller's clock, default now; ``point`` is in degrees, EPSG:4490; ``photo`` is the
    name of a stored file. ``accepts_text`` confirms that the text of the plate differs from the
    register. ``seen`` is the version of the plate that the caller read, if any.

    Raises:
        BadRequest: the id or note is malformed, or the time has no zone, is in the future or over
            a year ago.
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
                f"an event's id has 1 to {_LONGEST_ID} characters", hint="use a new UUID"
            )
        if len(self.note) > _LONGEST_NOTE:
            raise BadRequest(f"a note has at most {_LONGEST_NOTE} characters")
        if "\x00" in self.note:
            raise BadRequest("a note may not contain NUL characters")
        if self.at is not None:
            if self.at.tzinfo is None:
                raise BadRequest(
                    f"{self.at} has no time zone", hint="write it as 2026-11-25T14:30:00+08:00"
                )
            now = now_utc()
            if not now - _OLDEST <= self.at <= now + CLOCKS_DIFFER:
                raise BadRequest(
                    f"{self.at.isoformat()} is in the future or over a year ago",
                    hint="correct the phone's clock",
                )

    def digest(self, kind: str, **detail: object) -> str:
        """The SHA-256 of the report, in hex, to tell a repeated request from a different one."""
        place = [self.point.lon, self.point.lat] if self.point else None
        at = self.at.isoformat() if self.at else None
        values = [kind, at, place, self.accuracy_m, self.note, self.photo, detail]
        return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()


def read_point(
    lon: float | None,
    lat: float | None,
    system: CoordinateSystem = CoordinateSystem.WGS84,
) -> Point | None:
    """Convert a point in degrees to EPSG:4490; None if no coordinates are given.

    Raises:
        BadRequest: one of the two is missing, or they are out of range.
    """
    if lon is None and lat is None:
        return None
    if lon is None or lat is None:
        raise BadRequest("a point needs a longitude and a latitude", hint="send both or neither")
    try:
        return convert(Point(lon, lat), system, CoordinateSystem.CGCS2000)
    except InvalidPoint as error:
        raise BadRequest(str(error), hint="longitude comes first") from error
