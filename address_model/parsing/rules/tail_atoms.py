"""The atoms of a numbered tail: each number with what stands before it and its quantifier."""

import re
from typing import NamedTuple

from address_model.parsing.rules.plates import PREFIX
from address_model.plate_suffixes import ORDINALS

BUILDINGS = (
    "号楼", "号馆", "号厂房", "号车间", "号办公楼", "号仓库", "号库", "号搂",
    "#楼", "幢", "栋", "懂", "撞", "座", "排", "塔楼",
)  # fmt: skip
UNITS = ("单元", "梯", "街")
FLOORS = ("楼", "层", "F", "f")
ROOMS = (
    "室", "号室", "市", "号房间", "号房", "房间", "房", "店铺", "店", "铺位", "铺", "间", "户",
    "商铺", "店面", "营业房", "商位", "摊位", "展位", "车位",
    "号商位", "号营业房", "号店面", "号商铺", "号摊位", "号门面", "号铺", "号店",
    "号车库", "号车位", "号仓",
)  # fmt: skip
_WORDED = "|".join(sorted((word for word in ROOMS if word[0] == "号"), key=len, reverse=True))
_ATOM = re.compile(
    rf"(?=[0-9A-Za-z临附甲乙丙丁戊新老之第东西南北中一二三四五六七八九十])(?P<prefix>(?:{PREFIX}"
    rf"|之)(?=[0-9]))?第?"
    r"(?P<code>[0-9]{1,2}[Ff](?=[室座])|(?<=[0-9])[一二三四五六七八九十]+(?=[楼层号室幢栋])"
    r"|[0-9]{1,2}[A-Za-z][0-9]{1,2}(?![0-9A-Za-z])|[0-9]{1,3}[A-Za-z](?=[0-9]{3})"
    r"|[0-9]{1,2}[A-Za-z]{2}(?=[座幢])|(?<=[0-9]-)[A-Za-z](?![0-9A-Za-z])"
    r"|(?<=[楼层])[A-Za-z](?=$)|[东西南北中][0-9]++(?=梯)"
    rf"|[A-Za-z]{{0,2}}[0-9]++(?:[A-EG-Za-eg-z{ORDINALS}](?![0-9A-Za-z]))?"
    r"|(?<![A-Za-z])[A-Za-z]{1,2}(?=[幢栋座楼单馆-])|(?:(?<=号)"
    rf"|(?<![一-龥]))[{ORDINALS}东西南北](?=[幢座单]))"
    rf"(?P<quantifier>\)?(?:{'|'.join(BUILDINGS)}|单元|梯(?!口|队)|街|[楼层](?!梯)|[Ff](?![A-Za-z区室座])"
    rf"|室|市(?=$)|{_WORDED}|房间?(?!地)|店铺|店面|店(?!口)|商铺|营业房|[商展摊车]位|铺位?(?!面)|间|户|号(?![路桥线]|门(?!牌|口))|\#))?"
    r"(?(quantifier)|(?![期区米环年月元点路线厂巷弄岁型人小大条]|号[门桥]|公里|千米|国道|省道|\+))"
)


class Atom(NamedTuple):
    """One number of a tail."""

    start: int
    end: int
    prefix: str
    code: str
    quantifier: str
    tied: bool
    """Only a dash stands between it and the atom before."""


def find_runs(text: str) -> list[list[Atom]]:
    """The numbers of the open text, in stretches that nothing but dashes and blanks interrupts."""
    runs: list[list[Atom]] = []
    last = -1
    for match in _ATOM.finditer(text):
        prefix, code, quantifier = match.groups("")
        quantifier = quantifier.lstrip(")")  # (15-1)室
        start, end = match.span()
        gap = text[last:start] if last >= 0 else "x"
        if gap.strip("- "):
            runs.append([Atom(start, end, prefix, code, quantifier, tied=False)])
        else:
            tied = "-" in gap
            runs[-1].append(Atom(start, end, prefix, code, quantifier, tied))
        last = end
    return runs
