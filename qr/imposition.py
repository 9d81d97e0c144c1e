"""Places of plates on the pages of a file: one per page, or several on a maker's sheet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qr.designs.specification import Box, Design, FaceSize
from qr.errors import SheetTooSmall

MARK_LENGTH = 5.0
MARK_MARGIN = 8.0
"""Free mm beyond the bleed of a page with crop marks: for a mark and the line of text."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the maker in mm: rows of plates ``gap`` apart, centred.

    At least ``margin`` stays free on every side.
    """

    width: float
    height: float
    margin: float = 15.0
    gap: float = 6.0


@dataclass(frozen=True, slots=True)
class Spot:
    """The face of one plate on its page: mm from the upper left corner of the page.

    ``bleed`` is how far its ink may extend beyond the face.
    """

    page: int
    box: Box
    bleed: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A page: its size, the faces that fit on it, row by row, and their bleed."""

    width: float
    height: float
    faces: tuple[Box, ...]
    bleed: float


def make_grid(face: FaceSize, sheet: Sheet | None, *, marks: bool) -> Grid:
    """Return the page grid for a face; without a sheet the page is the face with bleed and marks.

    Raises SheetTooSmall when a sheet holds no face of that size.
    """
    if sheet is None:
        rim = face.bleed + (MARK_MARGIN if marks else 0.0)
        box = face.box.shifted(rim, rim)
        return Grid(face.width + 2 * rim, face.height + 2 * rim, (box,), face.bleed)
    columns = int((sheet.width - 2 * sheet.margin + sheet.gap) // (face.width + sheet.gap))
    rows = int((sheet.height - 2 * sheet.margin + sheet.gap) // (face.height + sheet.gap))
    if columns < 1 or rows < 1:
        raise SheetTooSmall(
            f"a sheet of {sheet.width:g} × {sheet.height:g} mm with a margin of {sheet.margin:g} "
            f"holds no plate of {face.width:g} × {face.height:g} mm; choose a larger sheet"
        )
    left = (sheet.width - columns * (face.width + sheet.gap) + sheet.gap) / 2
    top = (sheet.height - rows * (face.height + sheet.gap) + sheet.gap) / 2
    faces = tuple(
        face.box.shifted(
            left + column * (face.width + sheet.gap),
            top + row * (face.height + sheet.gap),
        )
        for row in range(rows)
        for column in range(columns)
    )
    return Grid(sheet.width, sheet.height, faces, min(face.bleed, sheet.gap / 2))


def impose(
    designs: Iterable[Design], sheet: Sheet | None = None, *, marks: bool = False
) -> Iterator[Spot]:
    """Yield the spot of each plate, in order; a face of another size starts a new page."""
    page, used, grid, face = -1, 0, None, None
    for design in designs:
        if grid is None or design.face != face or used == len(grid.faces):
            if design.face != face or grid is None:
                grid, face = make_grid(design.face, sheet, marks=marks), design.face
            page, used = page + 1, 0
        yield Spot(page, grid.faces[used], grid.bleed)
        used += 1
