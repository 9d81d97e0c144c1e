from itertools import chain

import pytest

from qr.line_breaks import list_breaks


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("北京西路辅路南二巷", [("北京西路", "辅路南二巷"), ("北京西路辅路", "南二巷")]),
        ("BEIJING XILU", [("BEIJING", "XILU")]),
        ("青山花树", [("青山", "花树")]),
        ("甲乙", []),
    ],
)
def test_a_text_breaks_at_terms_and_blanks(text: str, parts: list[tuple[str, str]]) -> None:
    assert list_breaks(text) == [parts]


@pytest.mark.parametrize("text", ["花树123号", "花树ABC12", "花树(三期)"])
def test_numbers_words_and_closing_marks_are_not_parted(text: str) -> None:
    for first, second in chain(*list_breaks(text)):
        assert not (first[-1].isascii() and second[0].isascii() and second[0].isalnum())
        assert second[0] not in "号)"


def test_a_text_made_of_elements_breaks_between_them_first() -> None:
    parts = ("江湾国际新城揽月花园", "128幢", "12单元")
    between, inside = list_breaks("".join(parts), parts)
    assert between == [
        ("江湾国际新城揽月花园", "128幢12单元"),
        ("江湾国际新城揽月花园128幢", "12单元"),
    ]
    assert ("江湾", "国际新城揽月花园128幢12单元") in inside


def test_parts_of_another_text_are_no_place_to_break() -> None:
    assert list_breaks("北京西路辅路南二巷", ("北京西路",)) == list_breaks("北京西路辅路南二巷")
