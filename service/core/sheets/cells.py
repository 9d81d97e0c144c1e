"""Cells made safe for spreadsheet programs, and given back as they were.

A spreadsheet takes text that begins with ``= + - @`` (also full-width), a tab, a line end or a
NUL for a formula (OWASP ASVS 1.2.10). Such text gets one leading apostrophe. Text that already
begins with apostrophes before such a character gets one more, so taking one away always restores
the original.
"""

import re

Cell = str | int | float | None

RISKY = "=+-@\t\r\n\0＝＋－＠"
_RISKY_TEXT = re.compile(rf"'*[{re.escape(RISKY)}]")
_FIRST = frozenset(RISKY + "'")
_LONGEST_EXACT_INTEGER = 10**15
"""Spreadsheets keep 15 digits of a number: longer ones are written as text."""


def protect(text: str) -> str:
    """Return text that no spreadsheet program runs as a formula."""
    if text and text[0] in _FIRST and _RISKY_TEXT.match(text):
        return "'" + text
    return text


def unprotect(text: str) -> str:
    """Take away the apostrophe that ``protect`` put in front."""
    if text[:1] == "'" and _RISKY_TEXT.match(text, 1):
        return text[1:]
    return text


def safe_cell(cell: Cell) -> str:
    """Return a cell as protected text; numbers keep their sign, None is empty."""
    if cell.__class__ is str:
        return protect(cell)
    return protect(cell) if isinstance(cell, str) else plain_text(cell)


def plain_text(cell: Cell) -> str:
    """Return a cell as text without protection: whole floats lose their ``.0``, None is empty."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _LONGEST_EXACT_INTEGER:
        return str(int(cell))
    return str(cell)


def is_exact_number(cell: Cell) -> bool:
    """Whether a spreadsheet can hold the cell as a number without losing digits."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return False
    return abs(cell) < _LONGEST_EXACT_INTEGER
