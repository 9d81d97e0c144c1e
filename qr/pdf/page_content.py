"""The content of PDF pages: plates as operators, in mm from the lower left corner of the face."""

from collections.abc import Mapping, Sequence

from qr.designs.specification import Box, Colour, Design, Ink
from qr.layout import LaidOutPlate
from qr.pdf.embedded_font import EmbeddedFont
from qr.symbol import QUIET_ZONE, Symbol

MM = 72 / 25.4
"""Points in a millimetre."""

_ARC = 0.5522847498
"""Length of the handles of a quarter circle drawn as a Bézier curve, in radii."""


class InkOperators:
    """The colours of a file: named spot colours as separations, others as process colours."""

    def __init__(self) -> None:
        self._spots: dict[Colour, str] = {}
        self._operators: dict[Colour, tuple[str, str]] = {}

    def fill(self, colour: Colour) -> str:
        """The operator that sets the fill colour."""
        return self._get(colour)[0]

    def stroke(self, colour: Colour) -> str:
        """The operator that sets the stroke colour."""
        return self._get(colour)[1]

    def spaces(self) -> Mapping[str, str]:
        """The separations used so far: resource name to colour space."""
        found = {}
        for colour, name in self._spots.items():
            ink = "".join(
                c if c.isalnum() else "".join(f"#{b:02X}" for b in c.encode()) for c in colour.spot
            )
            full = " ".join(f"{part / 100:g}" for part in colour.cmyk)
            tint = f"<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[{full}]/N 1>>"
            found[name] = f"[/Separation/{ink}/DeviceCMYK{tint}]"
        return found

    def _get(self, colour: Colour) -> tuple[str, str]:
        if colour not in self._operators:
            if colour.spot:
                name = self._spots.setdefault(colour, f"C{len(self._spots)}")
                self._operators[colour] = (f"/{name} cs 1 scn", f"/{name} CS 1 SCN")
            else:
                parts = " ".join(f"{part / 100:g}" for part in colour.cmyk)
                self._operators[colour] = (f"{parts} k", f"{parts} K")
        return self._operators[colour]


def draw_background(design: Design, inks: InkOperators) -> bytes:
    """What all plates of a design share: ground, panels, border, ground of the symbol."""
    face, colours = design.face, design.colours
    parts = [
        inks.fill(colours.ground),
        rectangle_path(face.height, face.box.grown(face.bleed), 0.0),
        "f",
    ]
    if design.border:
        edge = design.border.inset + design.border.width / 2
        corner = max(design.border.corner - design.border.width / 2, 0.0)
        parts += [inks.stroke(colours.ink), f"{design.border.width:g} w"]
        parts += [rectangle_path(face.height, face.box.grown(-edge), corner), "S"]
    for panel in design.panels:
        # A panel runs into the bleed over every edge of the face that it touches.
        box, bleed = panel.box, face.bleed
        left = box.x - (bleed if box.x <= 0 else 0)
        top = box.y - (bleed if box.y <= 0 else 0)
        right = box.right + (bleed if box.right >= face.width - 1e-9 else 0)
        bottom = box.bottom + (bleed if box.bottom >= face.height - 1e-9 else 0)
        bled = Box(left, top, right - left, bottom - top)
        colour = colours.get_colour(panel.colour)
        parts += [inks.fill(colour), rectangle_path(face.height, bled, panel.corner), "f"]
    parts.append(inks.fill(colours.symbol_ground))
    parts += [rectangle_path(face.height, design.symbol.box, design.symbol.corner), "f"]
    return "\n".join(parts).encode()


def draw_plate(plate: LaidOutPlate, inks: InkOperators, fonts: Sequence[EmbeddedFont]) -> str:
    """The texts and the symbol of one plate."""
    colours, height = plate.design.colours, plate.design.face.height
    parts: list[str] = []
    ink: Ink | None = None
    for run in plate.runs:
        if run.colour != ink:
            ink = run.colour
            parts.append(inks.fill(colours.get_colour(ink)))
        parts.append(
            f"BT /F{run.face} {run.size:.3f} Tf {run.tracking / run.narrow:.4f} Tc "
            f"{run.narrow * 100:.2f} Tz {run.starts[0]:.3f} {height - run.baseline:.3f} Td "
            f"{fonts[run.face].show(run.text, run.size)} ET"
        )
    box, side = plate.design.symbol.box, plate.symbol.size * plate.module
    margin = plate.module * QUIET_ZONE
    symbol = draw_symbol(plate.symbol, box.x + margin, height - box.bottom + margin, side)
    return "\n".join([*parts, inks.fill(colours.symbol_ink), symbol])


def draw_symbol(symbol: Symbol, x: float, y: float, side: float) -> str:
    """The dark modules with their lower left corner there, without quiet zone, in the fill colour.

    A 1-bit image mask, one sample a module: sharp at any size.
    """
    return (
        f"q {side:.4f} 0 0 {side:.4f} {x:.4f} {y:.4f} cm\n"
        f"BI /W {symbol.size} /H {symbol.size} /IM true /BPC 1 /D [1 0] /F /AHx ID\n"
        f"{symbol.packed.hex()}>\nEI Q"
    )


def rectangle_path(height: float, box: Box, corner: float) -> str:
    """The path of a box on a page ``height`` mm high; ``corner`` is the corner radius."""
    left, right = box.x, box.right
    top, bottom = height - box.y, height - box.bottom
    if corner <= 0:
        return f"{left:.3f} {bottom:.3f} {box.width:.3f} {box.height:.3f} re"
    r, k = corner, corner * (1 - _ARC)
    points = (
        (left + r, bottom, "m"), (right - r, bottom, "l"),
        (right - k, bottom, "", right, bottom + k, "", right, bottom + r, "c"),
        (right, top - r, "l"),
        (right, top - k, "", right - k, top, "", right - r, top, "c"),
        (left + r, top, "l"),
        (left + k, top, "", left, top - k, "", left, top - r, "c"),
        (left, bottom + r, "l"),
        (left, bottom + k, "", left + k, bottom, "", left + r, bottom, "c"),
    )  # fmt: skip
    flat = (item for point in points for item in point if item != "")
    path = " ".join(item if isinstance(item, str) else f"{item:.3f}" for item in flat)
    return f"{path} h"
