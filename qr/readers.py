"""Two independent readers of QR symbols, tried at several sizes and exposures as a phone does.

zxing-cpp (Apache-2.0) and the QR reader of ZBar (as ``deqr`` ships it, LGPL-2.1) share no code and
find a symbol in different ways (decision 0024). A picture is tried in several sizes and two
exposures, by zxing-cpp with both of its binarizers: a single size and binarizer misses good symbols
where the borders of its blocks of eight pixels fall on the borders of modules.
"""

from collections.abc import Callable, Iterator, Sequence

import deqr
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

Picture = NDArray[np.uint8]
Texts = tuple[str, ...]
Reader = Callable[[Picture], Texts]

SIZES = (1.0, 0.5, 0.75)
"""Scales at which a picture is read, as if the camera moved nearer and farther."""

_SHORT_EXPOSURE = (255 * (np.arange(256) / 255) ** 3).round().astype(np.uint8)
"""A shorter exposure, as a camera tries next: highlights are spread, shadows are lost."""

_BINARIZERS = (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram)


def look_with_zxing(picture: Picture) -> Texts:
    """Read a grey picture with zxing-cpp, in every view and with either binarizer."""
    # Made for each call: one that outlives the module is reported as leaked at exit.
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    for view in _views(picture):
        for one in _BINARIZERS:
            found = zxingcpp.read_barcodes(view, formats=formats, try_invert=False, binarizer=one)
            if found:
                return tuple(symbol.text for symbol in found)
    return ()


def look_with_zbar(picture: Picture) -> Texts:
    """Read a grey picture with the QR reader of ZBar, in every view."""
    for view in _views(picture):
        # the reader overwrites what it is given
        found = deqr.QRdecDecoder().decode(view.copy(), convert_data=False)
        if found:
            return tuple(
                b"".join(part.data for part in symbol.data_entries).decode("utf-8", "replace")
                for symbol in found
            )
    return ()


READERS: dict[str, Reader] = {"zxing-cpp": look_with_zxing, "ZBar": look_with_zbar}


def read_symbols(picture: Picture) -> Texts:
    """Read every symbol of a grey picture; empty when neither reader finds one."""
    return next((texts for reader in READERS.values() if (texts := reader(picture))), ())


def _views(picture: Picture) -> Iterator[Picture]:
    yield np.ascontiguousarray(picture)  # enough for nearly every clean symbol
    yield from _resize(picture, SIZES[1:])
    yield from _resize(_SHORT_EXPOSURE[picture], SIZES)


def _resize(picture: Picture, sizes: Sequence[float]) -> Iterator[Picture]:
    image = Image.fromarray(picture)
    for size in sizes:
        shape = (round(image.width * size), round(image.height * size))
        yield np.asarray(image.resize(shape, Image.Resampling.BOX))
