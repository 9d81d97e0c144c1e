"""Links that open a plate's point in a map application, each vendor in its own system and order.

Amap wants longitude first, Tencent and Baidu latitude first; the first two live in GCJ-02, Baidu in
BD-09, ``geo:`` (RFC 5870) in WGS84. The right system is sent, so that no vendor shifts it again.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from address_model.coordinates import CoordinateSystem, Point, convert

REFERRER = "menpai"


@dataclass(frozen=True, slots=True)
class MapLinks:
    """One address per way of opening the point."""

    amap: str
    tencent: str
    baidu: str
    system: str


def map_links(point: Point, name: str, address: str) -> MapLinks:
    """Return the links for a CGCS2000 point.

    Args:
        point: the plate.
        name: the short text on the marker, such as 河坊街88号.
        address: the full standard address.
    """
    gcj02 = convert(point, CoordinateSystem.CGCS2000, CoordinateSystem.GCJ02)
    bd09 = convert(point, CoordinateSystem.CGCS2000, CoordinateSystem.BD09)
    return MapLinks(
        amap=_amap(gcj02, name),
        tencent=_tencent(gcj02, name, address),
        baidu=_baidu(bd09, name, address),
        system=_geo(point, name),
    )


def _amap(point: Point, name: str) -> str:
    query = {
        "position": f"{point.lon:.6f},{point.lat:.6f}",
        "name": name,
        "coordinate": "gaode",
        "callnative": "1",
        "src": REFERRER,
    }
    return f"https://uri.amap.com/marker?{_query(query)}"


def _tencent(point: Point, name: str, address: str) -> str:
    marker = f"coord:{point.lat:.6f},{point.lon:.6f};title:{_plain(name)};addr:{_plain(address)}"
    query = {"marker": marker, "referer": REFERRER}
    return f"https://apis.map.qq.com/uri/v1/marker?{_query(query)}"


def _baidu(point: Point, name: str, address: str) -> str:
    query = {
        "location": f"{point.lat:.6f},{point.lon:.6f}",
        "title": name,
        "content": address,
        "coord_type": "bd09ll",
        "output": "html",
        "src": REFERRER,
    }
    return f"https://api.map.baidu.com/marker?{_query(query)}"


def _geo(point: Point, name: str) -> str:
    place = f"{point.lat:.6f},{point.lon:.6f}"
    return f"geo:{place}?q={place}({quote(name, safe='')})"


def _plain(text: str) -> str:
    """Tencent parts a marker's fields by ; and : so they may not stand in a title."""
    return text.replace(";", " ").replace(":", " ")


def _query(fields: dict[str, str]) -> str:
    return urlencode(fields, quote_via=quote, safe=",:;")
