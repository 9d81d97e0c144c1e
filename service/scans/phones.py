"""Telephone numbers as links and as people of a language write them."""

import re

from service.core.words import Language

_MOBILE = re.compile(r"1\d{10}")
_CITY_CODE = re.compile(r"(0(?:10|2\d|[3-9]\d\d))-?(\d{7,8})")
_EXTENSION = re.compile(r"\s*(?:转|ext\.?|-(?=\d{1,6}$))\s*(\d{1,6})$")


def dial(phone: str, language: Language) -> str:
    """The number as a ``tel:`` link dials it, an extension after a pause.

    For readers of English with the country's code, so that a roaming telephone finds it.
    """
    main, extension = _apart(phone)
    digits = re.sub(r"[^\d+]", "", main)
    if language is not Language.ZH and _is_national(main):
        digits = f"+86{digits.removeprefix('0')}"
    return f"{digits},{extension}" if extension else digits


def write(phone: str, language: Language) -> str:
    """The number as it is read: 0571-8706 0004 at home, +86 571 8706 0004 abroad."""
    main, extension = _apart(phone)
    if language is Language.ZH or not _is_national(main):
        return phone
    city = _CITY_CODE.fullmatch(main)
    parts = [city[1].removeprefix("0"), city[2]] if city else [main[:3], main[3:]]
    *area, local = parts
    spaced = f"{local[:-4]} {local[-4:]}"
    written = " ".join(["+86", *area, spaced])
    return f"{written} ext. {extension}" if extension else written


def _apart(phone: str) -> tuple[str, str]:
    found = _EXTENSION.search(phone)
    if found and _is_national(phone[: found.start()]):
        return phone[: found.start()], found[1]
    return phone, ""


def _is_national(phone: str) -> bool:
    return bool(_MOBILE.fullmatch(phone) or _CITY_CODE.fullmatch(phone))
