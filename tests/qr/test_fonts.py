from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen

from qr import fonts as module
from qr.errors import FontMissing, GlyphMissing
from qr.fonts import Fonts, find_fonts


def variable_font(path: Path) -> Path:
    """A font whose outlines are CFF2 ones, which no PDF embeds."""
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef"])
    builder.setupCharacterMap({})
    builder.setupCFF2({".notdef": T2CharStringPen(None, {}, CFF2=True).getCharString()})
    builder.setupHorizontalMetrics({".notdef": (500, 0)})
    builder.setupHorizontalHeader()
    builder.setupNameTable({"psName": "Variable"})
    builder.setupPost()
    builder.save(path)
    return path


def test_common_characters_come_from_the_first_face(fonts: Fonts) -> None:
    assert {fonts.glyph(character).face for character in "中路号0AZ"} == {0}


def test_the_plates_are_set_in_a_true_bold_face_for_simplified_characters(fonts: Fonts) -> None:
    assert fonts.faces[0].name == "NotoSansCJKsc-Bold"
    assert {fonts.glyph(character).face for character in "𬭊㘭漈岙埭垟堍磡硐嵊鄞衢䶮"} == {0}


def test_the_rarest_characters_come_from_a_later_face(fonts: Fonts) -> None:
    assert fonts.glyph("𥐻").face > 0


def test_digits_are_all_of_one_width(fonts: Fonts) -> None:
    assert len({fonts.glyph(digit).advance for digit in "0123456789"}) == 1


def test_a_character_no_font_holds_is_named(fonts: Fonts) -> None:
    with pytest.raises(GlyphMissing, match=r"no font holds '\\U0010fffd' \(U\+10FFFD\)"):
        fonts.glyph("\U0010fffd")


def test_ink_lies_within_reason_of_the_em(fonts: Fonts) -> None:
    glyph = fonts.glyph("国")
    assert glyph.advance == pytest.approx(1.0)
    assert 0 <= glyph.left < glyph.right <= 1
    assert -0.2 < glyph.bottom < 0 < glyph.top < 1


def test_a_missing_font_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_NOTO_BOLD", Path("/nowhere/noto.ttc"))
    with pytest.raises(FontMissing, match="apt install fonts-noto-cjk"):
        find_fonts()


def test_a_font_whose_outlines_no_pdf_embeds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FontMissing, match="CFF2"):
        find_fonts(variable_font(tmp_path / "variable.otf"))


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "font.ttf"
    path.write_bytes(b"not a font")
    with pytest.raises(FontMissing, match="cannot be read"):
        find_fonts(path)


def test_an_override_comes_first() -> None:
    rare = next(face.path for face in find_fonts().faces if face.path.name == "HanaMinA.ttf")
    assert find_fonts(rare).faces[0].path == rare
