"""Pending photos: uploaded before their event is recorded, visible to the uploader only.

Recording an event stores its photo permanently; the pending copy stays, so that the same form may
be sent again. Pending photos of earlier days than yesterday are deleted at the next upload.
"""

import hashlib
import re
from datetime import timedelta

from qr.photo import Photo
from service.auth.members import StaffMember
from service.core.clock import today
from service.core.database import Database
from service.core.files import FileStore
from service.plates.photos import note_sent

_DIGEST = re.compile("[0-9a-f]{64}")
_FOLDER = "photos-waiting"


class WaitingPhotos:
    """The photos one person uploaded today and yesterday."""

    def __init__(self, files: FileStore, member: StaffMember) -> None:
        self._files = files
        self._member = member
        self._own = f"{_FOLDER}/{member.account_id}"

    def add(self, photo: Photo, database: Database, most: int) -> str:
        """Store a photo, at most ``most`` per day; return its SHA-256 in hex.

        Raises:
            PhotoQuotaReached: the person has uploaded too many today.
        """
        names = self._files.list_names(self._own)
        days = self._days()
        for folder in {name.rpartition("/")[0] for name in names} - set(days):
            self._files.remove_folder(folder)
        note_sent(database, photo, self._member.actor, most)
        digest = hashlib.sha256(photo.jpeg).hexdigest()
        self._files.write(f"{days[0]}/{digest}.jpg", photo.jpeg)
        return digest

    def find(self, digest: str) -> bytes | None:
        """One of this person's pending photos (JPEG) by its SHA-256, or None."""
        if not _DIGEST.fullmatch(digest):
            return None
        names = (f"{day}/{digest}.jpg" for day in self._days())
        found = next((name for name in names if self._files.exists(name)), None)
        return self._files.read(found) if found else None

    def _days(self) -> tuple[str, str]:
        """The folders of today and yesterday: a visit may span midnight."""
        return f"{self._own}/{today():%Y%m%d}", f"{self._own}/{today() - timedelta(1):%Y%m%d}"
