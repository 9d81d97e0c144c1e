from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qr.content import PlateContent
from qr.designs import Design
from qr.designs.specification import Box, Slot
from qr.errors import GlyphMissing, PayloadTooLong, TextTooLong
from qr.fonts import Fonts
from qr.layout import lay_out
from qr.typesetting import Setter, TextRun, set_text

Build = Callable[..., PlateContent]
BOX = Box(10, 20, 120, 30)
SLOT = Slot(BOX, text="name", height=24, smallest=4, tracking=0.3, hanzi=0.5, gap=0.1)


def ink(runs: tuple[TextRun, ...], fonts: Fonts) -> tuple[float, float, float]:
    left = right = None
    bottom = 0.0
    for run in runs:
        for character, x in zip(run.text, run.starts, strict=True):
            glyph = fonts.glyph(character)
            left = x + glyph.left * run.size * run.narrow if left is None else left
            right = x + glyph.right * run.size * run.narrow
            bottom = max(bottom, run.baseline - glyph.bottom * run.size)
    assert left is not None
    assert right is not None
    return left, right, bottom


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(alphabet="中山路南二巷弄号之一甲0123456789-", min_size=1, max_size=12))
def test_a_line_that_is_set_stays_in_its_box(fonts: Fonts, text: str) -> None:
    left, right, bottom = ink(set_text(SLOT, text, Setter(fonts)), fonts)
    assert left >= BOX.x - 0.01
    assert right <= BOX.right + 0.01
    assert bottom <= BOX.bottom


@pytest.mark.parametrize("align", ["left", "centre", "right"])
def test_a_short_line_stands_where_the_slot_says(fonts: Fonts, align: str) -> None:
    slot = Slot(BOX, text="name", height=10, smallest=4, align=align)  # type: ignore[arg-type]
    left, right, _ = ink(set_text(slot, "中山路", Setter(fonts)), fonts)
    before, after = left - BOX.x, BOX.right - right
    assert {"left": before, "centre": before - after, "right": after}[align] == pytest.approx(0)


def test_the_ink_has_the_height_the_slot_asks(fonts: Fonts) -> None:
    slot = Slot(BOX, text="number", height=24, smallest=4)
    (run,) = set_text(slot, "HH", Setter(fonts))
    glyph = fonts.glyph("H")
    assert run.size * (glyph.top - glyph.bottom) == pytest.approx(24)
    assert run.baseline == pytest.approx(BOX.y + 27)


def test_hanzi_stand_on_the_foot_of_the_digits(fonts: Fonts) -> None:
    digits, hanzi = set_text(SLOT, "128国", Setter(fonts))
    foot = hanzi.baseline - fonts.glyph("国").bottom * hanzi.size
    assert foot == pytest.approx(digits.baseline)
    assert hanzi.size < digits.size


def test_a_text_that_cannot_fit_names_the_plate_and_the_hint(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    content = plate(name="北京西路辅路南二巷" * 9)
    with pytest.raises(TextTooLong, match="larger design") as caught:
        lay_out(medium, content, fonts)
    assert caught.value.plate_id == content.plate_id
    assert content.plate_id in str(caught.value)


def test_a_character_without_a_font_names_the_plate(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    with pytest.raises(GlyphMissing, match="plate K7QX3M9T00: no font holds"):
        lay_out(medium, plate(name="中\ue000路"), fonts)


def test_a_payload_too_long_for_the_plate_names_the_plate(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    with pytest.raises(PayloadTooLong, match=r"plate K7QX3M9T00: .*shorter host"):
        lay_out(medium, plate(payload="https://" + "x" * 1200), fonts)


def test_a_name_without_pinyin_stands_larger(medium: Design, plate: Build, fonts: Fonts) -> None:
    with_pinyin = lay_out(medium, plate(), fonts).runs[0]
    without = lay_out(medium, plate(pinyin=""), fonts).runs[0]
    assert with_pinyin.text == without.text == "中山中路"
    assert without.size > with_pinyin.size
    assert without.baseline > with_pinyin.baseline


def test_an_optional_text_that_is_empty_leaves_no_run(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    texts = {run.text for run in lay_out(medium, plate(authority="", note=""), fonts).runs}
    assert texts == {
        *("中山中路", "ZHONGSHAN ZHONGLU", "1", "号"),
        *("3301 0612 3456 7833", "扫一扫 看地址", "K7QX3M9T00"),
    }


def test_a_long_text_is_set_smaller_before_it_is_narrowed(fonts: Fonts) -> None:
    slot = Slot(BOX, text="number", height=24, smallest=4, narrowest=0.85)
    full, smaller, narrowed, shrunk = (
        set_text(slot, "1" * count, Setter(fonts))[0] for count in (6, 7, 9, 15)
    )
    assert smaller.narrow == full.narrow == 1
    assert full.size * 0.8 <= smaller.size < full.size
    assert 0.85 < narrowed.narrow < 1
    assert narrowed.size == pytest.approx(full.size * 0.8)
    assert shrunk.narrow == 0.85
    assert shrunk.size < narrowed.size
    assert all(ink((run,), fonts)[1] <= BOX.right + 0.01 for run in (smaller, narrowed, shrunk))


def test_a_long_name_breaks_into_two_lines_where_a_term_ends(fonts: Fonts) -> None:
    slot = Slot(BOX, text="name", height=24, smallest=4, lines=2)
    first, second = set_text(slot, "北京西路辅路南二巷", Setter(fonts))
    assert (first.text, second.text) == ("北京西路", "辅路南二巷")
    assert first.size == second.size
    assert BOX.y < first.baseline < second.baseline < BOX.bottom


def test_a_short_name_stays_on_one_line(fonts: Fonts) -> None:
    slot = Slot(BOX, text="name", height=24, smallest=4, lines=2)
    assert len(set_text(slot, "中山中路", Setter(fonts))) == 1


def test_a_second_script_takes_the_upper_third(medium: Design, plate: Build, fonts: Fonts) -> None:
    runs = lay_out(medium, plate(second_script="Renminz Cunghlu"), fonts).runs
    upper, name = runs[0], runs[1]
    assert upper.text == "Renminz Cunghlu"
    assert upper.baseline < name.baseline
    assert upper.size < name.size


def test_a_script_whose_letters_join_is_refused(medium: Design, plate: Build, fonts: Fonts) -> None:
    with pytest.raises(GlyphMissing, match="Tibetan, whose letters join"):
        lay_out(medium, plate(second_script="བོད"), fonts)


def test_an_error_remembered_names_each_plate_by_its_own_token(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    for serial in (1, 2):
        content = plate(serial, name="北京西路辅路南二巷" * 9)
        with pytest.raises(TextTooLong) as caught:
            lay_out(medium, content, fonts)
        assert caught.value.plate_id == content.plate_id
