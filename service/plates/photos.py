"""Photos of plates: developed by a process that can be killed, then stored by their content."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qr.photo import MOST_BYTES, Photo
from service.core.database import Database
from service.core.errors import BadRequest
from service.core.files import FileStore
from service.plates.queries.events import list_tokens_of_photo

_WAITING_SECONDS = 30.0
_ROOT = str(Path(__file__).resolve().parents[2])
_AGAIN = "take the photo again, smaller"


class PhotoUnreadable(BadRequest):
    """The photo cannot be used."""


def develop(data: bytes, *, waiting_seconds: float = _WAITING_SECONDS) -> Photo:
    """Make of an uploaded file the photo that is kept, and read the QR symbols on it.

    The library that decodes runs in a child with limits on memory, processor and time.

    Raises:
        PhotoUnreadable: no picture, broken, too large, or too heavy to decode.
    """
    if len(data) > MOST_BYTES:
        raise PhotoUnreadable(f"the photo has over {MOST_BYTES >> 20} MB", mend=_AGAIN)
    try:
        child = subprocess.run(  # our own file, run by our own interpreter
            [sys.executable, "-m", "qr.photo"],
            input=data,
            capture_output=True,
            timeout=waiting_seconds,
            cwd=_ROOT,
            env={"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": _ROOT},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PhotoUnreadable("the photo takes too long to decode", mend=_AGAIN) from error
    head, _, jpeg = child.stdout.partition(b"\n")
    if child.returncode or not head:
        raise PhotoUnreadable("the photo is too heavy to decode", mend=_AGAIN)
    said = json.loads(head)
    if "refused" in said:
        raise PhotoUnreadable(said["refused"], mend=_AGAIN)
    return Photo(jpeg, said["width"], said["height"], tuple(said["symbols"]))


def name_of(digest: str) -> str:
    """The name of a kept photo in the file store, by the SHA-256 of its bytes."""
    return f"photos/{digest[:2]}/{digest}.jpg"


def digest_of(name: str) -> str:
    """The SHA-256 that a kept photo's name carries; "" of no name."""
    return Path(name).stem


def store_photo(files: FileStore, photo: Photo) -> str:
    """Keep a photo and return its name; the same picture is kept once."""
    name = name_of(hashlib.sha256(photo.jpeg).hexdigest())
    if not files.exists(name):
        files.write(name, photo.jpeg)
    return name


@contextmanager
def kept_with_event(files: FileStore, database: Database, jpeg: bytes | None) -> Iterator[str]:
    """Store a photo for the event that the block records, and give its name ("" without one).

    It goes again when the block records none, unless it stands at another event.
    """
    if jpeg is None:
        yield ""
        return
    name = name_of(hashlib.sha256(jpeg).hexdigest())
    is_new = not files.exists(name)
    if is_new:
        files.write(name, jpeg)
    try:
        yield name
    except BaseException:
        with database.reading() as session:
            stands = bool(list_tokens_of_photo(session, name))
        if is_new and not stands:
            files.remove(name)
        raise
