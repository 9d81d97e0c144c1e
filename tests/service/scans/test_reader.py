import pytest

from service.core.words import Language
from service.scans.reader import PLAIN, Reader, View, find_reader


@pytest.mark.parametrize(
    ("query", "reader"),
    [
        ("", PLAIN),
        ("v=elder", Reader(View.ELDER)),
        ("lang=en", Reader(language=Language.EN)),
        ("v=elder&lang=en-GB", Reader(View.ELDER, Language.EN)),
        ("lang=zh-CN", PLAIN),
        ("lang=fr&v=dark&utm_source=x", PLAIN),
        ("v=&lang=", PLAIN),
        ("v=elder" + "&a=b" * 50, PLAIN),
        ("%ff%fe=%00&v=elder", Reader(View.ELDER)),
    ],
)
def test_view_and_language_come_from_the_address(query: str, reader: Reader) -> None:
    assert find_reader(query) == reader


@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize("language", list(Language))
def test_what_a_link_carries_is_read_again(view: View, language: Language) -> None:
    reader = Reader(view, language)
    assert find_reader(reader.query.removeprefix("?")) == reader
