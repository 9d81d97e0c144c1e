"""Unused names in readable characters."""

_DIGITS = "零一二三四五六七八九"


def spelled(number: int) -> str:
    """A number in Chinese characters, digit by digit: 一二零."""
    return "".join(_DIGITS[int(digit)] for digit in str(number))
