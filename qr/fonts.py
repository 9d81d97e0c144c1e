"""Plate fonts: faces in order of preference, and glyph metrics."""

import mmap
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont, TTLibError

from qr.errors import FontMissing, GlyphMissing

FONT_FOLDER = Path("/usr/share/fonts")
_NOTO_BOLD = FONT_FOLDER / "opentype/noto/NotoSansCJK-Bold.ttc"
_HANAZONO = FONT_FOLDER / "truetype/hanazono"
_RARE = (_HANAZONO / "HanaMinA.ttf", _HANAZONO / "HanaMinB.ttf")
_SIMPLIFIED = re.compile(r"(?<!Mono)CJKsc-|SC-")
"""PostScript names of faces with mainland glyph shapes: 骨 and 角 differ in Japan."""

_SHAPED = (
    (0x0590, 0x08FF, "Hebrew and Arabic"),
    (0x0900, 0x0DFF, "Indic scripts"),
    (0x0E00, 0x0FFF, "Thai, Lao and Tibetan"),
    (0x1000, 0x109F, "Myanmar"),
    (0x1780, 0x18AF, "Khmer and Mongolian"),
    (0xFB1D, 0xFDFF, "Arabic forms"),
    (0xFE70, 0xFEFE, "Arabic forms"),
)
"""Scripts that need shaping: letters join or change places, set one by one they are wrong."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character of a face in em: advance width and ink box, y upwards from the baseline."""

    face: int
    advance: float
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class FontFace:
    """One face of a font file; ``index`` counts inside a collection (.ttc)."""

    path: Path
    index: int
    source: TTFont = field(repr=False, compare=False)

    @cached_property
    def characters(self) -> dict[int, str]:
        """Glyph names by character; read on first use, which rare faces seldom see."""
        found: dict[int, str] = self.source.getBestCmap()
        return found

    @cached_property
    def glyphs(self) -> Any:
        """The drawable glyphs by name."""
        return self.source.getGlyphSet()

    @cached_property
    def em(self) -> int:
        """Font units in one em."""
        units: int = self.source["head"].unitsPerEm
        return units

    @cached_property
    def name(self) -> str:
        """The PostScript name (``NotoSansCJKsc-Bold``), or the file name without one."""
        named: str | None = self.source["name"].getDebugName(6)
        return named or "".join(filter(str.isalnum, self.path.stem))

    @property
    def has_cubic_curves(self) -> bool:
        """Whether the outlines are CFF (cubic) rather than TrueType (quadratic)."""
        return "CFF " in self.source

    def glyph(self, character: str, face: int) -> Glyph | None:
        """Measure a character; None when this face lacks it."""
        name = self.characters.get(ord(character))
        if name is None:
            return None
        pen = BoundsPen(self.glyphs)
        self.glyphs[name].draw(pen)
        box = [edge / self.em for edge in pen.bounds or (0, 0, 0, 0)]
        return Glyph(face, self.glyphs[name].width / self.em, *box)


@dataclass(frozen=True, eq=False)
class Fonts:
    """Faces in order of preference; a character is set in the first face that has it."""

    faces: tuple[FontFace, ...]
    _measured: dict[str, Glyph] = field(default_factory=dict, repr=False)

    def glyph(self, character: str) -> Glyph:
        """Measure a character; raises GlyphMissing when no face can set it."""
        known = self._measured.get(character)
        if known is None:
            script = next((name for a, b, name in _SHAPED if a <= ord(character) <= b), None)
            if script:
                raise GlyphMissing(
                    f"{character!r} (U+{ord(character):04X}) is of {script}, whose letters join: "
                    f"such a script is not set here; have the maker set it as a drawing"
                )
            found = (face.glyph(character, number) for number, face in enumerate(self.faces))
            known = next((glyph for glyph in found if glyph is not None), None)
            if known is None:
                searched = ", ".join(face.path.name for face in self.faces)
                raise GlyphMissing(
                    f"no font holds {character!r} (U+{ord(character):04X}); searched {searched}; "
                    f"install fonts-hanazono or set MENPAI_FONT to a font that holds it"
                )
            self._measured[character] = known
        return known


def find_fonts(override: Path | None = None) -> Fonts:
    """Open the fonts of the plates: ``override`` if given, Noto Sans CJK SC Bold, then Hanazono.

    Noto is a true bold 黑体; Hanazono is a light Ming face for the rarest characters only.
    Raises FontMissing naming the package to install.
    """
    paths = [override] if override else []
    paths += [_NOTO_BOLD] if _NOTO_BOLD.exists() else []
    if not paths:
        raise FontMissing(
            f"{_NOTO_BOLD} is missing; run 'sudo apt install fonts-noto-cjk fonts-hanazono' "
            f"or set MENPAI_FONT to a font with outlines (.otf, .ttf, .ttc)"
        )
    return Fonts(tuple(open_face(path) for path in [*paths, *(p for p in _RARE if p.exists())]))


def open_face(path: Path) -> FontFace:
    """Open a font file; of a collection the face for simplified 汉字, or else the first.

    Raises FontMissing when it cannot be embedded.
    """
    try:
        with path.open("rb") as file:  # mapped: processes share its pages, read on demand
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        faces = [FontFace(path, 0, TTFont(data, fontNumber=0, lazy=True))]
        collected = getattr(faces[0].source.reader, "numFonts", 1)
        faces += [
            FontFace(path, n, TTFont(data, fontNumber=n, lazy=True)) for n in range(1, collected)
        ]
        face = next((face for face in faces if _SIMPLIFIED.search(face.name)), faces[0])
        is_drawable = face.has_cubic_curves or "glyf" in face.source
    except (OSError, ValueError, TTLibError) as error:
        raise FontMissing(f"font {path} cannot be read ({error}); set MENPAI_FONT") from error
    if not is_drawable:
        raise FontMissing(
            f"font {path} has no outlines of one weight (it is a bitmap font, or a variable one "
            f"with CFF2); set MENPAI_FONT to a .otf, .ttf or .ttc such as NotoSansCJK-Bold.ttc"
        )
    return face
