"""Suffixes of plate numbers (副号): one stored form for all written forms."""

import re

from address_model.normal_form import read_numeral

ORDINALS = "甲乙丙丁戊"
NUMERAL = "[零〇一二三四五六七八九十百廿卅]"
_WRITTEN = re.compile(rf"-?([之附]?)([0-9]+|{NUMERAL}+)")
_DIGITS = "零一二三四五六七八九"


def read_suffix(written: str) -> str:
    """Return the stored form of a suffix: 之1 and 之一 are 之一, 附一 and 附1号 are 附1, -3 is 3.

    之 takes Chinese numerals and 附 digits, as on plates (123号之一, 94号附1). A suffix without a
    count (甲, 3甲, A) is returned unchanged. 之一 and -1 stay two suffixes.
    """
    written = written.removesuffix("号")
    if len(written) == 2 and written[0] == "-" and not written[1].isdigit():
        return written[1:]  # 12-甲 is 12甲
    match = _WRITTEN.fullmatch(written)
    if match is None:
        return written
    among, count = match.groups()
    digits = count if count.isdigit() else read_numeral(count)
    if digits is None or (not among and not count.isdigit()):
        return written
    return among + (write_numeral(int(digits)) if among == "之" else digits)


def write_numeral(value: int) -> str:
    """Return a number from 0 to 999 as a Chinese numeral (1 一, 12 十二, 105 一百零五).

    Larger numbers stay digits: no plate has them.
    """
    if value >= 1000:
        return str(value)
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones or not value else "")
