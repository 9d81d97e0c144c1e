from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from qr.archive import write_zip
from qr.designs import get_design, list_designs
from qr.designs.specification import Box
from qr.fonts import Fonts
from qr.gallery import list_samples
from qr.layout import LaidOutPlate, PlateSpec, lay_out
from qr.pdf.book import draw_pdf
from qr.png import draw_png
from qr.proof import read_pdf, read_png
from qr.trial_mark import WORD
from qr.typesetting import TextRun

SAMPLES = [(design, name) for design in list_designs() for name in list_samples(get_design(design))]
CLEAR = 0.035
"""Least height of the word as a part of the height of the face."""


def lay_out_for_trial(design: str, sample: str, fonts: Fonts) -> LaidOutPlate:
    found = get_design(design)
    content = replace(list_samples(found)[sample], is_trial=True)
    return lay_out(found, content, fonts)


def mark_of(plate: LaidOutPlate) -> TextRun:
    (mark,) = [run for run in plate.runs if run.text == WORD]
    return mark


def box_of(run: TextRun, fonts: Fonts) -> Box:
    glyphs = [fonts.glyph(character) for character in run.text]
    top = run.baseline - max(glyph.top for glyph in glyphs) * run.size
    bottom = run.baseline - min(glyph.bottom for glyph in glyphs) * run.size
    right = run.starts[-1] + glyphs[-1].advance * run.size * run.narrow
    return Box(run.starts[0], top, right - run.starts[0], bottom - top)


@pytest.mark.parametrize(("design", "sample"), SAMPLES)
def test_the_word_stands_free_and_clear_on_every_design(
    design: str, sample: str, fonts: Fonts
) -> None:
    plate = lay_out_for_trial(design, sample, fonts)
    mark = mark_of(plate)
    place = box_of(mark, fonts)
    assert mark.size >= CLEAR * plate.design.face.height
    assert plate.design.face.box.holds(place)
    assert not place.overlaps(plate.design.symbol.box)
    for run in plate.runs:
        assert run is mark or not place.overlaps(box_of(run, fonts)), run.text
    colours = plate.design.colours
    assert colours.get_colour(mark.colour) != colours.get_colour(mark.under)


@pytest.mark.parametrize(("design", "sample"), SAMPLES)
def test_all_else_stands_where_it_stands_on_the_real_plate(
    design: str, sample: str, fonts: Fonts
) -> None:
    plate = lay_out_for_trial(design, sample, fonts)
    real = lay_out(plate.design, replace(plate.content, is_trial=False), fonts)
    assert plate.runs[: len(real.runs)] == real.runs
    assert plate.symbol.packed == real.symbol.packed


@pytest.mark.parametrize("design", ["medium", "room", "lamp", "elder"])
def test_every_writer_draws_the_word_and_the_symbol_is_read(design: str, fonts: Fonts) -> None:
    plate = lay_out_for_trial(design, "short", fonts)
    real = lay_out(plate.design, replace(plate.content, is_trial=False), fonts)
    assert read_pdf(draw_pdf(plate, fonts)) == (plate.content.payload,)
    assert read_png(draw_png(plate, fonts)) == (plate.content.payload,)
    pictures = [Image.open(BytesIO(draw_png(one, fonts, dpi=60))) for one in (plate, real)]
    assert pictures[0].tobytes() != pictures[1].tobytes()
    for form in ("svg", "dxf"):
        sizes = []
        for one in (plate, real):
            target = BytesIO()
            made = write_zip(target, [PlateSpec(one.design, one.content)], fonts, form)
            assert made.plates
            sizes.append(len(target.getvalue()))
        assert sizes[0] > sizes[1]
