"""Account names: what people type to sign in."""

import re
import unicodedata

from service.core.errors import BadRequest

_NAME = re.compile(r"[0-9a-z\u4e00-\u9fff][0-9a-z._\u4e00-\u9fff-]{1,31}")


_TAKEN = frozenset({"new"})
"""Reserved: paths beside those of accounts (/admin/accounts/new)."""


def fold_name(text: str) -> str:
    """The normalised form in which names are stored and compared."""
    return unicodedata.normalize("NFKC", text).strip().casefold()[:64]


def require_name(text: str) -> str:
    """The folded name.

    Raises:
        BadRequest: it is not a valid name.
    """
    name = fold_name(text)
    if name in _TAKEN:
        raise BadRequest(
            f"{text!r} is reserved for a page",
            hint="choose another name",
            zh=f"“{name}”是系统自己用的名字，请换一个。",
            field="name",
        )
    if not _NAME.fullmatch(name):
        raise BadRequest(
            f"{text!r} cannot be the name of an account",
            hint="take 2 to 32 letters, digits, Chinese characters, dots or hyphens",
            field="name",
        )
    return name
