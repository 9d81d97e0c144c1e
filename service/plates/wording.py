"""What stands on a plate: which design, which name and number, for the level it hangs at."""

from dataclasses import replace

from address_model.elements import Elements, Numbered
from address_model.pinyin import spell_name, spell_street
from address_model.rendering import division_names, local_parts
from address_model.things import KINDS, kind_of
from qr.content import PlateContent
from qr.designs import get_design, list_designs
from qr.layout import Order
from service.divisions.imprints import Imprint
from service.plates.queries import BlankRow, PlateRow

AUTO = "auto"
"""The design of a batch whose plates each take the design of their level."""

NO_IMPRINT = Imprint()
AUTO_DESIGNS = (
    *("medium", "lane", "village", "temporary", "building", "unit", "room"),
    *dict.fromkeys(kind.design for kind in KINDS),
)
"""The designs that ``design_name`` gives."""

_NUMBERED = ("number", "building", "unit", "floor", "room", "thing")
_BELOW_NUMBER = _NUMBERED[:0:-1]
_OF_KINDS = ("lamp", "stop", "aed")
_INDOOR = {"room": "room", "unit": "unit", "building": "building"}


def design_name(elements: Elements) -> str:
    """The design of an address's level: 事物牌, 户室牌, 单元牌, 楼牌, or one of the 门牌.

    临 numbers take the temporary plate, numbers in a village the village's, a lane's own number the
    lane's; every other door takes 中门牌.
    """
    if elements.thing is not None:
        return kind_of(elements.thing).design
    for level, design in _INDOOR.items():
        if getattr(elements, level) is not None:
            return design
    if elements.number and elements.number.prefix == "临":
        return "temporary"
    if elements.thoroughfare:
        return "lane" if elements.number is None and elements.lanes else "medium"
    return "village" if elements.natural_village or elements.community else "medium"


def face_text(elements: Elements) -> str:
    """The name and the number that a plate made now would say, as one text: 河坊街88号."""
    door = design_name(elements) not in _INDOOR.values()
    numbered, parts = _number_and_name(elements, door=door)
    return f"{''.join(parts)}{numbered or ''}"


def design_title(name: str, elements: Elements | None = None) -> str:
    """The Chinese name of a design; of an automatic one that of the address's level, if known."""
    if name == AUTO and elements is not None:
        name = design_name(elements)
    if name == AUTO:
        return "按地址类型"
    return get_design(name).title if name in list_designs() else name


def order_of(
    plate: PlateRow, *, authority: str, design: str = "", imprint: Imprint = NO_IMPRINT
) -> Order:
    """The plate as it is ordered from the printing room: its design and all its texts.

    ``design`` is what its batch has fixed for it; else its batch's, or that of its level.
    ``authority`` has plates made where ``imprint``, that of its division, names nobody.
    """
    chosen = design or plate.design
    if chosen == AUTO:
        chosen = design_name(plate.elements)
    content = replace(
        _texts(plate.elements, chosen),
        plate_id=plate.token,
        payload=plate.payload,
        code=plate.code,
        authority=imprint.issuer or authority,
        postcode=imprint.postcode,
        note="示例数据" if plate.is_sample else "",
        address=plate.standard_text,
        address_parts=(*division_names(plate.elements), *local_parts(plate.elements)),
        is_trial=plate.is_trial,
    )
    return Order(get_design(chosen), content)


def number_order_of(elements: Elements, design: str) -> Order:
    """What of an address decides how large the numbers of its street are; never printed."""
    return Order(get_design(design), _texts(elements, design))


def _texts(elements: Elements, design: str) -> PlateContent:
    numbered, parts = _number_and_name(elements, door=design not in _INDOOR.values())
    if elements.thing is not None and design in _OF_KINDS:  # which says the kind itself
        numbered = elements.thing._replace(quantifier="号" if elements.thing.number else "")
    return PlateContent(
        plate_id="",
        payload="",
        code="",
        name="".join(parts),
        name_parts=parts,
        pinyin=_pinyin(elements, design),
        number=f"{numbered.prefix}{numbered.number}" if numbered else "",
        suffix=numbered.suffix if numbered else "",
        quantifier=numbered.quantifier if numbered else "",
    )


def blank_order_of(plate: BlankRow, *, authority: str) -> Order:
    """A blank plate as it is ordered: its code, and the token to type where the code fails."""
    content = PlateContent(
        plate_id=plate.token,
        payload=plate.payload,
        name="",
        number="",
        quantifier="",
        code=plate.token,
        authority=authority,
        is_trial=plate.is_trial,
    )
    return Order(get_design(plate.design), content)


def _number_and_name(elements: Elements, *, door: bool) -> tuple[Numbered | None, tuple[str, ...]]:
    """The number that stands large, and the name above it: all elements before the number."""
    if elements.thing is not None:
        return elements.thing, _local_before(elements, "thing")
    if door and elements.number is not None:
        return elements.number, _local_before(elements, "number")
    for level in _BELOW_NUMBER:
        value: Numbered | None = getattr(elements, level)
        if value is not None:
            return value, _local_before(elements, level)
    if elements.number is not None:
        return elements.number, _local_before(elements, "number")
    if elements.lanes:
        street = elements.thoroughfare or elements.estate
        return elements.lanes[-1], (street, *map(str, elements.lanes[:-1]))
    return None, (elements.street,)


def _local_before(elements: Elements, level: str) -> tuple[str, ...]:
    above = _NUMBERED[: _NUMBERED.index(level)]
    counts_elsewhere = elements.thoroughfare or elements.estate
    kept = Elements(
        thoroughfare=elements.thoroughfare,
        lanes=elements.lanes,
        natural_village="" if counts_elsewhere else elements.natural_village or _village(elements),
        group=None if counts_elsewhere else elements.group,
        estate="" if level == "number" and elements.thoroughfare else elements.estate,
        **{name: getattr(elements, name) for name in above},
    )
    return local_parts(kept)


def _village(elements: Elements) -> str:
    """The administrative village, where the number counts along it."""
    along = elements.thoroughfare or elements.estate
    return "" if along else elements.community


def _pinyin(elements: Elements, design: str) -> str:
    if design == "building" and elements.estate:
        return spell_name(elements.estate).upper()
    return spell_street(elements).upper()
