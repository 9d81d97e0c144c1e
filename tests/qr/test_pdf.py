import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from qr.content import PlateContent
from qr.designs import Design, get_design, list_designs
from qr.errors import TextTooLong
from qr.fonts import Fonts
from qr.gallery import list_samples
from qr.layout import lay_out
from qr.pdf import MM, write_pdf
from qr.proof import read_png
from qr.symbol import QUIET_ZONE

Build = Callable[..., PlateContent]


def tool(name: str, data: bytes, folder: Path, *options: str) -> str:
    path = folder / "plates.pdf"
    path.write_bytes(data)
    done = subprocess.run([name, *options, str(path)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def objects(data: bytes, kind: int) -> list[tuple[float, ...]]:
    page = pypdfium2.PdfDocument(io.BytesIO(data))[0]
    return [tuple(item.get_matrix().get()) for item in page.get_objects(filter=[kind])]


def test_the_boxes_are_the_face_and_its_bleed(
    medium: Design, plate: Build, fonts: Fonts, tmp_path: Path
) -> None:
    report = tool("pdfinfo", write_pdf(medium, [plate()], fonts=fonts), tmp_path, "-box")
    boxes = {
        name: [float(part) / MM for part in re.findall(r"[\d.]+", line)]
        for name, line in re.findall(r"(\w+Box): +(.*)", report)
    }
    assert boxes["TrimBox"] == pytest.approx([3, 3, 273, 173], abs=0.005)
    assert boxes["BleedBox"] == pytest.approx([0, 0, 276, 176], abs=0.005)
    assert boxes["MediaBox"] == pytest.approx([0, 0, 276, 176], abs=0.005)


def test_every_font_is_embedded_as_a_subset(
    medium: Design, plate: Build, fonts: Fonts, tmp_path: Path
) -> None:
    data = write_pdf(medium, [plate(name="鄞𥐻弄")], fonts=fonts)
    lines = tool("pdffonts", data, tmp_path).splitlines()[2:]
    assert len(lines) == 2
    assert all(re.search(r" yes yes yes ", line) for line in lines)
    bold, rare = lines
    assert re.match(r"[A-Z]{6}\+NotoSansCJKsc-Bold +CID Type 0C ", bold)
    assert re.match(r"[A-Z]{6}\+HanaMin[AB] +CID TrueType ", rare)
    assert len(data) < 200_000


def test_the_texts_can_be_copied_from_the_file(
    medium: Design, plate: Build, fonts: Fonts, tmp_path: Path
) -> None:
    data = write_pdf(medium, [plate(name="河坊街", number="47")], fonts=fonts)
    tool("pdftotext", data, tmp_path)
    text = (tmp_path / "plates.txt").read_text(encoding="utf-8").replace(" ", "")
    assert all(said in text for said in ("河坊街", "47", "号", "3301061234567833", "K7QX3M9T00"))


def test_letters_are_filled_and_never_stroked(medium: Design, plate: Build, fonts: Fonts) -> None:
    """A face fattened by lines clogs; boldness comes from the face alone."""
    document = pypdfium2.PdfDocument(io.BytesIO(write_pdf(medium, [plate()], fonts=fonts)))
    texts = list(document[0].get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]))
    modes = {pdfium.FPDFTextObj_GetTextRenderMode(item.raw) for item in texts}
    assert len(texts) >= 8
    assert modes == {pdfium.FPDF_TEXTRENDERMODE_FILL}


def test_the_ruler_finds_the_symbol_where_the_design_puts_it(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    laid = lay_out(medium, plate(), fonts)
    (matrix,) = objects(write_pdf(medium, [plate()], fonts=fonts), pdfium.FPDF_PAGEOBJ_IMAGE)
    box, margin, bleed = medium.symbol.box, laid.module * QUIET_ZONE, medium.face.bleed
    side = box.width - 2 * margin
    bottom = medium.face.height + bleed - (box.bottom - margin)
    wanted = (side, 0, 0, side, box.x + margin + bleed, bottom)
    assert [part / MM for part in matrix] == pytest.approx(wanted, abs=0.05)


def test_the_ruler_finds_every_text_where_the_layout_puts_it(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    laid = lay_out(medium, plate(), fonts)
    found = objects(write_pdf(medium, [plate()], fonts=fonts), pdfium.FPDF_PAGEOBJ_TEXT)
    places = [(x / MM - 3, 173 - y / MM) for *_, x, y in found]
    assert places == [pytest.approx((run.starts[0], run.baseline), abs=0.05) for run in laid.runs]


def test_the_same_plates_give_the_same_bytes(medium: Design, plate: Build, fonts: Fonts) -> None:
    contents = [plate(serial) for serial in range(3)]
    first = write_pdf(medium, contents, fonts=fonts)
    assert write_pdf(medium, iter(contents), fonts=fonts) == first


def test_one_plate_that_cannot_be_made_is_named(medium: Design, plate: Build, fonts: Fonts) -> None:
    contents = [plate(0), plate(1, name="长" * 90), plate(2)]
    with pytest.raises(TextTooLong) as caught:
        write_pdf(medium, contents, fonts=fonts)
    assert caught.value.plate_id == contents[1].plate_id


def test_marks_point_at_the_cut_from_outside_the_bleed(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    data = write_pdf(medium, [plate()], fonts=fonts, marks=True)
    page = pypdfium2.PdfDocument(io.BytesIO(data))[0]
    paths = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=1)
    lines = [[part / MM for part in item.get_bounds()] for item in paths]
    upright = {round((x1 + x2) / 2, 1) for x1, y1, x2, y2 in lines if y2 - y1 > 4}
    level = {round((y1 + y2) / 2, 1) for x1, y1, x2, y2 in lines if x2 - x1 > 4}
    assert upright == {11.0, 281.0}
    assert level == {11.0, 181.0}
    assert not [line for line in lines if 8.1 < line[0] < 283 and 8.1 < line[1] < 183]


def test_the_boxes_of_a_page_with_marks_are_those_of_the_face(
    medium: Design, plate: Build, fonts: Fonts, tmp_path: Path
) -> None:
    data = write_pdf(medium, [plate()], fonts=fonts, marks=True)
    report = tool("pdfinfo", data, tmp_path, "-box")
    (trim,) = re.findall(r"TrimBox: +(.*)", report)
    assert [float(p) / MM for p in trim.split()] == pytest.approx([11, 11, 281, 181], abs=0.005)


def test_inks_are_spot_colours_with_the_names_of_the_design(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    data = write_pdf(medium, [plate()], fonts=fonts)
    assert b"/Separation/Plate#20Blue/DeviceCMYK" in data
    assert b"/C1[1 0.76 0 0.04]" in data
    assert b"/Separation/Reflective#20White/DeviceCMYK" in data


def test_a_thousand_pages_stand_in_a_tree_that_every_reader_walks(
    medium: Design, plate: Build, fonts: Fonts, tmp_path: Path
) -> None:
    data = write_pdf(medium, [plate(serial) for serial in range(130)], fonts=fonts)
    assert re.search(r"Pages: +130\n", tool("pdfinfo", data, tmp_path))
    assert data.count(b"/Type/Pages/Parent") == 3


def test_rendered_by_another_reader_every_symbol_reads(
    medium: Design, plate: Build, fonts: Fonts, tmp_path: Path
) -> None:
    (tmp_path / "plates.pdf").write_bytes(write_pdf(medium, [plate(5)], fonts=fonts))
    subprocess.run(["pdftoppm", "-r", "60", "-png", "plates.pdf", "page"], cwd=tmp_path, check=True)
    (picture,) = tmp_path.glob("page*.png")
    assert read_png(picture.read_bytes()) == (plate(5).payload,)


@pytest.mark.parametrize("name", list_designs())
def test_the_ruler_agrees_with_every_design(name: str, fonts: Fonts) -> None:
    design = get_design(name)
    bleed, height = design.face.bleed, design.face.height + design.face.bleed
    for content in list_samples(design).values():
        laid = lay_out(design, content, fonts)
        data = write_pdf(design, [content], fonts=fonts)
        found = objects(data, pdfium.FPDF_PAGEOBJ_TEXT)
        places = [(x / MM - bleed, height - y / MM) for *_, x, y in found]
        wanted = [(run.starts[0], run.baseline) for run in laid.runs]
        assert places == [pytest.approx(place, abs=0.05) for place in wanted]
        (matrix,) = objects(data, pdfium.FPDF_PAGEOBJ_IMAGE)
        box, margin = design.symbol.box, laid.module * QUIET_ZONE
        side = box.width - 2 * margin
        corner = (box.x + margin + bleed, height - box.bottom + margin)
        wanted_symbol = (side, 0, 0, side, *corner)
        assert [part / MM for part in matrix] == pytest.approx(wanted_symbol, abs=0.05)


def test_the_last_character_of_a_run_stands_where_the_layout_puts_it(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    laid = lay_out(medium, plate(number="1234567"), fonts)
    data = write_pdf(medium, [plate(number="1234567")], fonts=fonts)
    text = pypdfium2.PdfDocument(io.BytesIO(data))[0].get_textpage()
    for run in laid.runs:
        place = text.get_text_range().index(run.text) + len(run.text) - 1
        left = text.get_charbox(place, loose=True)[0] / MM - 3
        assert left == pytest.approx(run.starts[-1], abs=0.05)
