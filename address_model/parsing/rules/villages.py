"""Communities, villages and groups under the township.

A name with 社区, 居委会, 村委会 or 村 is a community; 自然村 and a second 村 are natural villages;
组 and 邻 with a number are groups. A community may stand without its suffix when the register
knows it under the township.
"""

import re
from functools import lru_cache

from address_model.divisions import TOWNSHIP, Division
from address_model.elements import Numbered
from address_model.gazetteer import Gazetteer
from address_model.parsing.draft import Draft

_NAME = r"(?<![0-9])(?:(?![号弄幢栋室])[一-龥])"
_VILLAGE = re.compile(
    rf"{_NAME}{{1,7}}?(?:自然村|村民委员会|居民委员会|村委会|居委会|(?<!小)社区"
    rf"|(?<![新农])村(?!民|委|路|街|大道|巷|口|镇|村))"
)
_SIGNS = frozenset("村社会组邻")
_GROUP = re.compile(r"(?:第)?([0-9]+)(村民小组|小组|组|邻)(?!团)")
_GOES_ON = re.compile(r"[村社居路街小新大花公工东西南北中]|自然村")
_BARE = re.compile(r"[一-龥]+")


def read_villages(draft: Draft) -> None:
    """Claim communities, natural villages and groups."""
    township = draft.division
    if township is not None and township.level == TOWNSHIP:
        # A registered community whose suffix was left out, straight after its township.
        place = max([claim.end for claim in draft.claims])
        is_begun = draft.open[place : place + 2] in _beginnings(draft.gazetteer, township)
        match = _BARE.match(draft.open, place) if is_begun else None
        if match:
            names = draft.gazetteer.communities[township.code]
            for end in range(min(place + 6, match.end()), place + 1, -1):
                if draft.text[place:end] in names and not _GOES_ON.match(draft.open, end):
                    draft.claim("community", place, end)
                    break
    if _SIGNS.isdisjoint(draft.signs):
        return
    seen = draft.has("community")
    for match in _VILLAGE.finditer(draft.open):
        natural = match.group().endswith("自然村") or (seen and match.group().endswith("村"))
        draft.claim("natural_village" if natural else "community", *match.span())
        seen = True
    if "组" not in draft.open and "邻" not in draft.open:
        return
    for match in _GROUP.finditer(draft.open):
        draft.claim(
            "group",
            *match.span(),
            Numbered(match.group(1), "组" if match.group(2) != "邻" else "邻"),
        )


@lru_cache(maxsize=4096)
def _beginnings(gazetteer: Gazetteer, township: Division) -> frozenset[str]:
    """The first two characters of the names of a township's communities."""
    return frozenset(name[:2] for name in gazetteer.communities.get(township.code, ()))
