"""Locators: words that say where something lies beside the address, never part of it; mileposts.

旁, 对面, 交叉口, 向东50米, 72.8公里处. They cannot earn a plate.
"""

import re

from address_model.parsing.draft import Draft

_MILEPOST = re.compile(
    r"[Kk]?[0-9]+(?:\.[0-9]+)?(?:公里|千米|KM|km)(?:\+[0-9]+米?)?(?:处|路段)?"
    r"|[Kk][0-9]+\+[0-9]+(?:米)?处?"
)
MILE_SIGNS = frozenset("公千Kk")
LOCATOR_SIGNS = frozenset("对交旁边隔附侧面口里内楼以向往东南西北左右")
_LOCATOR_SIGN = re.compile(f"[{''.join(sorted(LOCATOR_SIGNS))}]")
_LOCATOR = re.compile(
    r"(?:斜|正)?对面|交叉路?口|交汇处|交界[处口]|交叉处|交口|旁边?|隔壁|附近|边上"
    r"|[东南西北左右]侧|[东南西北]面|[左右]边|大?门口$|(?:路|村|巷|弄)口$|后面|前面|里面|内$|楼[上下]$"
    r"|[以向往]?[东南西北]{1,2}[约]?[0-9]+米(?:处)?|以[东南西北]"
)


def read_mileposts(draft: Draft) -> None:
    """Claim mileposts."""
    for match in _MILEPOST.finditer(draft.open):
        draft.claim("milepost", *match.span())


def read_locators(draft: Draft) -> None:
    """Claim locators."""
    if not _LOCATOR_SIGN.search(draft.open):
        return
    for match in _LOCATOR.finditer(draft.open):
        draft.claim("locator", *match.span())
