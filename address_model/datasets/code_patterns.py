"""Patterns of codes: a small part of regular expressions, whose longest match is known.

A pattern is a row of literal characters and classes, each perhaps with a count:
``[0-9]{6}``, ``XF-\\d{4}``, ``[A-Z]{1,2}[0-9]{3}``. There is no choice, no repetition without an
end and no Chinese character, so that what a code can hold is known from its pattern.
"""

import re
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 40
_ATOM: Final = re.compile(r"(?P<digit>\[0-9\]|\\d)|(?P<letter>\[A-Z\])|(?P<literal>[A-Z0-9/-])")
_COUNT: Final = re.compile(r"\{(\d{1,2})(?:,(\d{1,2}))?\}")


class InvalidPattern(ValueError):
    """The text is no pattern of codes; the message says why."""


@dataclass(frozen=True, slots=True)
class CodePattern:
    """A pattern, with the most digits, letters and characters that a code of it has."""

    expression: re.Pattern[str]
    digits: int
    letters: int
    length: int


def read_pattern(text: str) -> CodePattern:
    """Parse a pattern.

    Raises:
        InvalidPattern: it has anything else in it, or lets codes be longer than 40 characters.
    """
    at = digits = letters = length = 0
    made = ""
    while at < len(text):
        atom = _ATOM.match(text, at)
        if atom is None:
            raise InvalidPattern(f"{text[at]!r} at {at + 1} is not known")
        at = atom.end()
        count = _COUNT.match(text, at)
        least = int(count[1]) if count else 1
        most = int(count[2] or count[1]) if count else 1
        at = count.end() if count else at
        if most < least or not most:
            raise InvalidPattern(f"the count before {at + 1} is empty")
        made += "[0-9]" if atom["digit"] else atom[0]
        made += f"{{{least},{most}}}"
        length += most
        is_digit = atom["digit"] or (atom["literal"] or "").isdigit()
        is_letter = atom["letter"] or (atom["literal"] or "").isalpha()
        digits += most if is_digit else 0
        letters += most if is_letter else 0
    if not 0 < length <= LONGEST:
        raise InvalidPattern(f"codes have 1 to {LONGEST} characters, these up to {length}")
    return CodePattern(re.compile(made), digits, letters, length)
