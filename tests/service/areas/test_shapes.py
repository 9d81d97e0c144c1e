import pytest
import shapely

from address_model.coordinates import CoordinateSystem, Point, convert
from service.areas.shapes import ShapeRefused, shape_area
from tests.factories.areas import BOW_TIE, box

CGCS2000 = CoordinateSystem.CGCS2000


def test_a_valid_polygon_becomes_the_same_multipolygon_wherever_its_ring_begins() -> None:
    ring = [(120, 30), (120.01, 30), (120.01, 30.01), (120, 30.01)]
    shaped = [
        shape_area(shapely.Polygon(corners), CGCS2000)
        for corners in (ring, ring[2:] + ring[:2], ring[::-1])
    ]
    assert {one.shape.wkb for one in shaped} == {box(0, 0, 1, 1).wkb}
    assert {one.mended for one in shaped} == {""}


def test_heights_are_dropped() -> None:
    high = shapely.Polygon([(120, 30, 5), (120.01, 30, 5), (120.01, 30.01, 5)])
    assert not shape_area(high, CGCS2000).shape.has_z


def test_a_border_that_crosses_itself_is_refused_with_the_place_and_the_hint() -> None:
    with pytest.raises(ShapeRefused, match="the border crosses itself at 120") as caught:
        shape_area(BOW_TIE, CGCS2000)
    assert "30.005000" in str(caught.value)
    assert "--mend" in caught.value.hint
    assert "m²" in caught.value.hint


def test_with_mend_it_is_repaired_and_its_change_of_area_reported() -> None:
    shaped = shape_area(BOW_TIE, CGCS2000, repair_shape=True)
    assert shaped.shape.is_valid
    assert shaped.mended.startswith("the border crosses itself")
    assert "m²" in shaped.mended


def test_a_polygon_of_which_nothing_is_left_must_be_drawn_again() -> None:
    flat = shapely.Polygon([(120, 30), (120.01, 30), (120.02, 30)])
    with pytest.raises(ShapeRefused) as caught:
        shape_area(flat, CGCS2000, repair_shape=True)
    assert "draw the area again" in caught.value.hint


@pytest.mark.parametrize(
    ("shape", "hint"),
    [
        (None, "draw the area's polygon"),
        (shapely.Polygon(), "draw the area's polygon"),
        (shapely.Point(120, 30), "an area is a polygon"),
        (shapely.box(30, 120, 30.1, 120.1), "longitude comes first"),
        (shapely.box(500_000, 3_300_000, 501_000, 3_301_000), "--crs EPSG:4549"),
        (shapely.box(2, 48, 2.1, 48.1), "coordinate system"),
    ],
)
def test_a_geometry_that_is_no_polygon_in_china_is_refused_with_its_hint(
    shape: shapely.Geometry | None, hint: str
) -> None:
    with pytest.raises(ShapeRefused) as caught:
        shape_area(shape, CGCS2000)
    assert hint in caught.value.hint


@pytest.mark.parametrize("system", [CoordinateSystem.GCJ02, CoordinateSystem.BD09])
def test_a_layer_of_a_map_vendor_is_converted(system: CoordinateSystem) -> None:
    corners = [
        convert(Point(lon, lat), CGCS2000, system)
        for lon, lat in ((120, 30), (120.01, 30), (120.01, 30.01), (120, 30.01))
    ]
    shaped = shape_area(shapely.Polygon([(p.lon, p.lat) for p in corners]), system)
    assert shapely.hausdorff_distance(shaped.shape, box(0, 0, 1, 1)) < 1e-5  # a metre
