import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from address_model.coordinates import CoordinateSystem
from address_model.written_numbers import plain_number
from service.areas.features import read_features
from service.areas.rows import read_area_features
from service.core.errors import BadRequest
from tests.factories.areas import box, collection

raw = pytest.importorskip("pyogrio.raw", reason="the extra gis is not installed")

SHAPES = np.array([box(0, 0, 1, 1), box(1, 0, 2, 1)], dtype=object)
CODES = ["G1", "G2"]
NAMES = ["清波门网格 1", "清波门网格 2"]


def write_layer(path: Path, driver: str, crs: str = "EPSG:4490", **options: str) -> Path:
    shapes = SHAPES
    if crs != "EPSG:4490":
        import pyproj

        there = pyproj.Transformer.from_crs("EPSG:4490", crs, always_xy=True)
        shapes = shapely.transform(
            shapes, lambda c: np.column_stack(there.transform(c[:, 0], c[:, 1]))
        )
    raw.write(
        path,
        geometry=shapely.to_wkb(shapes),
        field_data=[np.array(CODES, dtype=object), np.array(NAMES, dtype=object)],
        fields=["编码", "名称"],
        geometry_type="MultiPolygon",
        crs=crs,
        driver=driver,
        **options,
    )
    return path


def zipped(path: Path) -> Path:
    target = path.with_suffix(".zip")
    with zipfile.ZipFile(target, "w") as archive:
        for part in sorted(path.parent.glob(f"{path.stem}.*")):
            if part != target:
                archive.write(part, part.name)
    return target


def geojson(folder: Path) -> Path:
    file = folder / "a.geojson"
    rows: list[tuple[Any, dict[str, object]]] = [
        (shape, {"编码": code, "名称": name})
        for shape, code, name in zip(SHAPES, CODES, NAMES, strict=True)
    ]
    file.write_text(collection(*rows), "utf-8")
    return file


FORMATS: dict[str, Callable[[Path], Path]] = {
    "GeoJSON": geojson,
    "GeoPackage": lambda folder: write_layer(folder / "a.gpkg", "GPKG"),
    "GeoPackage in metres": lambda folder: write_layer(folder / "a.gpkg", "GPKG", "EPSG:4549"),
    "Shapefile": lambda folder: write_layer(folder / "a.shp", "ESRI Shapefile", encoding="UTF-8"),
    "zipped Shapefile of GB18030": lambda folder: zipped(
        write_layer(folder / "a.shp", "ESRI Shapefile", encoding="GB18030")
    ),
}


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_gives_the_same_names_and_borders(form: str, tmp_path: Path) -> None:
    features = read_features(FORMATS[form](tmp_path))
    assert [tuple(feature.row.values.values()) for feature in features.listed] == list(
        zip(CODES, NAMES, strict=True)
    )
    assert features.system is CoordinateSystem.CGCS2000
    for feature, shape in zip(features.listed, SHAPES, strict=True):
        assert shapely.hausdorff_distance(feature.geometry, shape) < 1e-8  # a millimetre


def test_a_shapefile_table_without_its_cpg_is_read_as_gb18030(tmp_path: Path) -> None:
    file = write_layer(tmp_path / "a.shp", "ESRI Shapefile", encoding="GB18030")
    file.with_suffix(".cpg").unlink(missing_ok=True)
    assert read_features(file).listed[0].row.values["名称"] == NAMES[0]


def test_an_old_geojson_may_be_in_metres(tmp_path: Path) -> None:
    metres = write_layer(tmp_path / "m.geojson", "GeoJSON", "EPSG:4549")
    assert "4549" in json.loads(metres.read_text("utf-8"))["crs"]["properties"]["name"]
    [first, _] = read_features(metres).listed
    assert shapely.hausdorff_distance(first.geometry, SHAPES[0]) < 1e-7


def test_what_the_officer_declares_decides_the_system(tmp_path: Path) -> None:
    assert read_features(geojson(tmp_path), crs="gcj-02").system is CoordinateSystem.GCJ02


def refusal(file: Path, **options: str) -> BadRequest:
    with pytest.raises(BadRequest) as caught:
        read_features(file, **options)
    assert caught.value.hint
    return caught.value


def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    text = tmp_path / "a.geojson"
    text.write_text('{"type": "Feature"}')
    assert "FeatureCollection" in str(refusal(text))
    drawing = tmp_path / "a.dwg"
    drawing.write_bytes(b"AC1032")
    assert "GeoPackage" in refusal(drawing).hint
    assert "there is no file" in str(refusal(tmp_path / "none.geojson"))
    assert "not a coordinate system" in str(refusal(geojson(tmp_path), crs="pulkovo"))
    assert "not a local file" in str(refusal(Path("/vsicurl/http://127.0.0.1/a.gpkg")))


def test_an_old_datum_is_refused_since_no_formula_is_public(tmp_path: Path) -> None:
    file = write_layer(tmp_path / "a.gpkg", "GPKG", "EPSG:4549")
    assert "surveying authority" in refusal(file, crs="EPSG:2437").hint  # Beijing 1954


def test_a_broken_layer_ends_the_reader_and_not_the_service(tmp_path: Path) -> None:
    file = write_layer(tmp_path / "a.gpkg", "GPKG")
    file.write_bytes(file.read_bytes()[:6000])
    assert refusal(file)
    shape = write_layer(tmp_path / "b.shp", "ESRI Shapefile")
    shape.with_suffix(".dbf").unlink()
    assert ".dbf" in str(refusal(shape))


def test_a_geometry_that_cannot_be_read_is_the_fault_of_its_feature_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    document = json.loads(geojson(tmp_path).read_text("utf-8"))
    document["features"][0]["geometry"] = {"type": "Polygon", "coordinates": [[[120, 30]]]}
    file.write_text(json.dumps(document))
    first, second = read_features(file).listed
    assert first.row.fault is not None
    assert first.row.fault.field == "geometry"
    assert second.geometry is not None


WRITTEN = {
    "330106002777.0": "330106002777",
    "3.30106002777e11": "330106002777",
    "3.30106e11": "3.30106e11",
    "330106199001010012.0": "3.3010619900101e+17",
    "330106199001010012": "330106199001010012",
    "12.5": "12.5",
    "-7.0": "-7",
}
"""Numbers of a file, and what the code of an area is read as; a power stays where digits went."""


@pytest.mark.parametrize("written", WRITTEN)
def test_a_number_is_read_as_it_is_written(written: str, tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    text = collection((SHAPES[0], {"编码": "CODE", "名称": "示例网格 1"}))
    file.write_text(text.replace('"CODE"', written), "utf-8")
    [feature] = read_features(file).listed
    assert plain_number(feature.row.values["编码"]) == WRITTEN[written]
    assert shapely.hausdorff_distance(feature.geometry, SHAPES[0]) < 1e-8


@pytest.mark.parametrize(("form", "driver"), [("a.gpkg", "GPKG"), ("a.shp", "ESRI Shapefile")])
def test_a_column_of_decimals_gives_whole_codes_and_never_rounded_ones(
    form: str, driver: str, tmp_path: Path
) -> None:
    codes = np.array([330106002777.0, 3.30106199001010012e17])
    raw.write(
        tmp_path / form,
        geometry=shapely.to_wkb(SHAPES),
        field_data=[codes, np.array(NAMES, dtype=object)],
        fields=["code", "name"],
        geometry_type="MultiPolygon",
        crs="EPSG:4490",
        driver=driver,
    )
    areas, faults = read_area_features(read_features(tmp_path / form), kind="grid")
    assert [area.code for area in areas] == ["330106002777"]
    assert [(fault.row, fault.field) for fault in faults] == [(2, "code")]


@pytest.mark.parametrize("features", ["5", "{}", '"x"', "null"])
def test_features_that_are_no_list_are_refused(features: str, tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    file.write_text(f'{{"type": "FeatureCollection", "features": {features}}}')
    assert "FeatureCollection" in str(refusal(file))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "coordinates", "properties", "name"]), inner)
    ),
    max_leaves=10,
)


GOOD = {"type": "Feature", "properties": {"name": "甲"}, "geometry": None}
quickly = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def write_document(folder: Path, **document: object) -> Path:
    file = folder / "any.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection"} | document))
    return file


@quickly
@given(st.sampled_from(["geometry", "properties", "type"]), JSON, JSON)
def test_a_feature_of_whatever_shape_harms_no_other(
    tmp_path: Path, field: str, value: object, whole: object
) -> None:
    features = [GOOD | {field: value}, whole, GOOD]
    listed = read_features(write_document(tmp_path, features=features)).listed
    assert [feature.row.number for feature in listed] == [1, 2, 3]
    assert listed[2].row.values["name"] == "甲"


@quickly
@given(JSON)
def test_a_system_of_whatever_shape_is_read_or_refused_with_its_hint(
    tmp_path: Path, crs: object
) -> None:
    said = ""
    try:
        said = read_features(write_document(tmp_path, features=[GOOD], crs=crs)).headings[0]
    except BadRequest as error:
        said = error.hint
    assert said
