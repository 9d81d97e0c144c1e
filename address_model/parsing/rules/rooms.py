"""Shops, stalls, garages, attics and floors with a name: what is numbered beside a word.

A word before the number belongs to it (车库12号, 商铺41号), and so does one behind it (3F-K号商铺,
57号仓, see ``tail_atoms``). 底层, 夹层 and 阁楼 are floors, 西起第八间 and 楼梯口左起第一间 rooms.
"""

import re

from address_model.elements import Numbered
from address_model.parsing.draft import Draft, marks

WORDS = (
    "商铺", "店面", "店铺", "门面", "营业用房", "营业房", "门市部", "商位", "展位",
    "网点", "车库", "车位", "车棚",
    "储藏室", "储藏间", "仓库", "库房", "柴间", "商场", "底商", "楼下", "地下室", "摊位", "铺位",
)  # fmt: skip
_WORD = "|".join(WORDS)
_INSIDE = marks("estate", "number", "building", "unit", "floor", "organisation", "other")
_WORDED = re.compile(
    rf"(?<=[{_INSIDE}幢栋座号楼层元室])(?P<word>{_WORD}|库|铺)(?P<number>[A-Za-z]?[0-9]+(?:-[A-Za-z]?[0-9]+)*)"
    r"(?P<quantifier>号|室|间|#)?(?![0-9A-Za-z、,楼幢])"
)
_STOREY = re.compile(
    rf"(?<=[{_INSIDE}0-9号幢栋座])(?:(?P<name>底|阁|夹|架空|顶|跃)(?P<kind>层|楼)|地下室)"
)
_NTH = re.compile(
    r"(?:楼梯口|电梯口)?(?:[东西南北左右]{1,2}[首侧边]?起?)?第[一二三四五六七八九十0-9]+间(?:店面|商铺)?"
)
SIGNS = frozenset("铺面房部位点库棚室间场商下层楼")


def read_rooms(draft: Draft) -> None:
    """Claim floors and rooms that a word names or numbers."""
    for match in _WORDED.finditer(draft.open):
        number, quantifier = match["number"], match["quantifier"] or ""
        draft.claim("room", *match.span(), Numbered(number, quantifier, match["word"]))
    for match in _STOREY.finditer(draft.open):
        draft.claim(
            "floor", *match.span(), Numbered(match["name"] or "地下", match["kind"] or "室")
        )
    for match in _NTH.finditer(draft.open):
        draft.claim("room", *match.span(), Numbered(match.group()))
