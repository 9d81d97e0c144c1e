"""Photos from the public's phones: scaled down, stripped of metadata, their QR symbols read.

Only the picture survives: it is decoded, turned upright, scaled down and re-encoded as JPEG
without metadata (EXIF holds place, phone and time). The size is checked before any pixel is
decoded, so that a 100 kB decompression bomb is refused. The decoder may still run out of memory
or crash: call it in a separate process.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

LONGEST_SIDE = 1600
"""Longer side of a stored photo in pixels: a plate three metres away stays readable."""

MOST_PIXELS = 60_000_000
MOST_BYTES = 20 << 20
_QUALITY = 82
_FORMATS = ("JPEG", "PNG", "WEBP")


class PhotoRefused(ValueError):
    """A picture that is not accepted; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as stored, and the texts of the QR symbols on it."""

    jpeg: bytes
    width: int
    height: int
    symbols: tuple[str, ...]


def develop_photo(data: bytes) -> Photo:
    """Convert a JPEG, PNG or WebP file to its stored form.

    Raises:
        PhotoRefused: the file is no such picture, broken or too large.
    """
    if len(data) > MOST_BYTES:
        raise PhotoRefused(f"the photo has over {MOST_BYTES >> 20} MB; take a smaller one")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the errors below say what is broken
            picture = _decode(data)
    except UnidentifiedImageError as error:
        raise PhotoRefused("the file is no JPEG, PNG or WebP picture; take it again") from error
    except Image.DecompressionBombError as error:
        raise PhotoRefused("the picture has far too many pixels; take a smaller one") from error
    except (OSError, ValueError, SyntaxError) as error:
        if isinstance(error, PhotoRefused):
            raise
        raise PhotoRefused("the picture is broken; take it again") from error
    found = zxingcpp.read_barcodes(
        np.asarray(picture.convert("L")),
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
    )
    symbols = tuple(symbol.text for symbol in found)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    out = BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return Photo(out.getvalue(), picture.width, picture.height, symbols)


def _decode(data: bytes) -> Image.Image:
    """The picture upright in RGB; a large JPEG is decoded at a fraction of its size."""
    with Image.open(BytesIO(data), formats=_FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise PhotoRefused(
                f"the picture has {image.width} × {image.height} pixels; take a smaller one"
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
