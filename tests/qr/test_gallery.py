from itertools import combinations
from pathlib import Path

import pytest

from qr.designs import list_designs
from qr.designs.specification import Box
from qr.errors import OutputRefused
from qr.fonts import Fonts
from qr.gallery import lay_out_samples, list_samples, write_gallery
from qr.layout import LaidOutPlate
from qr.pdf import draw_pdf
from qr.proof import prove_book, prove_drawing, prove_picture
from qr.typesetting import TextRun


@pytest.fixture(scope="module")
def samples(fonts: Fonts) -> list[LaidOutPlate]:
    return [plate for _, plate in lay_out_samples(fonts)]


def ink(run: TextRun, fonts: Fonts) -> Box:
    glyphs = [fonts.glyph(character) for character in run.text if character != " "]
    wide = run.size * run.narrow
    left = run.starts[0] + glyphs[0].left * wide
    right = run.starts[-1] + glyphs[-1].right * wide
    top = run.baseline - max(glyph.top for glyph in glyphs) * run.size
    bottom = run.baseline - min(glyph.bottom for glyph in glyphs) * run.size
    return Box(left, top, right - left, bottom - top)


def test_every_design_has_short_long_and_hard_names() -> None:
    from qr.designs import get_design

    for name in list_designs():
        assert {"short", "long", "hard"} <= set(list_samples(get_design(name)))


def test_no_text_of_a_sample_touches_border_edge_or_symbol(
    samples: list[LaidOutPlate], fonts: Fonts
) -> None:
    for plate in samples:
        design = plate.design
        border = design.border.inset + design.border.width if design.border else 2.0
        room = design.face.box.grown(-border)
        for run in plate.runs:
            assert room.holds(ink(run, fonts)), (design.name, run.text)
            assert not design.symbol.box.overlaps(ink(run, fonts)), (design.name, run.text)


def test_no_two_texts_of_a_sample_touch(samples: list[LaidOutPlate], fonts: Fonts) -> None:
    for plate in samples:
        boxes = [(run.text, ink(run, fonts).grown(-0.1)) for run in plate.runs]
        for (first, one), (second, other) in combinations(boxes, 2):
            assert not one.overlaps(other), (plate.design.name, first, second)


def test_every_sample_reads_from_its_pdf(samples: list[LaidOutPlate], fonts: Fonts) -> None:
    for plate in samples:
        assert prove_book(draw_pdf(plate, fonts), [plate]).passed, plate.design.name


def test_the_gallery_has_a_png_and_an_svg_of_every_sample_and_all_read(
    samples: list[LaidOutPlate], fonts: Fonts, tmp_path: Path
) -> None:
    exhibits = write_gallery(tmp_path, fonts)
    assert len(exhibits) == len(samples) >= 3 * len(list_designs())
    assert len(list(tmp_path.iterdir())) == 2 * len(samples)
    for exhibit, plate in zip(exhibits, samples, strict=True):
        assert prove_picture(exhibit.png.read_bytes(), plate).passed, exhibit
        assert prove_drawing(exhibit.svg.read_bytes(), plate).passed, exhibit


def test_a_folder_that_cannot_be_written_is_named(fonts: Fonts, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputRefused, match=r"file/aed-short\.png cannot be written"):
        write_gallery(tmp_path / "file", fonts)
