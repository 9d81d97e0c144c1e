import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from qr.content import PlateContent
from qr.designs import Design
from qr.fonts import Fonts
from qr.layout import lay_out
from qr.proof import prove_drawing, read_png
from qr.svg import symbol_path, write_svg
from tests.chromium import CHROMIUM

Build = Callable[..., PlateContent]
SVG = "{http://www.w3.org/2000/svg}"


def test_a_drawing_has_the_true_size_and_one_path_for_the_symbol(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    root = ElementTree.fromstring(write_svg(medium, plate(), fonts=fonts))
    assert (root.get("width"), root.get("height")) == ("270mm", "170mm")
    assert root.get("viewBox") == "0 0 270 170"
    assert len([item for item in root.iter(f"{SVG}path") if item.get("id") == "symbol"]) == 1
    assert not list(root.iter(f"{SVG}text"))


def test_the_symbol_reads_from_the_lines_of_the_file(
    medium: Design, plate: Build, fonts: Fonts
) -> None:
    data = write_svg(medium, plate(3), fonts=fonts)
    assert prove_drawing(data, lay_out(medium, plate(3), fonts)).passed
    assert not prove_drawing(data, lay_out(medium, plate(4), fonts)).passed
    lost = data.replace(b'id="symbol"', b"")
    assert "0 symbols" in prove_drawing(lost, lay_out(medium, plate(3), fonts)).failures[0].reason


def test_the_symbol_is_small(medium: Design, plate: Build, fonts: Fonts) -> None:
    assert len(symbol_path(lay_out(medium, plate(), fonts).symbol)) < 2500
    assert len(write_svg(medium, plate(), fonts=fonts)) < 30_000


def test_the_same_plate_gives_the_same_bytes(medium: Design, plate: Build, fonts: Fonts) -> None:
    assert write_svg(medium, plate(), fonts=fonts) == write_svg(medium, plate(), fonts=fonts)


def test_a_name_cannot_write_markup(medium: Design, plate: Build, fonts: Fonts) -> None:
    data = write_svg(medium, plate(name='<b>"&'), fonts=fonts)
    root = ElementTree.fromstring(data)
    assert root.find(f"{SVG}title").text.startswith('<b>"&')  # type: ignore[union-attr]


def test_every_text_stands_on_its_baseline(medium: Design, plate: Build, fonts: Fonts) -> None:
    laid = lay_out(medium, plate(), fonts)
    root = ElementTree.fromstring(write_svg(medium, plate(), fonts=fonts))
    groups = list(root.iter(f"{SVG}g"))
    assert [group.get("aria-label") for group in groups] == [run.text for run in laid.runs]
    for group, run in zip(groups, laid.runs, strict=True):
        place = re.findall(r"[\d.]+", group[0].get("transform", ""))
        assert [float(part) for part in place] == pytest.approx(
            [run.starts[0], run.baseline], abs=0.05
        )


@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_a_browser_draws_a_symbol_that_reads(
    medium: Design, plate: Build, fonts: Fonts, tmp_path: Path
) -> None:
    (tmp_path / "plate.svg").write_bytes(write_svg(medium, plate(9), fonts=fonts))
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    subprocess.run(
        [str(CHROMIUM), *flags, "--window-size=1100,700", "--screenshot=plate.png", "plate.svg"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert read_png((tmp_path / "plate.png").read_bytes()) == (plate(9).payload,)
