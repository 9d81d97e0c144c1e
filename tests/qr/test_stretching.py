import pytest

from qr.designs import Design, get_design, read_extension
from qr.errors import DesignInvalid, DesignUnknown

HEAD = 'extends = "medium"\ntitle = "x"\nsource = "y"\n'


def test_a_design_of_the_same_size_changes_only_what_it_says(medium: Design) -> None:
    green = read_extension(
        "green", HEAD + '[colours]\nground = { rgb = "#00694B", cmyk = [90, 30, 80, 20] }\n'
    )
    assert green.colours.ground.rgb == (0, 105, 75)
    assert green.colours.ink == medium.colours.ink
    assert (green.slots, green.face, green.symbol) == (medium.slots, medium.face, medium.symbol)


def test_boxes_stretch_with_the_face_and_heights_by_the_smaller_factor(medium: Design) -> None:
    wide = read_extension(
        "wide", HEAD + "[face]\nwidth = 540\nheight = 255\n[symbol]\nbox = [370, 10, 100, 100]\n"
    )
    for slot, base in zip(wide.slots, medium.slots, strict=True):
        assert slot.box.x == pytest.approx(base.box.x * 2)
        assert slot.box.height == pytest.approx(base.box.height * 1.5)
        assert slot.height == pytest.approx(base.height * 1.5)
    assert wide.symbol.box.width == 100


def test_the_size_families_have_the_sizes_of_their_rules() -> None:
    sizes = {
        "large": ("A", 570, 370, 120), "medium": ("A", 270, 170, 75), "small": ("A", 150, 90, 46),
        "large-b": ("B", 630, 430, 138), "building": ("B", 950, 550, 186),
        "unit": ("B", 360, 150, 94), "room": ("B", 120, 80, 38),
        "large-c": ("C", 600, 430, 130), "medium-c": ("C", 300, 215, 88),
        "small-c": ("C", 150, 108, 55.5),
    }  # fmt: skip
    for name, size in sizes.items():
        design = get_design(name)
        face = design.face
        assert (design.family, face.width, face.height, design.symbol.box.width) == size


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (HEAD + "[face]\nwidth = 300\n", "symbol: a design of another size must give its own box"),
        (HEAD + '[face]\nwidth = "wide"\n', r"face\.width: 1 number"),
        (HEAD + "[face]\nwide = 300\n", "face: unknown field 'wide'"),
        (HEAD + "colour = 1\n", "design: unknown field 'colour'"),
    ],
)
def test_a_fault_in_an_extension_names_the_field(text: str, fault: str) -> None:
    with pytest.raises(DesignInvalid, match=fault):
        read_extension("mine", text)


def test_a_base_that_does_not_exist_is_named() -> None:
    with pytest.raises(DesignUnknown, match="no design 'huge'"):
        read_extension("mine", 'extends = "huge"\n')
