"""What a plate design says: face, colours, zones and text slots, all lengths in millimetres."""

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
        """The rectangle with ``margin`` more on every side, less when negative."""
        width, height = self.width + 2 * margin, self.height + 2 * margin
        return Box(self.x - margin, self.y - margin, width, height)

    def overlaps(self, other: "Box") -> bool:
        """Say whether two rectangles share more than an edge."""
        beside = self.right <= other.x or self.x >= other.right
        return not (beside or self.bottom <= other.y or self.y >= other.bottom)

    def holds(self, other: "Box") -> bool:
        """Say whether another rectangle lies inside, edges included."""
        slack = 1e-9
        across = self.x <= other.x + slack and other.right <= self.right + slack
        return across and self.y <= other.y + slack and other.bottom <= self.bottom + slack


@dataclass(frozen=True, slots=True)
class Colour:
    """One printing ink: its look on a screen, its process values in percent, its spot name."""

    rgb: tuple[int, int, int]
    cmyk: tuple[float, float, float, float]
    spot: str = ""


@dataclass(frozen=True, slots=True)
class Colours:
    """The inks of a plate; a design without an accent uses its ink in its place."""

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
    """The printed plane as cut: size, corner radius and the ink that runs over the cut (bleed)."""

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
    """What the maker needs to know and nobody prints: substrate, thickness, widest folded rim."""

    substrate: str
    thickness: float
    rim: float


@dataclass(frozen=True, slots=True)
class PlateBorder:
    """The line in ink colour that runs round the face, ``inset`` from the cut to its outside."""

    inset: float
    width: float
    corner: float


@dataclass(frozen=True, slots=True)
class Panel:
    """A rectangle of one ink under the texts, the same on all plates of the design.

    A panel that touches the cut on a side runs into the bleed there.
    """

    box: Box
    colour: Ink = "ink"
    corner: float = 0.0


@dataclass(frozen=True, slots=True)
class SymbolPlace:
    """Where the symbol stands; ``box`` includes the quiet zone.

    ``distance`` is how far off in metres a phone must read it; 0 asks nothing.
    """

    box: Box
    level: Literal["L", "M", "Q", "H"] = "H"
    corner: float = 0.0
    smallest_module: float = 0.5
    distance: float = 0.0


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one text of the plate: a text of the content, or a ``label`` of the design.

    ``height`` is the height of the ink in mm: of 汉字, or of capitals and digits in a text that
    has no 汉字 or a slot that sets ``hanzi``. A text too wide is set a fifth smaller, then narrowed
    to no less than ``narrowest`` of its width, then breaks into up to ``lines`` lines, then shrinks
    to no less than ``smallest``. ``leading`` is the free height between two lines, as a part of
    their height. ``tracking`` is the widest extra space between characters in em. ``reference`` is
    a text of usual length (123号): texts no wider have its size, and all of a series that of the
    widest, so that the numbers of a street are even. ``hanzi`` is the height of 汉字 among digits,
    as a part of ``height`` (0: one size for all), and ``gap`` the space in em where digits and 汉字
    meet. ``present`` and ``absent`` name other texts, blanks between, that must all be there, or
    must all be empty, for this slot to be used: a name without pinyin stands lower than one with
    it.
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
        """What errors call the slot: the name of its text, or its label."""
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
        """The slot of the number whose size a series shares; None where there is none."""
        return next((slot for slot in self.slots if slot.reference), None)

    @property
    def prints_token(self) -> bool:
        """Whether the plate's token stands on it to be typed where the symbol does not read."""
        return any(slot.text == "plate_id" for slot in self.slots)

    def ground_under(self, box: Box) -> Ink:
        """Return the ink that lies under a rectangle: that of the last panel that holds it."""
        holding = [panel.colour for panel in self.panels if panel.box.holds(box)]
        return holding[-1] if holding else "ground"
