import re
from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp

from qr.card import HEIGHT, WIDTH, AddressCard, write_card
from qr.errors import GlyphMissing
from qr.fonts import Fonts, find_fonts

CARD = AddressCard(
    name="河坊街",
    number="88号",
    pinyin="HEFANG JIE",
    code="3301 0255 2038 1982",
    numbers=(("110", "报警"), ("119", "火警"), ("120", "急救")),
    cue="求助时，照着念：",
    spoken="我在杭州市上城区清波街道河坊街88号，地址编码 3301 0255 2038 1982。",
    blanks=("家人", "网格员", "社区"),
    scan="扫码看最新联系人",
    report="门牌坏了：请拨打 12345",
    foot="凡是要求付款的，都是假的",
    payload="https://MP.ZJ.GOV.CN/7K3M9QX2TB",
)
LONG = replace(
    CARD,
    name="示例花园示例路示例东大街",
    number="123幢12单元1501室",
    pinyin="SHILI HUAYUAN SHILILU SHILI DONG DAJIE",
    spoken="我在丽水市景宁畲族自治县红星街道" + "示例" * 12 + "，地址编码 3301 0255 2038 1982。",
)


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return find_fonts()


def opened(pdf: bytes) -> pypdfium2.PdfPage:
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    assert len(document) == 1
    return document[0]


def test_the_card_is_one_page_of_a6(fonts: Fonts) -> None:
    width, height = opened(write_card(CARD, fonts)).get_size()
    assert (width / 72 * 25.4, height / 72 * 25.4) == pytest.approx((WIDTH, HEIGHT), abs=0.01)


def test_the_card_says_all_it_was_given_in_embedded_letters(fonts: Fonts) -> None:
    pdf = write_card(CARD, fonts)
    text = re.sub(r"\s", "", opened(pdf).get_textpage().get_text_range())
    for part in (
        CARD.name,
        CARD.number,
        CARD.code,
        CARD.spoken,
        CARD.cue,
        CARD.report,
        *CARD.blanks,
        "119火警",
    ):
        assert part.replace(" ", "") in text
    assert b"/FontFile3" in pdf


@pytest.mark.parametrize("card", [CARD, LONG], ids=["usual", "long"])
def test_the_symbol_is_read_back_from_the_page(card: AddressCard, fonts: Fonts) -> None:
    picture = opened(write_card(card, fonts)).render(scale=3).to_pil().convert("L")
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == card.payload


@pytest.mark.parametrize("card", [CARD, LONG], ids=["usual", "long"])
def test_no_letter_leaves_the_page_or_lies_on_another(card: AddressCard, fonts: Fonts) -> None:
    page = opened(write_card(card, fonts))
    text, (width, height) = page.get_textpage(), page.get_size()
    boxes = [text.get_charbox(n) for n in range(text.count_chars())]
    boxes = [box for box in boxes if box[2] > box[0] and box[3] > box[1]]
    assert len(boxes) > 60
    for left, low, right, high in boxes:
        assert left > 8
        assert low > 8
        assert right < width - 8
        assert high < height - 8
    for n, one in enumerate(boxes):
        for other in boxes[n + 1 :]:
            across = min(one[2], other[2]) - max(one[0], other[0])
            up = min(one[3], other[3]) - max(one[1], other[1])
            assert across < 1.2 or up < 1.2


def test_the_line_to_read_out_is_large(fonts: Fonts) -> None:
    page = opened(write_card(CARD, fonts)).get_textpage()
    text = page.get_text_range()
    box = page.get_charbox(text.index("我在"))
    assert (box[3] - box[1]) / 72 * 25.4 > 4.4  # 汉字 of 4.4 mm: 16 points


def test_the_same_card_gives_the_same_bytes(fonts: Fonts) -> None:
    assert write_card(CARD, fonts) == write_card(CARD, fonts)
    assert write_card(CARD, fonts) != write_card(LONG, fonts)


def test_a_character_without_a_letter_is_named(fonts: Fonts) -> None:
    with pytest.raises(GlyphMissing, match="E000"):
        write_card(replace(CARD, name="\ue000街"), fonts)


def test_a_rare_character_is_set_in_another_face(fonts: Fonts) -> None:
    assert write_card(replace(CARD, name="𥐻街"), fonts)


def test_the_line_to_read_out_breaks_where_one_breathes_and_never_within_a_number(
    fonts: Fonts,
) -> None:
    pages = [opened(write_card(card, fonts)).get_textpage() for card in (CARD, LONG)]
    usual, long = ([line.strip() for line in page.get_text_range().splitlines()] for page in pages)
    assert "地址编码 3301 0255 2038 1982。" in usual
    assert any(line.endswith("88号，") for line in usual)
    assert any(line.endswith("3301 0255 2038 1982。") for line in long)
