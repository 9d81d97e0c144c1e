"""Things that have an address of their own (事物地址): their kinds, and how they are written.

A thing stands last in an address: ``人民路12号路灯`` is lamp 12 of 人民路, ``人民路12号AED`` the
defibrillator at door 12. It is a ``Numbered`` whose quantifier is its kind, with 号 before it where
it has a number (``12``, ``号路灯``), as ``3号楼`` is number 3 and quantifier 号楼.

GA/T 2000.32 knows addresses of things and lists no kinds in the parts that were read; the kinds are
those that Chinese cities hang plates on (路灯杆牌, 交通设施牌) and that Korea gives addresses to.
"""

import re
from dataclasses import dataclass
from typing import Final

from address_model.elements import Numbered
from address_model.plate_suffixes import ORDINALS


@dataclass(frozen=True, slots=True)
class ThingKind:
    """A row of the table of kinds.

    ``counts``: things of the kind are numbered along their street, so that the number before the
    word is the thing's, never a door's. ``needs_number``: without one it cannot be identified.
    ``words`` are synonyms, which the text keeps. ``design`` is its plate design.
    """

    code: str
    name: str
    name_en: str
    words: tuple[str, ...] = ()
    counts: bool = False
    needs_number: bool = False
    design: str = "small"


KINDS: Final = (
    ThingKind("lamp", "路灯", "Street lamp", ("路灯杆", "灯杆"), True, True, "lamp"),
    ThingKind(
        "bus_stop",
        "公交站",
        "Bus stop",
        ("公交车站", "公交站台", "公交站点", "候车亭"),
        counts=True,
        design="stop",
    ),
    ThingKind("hydrant", "消火栓", "Fire hydrant", ("消防栓",), True, True),
    ThingKind("camera_pole", "监控杆", "Camera pole", ("监控立杆",), True, True),
    ThingKind("signal", "信号灯", "Traffic signal", ("红绿灯",), True, True),
    ThingKind("manhole", "窨井", "Manhole", ("窨井盖", "井盖"), True, True),
    ThingKind("power_cabinet", "配电箱", "Power cabinet", ("变电箱", "箱变"), True, True),
    ThingKind("aed", "AED", "AED", ("自动体外除颤器", "除颤仪", "除颤器"), design="aed"),
    ThingKind("charger", "充电桩", "Charging point", ("充电站",)),
    ThingKind("toilet", "公厕", "Public toilet", ("公共厕所", "公共卫生间")),
    ThingKind("shelter", "应急避难场所", "Emergency shelter", ("避难场所", "应急避难点")),
    ThingKind("waste_point", "垃圾分类点", "Waste point", ("垃圾投放点", "垃圾房")),
    ThingKind("fitness", "健身点", "Fitness point", ("健身器材点",)),
    ThingKind("bicycle_point", "公共自行车点", "Bicycle point", ("公共自行车站点",)),
    ThingKind("post_box", "邮筒", "Post box", ("信筒",)),
    ThingKind("kiosk", "报刊亭", "Kiosk"),
)
"""All kinds."""

KIND_OF: Final = {word: row for row in KINDS for word in (row.name, *row.words)}
"""The kind of every word."""

_SIGNS: Final = frozenset(word[-1] for word in KIND_OF)
_WORDS = "|".join(sorted(KIND_OF, key=len, reverse=True))
_NUMBER = r"[A-Za-z]?[0-9]{1,6}(?:-[0-9]{1,4})?[A-Za-z]?"
_THING = re.compile(rf"(?:(?P<number>{_NUMBER})(?P<mark>号))?(?P<kind>{_WORDS})$", re.IGNORECASE)
_DOOR = re.compile(
    rf"(?:[0-9A-Za-z{ORDINALS}](?:号楼?|幢|栋|座|单元|层|楼|室)|号(?:之[^号]{{1,3}}|附[0-9]+号?))$"
)
"""What must precede a thing's own number if its kind does not count along the street."""

_JOINED = frozenset("附之临新老")
"""Before a number these make it part of a door number: 12号附1号."""


def make_thing(kind: str, number: str = "") -> Numbered | None:
    """A thing of a kind (a word of the table) and number; None for an unknown kind."""
    word = kind.upper() if kind.isascii() else kind
    if word not in KIND_OF:
        return None
    return Numbered(number, f"号{word}" if number else word)


def kind_of(thing: Numbered) -> ThingKind:
    """The kind of a thing, from its quantifier."""
    return KIND_OF[thing.quantifier.removeprefix("号")]


def fold_thing(quantifier: str) -> str:
    """A thing's quantifier with the first word of its kind: 号灯杆 is 号路灯."""
    word = quantifier.removeprefix("号")
    kind = KIND_OF.get(word)
    return quantifier if kind is None else quantifier[: -len(word)] + kind.name


def find_thing(text: str) -> tuple[int, Numbered] | None:
    """The thing at the end of a normalised text, with its start; None without one."""
    if text[-1:].upper() not in _SIGNS:
        return None
    found = _THING.search(text)
    if found is None:
        return None
    word = found["kind"].upper() if found["kind"].isascii() else found["kind"]
    kind, number = KIND_OF[word], found["number"]
    counts = kind.counts and text[found.start() - 1 : found.start()] not in _JOINED
    if number and (counts or _DOOR.search(text, 0, found.start())):
        return found.start(), Numbered(number.upper(), f"号{word}")
    return found.start("kind"), Numbered("", word)
