"""Subset fonts in a PDF: characters are numbered as they appear, outlines written last."""

from hashlib import blake2b

from qr.fonts import Fonts
from qr.pdf.objects import ObjectFile
from qr.pdf.subsets import font_program

_PAGE = 100
_SYMBOLIC = 4
_SLACK = 0.01
"""Widths in PDF are whole thousandths of an em; text off by this many mm is corrected."""


class EmbeddedFont:
    """One face in one file."""

    def __init__(self, fonts: Fonts, face: int) -> None:
        self._fonts = fonts
        self.face = face
        self._codes: dict[str, str] = {}
        self._rests: dict[str, float] = {}

    @property
    def used(self) -> bool:
        """Whether any character has been encoded."""
        return bool(self._codes)

    def encode(self, text: str) -> str:
        """Return the hexadecimal codes of the characters in this file."""
        try:
            return "".join([self._codes[character] for character in text])
        except KeyError:
            for character in text:
                self._codes.setdefault(character, f"{len(self._codes) + 1:04X}")
                width = self._fonts.glyph(character).advance * 1000
                self._rests[character] = width - round(width)
            return self.encode(text)

    def show(self, text: str, size: float) -> str:
        """Return the operator with operands that shows a text of ``size`` mm."""
        codes, slack = self.encode(text), _SLACK / size * 1000
        parts, begun, rest = [], 0, 0.0
        for place, character in enumerate(text[:-1], start=1):
            rest += self._rests[character]
            if abs(rest) > slack:
                parts.append(f"<{codes[begun * 4 : place * 4]}>{-rest:.2f}")
                begun, rest = place, 0.0
        if not parts:
            return f"<{codes}> Tj"
        return f"[{''.join(parts)}<{codes[begun * 4 :]}>] TJ"

    def finish(self, file: ObjectFile) -> int:
        """Write the font with all characters encoded so far; return its object number."""
        characters = tuple(self._codes)
        # The tag before the name differs where the subset differs.
        digest = blake2b("".join(characters).encode(), digest_size=6).digest()
        tag = "".join(chr(65 + octet % 26) for octet in digest)
        face = self._fonts.faces[self.face]
        name = f"{tag}+{face.name}"
        program = font_program(self._fonts, self.face, characters)
        is_cff = face.has_cubic_curves
        kind = b"/Subtype/CIDFontType0C" if is_cff else b"/Length1 %d" % len(program)
        source = file.add_stream(program, kind)
        unicode_map = file.add_stream(_unicode_map(characters))
        head, hhea, scale = face.source["head"], face.source["hhea"], 1000 / face.em
        edges = (head.xMin, head.yMin, head.xMax, head.yMax)
        box = " ".join(f"{edge * scale:.0f}" for edge in edges)
        top = self._fonts.glyph("H").top * 1000
        key = "FontFile3" if is_cff else "FontFile2"
        descriptor = file.add(
            (
                f"<</Type/FontDescriptor/FontName/{name}/Flags {_SYMBOLIC}/FontBBox[{box}]"
                f"/ItalicAngle 0/Ascent {hhea.ascent * scale:.0f}"
                f"/Descent {hhea.descent * scale:.0f}"
                f"/CapHeight {top:.0f}/StemV 80/{key} {source} 0 R>>"
            ).encode()
        )
        widths = " ".join(
            f"{self._fonts.glyph(character).advance * 1000:.0f}" for character in characters
        )
        system = "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        subtype = "CIDFontType0" if is_cff else "CIDFontType2/CIDToGIDMap/Identity"
        descendant = file.add(
            f"<</Type/Font/Subtype/{subtype}/BaseFont/{name}{system}/DW 1000"
            f"/W[1[{widths}]]/FontDescriptor {descriptor} 0 R>>".encode()
        )
        return file.add(
            f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
            f"/DescendantFonts[{descendant} 0 R]/ToUnicode {unicode_map} 0 R>>".encode(),
        )


def _unicode_map(characters: tuple[str, ...]) -> bytes:
    """The ToUnicode map, which makes text searchable and copyable (ISO 32000 §9.10.3)."""
    lines = [
        f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
        for code, character in enumerate(characters, start=1)
    ]
    parts = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CMapName /Plate-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for first in range(0, len(lines), _PAGE):
        block = lines[first : first + _PAGE]
        parts += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join([*parts, "endcmap end end"]).encode()
