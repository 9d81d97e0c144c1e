"""Photos as a person sent them: they wait for their event a day or two, for nobody else to see.

One that an event was recorded with is stored again by it, and may be sent once more with the same
form; what no event was recorded with goes.
"""

import hashlib
import re
from datetime import timedelta

from qr.photo import Photo
from service.audit import commands as audit
from service.auth.members import StaffMember
from service.core.clock import today
from service.core.database import Database
from service.core.errors import TooMuch
from service.core.files import FileStore

MOST_A_DAY = 300
"""So many different photos one person sends in a day."""

_DIGEST = re.compile("[0-9a-f]{64}")
_FOLDER = "photos-waiting"


class WaitingPhotos:
    """The photos that one person has sent today and yesterday."""

    def __init__(self, files: FileStore, member: StaffMember) -> None:
        self._files = files
        self._member = member
        self._own = f"{_FOLDER}/{member.account_id}"

    def add(self, photo: Photo, database: Database) -> str:
        """Keep a photo until its event; return the SHA-256 of it in hex.

        Raises:
            TooMuch: the person has sent too many today.
        """
        names = self._files.list_names(self._own)
        days = self._days()
        for folder in {name.rpartition("/")[0] for name in names} - set(days):
            self._files.remove_folder(folder)
        if sum(name.startswith(f"{days[0]}/") for name in names) >= MOST_A_DAY:
            raise TooMuch(
                f"{self._member.name} has sent {MOST_A_DAY} photos today",
                mend="record further visits without a photo, or tomorrow",
                zh=f"今天已经传了 {MOST_A_DAY} 张照片：其余的请不带照片提交，或者明天再传。",
            )
        digest = hashlib.sha256(photo.jpeg).hexdigest()
        self._files.write(f"{days[0]}/{digest}.jpg", photo.jpeg)
        with database.session() as session:
            actor = self._member.actor
            audit.record(session, actor=actor, action="photos:send", subject=digest)
        return digest

    def find(self, digest: str) -> bytes | None:
        """A photo (JPEG) by its SHA-256, if it is one of this person's that wait."""
        if not _DIGEST.fullmatch(digest):
            return None
        names = (f"{day}/{digest}.jpg" for day in self._days())
        found = next((name for name in names if self._files.exists(name)), None)
        return self._files.read(found) if found else None

    def _days(self) -> tuple[str, str]:
        """The folders of today and of yesterday: a visit may go on over midnight."""
        return f"{self._own}/{today():%Y%m%d}", f"{self._own}/{today() - timedelta(1):%Y%m%d}"
