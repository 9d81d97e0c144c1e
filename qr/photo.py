"""Photos from strangers' phones: made small and anonymous, and what QR symbols on them say.

Nothing of the file survives but its picture: it is decoded, turned upright, scaled down and
encoded anew as JPEG without metadata (EXIF names the place, the phone and the time). Size is
looked at before a pixel is decoded, so that a picture of 100 kB that unpacks to gigabytes is
refused. What decodes it may still take too much or crash: run it in a process of its own.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

LONGEST_SIDE = 1600
"""Pixels of the longer side of a kept photo: a plate three metres away can still be read."""

MOST_PIXELS = 60_000_000
MOST_BYTES = 20 << 20
_QUALITY = 82
_FORMATS = ("JPEG", "PNG", "WEBP")


class PhotoRefused(ValueError):
    """A picture that is not kept; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is kept, and the texts of the QR symbols on it."""

    jpeg: bytes
    width: int
    height: int
    symbols: tuple[str, ...]


def develop_photo(data: bytes) -> Photo:
    """Read a JPEG, PNG or WebP file and make of it what is kept.

    Raises:
        PhotoRefused: it is no such picture, broken, or too large.
    """
    if len(data) > MOST_BYTES:
        raise PhotoRefused(f"the photo has over {MOST_BYTES >> 20} MB; take it smaller")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a broken file makes Pillow say is told below
            picture = _decode(data)
    except UnidentifiedImageError as error:
        raise PhotoRefused("the file is no JPEG, PNG or WebP picture; take it again") from error
    except Image.DecompressionBombError as error:
        raise PhotoRefused("the picture has far too many pixels; take it smaller") from error
    except (OSError, ValueError, SyntaxError) as error:
        if isinstance(error, PhotoRefused):
            raise
        raise PhotoRefused("the picture is broken; take it again") from error
    symbols = _read_symbols(picture)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    out = BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return Photo(out.getvalue(), picture.width, picture.height, symbols)


def _decode(data: bytes) -> Image.Image:
    """The picture upright in RGB, decoded from JPEG at a fraction of its size where that is so."""
    with Image.open(BytesIO(data), formats=_FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise PhotoRefused(
                f"the picture has {image.width} × {image.height} pixels; take it smaller"
            )
        image.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
        upright = ImageOps.exif_transpose(image)
        if upright.mode in ("RGBA", "LA", "P"):
            upright = Image.alpha_composite(
                Image.new("RGBA", upright.size, "white"), upright.convert("RGBA")
            )
        bare = Image.new("RGB", upright.size)
        bare.paste(upright.convert("RGB"))
    return bare


def _read_symbols(picture: Image.Image) -> tuple[str, ...]:
    found = zxingcpp.read_barcodes(
        np.asarray(picture.convert("L")),
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
    )
    return tuple(symbol.text for symbol in found)
