"""Lanes: 弄, 支弄, 巷 with a number, in a chain (30弄1支弄)."""

import re

from address_model.elements import Numbered
from address_model.parsing.draft import Draft

SIGNS = frozenset("弄巷")
_LANE = re.compile(r"([0-9]+(?:-[0-9]+)?)(支弄|支巷|弄|巷|(?<=[0-9])之弄)")


def read_lanes(draft: Draft) -> None:
    """Claim every numbered lane."""
    for match in _LANE.finditer(draft.open):
        number, quantifier = match.groups()
        if quantifier == "之弄":
            quantifier = "支弄"
            draft.reasons.append("之弄 was read as 支弄")
        draft.claim("lane", *match.span(), Numbered(number, quantifier))
