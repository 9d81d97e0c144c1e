from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from service.core.files import FileStore
from service.core.sandbox import SandboxLimits
from service.plates.photos import PhotoUnreadable, develop, store_photo


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (640, 480), "#0b4ea2").save(out, "JPEG")
    return out.getvalue()


def test_a_photo_is_developed_apart_and_kept_once(tmp_path: Path) -> None:
    files = FileStore(str(tmp_path))
    photo = develop(picture())
    assert (photo.width, photo.height, photo.symbols) == (640, 480, ())
    name = store_photo(files, photo)
    assert store_photo(files, develop(picture())) == name
    assert files.read(name) == photo.jpeg


def test_a_broken_photo_is_refused_in_words() -> None:
    with pytest.raises(PhotoUnreadable, match="no JPEG"):
        develop(b"not a picture")


def test_a_photo_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(PhotoUnreadable, match="too long"):
        develop(picture(), limits=SandboxLimits(waiting_seconds=0.001))
