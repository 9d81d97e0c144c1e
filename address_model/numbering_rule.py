"""How a street is numbered, and its doors as the rule judges them."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from address_model.coordinates import Point
from address_model.elements import Numbered
from address_model.normal_form import read_numeral
from address_model.written_ranges import UnclearRange, list_names

_DIGITS = re.compile("[0-9]+")
_SUFFIX = re.compile("[-之附]?([0-9]+|[零〇一二三四五六七八九十百廿卅]+)")


class Sides(StrEnum):
    """Which numbers the sides of a street have."""

    BOTH = "both"
    ODD = "odd"
    EVEN = "even"
    ONE = "one"


class Method(StrEnum):
    """How the next number is found: the next one, or by the metres from the beginning."""

    SEQUENCE = "sequence"
    DISTANCE = "distance"


class Heading(StrEnum):
    """Where numbers grow to; empty if nothing is laid down."""

    ANY = ""
    EAST = "east"
    SOUTH = "south"
    WEST = "west"
    NORTH = "north"


class OddSide(StrEnum):
    """The side of the odd numbers, looking to where numbers grow."""

    ANY = ""
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True)
class NumberingRule:
    """How a street is numbered.

    ``start`` is the first number, 0 for the lowest there is; ``step_m`` the metres for each number
    if it is numbered by distance; ``reserved`` a list of numbers that are kept free.
    """

    sides: Sides = Sides.BOTH
    odd_side: OddSide = OddSide.ANY
    heading: Heading = Heading.ANY
    method: Method = Method.SEQUENCE
    start: int = 0
    step_m: float = 2.0
    reserved: str = ""

    @cached_property
    def kept_free(self) -> frozenset[int]:
        """The reserved numbers.

        Raises:
            UnclearRange: they cannot be read.
        """
        names = [name.removesuffix("号") for name in list_names("reserved", self.reserved)]
        for name in names:
            if not name.isdigit():
                raise UnclearRange("reserved", f"“{name}”不是号码，请写成 44-50、102 的样子。")
        return frozenset(map(int, names))

    @property
    def step(self) -> int:
        """From one number of a side to the next."""
        return 1 if self.sides is Sides.ONE else 2

    def row_of(self, number: int) -> int:
        """The row that a number belongs to: 0 even, 1 odd; a street of one row has one."""
        return 0 if self.sides is Sides.ONE else number % 2

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows that the street has."""
        return {Sides.BOTH: (1, 0), Sides.ODD: (1,), Sides.EVEN: (0,), Sides.ONE: (0,)}[self.sides]


@dataclass(frozen=True, slots=True)
class NumberedDoor:
    """A door of the street: its code, number and point."""

    code: str
    number: Numbered
    point: Point | None = None

    @property
    def count(self) -> int | None:
        """Its number without its suffix; None if it has no digits."""
        digits = _DIGITS.search(self.number.number)
        return int(digits[0]) if digits else None

    @property
    def spoken(self) -> tuple[str, str, str]:
        """What people say: 12-1号, 12号之一 and 12号附1 are one to them."""
        suffix = _SUFFIX.fullmatch(self.number.suffix)
        said = (read_numeral(suffix[1]) or suffix[1]) if suffix else self.number.suffix
        return self.number.prefix, self.number.number.upper(), said.upper()
