"""The fonts of a plate: TrueType faces in order of preference, with the metrics of their glyphs."""

import mmap
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont, TTLibError

from qr.errors import FontMissing, GlyphMissing

FONT_FOLDER = Path("/usr/share/fonts/truetype")
_ZEN_HEI = FONT_FOLDER / "wqy/wqy-zenhei.ttc"
_RARE = (FONT_FOLDER / "hanazono/HanaMinA.ttf", FONT_FOLDER / "hanazono/HanaMinB.ttf")

_SHAPED = (
    (0x0590, 0x08FF, "Hebrew and Arabic"),
    (0x0900, 0x0DFF, "Indic scripts"),
    (0x0E00, 0x0FFF, "Thai, Lao and Tibetan"),
    (0x1000, 0x109F, "Myanmar"),
    (0x1780, 0x18AF, "Khmer and Mongolian"),
    (0xFB1D, 0xFDFF, "Arabic forms"),
    (0xFE70, 0xFEFE, "Arabic forms"),
)
"""Scripts whose letters join or change places: set one by one they would be wrong."""


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
class Face:
    """One TrueType face of a font file; ``index`` counts inside a collection (.ttc)."""

    path: Path
    index: int
    source: TTFont = field(repr=False, compare=False)

    @cached_property
    def characters(self) -> dict[int, str]:
        """Glyph names by character; read when first asked for, rare faces mostly never are."""
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

    def glyph(self, character: str, face: int) -> Glyph | None:
        """Measure a character, or None when this face does not hold it."""
        name = self.characters.get(ord(character))
        if name is None:
            return None
        outline = self.source["glyf"][name]
        box = [getattr(outline, edge, 0) / self.em for edge in ("xMin", "yMin", "xMax", "yMax")]
        return Glyph(face, self.source["hmtx"][name][0] / self.em, *box)


@dataclass(frozen=True, eq=False)
class Fonts:
    """Faces in order of preference; a character is set in the first one that holds it."""

    faces: tuple[Face, ...]
    _measured: dict[str, Glyph] = field(default_factory=dict, repr=False)

    def glyph(self, character: str) -> Glyph:
        """Measure a character; raises GlyphMissing naming it when no face can set it."""
        known = self._measured.get(character)
        if known is None:
            known = self._find(character)
            if known is None:
                raise GlyphMissing(self._missing(character))
            self._measured[character] = known
        return known

    def _find(self, character: str) -> Glyph | None:
        script = next((name for a, b, name in _SHAPED if a <= ord(character) <= b), None)
        if script:
            raise GlyphMissing(
                f"{character!r} (U+{ord(character):04X}) is of {script}, whose letters join: "
                f"such a script is not set here; have the maker set it as a drawing"
            )
        found = (face.glyph(character, number) for number, face in enumerate(self.faces))
        return next((glyph for glyph in found if glyph is not None), None)

    def _missing(self, character: str) -> str:
        searched = ", ".join(face.path.name for face in self.faces)
        return (
            f"no font holds {character!r} (U+{ord(character):04X}); searched {searched}; "
            f"install fonts-hanazono or set MENPAI_FONT to a TrueType font that holds it"
        )


def find_fonts(override: Path | None = None) -> Fonts:
    """Open the fonts of the plates: ``override`` if given, WenQuanYi Zen Hei, then Hanazono.

    Only TrueType outlines are taken: the PDF writer embeds no CFF ones such as Noto CJK. Raises
    FontMissing naming the package to install.
    """
    paths = [override] if override else []
    paths += [_ZEN_HEI] if _ZEN_HEI.exists() else []
    if not paths:
        raise FontMissing(
            f"{_ZEN_HEI} is missing; run 'sudo apt install fonts-wqy-zenhei fonts-hanazono' "
            f"or set MENPAI_FONT to a TrueType font (.ttf, .ttc)"
        )
    return Fonts(tuple(open_face(path) for path in [*paths, *(p for p in _RARE if p.exists())]))


def open_face(path: Path) -> Face:
    """Open the first face of a font file; raises FontMissing when it cannot be embedded."""
    try:
        source = TTFont(_mapped(path), fontNumber=0, lazy=True)
        outlines = "glyf" in source
    except (OSError, ValueError, TTLibError) as error:
        raise FontMissing(f"font {path} cannot be read ({error}); set MENPAI_FONT") from error
    if not outlines:
        raise FontMissing(
            f"font {path} has no TrueType outlines (it is CFF/OpenType, or a bitmap font); "
            f"set MENPAI_FONT to a .ttf or .ttc with a glyf table, such as wqy-zenhei.ttc"
        )
    return Face(path, 0, source)


def _mapped(path: Path) -> mmap.mmap:
    """Map a font file: its pages are shared by all processes and read only where needed."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
