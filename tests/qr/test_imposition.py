import pytest

from qr.designs import Design
from qr.designs.specification import FaceSize
from qr.errors import SheetTooSmall
from qr.imposition import Sheet, impose, make_grid

FACE = FaceSize(270, 170)


def test_a_page_without_a_sheet_is_the_face_with_its_bleed() -> None:
    grid = make_grid(FACE, None, marks=False)
    assert (grid.width, grid.height, grid.bleed) == (276, 176, 3)
    assert (grid.faces[0].x, grid.faces[0].y) == (3, 3)


def test_marks_need_room_beyond_the_bleed() -> None:
    grid = make_grid(FACE, None, marks=True)
    assert (grid.width, grid.height) == (292, 192)


def test_plates_fill_the_middle_of_a_sheet_row_by_row() -> None:
    grid = make_grid(FACE, Sheet(1000, 700, margin=15, gap=6), marks=True)
    assert len(grid.faces) == 3 * 3
    assert grid.faces[1].x - grid.faces[0].x == 276
    assert grid.faces[3].y - grid.faces[0].y == 176
    assert grid.faces[0].x == pytest.approx(1000 - grid.faces[-1].right)
    assert grid.faces[0].y == pytest.approx(700 - grid.faces[-1].bottom)


def test_the_bleed_ends_halfway_to_the_next_plate() -> None:
    assert make_grid(FACE, Sheet(1000, 700, gap=2), marks=False).bleed == 1


def test_a_sheet_that_holds_no_plate_is_refused() -> None:
    with pytest.raises(SheetTooSmall, match=r"297 × 210 mm .* holds no plate of 270 × 170"):
        make_grid(FACE, Sheet(297, 210, margin=25), marks=False)


def test_a_face_of_another_size_begins_a_new_page(medium: Design) -> None:
    from dataclasses import replace

    small = replace(medium, face=FaceSize(150, 90))
    sheet = Sheet(700, 500)
    designs = [medium] * 5 + [small] + [medium]
    assert [spot.page for spot in impose(designs, sheet)] == [0, 0, 0, 0, 1, 2, 3]
