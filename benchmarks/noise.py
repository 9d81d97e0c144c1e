"""Generates noisy addresses, and near misses that are not addresses of the register."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from opencc import OpenCC
from pypinyin import lazy_pinyin

from address_model.elements import Elements, Numbered, division_names, local_text, standard_text
from address_model.gazetteer import load_gazetteer
from address_model.pinyin import spell_name

SHAPES = dict(
    zip(
        "湖清江城塘杨阳东元王大日未末人土士干天石园河沙波浪通滨桥枫抚明村林校正民永莲蓝虹西门间长丽",
        "糊情汪域糖扬阴车无玉太曰末未入士土千夫右圆何纱坡狼涌宾侨机扶朋材休较止氏水连篮红酉闩问张两",
        strict=True,
    )
)
"""One look-alike per character, made for this measurement only."""

SHOPS = ("示例便利店", "(甲乙面馆)", "某某科技有限公司", "示例大药房")
_SPECIFIC = "翠屏鹤鸣梧栖蒲岚霁松澜箬溪鹭洲棠梨苕云岫枕"
_TO_TRADITIONAL = OpenCC("s2t")
_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_WIDE = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})


@dataclass(frozen=True, slots=True)
class Held:
    """One address of the register that a resolver should find.

    ``townships`` are those of its place, ``namesakes`` those of other places with the name.
    """

    code: str
    county: str
    elements: Elements
    townships: frozenset[str] = frozenset()
    namesakes: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """Its standard text."""
        return standard_text(self.elements)


@dataclass(frozen=True, slots=True)
class Query:
    """A text, its kind of noise, and the code it means (empty: no address)."""

    text: str
    noise: str
    code: str


Noises = Mapping[str, Callable[["Writer", Held], str]]
Misses = Mapping[str, Callable[["Writer", Held], Elements | None]]


class Writer:
    """Writes noisy texts; all choices come from one seeded generator."""

    def __init__(
        self, register: Sequence[Held], former: Mapping[str, Sequence[str]], seed: int
    ) -> None:
        self.random = Random(seed)
        self.register = register
        self.former = former
        self.by_sound: dict[str, list[str]] = {}
        self.numbers: dict[tuple[str, str], set[str]] = {}
        self.counties: dict[str, set[str]] = {}
        self.county_names = {held.county: held.elements for held in register}
        self.by_county: dict[str, list[Held]] = {}
        for character in sorted({c for held in register for c in held.elements.street}):
            self.by_sound.setdefault(lazy_pinyin(character)[0], []).append(character)
        for held in register:
            street = held.elements.street
            self.by_county.setdefault(held.county, []).append(held)
            numbered = held.elements.number or held.elements.building
            bare = re.match(r"\d*", numbered.number).group() if numbered else ""  # type: ignore[union-attr]
            self.numbers.setdefault((held.county, street), set()).add(bare)
            self.counties.setdefault(street, set()).add(held.county)

    def in_county(self, county: str) -> list[Held]:
        """The register's addresses of a county."""
        return self.by_county.get(county, [])

    def write(self, held: Held, noises: Noises | None = None) -> Query | None:
        """One noisy text of an address, or None if the chosen noise does not apply."""
        kinds = noises or NOISES
        noise = self.random.choice(list(kinds))
        text = kinds[noise](self, held)
        if not text or (text == held.text and noise != "as it is"):
            return None
        if noise in ("homophone", "shape", "pinyin") and self.random.random() < 0.5:
            text = text.removeprefix(held.elements.province)
        return Query(text, noise, held.code)

    def miss(self, held: Held, misses: Misses | None = None) -> Query | None:
        """One near miss of an address, or None if none can be made from it."""
        kinds = misses or MISSES
        kind = self.random.choice(list(kinds))
        elements = kinds[kind](self, held)
        if elements is None:
            return None
        text = standard_text(elements)
        if self.random.random() < 0.5:
            text = text.removeprefix(elements.province)
        return Query(text, kind, "")


def _as_it_is(_: Writer, held: Held) -> str:
    return held.text


def _drop(writer: Writer, held: Held) -> str:
    names = division_names(held.elements)
    drop = writer.random.choice(("province", "upper", "town", "upper and town"))
    kept = list(names)
    if drop == "province":
        kept = kept[1:]
    elif drop == "upper":
        kept = kept[2:]
    # Numbers count within a village: without it there is no address.
    below = [held.elements.township]
    if held.elements.thoroughfare or held.elements.estate:
        below.append(held.elements.community)
    if "town" in drop:
        kept = [name for name in kept if name not in below]
    if drop == "upper and town":
        kept = kept[2:]
    return "".join(kept) + local_text(held.elements)


def _former(writer: Writer, held: Held) -> str:
    names = writer.former.get(held.county, ())
    if not names:
        return ""
    old = writer.random.choice(list(names))
    return standard_text(held.elements._replace(county=old, township=""))


def _traditional(_: Writer, held: Held) -> str:
    return str(_TO_TRADITIONAL.convert(held.text))


def _wide(_: Writer, held: Held) -> str:
    return held.text.translate(_WIDE)


def _numerals(_: Writer, held: Held) -> str:
    return re.sub(
        r"\d+(?=号|幢|单元|室|弄)", lambda m: m.group().translate(_DIGITS), held.text, count=1
    )


def _quantifiers(writer: Writer, held: Held) -> str:
    text = held.text
    for one, others in (("幢", ("栋", "号楼", "座")), ("室", ("房", "")), ("号", ("#", ""))):
        if one in text:
            return writer.random.choice(others).join(text.rsplit(one, 1))
    return ""


def _homophone(writer: Writer, held: Held) -> str:
    return _mistype(
        writer, held, lambda c: [o for o in writer.by_sound[lazy_pinyin(c)[0]] if o != c]
    )


def _shape(writer: Writer, held: Held) -> str:
    return _mistype(writer, held, lambda c: [SHAPES[c]] if c in SHAPES else [])


def _mistype(writer: Writer, held: Held, alike: Callable[[str], list[str]]) -> str:
    """Replace one character of the street's specific term."""
    street = held.elements.street
    places = [at for at, c in enumerate(street[:-1]) if alike(c)]
    if len(street) < 3 or not places:
        return ""
    at = writer.random.choice(places)
    typed = street[:at] + writer.random.choice(alike(street[at])) + street[at + 1 :]
    return _rename(held.text, street, typed)


def _pinyin(_: Writer, held: Held) -> str:
    street = held.elements.street
    return _rename(held.text, street, spell_name(street)) if len(street) > 2 else ""


def _rename(text: str, street: str, other: str) -> str:
    return other.join(text.rsplit(street, 1))


def _shop(writer: Writer, held: Held) -> str:
    return held.text + writer.random.choice(SHOPS)


def _repeated(_: Writer, held: Held) -> str:
    e = held.elements
    rest = f"{e.township}{e.community}{local_text(e)}"
    return f"{e.province}{e.city}{e.county}{e.city}{e.county}{rest}"


def _reordered(_: Writer, held: Held) -> str:
    e = held.elements
    return f"{e.community}{local_text(e)},{e.city}{e.county}{e.township}"


def _spaces(writer: Writer, held: Held) -> str:
    names = division_names(held.elements)
    return " ".join((*names, local_text(held.elements)))


NOISES: Noises = {
    "as it is": _as_it_is,
    "levels dropped": _drop,
    "former county": _former,
    "traditional": _traditional,
    "full width": _wide,
    "numerals": _numerals,
    "quantifier": _quantifiers,
    "homophone": _homophone,
    "shape": _shape,
    "pinyin": _pinyin,
    "shop": _shop,
    "repeated": _repeated,
    "reordered": _reordered,
    "spaces": _spaces,
}


DROPPING = frozenset({"levels dropped", "former county", "city only", "county only", "two slips"})
"""Kinds of noise that may leave out the township."""


def _other_number(writer: Writer, held: Held) -> Elements | None:
    e = held.elements
    if e.number is None:
        return None
    taken = writer.numbers[held.county, e.street]
    number = next(n for n in range(writer.random.randint(1, 400), 9999) if str(n) not in taken)
    return e._replace(number=Numbered(str(number), e.number.quantifier))


def _other_county(writer: Writer, held: Held) -> Elements | None:
    e = held.elements
    if not e.thoroughfare:
        return None
    near = [c for c in writer.county_names if c[:4] == held.county[:4]]
    free = [c for c in near if c not in writer.counties[e.street] and not _gave(c, held.county)]
    if not free:
        return None
    there = writer.county_names[writer.random.choice(free)]
    return e._replace(city=there.city, county=there.county, township="", community="")


def _gave(county: str, other: str) -> bool:
    """Whether a county lost townships to another: its name is then a former one of theirs."""
    moves = load_gazetteer().moves
    return any((move.county_then, move.county_now) == (county, other) for move in moves)


def _invented(writer: Writer, held: Held) -> Elements | None:
    """A street that the county has not: one that sounds like a street of the county, or has one
    character that differs, is that street miswritten, as the noises write it.
    """
    e = held.elements
    if not e.thoroughfare:
        return None
    name = "".join(writer.random.sample(_SPECIFIC, 2)) + e.thoroughfare[-1]
    for street in {one.elements.street for one in writer.in_county(held.county)}:
        if len(street) == len(name):
            differ = [(a, b) for a, b in zip(street, name, strict=True) if a != b]
            if len(differ) < 2 or all(_sound(a) == _sound(b) for a, b in differ):
                return None
    return e._replace(thoroughfare=name)


@cache
def _sound(character: str) -> str:
    return str(lazy_pinyin(character)[0])


MISSES: Misses = {
    "number that is not there": _other_number,
    "street of another county": _other_county,
    "invented street": _invented,
}
