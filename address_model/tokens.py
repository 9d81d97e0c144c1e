"""Plate tokens: ten characters of Crockford base32 (50 bits), as printed in the QR code."""

import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10

SAMPLE = "0" * LENGTH
"""The token of samples and previews; no plate ever has it."""

_FOLD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_TOKEN = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def find_token(text: str) -> str | None:
    """Return the token in a typed or scanned text, or None.

    Case is ignored, spaces and dashes are dropped, and the letters that look like digits are
    folded (O→0, I and L→1), after Crockford, "Base 32", https://www.crockford.com/base32.html.
    """
    folded = fold_token(text)
    return folded if _TOKEN.fullmatch(folded) else None


def fold_token(text: str) -> str:
    """A typed text as it would stand in a token, whatever its length."""
    return text.strip().replace(" ", "").replace("-", "").upper().translate(_FOLD)


def token_from_bytes(raw: bytes) -> str:
    """Encode 50 bits of seven random bytes as a token."""
    number = int.from_bytes(raw[:7], "big") >> 6
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(45, -1, -5))
