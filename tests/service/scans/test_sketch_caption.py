import pytest

from service.core.words import WORDS, Language
from service.scans.sketch_caption import spoken


@pytest.mark.parametrize(
    ("label", "is_block", "chinese", "english"),
    [
        ("88", False, "88号", "No. 88"),
        ("3幢", True, "3幢", "Building 3"),
        ("12号楼", True, "12号楼", "Building 12"),
        ("B座", True, "B座", "Building B"),
        ("东楼", True, "东楼", "Donglou"),
        ("12号路灯", True, "12号路灯", "Street lamp No. 12"),
        ("AED", True, "AED", "AED"),
    ],
)
def test_a_home_is_called_as_readers_of_each_language_call_it(
    label: str, is_block: bool, chinese: str, english: str
) -> None:
    assert spoken(label, WORDS[Language.ZH], is_block=is_block) == chinese
    assert spoken(label, WORDS[Language.EN], is_block=is_block) == english
