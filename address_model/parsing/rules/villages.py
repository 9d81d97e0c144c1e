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
    _read_bare_community(draft)
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


def _read_bare_community(draft: Draft) -> None:
    """A registered community whose suffix was left out, straight after its township."""
    township = draft.division
    if township is None or township.level != TOWNSHIP:
        return
    place = max([claim.end for claim in draft.claims])
    if draft.open[place : place + 2] not in _beginnings(draft.gazetteer, township):
        return
    names = draft.gazetteer.communities[township.code]
    match = _BARE.match(draft.open, place)
    longest = match.end() - place if match else 0
    for length in range(min(6, longest), 1, -1):
        end = place + length
        if draft.text[place:end] in names and not _GOES_ON.match(draft.open, end):
            draft.claim("community", place, end)
            return


@lru_cache(maxsize=4096)
def _beginnings(gazetteer: Gazetteer, township: Division) -> frozenset[str]:
    """The first two characters of the names of a township's communities."""
    return frozenset(name[:2] for name in gazetteer.communities.get(township.code, ()))
