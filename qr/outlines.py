"""Character outlines: as SVG path data, as polygons, as glyphs of a subset font."""

from functools import lru_cache
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.pens.filterPen import DecomposingFilterPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from shapely import MultiPolygon, Polygon, simplify
from shapely.geometry.base import BaseGeometry

from qr.fonts import FontFace, Fonts

Point = tuple[float, float]
_STEPS = 8
"""Straight lines per curve: at a height of 60 mm they deviate by less than 0.05 mm."""


def _draw(face: FontFace, character: str, pen: Any) -> None:
    face.glyphs[face.characters[ord(character)]].draw(pen)


@lru_cache(maxsize=4096)
def path_data(fonts: Fonts, face: int, character: str, size: float, narrow: float) -> str:
    """SVG path data of a character at ``size`` mm per em, origin on the baseline, y downwards."""
    source = fonts.faces[face]
    scale = size / source.em
    pen = SVGPathPen(source.glyphs, ntos=lambda number: f"{number:.2f}".rstrip("0").rstrip("."))
    _draw(source, character, TransformPen(pen, (scale * narrow, 0, 0, -scale, 0, 0)))
    data: str = pen.getCommands()
    return data


@lru_cache(maxsize=4096)
def polygon(fonts: Fonts, face: int, character: str, narrow: float) -> BaseGeometry:
    """The ink of a character as a shapely geometry in em, y upwards; may be empty (a blank).

    Contours with the winding of the largest one are ink, the others holes; ink may stand inside a
    hole (国). TrueType winds ink clockwise, CFF counter-clockwise.
    """
    source = fonts.faces[face]
    pen = _FlatteningPen(source.glyphs)
    _draw(source, character, TransformPen(pen, (narrow / source.em, 0, 0, 1 / source.em, 0, 0)))
    rings = sorted(
        (ring for ring in pen.rings if len(ring) > 2), key=lambda ring: -Polygon(ring).area
    )
    ink: BaseGeometry = Polygon()
    for ring in rings:
        part = Polygon(ring).buffer(0)
        is_ink = _clockwise(ring) == _clockwise(rings[0])
        ink = ink.union(part) if is_ink else ink.difference(part)
    return ink


def rings_of(ink: BaseGeometry) -> list[list[Point]]:
    """The closed outlines of a geometry, those of holes included."""
    parts = ink.geoms if isinstance(ink, MultiPolygon) else [ink]
    return [
        [(x, y) for x, y in ring.coords[:-1]]
        for part in parts
        if isinstance(part, Polygon) and not part.is_empty
        for ring in (part.exterior, *part.interiors)
    ]


@lru_cache(maxsize=4096)
def thinned_rings(
    fonts: Fonts, face: int, character: str, narrow: float, tolerance: float
) -> list[list[Point]]:
    """The simplified outlines of a character; they deviate by at most ``tolerance`` em."""
    return rings_of(simplify(polygon(fonts, face, character, narrow), tolerance))


@lru_cache(maxsize=16_384)
def embeddable_glyph(fonts: Fonts, face: int, character: str) -> Any:
    """A self-contained fontTools glyph: no references, subroutines or instructions.

    A glyf glyph for a TrueType face, a Type 2 charstring for a CFF one.
    """
    source = fonts.faces[face]
    if source.has_cubic_curves:
        width = source.glyphs[source.characters[ord(character)]].width
        charstring_pen = T2CharStringPen(width, None)
        _draw(source, character, charstring_pen)
        charstring = charstring_pen.getCharString()
        charstring.compile()  # now: threads share it
        return charstring
    pen = TTGlyphPen(None)
    _draw(source, character, DecomposingFilterPen(pen, source.glyphs))
    return pen.glyph()


def _clockwise(points: list[Point]) -> bool:
    following = [*points[1:], points[0]]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, following, strict=True)) < 0


class _FlatteningPen(BasePen):  # type: ignore[misc]
    """Draws a glyph as closed rings of straight lines."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.rings: list[list[Point]] = []

    def _moveTo(self, pt: Point) -> None:  # noqa: N802
        self.rings.append([pt])

    def _lineTo(self, pt: Point) -> None:  # noqa: N802
        self.rings[-1].append(pt)

    def _qCurveToOne(self, pt1: Point, pt2: Point) -> None:  # noqa: N802
        start = self._getCurrentPoint()
        for step in range(1, _STEPS + 1):
            t = step / _STEPS
            a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
            point = (a * start[0] + b * pt1[0] + c * pt2[0], a * start[1] + b * pt1[1] + c * pt2[1])
            self.rings[-1].append(point)

    def _curveToOne(self, pt1: Point, pt2: Point, pt3: Point) -> None:  # noqa: N802
        start = self._getCurrentPoint()
        for step in range(1, _STEPS + 1):
            t = step / _STEPS
            shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            pairs = list(zip(shares, (start, pt1, pt2, pt3), strict=True))
            point = (sum(s * p[0] for s, p in pairs), sum(s * p[1] for s, p in pairs))
            self.rings[-1].append(point)

    def _closePath(self) -> None:  # noqa: N802
        if len(self.rings[-1]) > 1 and self.rings[-1][0] == self.rings[-1][-1]:
            self.rings[-1].pop()
