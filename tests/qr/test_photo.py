import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from qr.photo import LONGEST_SIDE, PhotoRefused, develop_photo
from qr.symbol import make_symbol

PAYLOAD = "http://127.0.0.1:8000/7K3M9QX2TB"


def picture(size: tuple[int, int] = (800, 600), form: str = "JPEG", **more: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "#0b4ea2").save(out, form, **more)
    return out.getvalue()


def huge_png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def photo_with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x0110] = "SecretPhone 12"  # model
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    return picture(exif=exif.tobytes())


def test_a_photo_is_scaled_down_and_loses_its_metadata() -> None:
    photo = develop_photo(picture((4000, 3000)))
    assert (photo.width, photo.height) == (LONGEST_SIDE, LONGEST_SIDE * 3 // 4)
    data = photo_with_exif()
    assert b"SecretPhone" in data
    kept = develop_photo(data)
    assert b"SecretPhone" not in kept.jpeg
    assert b"Exif" not in kept.jpeg
    assert (kept.width, kept.height) == (600, 800)
    with Image.open(BytesIO(kept.jpeg)) as image:
        assert (image.format, dict(image.getexif())) == ("JPEG", {})


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_usual_forms_are_read(form: str) -> None:
    assert develop_photo(picture(form=form)).jpeg.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no JPEG"),
        (b"GIF89a" + bytes(100), "no JPEG"),
        (picture()[:500], "broken"),
        (huge_png(60_000, 60_000), "pixels"),
        (b"x" * ((20 << 20) + 1), "20 MB"),
    ],
)
def test_what_is_no_sound_picture_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(PhotoRefused, match=why):
        develop_photo(data)


def test_the_symbol_on_a_photo_is_read() -> None:
    modules = make_symbol(PAYLOAD).modules()
    symbol = Image.fromarray((1 - modules).astype("uint8") * 255).resize((330, 330), 0)
    scene = Image.new("RGB", (1200, 900), "#8a8f98")
    scene.paste(Image.new("RGB", (420, 420), "white"), (380, 240))
    scene.paste(symbol, (425, 285))
    out = BytesIO()
    scene.rotate(11, fillcolor="#8a8f98").save(out, "JPEG", quality=70)
    assert develop_photo(out.getvalue()).symbols == (PAYLOAD,)
