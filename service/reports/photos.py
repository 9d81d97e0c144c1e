"""The photo of a report: re-encoded in a sandbox, kept where no page shows it to the public."""

import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from qr.photo import Photo
from service.core.clock import now_utc
from service.core.database import Session
from service.core.errors import BadRequest
from service.core.files import FileStore
from service.core.limits import Limit, take_now
from service.core.sandbox import SandboxLimits
from service.core.settings import Settings
from service.plates.photos import develop
from service.reports.drafts import HOUR_S
from service.reports.queries import list_photos, sum_photo_bytes

MOST_BYTES = 12 << 20
WAITS = timedelta(hours=1)
"""How long a photo waits for its form to be sent."""

_A_PLATE = 3
_FOLDER = "report-photos"
_NAME = re.compile(rf"{_FOLDER}/(\d{{10}})-[0-9a-f]{{32}}\.jpg")
_LIMITS = SandboxLimits(processor_seconds=8, waiting_seconds=15.0)


class NoRoomForPhoto(BadRequest):
    """No photo is taken just now."""


class PhotoGone(BadRequest):
    """The photo of this form is not there any more."""


def take_photo(file: BinaryIO) -> Photo | None:
    """Re-encode the photo of a form, without metadata; None if the field is empty.

    Raises:
        PhotoUnreadable: it is no picture, broken or too large.
    """
    data = file.read(MOST_BYTES + 1)
    return develop(data, limits=_LIMITS) if data else None


def count_photo(session: Session, about: str, settings: Settings) -> None:
    """Count a photo before it costs anything; ``about`` is the plate or address.

    Raises:
        NoRoomForPhoto: too many came in this hour, or the room for them is full.
    """
    of_plate = take_now(session, Limit("report_photo", _A_PLATE, HOUR_S), about.encode())
    most = settings.report_photo_limit
    of_all = most and take_now(session, Limit("report_photos", most, HOUR_S), b"")
    room = sum_photo_bytes(session) < settings.report_photo_megabytes << 20
    if not (of_plate and of_all and room):
        raise NoRoomForPhoto("no photo is taken just now", hint="send the report without one")


def keep_photo(files: FileStore, photo: Photo) -> str:
    """Store a photo until its form is sent; return its name, which only the form knows."""
    name = f"{_FOLDER}/{now_utc():%Y%m%d%H}-{secrets.token_hex(16)}.jpg"
    files.write(name, photo.jpeg)
    return name


def measure_photo(session: Session, files: FileStore, name: str, number: str) -> int:
    """The bytes of the stored photo of a form that is sent, for the report of this number.

    Raises:
        PhotoGone: it is none, waited too long, or belongs to another report.
    """
    is_taken = set(list_photos(session, [name]).values()) - {number}
    if not _is_waiting(name) or is_taken or not files.exists(name):
        raise PhotoGone("the photo of this form is gone", hint="take it again")
    return len(files.read(name))


def remove_forgotten_photos(session: Session, files: FileStore) -> int:
    """Delete stored photos that no report took in time; return how many."""
    old = [name for name in files.list_names(_FOLDER) if not _is_waiting(name, spare=WAITS)]
    kept = list_photos(session, old)
    forgotten = [name for name in old if name not in kept]
    for name in forgotten:
        files.remove(name)
    return len(forgotten)


def _is_waiting(name: str, *, spare: timedelta = timedelta(0)) -> bool:
    """Whether a name is that of a photo of this hour or the last ones."""
    found = _NAME.fullmatch(name)
    if found is None:
        return False
    made = datetime.strptime(found[1], "%Y%m%d%H").replace(tzinfo=UTC)
    return now_utc() - made < WAITS + timedelta(hours=1) + spare
