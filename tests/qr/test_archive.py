import csv
import io
from collections.abc import Callable, Iterator
from zipfile import ZipFile

import pytest

from qr import archive
from qr.archive import Form, write_zip
from qr.content import PlateContent
from qr.designs import Design
from qr.errors import FileNameRefused, SymbolUnproven, TextTooLong
from qr.fonts import Fonts
from qr.layout import PlateSpec

Build = Callable[..., PlateContent]


def orders(design: Design, contents: list[PlateContent]) -> Iterator[PlateSpec]:
    return (PlateSpec(design, content) for content in contents)


def table(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


@pytest.mark.parametrize("form", ["svg", "pdf", "dxf", "png"])
def test_an_archive_has_one_file_a_plate_and_a_manifest(
    medium: Design, plate: Build, fonts: Fonts, form: Form
) -> None:
    contents = [plate(serial) for serial in range(2)]
    first, second = io.BytesIO(), io.BytesIO()
    done = write_zip(first, orders(medium, contents), fonts, form)
    write_zip(second, orders(medium, contents), fonts, form)
    assert first.getvalue() == second.getvalue()
    assert (done.plates, done.refused) == (tuple(c.plate_id for c in contents), ())
    with ZipFile(first) as opened:
        files = [f"{content.plate_id}.{form}" for content in contents]
        assert opened.namelist() == [*files, "manifest.csv"]
        manifest = table(opened.read("manifest.csv"))
    assert [line["payload"] for line in manifest] == [content.payload for content in contents]
    assert manifest[0]["module_mm"] == "2.027"


def test_bad_plates_are_listed_and_the_others_written(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    contents = [plate(0), plate(1, name="长" * 60), plate(0), plate(2, plate_id="../x"), plate(3)]
    target = io.BytesIO()
    done = write_zip(target, orders(medium, contents), fonts, "svg")
    assert done.plates == (plate(0).plate_id, plate(3).plate_id)
    kinds = [type(refusal.error) for refusal in done.refused]
    assert sorted(kinds, key=str) == [FileNameRefused, FileNameRefused, TextTooLong]
    with ZipFile(target) as opened:
        refused = table(opened.read("refused.csv"))
    assert [line["plate"] for line in refused] == [plate(1).plate_id, plate(0).plate_id, "../x"]
    assert "larger design" in refused[0]["reason"]


def test_a_file_that_does_not_read_back_is_left_out(
    medium: Design, plate: Build, fonts: Fonts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "draw_svg", lambda *_: b"<svg/>")
    done = write_zip(io.BytesIO(), orders(medium, [plate()]), fonts, "svg")
    assert done.plates == ()
    assert isinstance(done.refused[0].error, SymbolUnproven)


def test_no_cell_of_the_manifest_is_a_formula(medium: Design, plate: Build, fonts: Fonts) -> None:
    target = io.BytesIO()
    write_zip(target, orders(medium, [plate(name="=1+2")]), fonts, "svg")
    with ZipFile(target) as opened:
        assert table(opened.read("manifest.csv"))[0]["name"] == "'=1+2"
