"""Links that open a point in a map application, in each vendor's coordinate system and order.

Amap takes longitude first, Tencent and Baidu latitude first. Amap and Tencent use GCJ-02, Baidu
BD-09, ``geo:`` (RFC 5870) WGS84; a point in the wrong system would be shown some 500 m off.
"""

from dataclasses import dataclass
from urllib.parse import quote

from address_model.coordinates import Point, vendor_points

REFERRER = "menpai"


@dataclass(frozen=True, slots=True)
class MapLinks:
    """One URL per map application; ``system`` is the ``geo:`` URI."""

    amap: str
    tencent: str
    baidu: str
    system: str


def map_links(point: Point, name: str, address: str) -> MapLinks:
    """Return the links for a CGCS2000 point.

    Args:
        point: where the marker goes.
        name: the label of the marker, such as 河坊街88号.
        address: the full standard address.
    """
    gcj02, bd09 = vendor_points(point)
    name, address = _quote(name), _quote(address)
    place, amap = f"{point.lat:.6f},{point.lon:.6f}", f"{gcj02.lon:.6f},{gcj02.lat:.6f}"
    return MapLinks(
        amap=f"https://uri.amap.com/marker?position={amap}&name={name}"
        f"&coordinate=gaode&callnative=1&src={REFERRER}",
        tencent=f"https://apis.map.qq.com/uri/v1/marker?marker=coord:{gcj02.lat:.6f},"
        f"{gcj02.lon:.6f};title:{_plain(name)};addr:{_plain(address)}&referer={REFERRER}",
        baidu=f"https://api.map.baidu.com/marker?location={bd09.lat:.6f},{bd09.lon:.6f}"
        f"&title={name}&content={address}&coord_type=bd09ll&output=html&src={REFERRER}",
        system=f"geo:{place}?q={place}({name})",
    )


def _quote(text: str) -> str:
    return quote(text, safe="")


def _plain(quoted: str) -> str:
    """Replace ; and : which separate the fields of Tencent's marker parameter."""
    return quoted.replace("%3B", "%20").replace("%3A", "%20")
