"""A plate design: face, colours, panels and text slots, all lengths in millimetres."""

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "centre", "right"]
Ink = Literal["ground", "ink", "accent", "symbol_ground", "symbol_ink"]


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

    def shifted(self, x: float, y: float) -> "Box":
        """The same rectangle moved by ``x`` to the right and ``y`` downwards."""
        return Box(self.x + x, self.y + y, self.width, self.height)

    def grown(self, margin: float) -> "Box":
        """The rectangle extended by ``margin`` on every side; shrunk when negative."""
        width, height = self.width + 2 * margin, self.height + 2 * margin
        return Box(self.x - margin, self.y - margin, width, height)

    def overlaps(self, other: "Box") -> bool:
        """Whether two rectangles share more than an edge."""
        beside = self.right <= other.x or self.x >= other.right
        return not (beside or self.bottom <= other.y or self.y >= other.bottom)

    def holds(self, other: "Box") -> bool:
        """Whether another rectangle lies inside, edges included."""
        slack = 1e-9
        across = self.x <= other.x + slack and other.right <= self.right + slack
        return across and self.y <= other.y + slack and other.bottom <= self.bottom + slack


@dataclass(frozen=True, slots=True)
class Colour:
    """One printing ink: RGB on screen, CMYK in percent, name of the spot colour."""

    rgb: tuple[int, int, int]
    cmyk: tuple[float, float, float, float]
    spot: str = ""


@dataclass(frozen=True, slots=True)
class Colours:
    """The inks of a plate; without an accent the ink colour is used in its place."""

    ground: Colour
    ink: Colour
    symbol_ground: Colour
    symbol_ink: Colour
    accent: Colour | None = None

    def get_colour(self, ink: Ink) -> Colour:
        """Return the colour of an ink of the design."""
        colour: Colour | None = getattr(self, ink)
        return colour or self.ink


@dataclass(frozen=True, slots=True)
class FaceSize:
    """The printed face as cut: size, corner radius and bleed (ink beyond the cut)."""

    width: float
    height: float
    corner: float = 0.0
    bleed: float = 3.0

    @property
    def box(self) -> Box:
        """The face as a rectangle."""
        return Box(0.0, 0.0, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Material:
    """What the maker must know but is not printed: substrate, thickness, widest folded rim."""

    substrate: str
    thickness: float
    rim: float


@dataclass(frozen=True, slots=True)
class PlateBorder:
    """The line round the face in ink colour; its outer edge is ``inset`` from the cut."""

    inset: float
    width: float
    corner: float


@dataclass(frozen=True, slots=True)
class Panel:
    """A rectangle of one ink under the texts, the same on all plates of the design.

    A panel extends into the bleed on every side where it touches the cut.
    """

    box: Box
    colour: Ink = "ink"
    corner: float = 0.0


@dataclass(frozen=True, slots=True)
class SymbolPlace:
    """The place of the QR symbol; ``box`` includes the quiet zone.

    ``distance`` is the distance in metres from which a phone must read it; 0 sets no limit.
    """

    box: Box
    level: Literal["L", "M", "Q", "H"] = "H"
    corner: float = 0.0
    smallest_module: float = 0.5
    distance: float = 0.0


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one text of the plate: a text of the content, or a ``label`` of the design.

    ``height`` is the height of the ink in mm: of 汉字, or of capitals and digits in a text without
    汉字 and in a slot that sets ``hanzi``. A text too wide is set a fifth smaller, then narrowed to
    no less than ``narrowest`` of its width, then broken into up to ``lines`` lines, then shrunk to
    no less than ``smallest``. ``leading`` is the space between two lines as a fraction of their
    height. ``tracking`` is the maximum letter spacing in em. ``reference`` is a text of usual
    length (123号): texts no wider take its size, and all texts of a series that of the widest, so
    that the numbers of a street match. ``hanzi`` is the height of 汉字 among digits relative to
    ``height`` (0: one size for all), ``gap`` the space in em between digits and 汉字. ``present``
    and ``absent`` name other texts, separated by blanks, which must all be set, or all be empty,
    for this slot to be used: a name without pinyin is placed lower than one with it.
    """

    box: Box
    height: float
    smallest: float
    text: str = ""
    label: str = ""
    colour: Ink = "ink"
    align: Align = "centre"
    tracking: float = 0.0
    narrowest: float = 1.0
    lines: int = 1
    leading: float = 0.3
    hanzi: float = 0.0
    gap: float = 0.0
    prefix: str = ""
    reference: str = ""
    present: str = ""
    absent: str = ""

    @property
    def title(self) -> str:
        """The name of the slot in errors: that of its text, or its label."""
        return self.text or f"label {self.label}"


@dataclass(frozen=True, slots=True)
class Design:
    """A whole plate type; ``family`` is its size family (A, B, C) where it has one."""

    name: str
    title: str
    source: str
    face: FaceSize
    material: Material
    colours: Colours
    symbol: SymbolPlace
    slots: tuple[Slot, ...]
    panels: tuple[Panel, ...] = ()
    border: PlateBorder | None = None
    family: str = ""

    @property
    def number_slot(self) -> Slot | None:
        """The slot of the number, whose size a series shares; None without one."""
        return next((slot for slot in self.slots if slot.reference), None)

    @property
    def prints_token(self) -> bool:
        """Whether the token is printed, to be typed in when the symbol cannot be read."""
        return any(slot.text == "plate_id" for slot in self.slots)

    def ground_under(self, box: Box) -> Ink:
        """Return the ink under a rectangle: that of the last panel that contains it."""
        holding = [panel.colour for panel in self.panels if panel.box.holds(box)]
        return holding[-1] if holding else "ground"
