from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from address_model.coordinates import CoordinateSystem, Point, convert, distance_m
from service.scans.plate_page import map_links

PLATE = Point(120.167, 30.241)
GCJ02 = convert(PLATE, CoordinateSystem.CGCS2000, CoordinateSystem.GCJ02)
BD09 = convert(PLATE, CoordinateSystem.CGCS2000, CoordinateSystem.BD09)
LINKS = map_links(PLATE, "河坊街88号", "浙江省杭州市上城区清波街道河坊街88号")


def fields(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def near(text: str, expected: Point, *, longitude_first: bool) -> bool:
    first, second = (float(part) for part in text.split(","))
    lon, lat = (first, second) if longitude_first else (second, first)
    return distance_m(Point(lon, lat), expected) < 0.2


def test_amap_gets_longitude_first_in_gcj02() -> None:
    assert LINKS.amap.startswith("https://uri.amap.com/marker?")
    sent = fields(LINKS.amap)
    assert near(sent["position"], GCJ02, longitude_first=True)
    assert sent["coordinate"] == "gaode"
    assert sent["name"] == "河坊街88号"


def test_tencent_gets_latitude_first_in_gcj02() -> None:
    assert LINKS.tencent.startswith("https://apis.map.qq.com/uri/v1/marker?")
    marker = dict(part.split(":", 1) for part in fields(LINKS.tencent)["marker"].split(";"))
    assert near(marker["coord"], GCJ02, longitude_first=False)
    assert marker["title"] == "河坊街88号"
    assert marker["addr"] == "浙江省杭州市上城区清波街道河坊街88号"


def test_baidu_gets_latitude_first_in_bd09() -> None:
    assert LINKS.baidu.startswith("https://api.map.baidu.com/marker?")
    sent = fields(LINKS.baidu)
    assert near(sent["location"], BD09, longitude_first=False)
    assert sent["coord_type"] == "bd09ll"
    assert sent["output"] == "html"


def test_the_system_link_gives_latitude_first_in_wgs84() -> None:
    scheme, rest = LINKS.system.split(":", 1)
    place, query = rest.split("?q=")
    assert scheme == "geo"
    assert near(place, PLATE, longitude_first=False)
    assert unquote(query) == f"{place}(河坊街88号)"


def test_the_three_systems_really_differ() -> None:
    assert distance_m(PLATE, GCJ02) > 400
    assert distance_m(GCJ02, BD09) > 400


@pytest.mark.parametrize("name", ["甲;乙:丙", "A&B=C", 'x"><script>', "88号 (东门)"])
def test_odd_names_break_no_link(name: str) -> None:
    links = map_links(PLATE, name, name)
    for link in (links.amap, links.tencent, links.baidu, links.system):
        assert not set(' "<>') & set(link)
    assert fields(links.amap)["name"] == name
    assert fields(links.tencent)["marker"].count(";") == 2
