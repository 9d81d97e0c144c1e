"""The sandboxed program that re-encodes one photo: data in, JPEG out."""

from base64 import b64encode

from qr.photo import PhotoRefused, develop_photo
from service.core.sandbox_child import ChildRefused, Say


def run(say: Say, data: bytes) -> None:
    """Say ``["photo", JPEG in base64, width, height, texts of its QR symbols]``."""
    try:
        photo = develop_photo(data)
    except PhotoRefused as refusal:
        raise ChildRefused(str(refusal)) from refusal
    say("photo", b64encode(photo.jpeg).decode(), photo.width, photo.height, photo.symbols)
