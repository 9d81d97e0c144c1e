"""Subset fonts in a PDF: characters numbered as they appear, their outlines written last."""

from hashlib import blake2b

from qr.fonts import Fonts
from qr.pdf.objects import ObjectFile
from qr.pdf.subsets import font_program

_PAGE = 100
_SYMBOLIC = 4
_SLACK = 0.01
"""Readers know widths in whole thousandths of an em; a text that is this far off is put right."""


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
        """Return the hexadecimal codes under which the characters stand in this file."""
        try:
            return "".join([self._codes[character] for character in text])
        except KeyError:
            for character in text:
                self._codes.setdefault(character, f"{len(self._codes) + 1:04X}")
                width = self._fonts.glyph(character).advance * 1000
                self._rests[character] = width - round(width)
            return self.encode(text)

    def show(self, text: str, size: float) -> str:
        """Return the operands that show a text of ``size`` mm, and their operator."""
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
        """Write the font with the characters that have been encoded; return its number."""
        characters = tuple(self._codes)
        name = self._name(characters)
        program = font_program(self._fonts, self.face, characters)
        is_cff = self._fonts.faces[self.face].has_cubic_curves
        kind = b"/Subtype/CIDFontType0C" if is_cff else b"/Length1 %d" % len(program)
        source = file.add_stream(program, kind)
        unicode_map = file.add_stream(_unicode_map(characters))
        descriptor = file.add(self._descriptor(name, source))
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

    def _name(self, characters: tuple[str, ...]) -> str:
        """The face's name under a tag that differs where the subset differs."""
        digest = blake2b("".join(characters).encode(), digest_size=6).digest()
        tag = "".join(chr(65 + octet % 26) for octet in digest)
        return f"{tag}+{self._fonts.faces[self.face].name}"

    def _descriptor(self, name: str, source: int) -> bytes:
        face = self._fonts.faces[self.face]
        head, line, scale = face.source["head"], face.source["hhea"], 1000 / face.em
        edges = (head.xMin, head.yMin, head.xMax, head.yMax)
        box = " ".join(f"{edge * scale:.0f}" for edge in edges)
        top = self._fonts.glyph("H").top * 1000
        key = "FontFile3" if face.has_cubic_curves else "FontFile2"
        return (
            f"<</Type/FontDescriptor/FontName/{name}/Flags {_SYMBOLIC}/FontBBox[{box}]"
            f"/ItalicAngle 0/Ascent {line.ascent * scale:.0f}/Descent {line.descent * scale:.0f}"
            f"/CapHeight {top:.0f}/StemV 80/{key} {source} 0 R>>"
        ).encode()


def _unicode_map(characters: tuple[str, ...]) -> bytes:
    """The map by which texts can be searched and copied (ISO 32000 §9.10.3)."""
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
