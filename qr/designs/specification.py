"""What a plate design says: face, colours, zones and text slots, all lengths in millimetres."""

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in mm; y runs downwards from the upper edge of the face."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Colour:
    """One printing ink: its look on a screen, its process values in percent, its spot name."""

    rgb: tuple[int, int, int]
    cmyk: tuple[float, float, float, float]
    spot: str = ""


@dataclass(frozen=True, slots=True)
class Colours:
    """The inks of a plate."""

    ground: Colour
    ink: Colour
    symbol_ground: Colour
    symbol_ink: Colour


@dataclass(frozen=True, slots=True)
class Face:
    """The printed plane as cut: size, corner radius and the ink that runs over the cut (bleed)."""

    width: float
    height: float
    corner: float = 0.0
    bleed: float = 3.0


@dataclass(frozen=True, slots=True)
class Material:
    """What the maker needs to know and nobody prints: substrate, thickness, widest folded rim."""

    substrate: str
    thickness: float
    rim: float


@dataclass(frozen=True, slots=True)
class Border:
    """The line in ink colour that runs round the face, ``inset`` from the cut to its outside."""

    inset: float
    width: float
    corner: float


@dataclass(frozen=True, slots=True)
class SymbolPlace:
    """Where the symbol stands; ``box`` includes the quiet zone."""

    box: Box
    level: Literal["L", "M", "Q", "H"] = "H"
    corner: float = 0.0
    smallest_module: float = 0.5


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one text of the plate, one line.

    ``height`` is the height of the ink in mm: of 汉字, or of capitals and digits in a text that
    has no 汉字 or a slot that sets ``hanzi``; a text too wide shrinks to no less than
    ``smallest``. ``weight`` thickens the strokes and ``tracking`` is the widest extra space
    between characters, both in em. ``hanzi`` is the height of 汉字 among digits, as a part of
    ``height`` (0: one size for all), and ``gap`` the space in em where digits and 汉字 meet.
    ``present`` and ``absent`` name other texts that must be there, or not, for this slot to be
    used: a name without pinyin stands lower than one with it.
    """

    text: str
    box: Box
    height: float
    smallest: float
    align: Align = "centre"
    weight: float = 0.0
    tracking: float = 0.0
    hanzi: float = 0.0
    gap: float = 0.0
    prefix: str = ""
    present: str = ""
    absent: str = ""


@dataclass(frozen=True, slots=True)
class Design:
    """A whole plate type."""

    name: str
    title: str
    source: str
    face: Face
    material: Material
    colours: Colours
    symbol: SymbolPlace
    slots: tuple[Slot, ...]
    border: Border | None = None
