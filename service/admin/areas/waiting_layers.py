"""Uploaded layers that were checked and wait to be stored, seen by their uploader only.

Those of earlier days than yesterday are deleted at the next upload.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from service.auth.members import StaffMember
from service.core.clock import today
from service.core.files import FileStore

_NAME = re.compile(r"[0-9a-f]{64}\.(geojson|json|gpkg|zip)")
_FOLDER = "layers-waiting"


class WaitingLayers:
    """The layers that one person uploaded today and yesterday."""

    def __init__(self, files: FileStore, member: StaffMember) -> None:
        self._files = files
        self._own = f"{_FOLDER}/{member.account_id}"

    def add(self, path: Path) -> str:
        """Keep a layer; the name by which it is found again: its SHA-256 with its ending."""
        names = self._files.list_names(self._own)
        days = self._days()
        for folder in {name.rpartition("/")[0] for name in names} - set(days):
            self._files.remove_folder(folder)
        data = path.read_bytes()
        name = f"{hashlib.sha256(data).hexdigest()}{path.suffix}"
        self._files.write(f"{days[0]}/{name}", data)
        return name

    @contextmanager
    def opened(self, name: str) -> Iterator[Path | None]:
        """A copy of a layer that waits, deleted afterwards; None if there is none of this name."""
        found = None
        if _NAME.fullmatch(name):
            places = (f"{day}/{name}" for day in self._days())
            found = next((one for one in places if self._files.exists(one)), None)
        if found is None:
            yield None
            return
        with TemporaryDirectory(prefix="menpai-layer-") as folder:
            path = Path(folder, f"layer{Path(name).suffix}")
            path.write_bytes(self._files.read(found))
            yield path

    def _days(self) -> tuple[str, str]:
        return f"{self._own}/{today():%Y%m%d}", f"{self._own}/{today() - timedelta(1):%Y%m%d}"
