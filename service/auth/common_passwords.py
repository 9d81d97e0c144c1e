"""Detects passwords that are guessed first: leaked ones, dates, telephone numbers, initials."""

import gzip
import re
from functools import cache
from itertools import pairwise

from address_model.shipped import data_folder

_WRITTEN_FOR = str.maketrans("@4031!$57+", "aaoeiisstt")
_ENDS = re.compile(r"^[^a-z\u3400-\U0003ffff]*|[^a-z\u3400-\U0003ffff]*$")
_INITIALS_AND_DIGITS = re.compile(r"[a-z]{1,4}[\W_]?\d+|\d+[\W_]?[a-z]{1,4}", re.ASCII)
_FEWEST_CHARACTERS = 5
_MOST_AROUND = 8
"""A common word with up to this many digits and marks around it is still a common password."""


def is_common(password: str) -> bool:
    """Whether a password, in NFKC, is one that is guessed first, ignoring case.

    That is: a listed word, also with digits for letters or up to eight digits and marks around
    it; digits only; initials with a date or telephone number; a repeated piece; a sequence of
    characters; fewer than five different characters.
    """
    plain = password.casefold()
    if (
        len(set(plain)) < _FEWEST_CHARACTERS
        or not any(character.isalpha() for character in plain)
        or _INITIALS_AND_DIGITS.fullmatch(plain) is not None
        or plain in (plain + plain)[1:-1]  # a repeated piece
        or len({ord(after) - ord(before) for before, after in pairwise(plain)}) == 1  # a sequence
    ):
        return True
    words = _words()
    for form in (plain, plain.translate(_WRITTEN_FOR)):
        core = _ENDS.sub("", form)
        if form in words or (core in words and len(form) - len(core) <= _MOST_AROUND):
            return True
    return False


@cache
def _words() -> frozenset[str]:
    folder = data_folder() / "passwords"
    leaked = gzip.decompress((folder / "common.txt.gz").read_bytes()).decode().split()
    return frozenset(leaked) | frozenset((folder / "pinyin.txt").read_text("utf-8").split())
