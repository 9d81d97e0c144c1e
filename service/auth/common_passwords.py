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
    return (
        len(set(plain)) < _FEWEST_CHARACTERS
        or not any(character.isalpha() for character in plain)
        or _INITIALS_AND_DIGITS.fullmatch(plain) is not None
        or _is_repeated(plain)
        or _is_in_a_row(plain)
        or any(_holds_little_more(form) for form in (plain, plain.translate(_WRITTEN_FOR)))
    )


def _holds_little_more(form: str) -> bool:
    core = _ENDS.sub("", form)
    words = _words()
    return form in words or (core in words and len(form) - len(core) <= _MOST_AROUND)


def _is_repeated(plain: str) -> bool:
    return plain in (plain + plain)[1:-1]


def _is_in_a_row(plain: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in pairwise(plain)}
    return len(steps) == 1


@cache
def _words() -> frozenset[str]:
    folder = data_folder() / "passwords"
    leaked = gzip.decompress((folder / "common.txt.gz").read_bytes()).decode().split()
    return frozenset(leaked) | frozenset((folder / "pinyin.txt").read_text("utf-8").split())
