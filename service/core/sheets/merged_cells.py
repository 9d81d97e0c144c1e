"""Cells that are merged over several rows: each of the rows has their value, as a person sees it.

The file keeps the value in the first cell only: 上城区 over twelve doors stands in the first.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_RANGE = re.compile(r"([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)")
MOST_RANGES = 20_000
"""A sheet with more is no list that a person merged; it is read as the file has it."""


@dataclass(slots=True)
class _Range:
    """A column of merged cells: its place from 0, its first and last row, and its value."""

    column: int
    first: int
    last: int
    value: str = ""


class MergedCells:
    """Fills the columns of merged cells while rows come, in order."""

    def __init__(self, ranges: Iterable[str] = ()) -> None:
        """Take ranges as ``B5:B9``; those within one row need no filling."""
        found = [_RANGE.fullmatch(one) for one in ranges]
        tall = [
            _Range(_place_of(one[1]), int(one[2]), int(one[4]))
            for one in found
            if one and one[2] != one[4]
        ]
        self._ahead = sorted(tall[:MOST_RANGES], key=lambda one: one.first, reverse=True)
        self._open: list[_Range] = []

    def fill(self, number: int, cells: list[str]) -> list[str]:
        """Return the cells of a row with what stands in them by merging.

        A row that has no cell of its own (all of it merged) stays as it is.
        """
        if not (self._ahead or self._open):
            return cells
        while self._ahead and self._ahead[-1].first <= number:
            self._open.append(self._ahead.pop())
        self._open = [one for one in self._open if one.last >= number]
        filled = list(cells)
        for one in self._open:
            own = cells[one.column] if one.column < len(cells) else ""
            if number == one.first:
                one.value = own
            elif one.value and not own:
                filled += [""] * (one.column + 1 - len(filled))
                filled[one.column] = one.value
        return filled


def _place_of(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1
