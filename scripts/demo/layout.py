"""The layout of demo doors: curved lines, rows of blocks, and jitter derived from names."""

import hashlib
import math
from dataclasses import dataclass

SEED = b"menpai demo 1"
"""Changing it moves every demo address slightly; the committed files must then be regenerated."""


def jitter(name: str) -> float:
    """Return a number in -1 … 1 that depends only on the name.

    A hash instead of a random stream: adding a place moves no other.
    """
    digest = hashlib.blake2b(name.encode(), key=SEED, digest_size=4).digest()
    return int.from_bytes(digest) / (2**31) - 1


@dataclass(frozen=True, slots=True)
class DrawnStreet:
    """A slightly curved centre line of a street, in metres east and north of its seat."""

    start: tuple[float, float]
    bearing: float
    length: float
    bend: float

    def at(self, along: float, aside: float = 0.0) -> tuple[float, float]:
        """Return the point at metres along the line and to the left of it."""
        share = along / self.length if self.length else 0.0
        bow = self.bend * math.sin(math.pi * share)
        angle = math.radians(self.bearing)
        across = bow + aside
        return (
            self.start[0] + along * math.cos(angle) - across * math.sin(angle),
            self.start[1] + along * math.sin(angle) + across * math.cos(angle),
        )


def centred_line(bearing: float, length: float, bend: float) -> DrawnStreet:
    """Return a line centred on the seat."""
    angle = math.radians(bearing)
    start = (-length / 2 * math.cos(angle), -length / 2 * math.sin(angle))
    return DrawnStreet(start, bearing, length, bend)


def door(line: DrawnStreet, number: int, spacing: float, name: str) -> tuple[float, float]:
    """Return the position of a number: odd ones left, even ones right of the line."""
    along = (number - 1) // 2 * spacing + spacing / 2 + jitter(name + "/along") * spacing * 0.18
    aside = 11 + jitter(name + "/aside") * 1.5
    return line.at(along, aside if number % 2 else -aside)


def block(line: DrawnStreet, index: int, columns: int) -> tuple[float, float]:
    """Return the centre of a block of an estate left of the line, in rows of columns."""
    row, column = divmod(index, columns)
    width = columns * 46
    return line.at(line.length / 2 - width / 2 + column * 46 + 23, 52 + row * 32)
