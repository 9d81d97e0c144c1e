"""Packs bodies of pages: what all have in common is told by a dictionary, and not kept with each.

A body of 5 KB becomes one of less than a kilobyte, so that a register of millions fits into memory
and a plate that is not at hand costs the database one small row. Unpacking takes some 4 µs; zlib
takes twice as long.
"""

from zstandard import ZstdCompressionDict, ZstdCompressor, ZstdDecompressor

from address_model.codes import make_code
from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from address_model.pinyin import romanise_address, spell_address, spell_name
from address_model.positions import Position, PositionKind
from address_model.rendering import standard_text
from service.scans.card import CardStatus, ScanCard
from service.scans.sketch import SketchDoor, door_at, draw_sketch

_LEVEL = 3
_STREET = "河坊街"
_HERE = Point(120.169, 30.2398)
_EAST, _NORTH = 0.00017, 0.00014


class Packer:
    """Packs and unpacks bodies that have much in common with one of them, the dictionary."""

    def __init__(self, dictionary: bytes) -> None:
        """What was packed by another dictionary cannot be unpacked by this one."""
        prepared = ZstdCompressionDict(dictionary)
        self._packing = ZstdCompressor(_LEVEL, prepared, write_dict_id=False)
        self._unpacking = ZstdDecompressor(prepared)

    def pack(self, body: bytes) -> bytes:
        """Pack a body."""
        return self._packing.compress(body)

    def unpack(self, packed: bytes) -> bytes:
        """The body again."""
        return self._unpacking.decompress(packed)


def typical_card() -> ScanCard:
    """The card of an invented door amid its neighbours, whose page is much like any other."""
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
        sketch=draw_sketch(door_at(_HERE, elements), _neighbours()),
    )


def _neighbours() -> list[SketchDoor]:
    """Doors on both sides of a street, and of the next ones."""
    return [
        SketchDoor(
            Point(_HERE.lon + along * _EAST, _HERE.lat + across * _NORTH),
            str(88 + 2 * along + across % 2),
            f"{_STREET}{across // 2 or ''}",
        )
        for across in range(-3, 5)
        for along in range(-4, 5)
        if along or across
    ]
