"""Simulated wear of symbols on a wall: dirt, glare, fading, a scratch, a screw, tilt, blur.

The amounts come from the sources named in docs/plates.md, not from what is still read.
"""

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from qr.readers import Picture

PIXELS = 8
"""Pixels per module."""

WALL = 160
"""Luminance of the wall round the plate."""

_DIRT = (0, 128, 200)
_FADED = 175
_STEEL = 128
_CLEAR = 8
"""Modules of a finder pattern with its separator, which error correction does not cover."""

_ROLL = 15.0
"""Maximum roll of the phone in degrees."""

_AWAY = 10.0
"""Distance of the phone, in widths of the symbol."""


@dataclass(frozen=True, slots=True)
class WornView:
    """A symbol within its plate; ``left`` and ``top`` are pixels of its first module.

    ``size`` counts its modules of ``PIXELS`` pixels, ``module`` is the width of one in mm.
    """

    picture: Picture
    left: float
    top: float
    size: int
    module: float

    @property
    def side(self) -> int:
        """Pixels of the symbol without its quiet zone."""
        return self.size * PIXELS


@dataclass(frozen=True, slots=True)
class Wear:
    """The wear of one symbol.

    ``dirt`` is the area of a blot as a share of the symbol; ``fading`` the share of contrast lost
    everywhere, ``glare`` that lost in the middle of a highlight; ``scratch`` the width of a line
    across the plate and ``screw`` the diameter of a screw head on the edge of the quiet zone, both
    in mm; ``tilt`` degrees from the perpendicular; ``blur`` sigma in modules.
    """

    dirt: float = 0.0
    fading: float = 0.0
    glare: float = 0.0
    scratch: float = 0.0
    screw: float = 0.0
    tilt: float = 0.0
    blur: float = 0.0


WEARS: dict[str, Wear] = {
    "dirt": Wear(dirt=0.08),
    "fading": Wear(fading=0.8),
    "glare": Wear(glare=0.8),
    "scratch": Wear(scratch=0.5),
    "screw": Wear(screw=8.0),
    "tilt": Wear(tilt=30.0),
    "blur": Wear(blur=0.25),
}
"""The kinds of wear applied to a sampled symbol, each by itself …"""

WEARS["together"] = Wear(
    **{
        field.name: max(getattr(wear, field.name) for wear in WEARS.values()) / 2
        for field in fields(Wear)
    }
)
"""… and half of each at once."""


def wear_symbol(view: WornView, wear: Wear, random: np.random.Generator) -> Picture:
    """Render a worn symbol as a camera sees it; ``random`` gives places and directions."""
    faded = view.picture * (1 - wear.fading) + _FADED * wear.fading
    image = Image.fromarray(faded.round().astype(np.uint8))
    pen = ImageDraw.Draw(image)
    if wear.dirt:
        _lay_dirt(pen, view, wear.dirt, random)
    if wear.scratch:
        _scratch(pen, view, wear.scratch, random)
    if wear.screw:
        _set_screw(pen, view, wear.screw, random)
    if wear.glare:
        image = _shine(image, view, wear.glare, random)
    if wear.tilt:
        image = _tilt(image, view, wear.tilt, random)
    if wear.blur:
        image = image.filter(ImageFilter.GaussianBlur(wear.blur * PIXELS))
    return np.asarray(image)


def _lay_dirt(
    pen: ImageDraw.ImageDraw, view: WornView, share: float, random: np.random.Generator
) -> None:
    """A round blot anywhere on the symbol but on its finder patterns."""
    radius = math.sqrt(share / math.pi) * view.size
    far = view.size - _CLEAR
    gaps = [0.0]
    while min(gaps) < radius:
        x, y = random.uniform(0, view.size, 2)
        gaps = [
            math.hypot(max(left - x, 0, x - left - _CLEAR), max(top - y, 0, y - top - _CLEAR))
            for left, top in ((0, 0), (far, 0), (0, far))
        ]
    centre = (view.left + x * PIXELS, view.top + y * PIXELS)
    pen.circle(centre, radius * PIXELS, int(random.choice(_DIRT)))


def _scratch(
    pen: ImageDraw.ImageDraw, view: WornView, width: float, random: np.random.Generator
) -> None:
    """A straight line through the symbol, from one edge of the picture to the other."""
    x = view.left + random.uniform(0, view.side)
    y = view.top + random.uniform(0, view.side)
    angle, reach = random.uniform(0, math.pi), sum(view.picture.shape)
    across, down = math.cos(angle) * reach, math.sin(angle) * reach
    pixels = max(round(width / view.module * PIXELS), 1)
    pen.line((x - across, y - down, x + across, y + down), _STEEL, pixels)


def _set_screw(
    pen: ImageDraw.ImageDraw, view: WornView, diameter: float, random: np.random.Generator
) -> None:
    """A screw head centred somewhere on the edge of the quiet zone."""
    low, high, along = -4.0, view.size + 4.0, random.uniform(-4, view.size + 4)
    x, y = ((along, low), (along, high), (low, along), (high, along))[random.integers(4)]
    radius = diameter / 2 / view.module * PIXELS
    pen.circle((view.left + x * PIXELS, view.top + y * PIXELS), radius, _STEEL)


def _shine(
    image: Image.Image, view: WornView, share: float, random: np.random.Generator
) -> Image.Image:
    """Add a Gaussian highlight whose full width at half maximum is half the symbol."""
    x = view.left + random.uniform(0, view.side)
    y = view.top + random.uniform(0, view.side)
    sigma = view.side / 2 / 2.355
    rows, columns = np.ogrid[: image.height, : image.width]
    lobe = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * sigma**2))
    lit = np.asarray(image) + 255 * share * lobe
    return Image.fromarray(lit.clip(0, 255).round().astype(np.uint8))


def _tilt(
    image: Image.Image, view: WornView, degrees: float, random: np.random.Generator
) -> Image.Image:
    """View the plate at an angle, from ten symbol widths away, with the phone rolled."""
    tilt, towards = math.radians(degrees), random.uniform(0, 2 * math.pi)
    roll = math.radians(random.uniform(-_ROLL, _ROLL))
    turn = _rotation(2, roll) @ _rotation(2, towards) @ _rotation(0, tilt) @ _rotation(2, -towards)
    away = _AWAY * view.side
    middle = np.array([view.left + view.side / 2, view.top + view.side / 2])
    corners = np.array([[0, 0], [image.width, 0], [image.width, image.height], [0, image.height]])
    flat = np.column_stack([corners - middle, np.zeros(4)]) @ turn.T
    seen = flat[:, :2] * (away / (away + flat[:, 2:])) + middle
    # The eight coefficients by which Pillow maps a pixel of the picture to its place on the plate.
    rows, values = [], []
    for (x, y), (u, v) in zip(seen, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return image.transform(
        image.size,
        Image.Transform.PERSPECTIVE,
        [float(number) for number in np.linalg.solve(np.array(rows), np.array(values))],
        Image.Resampling.BILINEAR,
        fillcolor=WALL,
    )


def _rotation(axis: int, angle: float) -> NDArray[np.float64]:
    matrix = np.eye(3)
    first, second = (number for number in range(3) if number != axis)
    matrix[[first, second], [first, second]] = math.cos(angle)
    matrix[first, second], matrix[second, first] = -math.sin(angle), math.sin(angle)
    return matrix
