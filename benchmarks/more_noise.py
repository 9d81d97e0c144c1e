"""More noise in addresses: combined misspellings, other forms of numbers, remarks."""

import re

from address_model.elements import Elements, Numbered, division_names, local_text, standard_text
from address_model.gazetteer import load_gazetteer
from benchmarks.noise import NOISES, Held, Misses, Noises, Writer

_TAIL = re.compile(r"(省|市|区|县)$")
_ASIDES = ("(近地铁口)", "（东门进）", "（原供销社）", " 收", ",送货上门")


def _no_suffixes(_: Writer, held: Held) -> str:
    """浙江杭州上城 for 浙江省杭州市上城区."""
    e = held.elements
    names = [_TAIL.sub("", name) if len(name) > 2 else name for name in (e.province, e.city)]
    county = e.county if len(e.county) < 3 else e.county[:-1]
    return "".join((*names, county, e.township, e.community, local_text(e)))


def _province_short(_: Writer, held: Held) -> str:
    e = held.elements
    rest = "".join(division_names(e)[1:])
    return f"浙{rest}{local_text(e)}"


def _city_only(_: Writer, held: Held) -> str:
    """杭州 + street: the county is left out."""
    e = held.elements
    return f"{e.city}{local_text(e)}" if e.thoroughfare else ""


def _county_only(_: Writer, held: Held) -> str:
    e = held.elements
    village = "" if e.thoroughfare or e.estate else f"{e.township}{e.community}"
    return f"{e.county}{village}{local_text(e)}"


def _punctuated(writer: Writer, held: Held) -> str:
    mark = writer.random.choice("，,、;/|_- ·")
    return mark.join((*division_names(held.elements), local_text(held.elements)))


def _spread(writer: Writer, held: Held) -> str:
    """Blanks between characters, as in a form."""
    text = list(held.text)
    for at in sorted(writer.random.sample(range(1, len(text)), min(4, len(text) - 1)))[::-1]:
        if not (text[at].isascii() and text[at - 1].isascii()):
            text.insert(at, writer.random.choice(" \u3000\t"))
    return "".join(text)


def _aside(writer: Writer, held: Held) -> str:
    return held.text + writer.random.choice(_ASIDES)


def _full_numerals(_: Writer, held: Held) -> str:
    """一百二十三号 for 123号."""
    found = re.search(r"(?<![\d-])([1-9]\d{0,2})(?=号|幢|弄)", held.text)
    return held.text.replace(found.group(), _spell(int(found.group())), 1) if found else ""


def _spell(value: int) -> str:
    digits = "零一二三四五六七八九"
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones else "")


def _dashed_room(_: Writer, held: Held) -> str:
    """3-201 for 3幢201室, 3-2-201 with the unit."""
    e = held.elements
    if not (e.building and e.room and not e.floor):
        return ""
    inner = [e.building.bare, *([e.unit.bare] if e.unit else []), e.room.bare]
    front = standard_text(e._replace(building=None, unit=None, room=None))
    return front + "-".join(inner)


def _bare_number(_: Writer, held: Held) -> str:
    """The last quantifier is missing: 河坊街88."""
    e = held.elements
    if not e.number or e.building or e.unit or e.room or e.estate:
        return ""
    return held.text.removesuffix("号")


def _number_word(writer: Writer, held: Held) -> str:
    return re.sub(
        r"(?<=\d)号", writer.random.choice(("＃", "號", " 号", "号门牌")), held.text, count=1
    )


def _shop_before(writer: Writer, held: Held) -> str:
    return writer.random.choice(("示例便利店:", "地址:", "收货地址：", "住址 ")) + held.text


def _company(writer: Writer, held: Held) -> str:
    return held.text + writer.random.choice(
        ("杭州示例科技有限公司", "示例大药房(西门店)", "旁示例超市内", "示例花店")
    )


def _twice(_: Writer, held: Held) -> str:
    """The local part is repeated: 河坊街河坊街88号."""
    e = held.elements
    front = "".join(division_names(e))
    return f"{front}{e.street}{local_text(e)}" if e.thoroughfare else ""


def _city_twice(_: Writer, held: Held) -> str:
    e = held.elements
    return f"{e.city}{e.city}{e.county}{e.township}{e.community}{local_text(e)}"


def _number_last(_: Writer, held: Held) -> str:
    """The divisions at the end: 河坊街88号(杭州市上城区)."""
    e = held.elements
    if not e.thoroughfare:
        return ""
    return f"{local_text(e)}({e.province}{e.city}{e.county}{e.township})"


def _upper_slip(writer: Writer, held: Held) -> str:
    """Another township that people may think the street runs through."""
    e = held.elements
    others = sorted(held.townships - {e.township, ""})
    if not e.thoroughfare or not e.township or not others:
        return ""
    return standard_text(e._replace(township=writer.random.choice(others), community=""))


def _two_slips(writer: Writer, held: Held) -> str:
    """A misspelt name, with levels left out."""
    kind = writer.random.choice(("homophone", "shape"))
    text = NOISES[kind](writer, held)
    e = held.elements
    return text.replace(e.province + e.city, "", 1).replace(e.township, "", 1) if text else ""


def _slip_and_shop(writer: Writer, held: Held) -> str:
    text = NOISES["homophone"](writer, held)
    return text and _shop_before(writer, Held(held.code, held.county, held.elements)).replace(
        held.text, text
    )


def _initials_upper(writer: Writer, held: Held) -> str:
    """Pinyin in lower case without blanks."""
    text = NOISES["pinyin"](writer, held)
    return re.sub(r"[A-Za-z' ]+", lambda m: m.group().replace(" ", "").lower(), text)


MORE: Noises = {
    "no suffixes": _no_suffixes,
    "province short": _province_short,
    "city only": _city_only,
    "county only": _county_only,
    "punctuation": _punctuated,
    "blanks inside": _spread,
    "aside": _aside,
    "full numerals": _full_numerals,
    "dashed room": _dashed_room,
    "no quantifier": _bare_number,
    "number word": _number_word,
    "label before": _shop_before,
    "company behind": _company,
    "street twice": _twice,
    "city twice": _city_twice,
    "divisions behind": _number_last,
    "another township of it": _upper_slip,
    "two slips": _two_slips,
    "slip and label": _slip_and_shop,
    "pinyin joined": _initials_upper,
}


def _other_suffix(writer: Writer, held: Held) -> Elements | None:
    """88-7号 or 88号之七 where only 88号 exists."""
    e = held.elements
    if not e.number or e.number.suffix:
        return None
    return e._replace(number=e.number._replace(suffix=str(writer.random.randint(5, 9) * 11)))


def _other_building(writer: Writer, held: Held) -> Elements | None:
    e = held.elements
    if not e.building or not e.building.number.isdigit():
        return None
    return e._replace(building=Numbered(str(int(e.building.number) + 1000), e.building.quantifier))


def _room_that_is_not_there(writer: Writer, held: Held) -> Elements | None:
    e = held.elements
    if e.room is not None or e.building is not None or not e.number:
        return None
    return e._replace(room=Numbered(str(writer.random.randint(7001, 7999)), "室"))


def _street_kind(writer: Writer, held: Held) -> Elements | None:
    """河坊路 where only 河坊街 exists."""
    e = held.elements
    if not e.thoroughfare or e.thoroughfare[-1] not in "路街巷":
        return None
    other = writer.random.choice([c for c in "路街巷" if c != e.thoroughfare[-1]])
    name = e.thoroughfare[:-1] + other
    return None if held.county in writer.counties.get(name, ()) else e._replace(thoroughfare=name)


def _direction(writer: Writer, held: Held) -> Elements | None:
    """文三西路 where only 文三路 exists."""
    e = held.elements
    if not e.thoroughfare or len(e.thoroughfare) < 3 or e.thoroughfare[-2] in "东西南北中":
        return None
    name = e.thoroughfare[:-1] + writer.random.choice("东西南北") + e.thoroughfare[-1]
    return None if held.county in writer.counties.get(name, ()) else e._replace(thoroughfare=name)


def _township_without_it(writer: Writer, held: Held) -> Elements | None:
    """A township of the county without a street or estate of the name.

    The former name of one in which it lies (珠港镇 for 玉城街道) says where it is.
    """
    e = held.elements
    if not (e.thoroughfare or e.estate) or not e.township or "" in held.townships:
        return None
    known = {one.elements.township for one in writer.in_county(held.county)}
    there = held.townships | held.namesakes | {e.township}
    beginnings = {name[:2] for name in there}
    others = sorted(
        name for name in known if name and name[:2] not in beginnings and not _today(name) & there
    )
    if not others:
        return None
    return e._replace(township=writer.random.choice(others), community="")


def _today(name: str) -> set[str]:
    """The current name of a township, from the shipped names; empty if unchanged."""
    return {one.division.name for one in load_gazetteer().forms.get(name, ())}


def _namesake_without_number(writer: Writer, held: Held) -> Elements | None:
    """The township of a namesake without the number."""
    e = held.elements
    there = sorted(held.namesakes - held.townships - {""})
    if not e.thoroughfare or not e.number or not there:
        return None
    township = writer.random.choice(there)
    taken = any(
        one.elements.thoroughfare == e.thoroughfare
        and one.elements.number
        and one.elements.number.number == e.number.number
        and one.townships & {township, ""}
        for one in writer.in_county(held.county)
    )
    if taken:
        return None
    return e._replace(township=township, community="")


MORE_MISSES: Misses = {
    "township without it": _township_without_it,
    "namesake without number": _namesake_without_number,
    "suffix that is not there": _other_suffix,
    "building that is not there": _other_building,
    "room that is not there": _room_that_is_not_there,
    "another kind of street": _street_kind,
    "another direction": _direction,
}
