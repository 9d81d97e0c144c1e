"""Plate numbers with a suffix beside the quantifier: 32号之一, 32之一号, 94号附1, 12号甲, 12号-3.

They are read before any name, because a name may follow at once (32号之一东方通信大厦). What counts
something else is no suffix: 12号附1单元, 3之2幢, 12号-301; nor is the end of a range (12号-15).
"""

import re

from address_model.elements import Numbered
from address_model.parsing.draft import Draft
from address_model.parsing.rules.plates import PREFIX, rises
from address_model.plate_suffixes import NUMERAL, ORDINALS, read_suffix

_COUNTS_ELSE = rf"(?!{NUMERAL}|[0-9A-Za-z楼层幢栋座单室梯弄支巷路街组邻号#])"
"""What must not follow a suffix: 12号附1单元 and 3之2幢 have none."""
_BEHIND = (
    rf"(?:之(?:[0-9]+|{NUMERAL}+)|附[0-9]+)(?:号(?![楼馆库房桥门路线])|{_COUNTS_ELSE})"
    rf"|之{NUMERAL}+(?=[0-9A-Za-z])|附{NUMERAL}+(?:号(?![楼馆库房桥门路线])|(?![一-龥]))"
)
_SUFFIXED = re.compile(
    rf"(?<![A-Za-z0-9.-])(?P<prefix>{PREFIX})?(?P<number>[A-Za-z]?[0-9]+)"
    rf"(?:[号#](?P<behind>{_BEHIND}|-[0-9]{{1,2}}(?![-、,./;和及至到+米年月]){_COUNTS_ELSE}"
    rf"|-?[{ORDINALS}A-Z](?:号(?![楼馆库房桥门路线厂车仓])|(?![一-龥A-Za-z0-9-])))"
    rf"|-?\(?(?P<ordinal>[{ORDINALS}])\)?号(?![楼馆库房桥门路线])"
    rf"|(?P<inside>[之附](?:[0-9]+|{NUMERAL}+))(?:号(?![楼馆库房桥门路线])"
    rf"|(?![一-龥]){_COUNTS_ELSE}))"
)
_MORE = re.compile(
    rf"[、,和及](?P<next>[之附](?:[0-9]+|{NUMERAL}+))(?:号(?![楼馆库房桥门路线])"
    rf"|(?![一-龥]){_COUNTS_ELSE})"
)
_UNCLEAR = re.compile(r"号之[0-9]+(?:单元|[楼层幢栋座])")
SIGNS = frozenset("之附-ABCDEFGHIJKLMNOPQRSTUVWXYZ" + ORDINALS)


def read_suffixes(draft: Draft) -> None:
    """Claim every plate number that carries a suffix with 之 or 附, or one behind 号."""
    for match in _SUFFIXED.finditer(draft.open):
        prefix, number, behind, inside = match.group("prefix", "number", "behind", "inside")
        value = Numbered(
            number, "号", prefix or "", read_suffix(behind or inside or match["ordinal"])
        )
        if rises(value):
            if behind and not inside:
                draft.doubts.append(f"「{match.group()}」可以是一个副号，也可以是几个门牌")
        else:
            draft.claim("number", *match.span(), value)
            end = match.end()
            while more := _MORE.match(draft.open, end):  # 12号附1、附2号
                further = value._replace(suffix=read_suffix(more["next"]))
                draft.claim("number", more.start("next"), more.end(), further)
                end = more.end()
    if "之" in draft.signs and _UNCLEAR.search(draft.open):
        draft.doubts.append(
            "之 before a number of a unit, floor or building: what it counts is unclear"
        )
