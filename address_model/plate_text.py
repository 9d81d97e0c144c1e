"""What a person types or pastes off a plate: its address code, its token, or what its QR says."""

import re
import unicodedata
from dataclasses import dataclass

from address_model.codes import parse_code
from address_model.tokens import find_token

LONGEST = 300
"""Characters that are looked at: a pasted address with a few words about it."""

_PATH_PART = re.compile(r"(?<!/)/([0-9A-Za-z]{10}|[0-9]{16})(?![0-9A-Za-z.])")
"""A part of the path of a web address, never its host, which stands behind two strokes."""
_SIXTEEN = re.compile(r"(?<![0-9])(?:[0-9][\s\-·.‐-―]{0,3}){15}[0-9](?![0-9])")


@dataclass(frozen=True, slots=True)
class PlateText:
    """Which plate or address is meant: a token (folded) or a code (16 digits), the other empty."""

    token: str = ""
    code: str = ""


def read_plate_text(text: str) -> PlateText | None:
    """Read what was typed or pasted; None when it is neither code, token nor a page of a plate.

    Blanks, dashes, case and full-width characters do not matter, nor the host, query or words
    around a web address, as chats paste them.

    Raises:
        InvalidCode: it is meant as a code, but a digit of it is wrong.
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
