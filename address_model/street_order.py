"""Street order (街路顺序): a sort key by which addresses follow their numbers along the street.

Township by township and street by street. Along a street 弄 → 号 → 附号 → 幢 → 单元 → 层 → 室, each
in natural numbers (2 before 10):

- Lanes count in one sequence with the doors of their street (门弄号), so that a lane stands at its
  number with its doors in one block: 2号, 3号, 3弄1号, 3弄2号, 4号.
- An address without a level precedes those with it: the building its units, and a door its
  suffixes: 12号, 12-1号, 12号之一, 12号附1, 12甲号, 12A号, 临12号.
- Things follow the doors, buildings or rooms that they are at, kind by kind.
- Floors below ground come before those above, letters after numbers.

The key is a byte string that compares the same in Python and in PostgreSQL (``bytea``).
"""

import re
from functools import lru_cache

from address_model.elements import Elements, Numbered
from address_model.normal_form import read_numeral
from address_model.plate_suffixes import NUMERAL

_PIECES = re.compile(rf"^-[0-9]+|[0-9]+|{NUMERAL}+|.", re.DOTALL)
_END, _BARE, _MORE = b"\x00", b"\x01", b"\x02"
_DOOR = 4
_LANES = {"弄": 5, "支弄": 6}
_OTHER_LANE = 7
_BELOW_NOUGHT, _COUNT, _SIGN, _LETTER = 0x1F, 0x20, 0x40, 0x50
_LONGEST = 15
_MARKS = {mark: bytes([_SIGN + place]) for place, mark in enumerate("之附甲乙丙丁戊己庚辛壬癸", 1)}
_NO_MARKS: dict[str, bytes] = {}
_COMPLEMENT = bytes.maketrans(b"0123456789", b"9876543210")


def street_order(division_code: str, elements: Elements) -> bytes:
    """Return the key of an address in the division of this code (12 digits, or nine).

    It begins with the nine digits of the township. Streets come in the order of their names in
    GB 18030, which for the characters of level 1 of GB/T 2312 is that of pinyin, with numerals
    counted (翠苑二区 before 翠苑十区). Addresses that differ only in how a quantifier is written
    (3幢, 3号楼) have one key.
    """
    e = elements
    street = e.street
    path = [_step(lane, _LANES.get(lane.quantifier, _OTHER_LANE)) for lane in e.lanes]
    if e.number is not None:
        path.append(_step(e.number, _DOOR))
    parts = [
        street_stretch(division_code, e),
        _level(e.group),
        *path,
        _END,
        _name(e.estate) if e.estate != street else _END,
        _level(e.building),
        _level(e.unit),
        _level(e.floor),
        _level(e.room),
    ]
    if e.thing is not None:
        parts.append(_name(e.thing.quantifier) + _level(e.thing))
    return b"".join(parts)


def street_stretch(division_code: str, elements: Elements) -> bytes:
    """Return the beginning that the keys of all addresses along one street of a township share."""
    street = elements.street
    is_village = street == elements.natural_village
    village = elements.community if is_village else elements.natural_village
    return _stretch(division_code[:9], street, village)


@lru_cache(maxsize=4096)
def _stretch(township: str, street: str, village: str) -> bytes:
    return township.ljust(9, "0").encode() + _name(street) + _name(village)


@lru_cache(maxsize=4096)
def _name(text: str) -> bytes:
    return _natural(text, _NO_MARKS) + _END


@lru_cache(maxsize=65536)
def _level(value: Numbered | None) -> bytes:
    return _END if value is None else _natural(value.number, _MARKS) + _around(value)


@lru_cache(maxsize=65536)
def _step(value: Numbered, kind: int) -> bytes:
    """A door or lane along a street; a door precedes a lane of the same number."""
    return _natural(value.number, _MARKS) + bytes([kind]) + _around(value)


def _around(value: Numbered) -> bytes:
    if not value.prefix and not value.suffix:
        return _BARE
    before, behind = _natural(value.prefix, _MARKS), _natural(value.suffix, _MARKS)
    return _MORE + before + _END + behind + _END


def _natural(text: str, marks: dict[str, bytes]) -> bytes:
    """Bytes that sort a text by its numbers as counts and by its other characters.

    Each piece begins with a byte for its kind, all above the bytes that end a level.
    """
    return b"".join(_piece(piece, marks) for piece in _PIECES.findall(text.upper()))


def _piece(piece: str, marks: dict[str, bytes]) -> bytes:
    if piece in marks:
        return marks[piece]
    digits = piece if piece.isascii() else read_numeral(piece) or ""
    if digits[-1:].isdigit():
        # A number as its length and digits; both are complemented for negative numbers.
        bare = digits.lstrip("-0").encode() or b"0"
        length = min(len(bare), _LONGEST)
        if digits.startswith("-"):
            return bytes([_BELOW_NOUGHT - length]) + bare.translate(_COMPLEMENT)
        return bytes([_COUNT + length]) + bare
    if len(piece) > 1:  # numerals that are not a number: 廿百
        return b"".join(_piece(character, marks) for character in piece)
    if "A" <= piece <= "Z":
        return bytes([_LETTER + ord(piece) - ord("A")])
    return bytes([_SIGN]) + piece.encode() if piece.isascii() else piece.encode("gb18030")
