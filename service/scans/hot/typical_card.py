"""The card whose page is the dictionary that page bodies are packed with."""

from address_model.codes import make_code
from address_model.coordinates import Point
from address_model.elements import Elements, Numbered, standard_text
from address_model.pinyin import romanise_address, spell_address, spell_name
from address_model.positions import Position, PositionKind
from service.scans.card import CardStatus, ScanCard
from service.scans.sketch import SketchDoor, door_at, draw_sketch

_STREET = "河坊街"
_HERE = Point(120.169, 30.2398)
_EAST, _NORTH = 0.00017, 0.00014


def typical_card() -> ScanCard:
    """An invented card with a full sketch, whose page serves as the dictionary."""
    neighbours = [
        SketchDoor(
            Point(_HERE.lon + along * _EAST, _HERE.lat + across * _NORTH),
            str(88 + 2 * along + across % 2),
            f"{_STREET}{across // 2 or ''}",
        )
        for across in range(-3, 5)
        for along in range(-4, 5)
        if along or across
    ]
    elements = Elements(
        *("浙江省", "杭州市", "上城区", "清波街道"),
        thoroughfare=_STREET,
        number=Numbered("88", "号"),
    )
    return ScanCard(
        code=make_code("330102", 1, b"typical"),
        standard_text=standard_text(elements),
        elements=elements,
        status=CardStatus.IN_USE,
        token="0" * 10,
        pinyin=spell_name(_STREET).upper(),
        romanised=romanise_address(elements),
        spelled=spell_address(elements),
        position=Position(PositionKind.CENTRE, _HERE),
        sketch=draw_sketch(door_at(_HERE, elements), neighbours),
    )
