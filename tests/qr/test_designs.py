from dataclasses import replace
from importlib.resources import files

import pytest

from qr import designs
from qr.designs import Design, get_design, list_designs, read_design
from qr.errors import DesignInvalid, DesignUnknown
from qr.fonts import Fonts
from qr.gallery import list_samples
from qr.layout import lay_out
from qr.typesetting import TextRun

MEDIUM = files(designs).joinpath("medium.toml").read_text(encoding="utf-8")


def test_every_shipped_design_is_valid() -> None:
    assert "medium" in list_designs()
    for name in list_designs():
        assert get_design(name).name == name


def test_the_medium_plate_has_the_size_of_its_rule(medium: Design) -> None:
    assert (medium.face.width, medium.face.height) == (270, 170)
    assert medium.symbol.box.width == medium.symbol.box.height == 75


def test_an_unknown_design_names_those_that_exist() -> None:
    with pytest.raises(DesignUnknown, match="medium"):
        get_design("huge")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("bleed = 3", "bled = 3", "face: unknown field 'bled'"),
        ("width = 270\n", "", "face: field 'width' is missing"),
        ("width = 270\n", 'width = "270"\n', "face.width: 1 number"),
        ('title = "中门牌"', "", "field 'title' is missing"),
        ('text = "pinyin"', 'text = "poem"', "no text 'poem'"),
        ("box = [181, 1, 75, 75]", "box = [181, 1, 75, 70]", "symbol: box must be square"),
        ("box = [181, 1, 75, 75]", "box = [201, 1, 75, 75]", "symbol: box leaves its zone"),
        ("box = [181, 1, 75, 75]", "box = [150, 1, 75, 75]", "full_number: box overlaps"),
        ("box = [181, 1, 75, 75]", "box = [181, 1, 75]", r"symbol\.box: 4 number"),
        ("street = [0, 0, 1, 0.4]", "street = [0, 0, 1, 1.4]", r"zones\.street"),
        ("height = 60\n", "height = 160\n", "height of the box"),
        ('zone = "street"', 'zone = "attic"', "no zone 'attic'"),
        ('absent = "pinyin second_script"', 'absent = "pinyin poem"', "no text 'poem'"),
        ("#0B4AA2", "blue", "hexadecimal"),
        ("[100, 76, 0, 4]", "[100, 76, 0]", r"colours\.ground\.cmyk: 4 number"),
        ("[face]", "[face", "Expected"),
        ("thickness = 1.0", 'thickness = "1"', r"material\.thickness: 1 number"),
        ('level = "H"', 'level = "X"', r"symbol\.level: 'X' is none of L, M, Q, H"),
        ('text = "pinyin"', 'label = "x"\ntext = "pinyin"', "either a text or a label"),
        ("lines = 2", "lines = 3", "lines 1 or 2"),
        ('text = "grouped_code"', 'text = "code"\nreference = "1"', "only one"),
        ("lines = 2", "lines = 1.5", "a whole number expected"),
        ("narrowest = 0.8", "narrowest = 0.1", "narrowest must be"),
        ('"#0B4AA2"', '"#0B4A"', "#RRGGBB expected"),
        (
            "[symbol]",
            "[[panel]]\nzone = 'door'\nbox = [0, 0, 9, 9]\ncolour = 'red'\n[symbol]",
            r"panel\.colour: 'red' is none of",
        ),
    ],
)
def test_a_fault_in_a_design_names_the_field(old: str, new: str, fault: str) -> None:
    assert old in MEDIUM
    with pytest.raises(DesignInvalid, match=fault) as caught:
        read_design("medium", MEDIUM.replace(old, new, 1))
    assert "design medium" in str(caught.value)


def height(run: TextRun, fonts: Fonts) -> float:
    glyph = fonts.glyph("H")
    return run.size * (glyph.top - glyph.bottom)


def test_one_digit_of_a_building_plate_is_350_mm_high_and_none_is_squeezed(fonts: Fonts) -> None:
    """GB 17733.1-1999 asks 350 mm; two digits as wide as they are drawn have no room for it."""
    design = get_design("building")
    found = {}
    for sample in ("short", "long", "hard"):
        runs = lay_out(design, list_samples(design)[sample], fonts).runs
        digits = next(run for run in runs if run.text in ("3", "128", "12"))
        found[digits.text] = height(digits, fonts)
        assert digits.narrow >= 0.8
    assert found["3"] >= 350
    assert found["128"] > 160


@pytest.mark.parametrize("name", list_designs())
def test_every_design_says_scan_me_and_bears_the_token_issuer_and_code(
    name: str, fonts: Fonts
) -> None:
    """With the widest token that can be drawn and the longest issuer that is taken."""
    design = get_design(name)
    assert design.prints_token
    content = replace(list_samples(design)["short"], plate_id="W" * 10, authority="示" * 20)
    texts = [run.text for run in lay_out(design, content, fonts).runs]
    assert any(text.startswith("扫一扫") for text in texts)
    assert {content.plate_id, content.authority, content.note, content.grouped_code} <= set(texts)
    shows_postcode = any("310000" in text for text in texts)
    assert shows_postcode == (name.split("-", maxsplit=1)[0] in ("large", "building"))


@pytest.mark.parametrize("name", list_designs())
def test_the_foot_of_a_plate_is_large_enough_to_read(name: str, fonts: Fonts) -> None:
    """5 mm on plates 270 mm wide and more, 3 mm on the others; the usual issuer has 13 signs."""
    design = get_design(name)
    least = 5.0 if design.face.width >= 270 else 3.0
    content = replace(list_samples(design)["short"], authority="杭州市上城区地名管理办公室")
    for run in lay_out(design, content, fonts).runs:
        if run.text in (content.authority, content.note):
            glyph = fonts.glyph("国")
            assert run.size * (glyph.top - glyph.bottom) >= least, run.text
        if run.text == content.plate_id or content.postcode in run.text:
            assert height(run, fonts) >= least * 0.9, run.text


@pytest.mark.parametrize("name", ["small", "small-c"])
@pytest.mark.parametrize("host", ["MENPAI.TEST", "MENPAI.HANGZHOU.GOV.CN"])
def test_the_symbol_of_a_small_plate_has_two_fifths_of_its_height(
    name: str, host: str, fonts: Fonts
) -> None:
    """Its modules alone, without the quiet zone, at both versions that hosts lead to."""
    design = get_design(name)
    content = replace(list_samples(design)["short"], payload=f"https://{host}/K7QX3M9T2B")
    plate = lay_out(design, content, fonts)
    assert plate.module * plate.symbol.size >= 0.4 * design.face.height
