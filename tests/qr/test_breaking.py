import pytest

from qr.breaking import list_breaks


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
    assert list_breaks(text) == parts


@pytest.mark.parametrize("text", ["花树123号", "花树ABC12", "花树(三期)"])
def test_numbers_words_and_closing_marks_are_not_parted(text: str) -> None:
    for first, second in list_breaks(text):
        assert not (first[-1].isascii() and second[0].isascii() and second[0].isalnum())
        assert second[0] not in "号)"
