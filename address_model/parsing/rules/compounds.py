"""Names with dots, letters or figures in them: 绿城·桃花源, 智慧E谷, LOFT49创意园, 阳光100小区.

They are read before anything is counted, so that no letter or figure of a name becomes a number. A
figure that may be a plate's (文三路138东方大厦) is no beginning of a name.
"""

import re

from address_model.parsing.draft import Draft, marks
from address_model.parsing.rules.names import ESTATES, ZONES

_HANZI = "(?:(?![路街巷弄号幢栋室])[一-龥])"
_LEFT = "(?:(?![路街巷弄道镇乡村区县市省号幢栋室])[一-龥])"
_COUNTED = (
    "(?=[A-Za-z]?[0-9]|[A-Za-z]{1,2}[幢栋座楼区]|[东西南北一二三四五六七八九十]+[区期]|[(,]|$)"
)
_WORDS = f"(?:{ZONES}|{ESTATES})"
_NO_COUNT = "(?![座幢栋区楼号室单层馆厅排组期地块路街线])"
_BEHIND_DIVISION = marks("province", "city", "county", "township", "community")
_JOINED = re.compile(rf"{_LEFT}{{2,6}}(?:[.&]|-(?=[一-龥])){_HANZI}{{1,9}}?{_COUNTED}")
_LATIN_INSIDE = re.compile(
    rf"(?<![0-9A-Za-z一二三四五六七八九十])(?![楼层座元]){_LEFT}{{1,8}}(?<![东西南北])[A-Za-z]{{1,10}}{_NO_COUNT}(?:{_HANZI}{{0,9}}?{_WORDS}|{_HANZI}{{1,6}}{_COUNTED})"
)
_LATIN_FRONT = re.compile(
    rf"(?<![0-9A-Za-z])(?:[A-Za-z]+[0-9]*(?:[&.-][A-Za-z0-9]+)*|(?<=[{_BEHIND_DIVISION}])[0-9]{{3,4}})"
    rf"{_NO_COUNT}{_HANZI}{{0,9}}?{_WORDS}"
)
_FIGURE_INSIDE = re.compile(
    rf"{_LEFT}{{2,6}}[0-9]{{2,4}}(?:小区|花园|公寓|新村|广场|大厦|中心|家园|创意园|产业园|园区|商城)"
)
_LETTER = re.compile("[A-Za-z]")
SIGNS = frozenset(".&-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_FIGURES = frozenset("0123456789")


def read_compounds(draft: Draft) -> None:
    """Claim names of estates that hold a dot, a letter or a figure."""
    patterns = []
    if not _DOTS.isdisjoint(draft.signs):
        patterns.append(_JOINED)
    if _LETTER.search(draft.open):
        patterns += [_LATIN_INSIDE, _LATIN_FRONT]
    elif not _FIGURES.isdisjoint(draft.signs):
        patterns.append(_LATIN_FRONT)
    if not _FIGURES.isdisjoint(draft.signs):
        patterns.append(_FIGURE_INSIDE)
    for pattern in patterns:
        for match in pattern.finditer(draft.open):
            draft.claim("estate", *match.span())


_DOTS = frozenset(".&-")
