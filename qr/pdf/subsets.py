"""Font programs of a file's characters in order: TrueType or CFF, as the face is."""

from functools import lru_cache
from io import BytesIO
from typing import Any

from fontTools.cffLib import FDArrayIndex, FDSelect, FontDict
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib.tables._g_l_y_f import Glyph as Outline

from qr.fonts import FontFace, Fonts
from qr.outlines import embeddable_glyph

_TABLES = ("glyf", "head", "hhea", "hmtx", "loca", "maxp")
"""What a reader of an embedded TrueType font needs (ISO 32000 §9.9)."""


@lru_cache(maxsize=4)
def font_program(fonts: Fonts, face: int, characters: tuple[str, ...]) -> bytes:
    """A font of the characters in order from glyph 1; it contains no dates.

    A TrueType file of the tables that a PDF needs, or a bare CID-keyed CFF program
    (CIDFontType0C).
    """
    source = fonts.faces[face]
    outlines = [embeddable_glyph(fonts, face, character) for character in characters]
    if source.has_cubic_curves:
        return _cff_program(source, outlines)
    names = [".notdef", *(f"g{number}" for number in range(1, len(outlines) + 1))]
    drawn = [Outline(), *outlines]
    builder = FontBuilder(source.em, isTTF=True)
    builder.font.recalcTimestamp = False
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({})
    builder.setupGlyf(dict(zip(names, drawn, strict=True)))
    advances = [round(fonts.glyph(character).advance * source.em) for character in characters]
    bearings = [getattr(outline, "xMin", 0) for outline in drawn]
    metrics = zip([source.em, *advances], bearings, strict=True)
    builder.setupHorizontalMetrics(dict(zip(names, metrics, strict=True)))
    line = source.source["hhea"]
    builder.setupHorizontalHeader(ascent=line.ascent, descent=line.descent)
    builder.updateHead(created=0, modified=0)
    for tag in set(builder.font.keys()) - {*_TABLES, "GlyphOrder"}:
        del builder.font[tag]
    buffer = BytesIO()
    builder.font.save(buffer)
    return buffer.getvalue()


def _cff_program(source: FontFace, outlines: list[Any]) -> bytes:
    """A CFF program whose CIDs are the glyph numbers."""
    names = [f"cid{number:05d}" for number in range(len(outlines) + 1)]
    blank = T2CharStringPen(source.em, None).getCharString()
    builder = FontBuilder(source.em, isTTF=False)
    builder.setupGlyphOrder([".notdef", *names[1:]])
    glyphs = dict(zip([".notdef", *names[1:]], [blank, *outlines], strict=True))
    builder.setupCFF(
        source.name, {"FontMatrix": [1 / source.em, 0, 0, 1 / source.em, 0, 0]}, glyphs, {}
    )
    program = builder.font["CFF "].cff
    top = program.topDictIndex[0]
    # A CID-keyed font instead of one named by glyphs (Adobe TN 5176 §18), as PDF readers need.
    part = FontDict()
    part.Private = top.Private
    part.setCFF2(False)
    del top.Private
    top.ROS = ("Adobe", "Identity", 0)
    top.CIDCount = len(top.charset)
    top.FDArray = FDArrayIndex()
    top.FDArray.append(part)
    top.FDSelect = FDSelect()
    top.FDSelect.format = 3
    top.FDSelect.gidArray = [0] * len(top.charset)
    strings = top.CharStrings
    strings.fdSelect, strings.fdArray = top.FDSelect, top.FDArray
    buffer = BytesIO()
    program.compile(buffer, builder.font)
    return buffer.getvalue()
