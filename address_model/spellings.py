"""Folds spellings for search: traditional, variant and full-width characters are equal."""

import re
from functools import cache

from opencc import OpenCC

from address_model.normal_form import normalise

_OPENCC = OpenCC("t2s")
_HANZI = ((0x3400, 0x4DC0), (0x4E00, 0xA000))
_SIGNS = (
    (0x21, 0x7F),
    (0xB7, 0xB8),
    (0x2010, 0x2100),
    (0x3000, 0x3030),
    (0xF900, 0xFB00),
    (0xFE30, 0xFFF0),
)
"""Punctuation, compatibility and full-width characters, as ranges of code points."""
_BLANKS = "[ \t\u00a0\u3000]*"
"""Blanks allowed between the characters of a stored name."""


class _Folds(dict[int, str]):
    """Folded form by character, filled on first use. Blanks are dropped."""

    def __missing__(self, code: int) -> str:
        normal = normalise(chr(code)).text
        self[code] = str(_OPENCC.convert(normal)) if normal else ""
        return self[code]


_FOLDS = _Folds()


def fold_spelling(text: str) -> str:
    """The search form of a name: 烏鎮, 烏 鎮 and 乌镇 are equal.

    Wider than ``normalise``, which keeps 乾 and 後 because 乾元镇 is not 干元镇; a search for
    either finds both. The folded form is never stored or shown.
    """
    return text.translate(_FOLDS)


def spelling_pattern(text: str) -> str:
    """A regular expression, valid in PostgreSQL and Python, for every spelling of a text.

    A traditional name finds a simplified one and vice versa, whatever is stored. Empty,
    and so matching everything, for a blank text.
    """
    spelled = _spellings()
    choices = ("".join(map(re.escape, spelled.get(c, "") + c)) for c in fold_spelling(text))
    return _BLANKS.join(f"[{one}]" for one in choices)


@cache
def _spellings() -> dict[str, str]:
    """The other characters that a character is written as."""
    found: dict[str, str] = {}
    hanzi = [chr(code) for first, end in _HANZI for code in range(first, end)]
    # converting all at once takes a fifteenth of the time
    written = str(_OPENCC.convert("\n".join(hanzi))).split("\n")
    pairs = [(one, folded) for one, folded in zip(hanzi, written, strict=True) if one != folded]
    signs = [chr(code) for first, end in _SIGNS for code in range(first, end)]
    for one, folded in [*pairs, *((sign, fold_spelling(sign)) for sign in signs)]:
        if len(folded) == 1 and folded != one:
            found[folded] = found.get(folded, "") + one
    return found
