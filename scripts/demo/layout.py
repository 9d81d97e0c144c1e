"""Where demo doors stand: bent lines, rows of blocks, and a jitter that depends on names only."""

import hashlib
import math
from dataclasses import dataclass

SEED = b"menpai demo 1"
"""Changing it moves every demo address a little; the committed files must then be written anew."""


def jitter(name: str) -> float:
    """Return a number in -1 … 1 that is always the same for a name.

    A hash in place of a random stream: a place added in the middle moves no other place.
    """
    digest = hashlib.blake2b(name.encode(), key=SEED, digest_size=4).digest()
    return int.from_bytes(digest) / (2**31) - 1


@dataclass(frozen=True, slots=True)
class StreetLine:
    """A street's middle line in metres east and north of its seat, gently bent."""

    start: tuple[float, float]
    bearing: float
    length: float
    bend: float

    def at(self, along: float, aside: float = 0.0) -> tuple[float, float]:
        """Return the place so many metres along the line and to the left of it."""
        share = along / self.length if self.length else 0.0
        bow = self.bend * math.sin(math.pi * share)
        angle = math.radians(self.bearing)
        across = bow + aside
        return (
            self.start[0] + along * math.cos(angle) - across * math.sin(angle),
            self.start[1] + along * math.sin(angle) + across * math.cos(angle),
        )


def centred_line(bearing: float, length: float, bend: float) -> StreetLine:
    """Return a line whose middle lies on the seat."""
    angle = math.radians(bearing)
    start = (-length / 2 * math.cos(angle), -length / 2 * math.sin(angle))
    return StreetLine(start, bearing, length, bend)


def door(line: StreetLine, number: int, spacing: float, name: str) -> tuple[float, float]:
    """Return where a number hangs: odd ones left, even ones right of the line."""
    along = (number - 1) // 2 * spacing + spacing / 2 + jitter(name + "/along") * spacing * 0.18
    aside = 11 + jitter(name + "/aside") * 1.5
    return line.at(along, aside if number % 2 else -aside)


def block(line: StreetLine, index: int, columns: int) -> tuple[float, float]:
    """Return the middle of a block of an estate that lies left of the line, in rows of columns."""
    row, column = divmod(index, columns)
    width = columns * 46
    return line.at(line.length / 2 - width / 2 + column * 46 + 23, 52 + row * 32)
