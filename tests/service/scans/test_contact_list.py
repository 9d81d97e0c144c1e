import pytest

from service.core.words import Language
from service.scans.contact_list import dial_string, format_phone

ZH, EN = Language.ZH, Language.EN


@pytest.mark.parametrize(
    ("phone", "home", "abroad", "read"),
    [
        ("0571-87060004", "057187060004", "+8657187060004", "+86 571 8706 0004"),
        ("057187060004", "057187060004", "+8657187060004", "+86 571 8706 0004"),
        ("010-12345678", "01012345678", "+861012345678", "+86 10 1234 5678"),
        ("0578-2120001", "05782120001", "+865782120001", "+86 578 212 0001"),
        ("13800000000", "13800000000", "+8613800000000", "+86 138 0000 0000"),
        ("12345", "12345", "12345", "12345"),
        ("110", "110", "110", "110"),
        (
            "0571-87060004转801",
            "057187060004,801",
            "+8657187060004,801",
            "+86 571 8706 0004 ext. 801",
        ),
    ],
)
def test_a_number_is_dialled_and_read_at_home_and_abroad(
    phone: str, home: str, abroad: str, read: str
) -> None:
    assert dial_string(phone, ZH) == home
    assert dial_string(phone, EN) == abroad
    assert format_phone(phone, ZH) == phone
    assert format_phone(phone, EN) == read


@pytest.mark.parametrize("phone", ["", "无", "call me", "javascript:alert(1)"])
def test_what_is_no_number_dials_nothing_odd(phone: str) -> None:
    assert set(dial_string(phone, ZH)) <= set("0123456789+,")
