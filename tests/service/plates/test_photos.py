from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from service.core.database import Database
from service.core.files import FileStore
from service.core.sandbox import SandboxLimits
from service.plates.photos import PhotoUnreadable, develop, stored_photo
from tests.database import TestDatabase


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (640, 480), "#0b4ea2").save(out, "JPEG")
    return out.getvalue()


def test_a_photo_is_developed_apart_and_kept_once(tmp_path: Path, database: TestDatabase) -> None:
    files = FileStore(str(tmp_path))
    photo = develop(picture())
    assert (photo.width, photo.height, photo.symbols) == (640, 480, ())
    kept_in = Database(database.app_url)
    with stored_photo(files, kept_in, photo.jpeg) as name:
        pass
    with stored_photo(files, kept_in, develop(picture()).jpeg) as again:
        assert again == name
    assert files.list_names() == [name]
    assert files.read(name) == photo.jpeg


def test_a_broken_photo_is_refused_in_words() -> None:
    with pytest.raises(PhotoUnreadable, match="no JPEG"):
        develop(b"not a picture")


def test_a_photo_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(PhotoUnreadable, match="too long"):
        develop(picture(), limits=SandboxLimits(waiting_seconds=0.001))
