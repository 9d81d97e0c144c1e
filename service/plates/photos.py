"""Photos of plates: re-encoded in a sandboxed process, then stored by their digest."""

import hashlib
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qr.photo import MOST_BYTES, Photo
from service.core.actor import Actor
from service.core.database import Database
from service.core.errors import BadRequest
from service.core.files import FileStore
from service.core.quotas import Quota
from service.core.sandbox import Program, SandboxFailed, SandboxFailure, SandboxLimits, run_program
from service.plates.commands import count_photo
from service.plates.queries.events import list_tokens_of_photo

_PROGRAM = Program(Path(__file__).with_name("photo_child.py"), {"photo": 4})
_LIMITS = SandboxLimits(processor_seconds=15, waiting_seconds=30.0)
_AGAIN = "take the photo again, smaller"
_REASONS = {
    SandboxFailure.OVERDUE: "the photo takes too long to decode",
    SandboxFailure.HEAVY: "the photo needs too much memory to decode",
    SandboxFailure.BROKEN: "the picture is broken",
    SandboxFailure.CRASHED: "the photo is broken or needs too much memory to decode",
}


class PhotoUnreadable(BadRequest):
    """The photo cannot be used."""


def develop(data: bytes, *, limits: SandboxLimits = _LIMITS) -> Photo:
    """Re-encode an uploaded photo for storage, and read the QR codes in it.

    Raises:
        PhotoUnreadable: it is not a picture, broken, too large, or too costly to decode.
    """
    if len(data) > MOST_BYTES:
        raise PhotoUnreadable(f"the photo is larger than {MOST_BYTES >> 20} MB", hint=_AGAIN)
    try:
        ((_, jpeg, width, height, symbols),) = run_program(_PROGRAM, data=data, limits=limits)
        return Photo(b64decode(jpeg), width, height, tuple(symbols))
    except SandboxFailed as failed:
        reason = _REASONS.get(failed.failure, failed.reason)
        raise PhotoUnreadable(reason, hint=_AGAIN) from failed


def name_of(digest: str) -> str:
    """The name of a photo in the file store, by the SHA-256 of its bytes, in hex."""
    return f"photos/{digest[:2]}/{digest}.jpg"


def digest_of(name: str) -> str:
    """The SHA-256 in the name of a stored photo; "" for no name."""
    return Path(name).stem


def count_upload(database: Database, photo: Photo, actor: Actor, most: int) -> Quota:
    """Count a photo towards its sender's daily quota of ``most``.

    Raises:
        PhotoQuotaReached: the quota is used up.
    """
    with database.session() as session:
        return count_photo(session, hashlib.sha256(photo.jpeg).hexdigest(), actor, most)


@contextmanager
def stored_photo(files: FileStore, database: Database, jpeg: bytes | None) -> Iterator[str]:
    """Store a photo for the event that the block records, and yield its name ("" without one).

    If the block fails, a newly stored photo is removed, unless another event refers to it.
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
            is_used = bool(list_tokens_of_photo(session, name))
        if is_new and not is_used:
            files.remove(name)
        raise
