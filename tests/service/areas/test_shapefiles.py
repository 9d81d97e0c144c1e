"""Zipped Shapefiles as programs and people write them."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
import shapely

from service.areas.features import read_features
from service.core.errors import BadRequest
from tests.factories.areas import box

raw = pytest.importorskip("pyogrio.raw", reason="the extra gis is not installed")

NAMES = ["示例网格 1", "示例网格 2"]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The five parts of a Shapefile of two areas, by ending."""
    folder = tmp_path_factory.mktemp("layer")
    raw.write(
        folder / "grid.shp",
        geometry=shapely.to_wkb(np.array([box(0, 0, 1, 1), box(1, 0, 2, 1)], dtype=object)),
        field_data=[np.array(NAMES, dtype=object)],
        fields=["名称"],
        geometry_type="MultiPolygon",
        crs="EPSG:4490",
        driver="ESRI Shapefile",
        encoding="UTF-8",
    )
    return {file.suffix: file.read_bytes() for file in folder.iterdir()}


def pack(folder: Path, *files: tuple[str, bytes]) -> Path:
    file = folder / "a.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return file


def layer(parts: dict[str, bytes], stem: str = "grid") -> list[tuple[str, bytes]]:
    return [(stem + suffix, data) for suffix, data in parts.items()]


def names(file: Path) -> list[str]:
    return [feature.row.values["名称"] for feature in read_features(file).listed]


def refusal(file: Path) -> str:
    with pytest.raises(BadRequest) as caught:
        read_features(file)
    assert caught.value.hint
    return str(caught.value)


@pytest.mark.parametrize(
    "beside",
    [
        ["grid.sbn", "grid.sbx", "grid.shp.xml", "grid.fix", "grid.atx"],
        ["grid.qix", "grid.qmd", "grid.qml", "grid.qpj", "grid.sld"],
        ["__MACOSX/", "__MACOSX/._grid.shp", "__MACOSX/._grid.dbf", ".DS_Store", "._grid.shp"],
        ["Thumbs.db", "desktop.ini", "说明.txt", "图件/封面.jpg", "字段.xlsx", "清单.wps"],
        ["字典.dbf", "other.prj", "other.cpg"],
    ],
)
def test_other_files_of_a_layer_are_ignored(
    parts: dict[str, bytes], beside: list[str], tmp_path: Path
) -> None:
    files = [(name, b"" if name.endswith("/") else b"x") for name in beside]
    assert names(pack(tmp_path, *files, *layer(parts))) == NAMES
    assert names(pack(tmp_path, *layer(parts), *files)) == NAMES


@pytest.mark.parametrize("stem", ["网格/grid", "导出/2026/grid", "网格\\grid", "./grid"])
def test_a_layer_may_be_in_a_folder(parts: dict[str, bytes], stem: str, tmp_path: Path) -> None:
    folder = (stem.split("/", maxsplit=1)[0] + "/", b"")
    assert names(pack(tmp_path, folder, *layer(parts, stem))) == NAMES


def test_extensions_and_names_may_differ_in_case(parts: dict[str, bytes], tmp_path: Path) -> None:
    files = [(f"{'GRID' if at % 2 else 'Grid'}{suffix.upper()}", data)
             for at, (suffix, data) in enumerate(parts.items())]  # fmt: skip
    assert names(pack(tmp_path, *files)) == NAMES


@pytest.mark.parametrize("other", ["beat", "folder/grid", "folder/beat"])
def test_two_layers_are_refused(parts: dict[str, bytes], other: str, tmp_path: Path) -> None:
    file = pack(tmp_path, *layer(parts), *layer(parts, other))
    assert "several layers" in refusal(file)


@pytest.mark.parametrize("other", ["a.gpkg", "sub/b.geojson", "c.ZIP", "d.gdb/a00000001.gdbtable"])
def test_another_layer_of_any_format_is_refused(
    parts: dict[str, bytes], other: str, tmp_path: Path
) -> None:
    assert "another layer" in refusal(pack(tmp_path, *layer(parts), (other, b"x")))


@pytest.mark.parametrize("name", ["run.exe", "grid.dbf", "grid.shp", "说明.txt"])
def test_a_zip_without_a_complete_layer_names_the_missing_parts(name: str, tmp_path: Path) -> None:
    assert "lacks its" in refusal(pack(tmp_path, (name, b"x")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_occurs_twice_is_refused(parts: dict[str, bytes], tmp_path: Path) -> None:
    again = ("grid.dbf", parts[".dbf"])
    assert "twice" in refusal(pack(tmp_path, *layer(parts), again))


def test_nothing_is_written_outside_the_temporary_folder(
    parts: dict[str, bytes], tmp_path: Path
) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    assert names(pack(inside, *layer(parts, "../../grid"))) == NAMES
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.zip"]


def test_a_symbolic_link_is_refused(parts: dict[str, bytes], tmp_path: Path) -> None:
    link = zipfile.ZipInfo("grid.dbf")
    link.external_attr = 0o120777 << 16
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in layer({key: one for key, one in parts.items() if key != ".dbf"}):
            archive.writestr(name, data)
        archive.writestr(link, "/etc/passwd")
    assert "symbolic link" in refusal(file)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", bytes(50 << 20))
    assert "too large" in str(refusal(file))
