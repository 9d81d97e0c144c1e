"""Reads what a person types or pastes from a plate: address code, token or QR text."""

import re
import unicodedata
from dataclasses import dataclass

from address_model.codes import parse_code
from address_model.tokens import find_token

LONGEST = 300
"""Number of characters read: a pasted web address with a few words around it."""

_PATH_PART = re.compile(r"(?<!/)/([0-9A-Za-z]{10}|[0-9]{16})(?![0-9A-Za-z.])")
"""A segment of a URL path, never the host, which follows two slashes."""
_SIXTEEN = re.compile(r"(?<![0-9])(?:[0-9][\s\-·.‐-―]{0,3}){15}[0-9](?![0-9])")


@dataclass(frozen=True, slots=True)
class PlateText:
    """A folded token or a 16-digit code; the other is empty."""

    token: str = ""
    code: str = ""


def read_plate_text(text: str) -> PlateText | None:
    """Read a typed or pasted text; None when it is neither code, token nor plate URL.

    Blanks, dashes, case, full-width characters, and the host, query and words around a URL are
    ignored.

    Raises:
        InvalidCode: it looks like a code, but a digit is wrong.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).strip()
    token = find_token(plain)
    if token is not None:
        return PlateText(token=token)
    for part in _PATH_PART.findall(plain):
        if len(part) == 16:
            return PlateText(code=parse_code(part).digits)
        token = find_token(part)
        if token is not None:
            return PlateText(token=token)
    sixteen = _SIXTEEN.search(plain)
    if sixteen is None:
        return None
    return PlateText(code=parse_code(sixteen.group()).digits)
