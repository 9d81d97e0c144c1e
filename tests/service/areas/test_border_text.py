import pytest
import shapely

from service.areas.border_text import MOST_CORNERS, read_border, read_line, write_shape
from service.areas.borders import BorderRefused
from tests.factories.areas import box, collection

SQUARE = box(0, 0, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        write_shape(SQUARE),
        str(shapely.to_geojson(SQUARE)),
        collection((SQUARE, {"name": "甲"})),
        '{"type":"Feature","properties":{},"geometry":' + write_shape(SQUARE) + "}",
        "120,30\n120.01,30\n120.01,30.01\n120,30.01",
        "  120 30 ;\n120.01， 30\n\n120.01 30.01\n120,30.01  ",
    ],
    ids=["polygon", "multipolygon", "collection", "feature", "corners", "corners as people type"],
)
def test_a_border_is_read_as_it_is_drawn_pasted_or_typed(text: str) -> None:
    assert read_border(text).equals(SQUARE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "还没有画"),
        ("   \n", "还没有画"),
        ("{", "不是 GeoJSON"),
        ('{"type":"FeatureCollection","features":[]}', "还没有画"),
        ('{"geometry":5}', "不是 GeoJSON"),
        ('{"features":{"a":1}}', "还没有画"),
        ("甲,乙", "不是 GeoJSON"),
        ("120,30\n121,31", "不是 GeoJSON"),
        ('{"type":"Polygon","coordinates":[]}', "还没有画"),
        ('{"type":"Point","coordinates":[120,30]}', ""),
        ("1,2\n3,4\n5,9", ""),
        ("120,30\n120.01,30.01\n120.01,30\n120,30.01", ""),
        ("120,30\n" * (MOST_CORNERS + 1), "20,000"),
    ],
)
def test_what_is_no_border_is_refused_at_its_field(text: str, said: str) -> None:
    with pytest.raises(BorderRefused) as refused:
        read_border(text)
    assert said in refused.value.page_text
    assert refused.value.field == "border"


def test_a_line_is_read_and_what_is_none_is_refused() -> None:
    line = shapely.LineString([(120, 30), (120.01, 30.01)])
    assert read_line("120,30\n120.01,30.01").equals(line)
    assert read_line(str(shapely.to_geojson(line))).equals(line)
    for text in ("", "120,30", write_shape(SQUARE), "120,30\n120,30", "1,2\n3,4"):
        with pytest.raises(BorderRefused) as refused:
            read_line(text)
        assert refused.value.field == "line"


def test_an_area_of_several_parts_stays_one() -> None:
    both = shapely.multipolygons([*SQUARE.geoms, *box(2, 2, 3, 3).geoms])
    assert read_border(write_shape(both)).equals(both)
