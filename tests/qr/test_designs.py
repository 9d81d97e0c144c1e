from importlib.resources import files

import pytest

from qr import designs
from qr.designs import Design, get_design, list_designs, read_design
from qr.errors import DesignInvalid, DesignUnknown
from qr.fonts import Fonts
from qr.gallery import list_samples
from qr.layout import lay_out

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


@pytest.mark.parametrize("sample", ["short", "long", "hard"])
def test_digits_of_a_building_plate_are_at_least_350_mm_high(fonts: Fonts, sample: str) -> None:
    design = get_design("building")
    runs = lay_out(design, list_samples(design)[sample], fonts).runs
    digits = next(run for run in runs if run.text in ("3", "128", "12"))
    glyph = fonts.glyph("H")
    assert digits.size * (glyph.top - glyph.bottom) + digits.stroke >= 350 - 0.001
