import pytest
from shapely import MultiPolygon, Polygon

from qr.fonts import Fonts, find_fonts, open_face
from qr.outlines import polygon


def holes(fonts: Fonts, face: int, character: str) -> int:
    ink = polygon(fonts, face, character, 1.0)
    parts = ink.geoms if isinstance(ink, MultiPolygon) else [ink]
    return sum(len(part.interiors) for part in parts if isinstance(part, Polygon))


def test_the_faces_have_both_kinds_of_outlines(fonts: Fonts) -> None:
    assert {face.has_cubic_curves for face in fonts.faces} == {True, False}


@pytest.mark.parametrize(("character", "count"), [("0", 1), ("1", 0), ("口", 1)])
def test_counters_are_open_in_both_kinds_of_outlines(
    fonts: Fonts, character: str, count: int
) -> None:
    truetype = next(n for n, face in enumerate(fonts.faces) if not face.has_cubic_curves)
    assert holes(fonts, 0, character) == count
    assert holes(fonts, truetype, character) == count


@pytest.mark.parametrize("character", "号室弄国回")
def test_an_outline_fills_the_box_that_its_glyph_is_measured_by(
    fonts: Fonts, character: str
) -> None:
    glyph = fonts.glyph(character)
    bounds = polygon(fonts, glyph.face, character, 1.0).bounds
    assert bounds == pytest.approx((glyph.left, glyph.bottom, glyph.right, glyph.top), abs=0.002)


def test_islands_stand_in_holes(fonts: Fonts) -> None:
    ink = polygon(fonts, 0, "回", 1.0)
    assert isinstance(ink, MultiPolygon)
    assert len(ink.geoms) == 2


def test_a_collection_gives_its_face_for_simplified_characters(fonts: Fonts) -> None:
    again = open_face(fonts.faces[0].path)
    assert (again.name, again.index) == (fonts.faces[0].name, fonts.faces[0].index)
    assert find_fonts(fonts.faces[0].path).faces[0].name == "NotoSansCJKsc-Bold"
