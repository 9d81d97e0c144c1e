"""Address codes (地址编码): 16 digits = issuing county + scattered serial + MOD 97-10 check digits.

The rule: digits 1-6 are the county (GB/T 2260) at issue and never change; 7-14 are a serial
scattered by a keyed permutation of a counter, so that codes of one street are not consecutive;
15-16 are check digits after ISO 7064 MOD 97-10 (GB/T 17710-2008), which catch every single wrong
digit and every transposition of two adjacent digits.
"""

import hashlib
import re
from dataclasses import dataclass

SERIALS = 10**8
"""Serials per county."""

_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_SEPARATORS = re.compile(r"[\s\-·.‐-―　]+")
_HALF = 10**4
_ROUNDS = 6
_MANY = 1_000
"""Number of codes from which tabulating the permutation costs less than hashing."""


class InvalidCode(ValueError):
    """The text is not an address code; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class AddressCode:
    """An address code that has passed its checks."""

    digits: str

    @property
    def county(self) -> str:
        """The six-digit county that issued the code; not necessarily today's county."""
        return self.digits[:6]

    @property
    def serial(self) -> str:
        """The eight-digit scattered serial."""
        return self.digits[6:14]

    def __str__(self) -> str:
        return self.digits


def check_digits(body: str) -> str:
    """Return the two check digits (02…98) of a 14-digit body: 98 − (body × 100 mod 97)."""
    return f"{98 - int(body) * 100 % 97:02d}"


def parse_code(text: str) -> AddressCode:
    """Read a code as people write it (spaces, dashes, full-width digits).

    Raises:
        InvalidCode: the text does not have 16 digits, or its check digits are wrong.
    """
    digits = _SEPARATORS.sub("", text).translate(_FULL_WIDTH)
    if not re.fullmatch(r"[0-9]{16}", digits):
        raise InvalidCode(f"an address code has 16 digits, this has {len(digits)}: {text[:40]!r}")
    if check_digits(digits[:14]) != digits[14:]:
        raise InvalidCode(
            f"the check digits of {format_code(digits)} are wrong: one digit was mistyped "
            "or two were swapped; compare it with the plate"
        )
    return AddressCode(digits)


def format_code(code: AddressCode | str) -> str:
    """Write a code in four groups, as printed on the plate: ``3301 0612 3456 7833``."""
    digits = str(code)
    return f"{digits[:4]} {digits[4:8]} {digits[8:12]} {digits[12:]}"


def make_code(county: str, counter: int, key: bytes) -> AddressCode:
    """Return the code of the counter's position in a county's code space.

    Args:
        county: six digits (GB/T 2260).
        counter: 0 … 99,999,999; each value gives another code.
        key: the secret of the county's code space; it must never change.
    """
    return _code_of(county, scatter(counter, key))


def make_codes(county: str, counters: range, key: bytes) -> list[AddressCode]:
    """Like ``make_code`` for several counters; for many the permutation is tabulated."""
    if len(counters) >= _MANY and key not in _TABLES:
        if len(_TABLES) >= 256:
            _TABLES.clear()
        _TABLES[key] = tuple(  # 60,000 hashes, about 60 ms
            tuple(_round(key, number, half) for half in range(_HALF)) for number in range(_ROUNDS)
        )
    tables = _TABLES.get(key)
    if tables is None or counters.start < 0 or counters.stop > SERIALS:
        return [make_code(county, counter, key) for counter in counters]
    lefts = [counter // _HALF for counter in counters]
    rights = [counter % _HALF for counter in counters]
    for table in tables:
        added = [(left + table[right]) % _HALF for left, right in zip(lefts, rights, strict=True)]
        lefts, rights = rights, added
    halves = zip(lefts, rights, strict=True)
    return [_code_of(county, left * _HALF + right) for left, right in halves]


def _code_of(county: str, serial: int) -> AddressCode:
    body = f"{county}{serial:08d}"
    return AddressCode(body + check_digits(body))


def scatter(counter: int, key: bytes) -> int:
    """Permute 0 … 99,999,999 by a keyed Feistel network on two four-digit halves (a bijection).

    After Black and Rogaway, "Ciphers with Arbitrary Finite Domains" (2002), generalised Feistel.

    Raises:
        ValueError: the counter lies outside the county's code space.
    """
    if not 0 <= counter < SERIALS:
        raise ValueError(f"counter {counter} lies outside 0 … {SERIALS - 1}")
    left, right = divmod(counter, _HALF)
    tables = _TABLES.get(key)
    for number in range(_ROUNDS):
        added = tables[number][right] if tables else _round(key, number, right)
        left, right = right, (left + added) % _HALF
    return left * _HALF + right


_TABLES: dict[bytes, tuple[tuple[int, ...], ...]] = {}


def _round(key: bytes, number: int, half: int) -> int:
    text = bytes([number]) + half.to_bytes(2, "big")
    return int.from_bytes(hashlib.blake2b(text, key=key, digest_size=8).digest()) % _HALF
