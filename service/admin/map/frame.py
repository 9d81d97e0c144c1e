"""What a page with a map hands to its script, and the policy under which the script may run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from address_model.coordinates import Point
from service.admin.answer import CONTENT_SECURITY_POLICY
from service.core import html
from service.core.base_maps import origin_of
from service.core.settings import Settings
from service.tiles.grid import Bounds

LIBRARY = "vendor/maplibre-gl"
LIBRARY_FILES: Mapping[str, str] = {
    "maplibre-gl-csp.js": "text/javascript",
    "maplibre-gl-csp-worker.js": "text/javascript",
    "maplibre-gl.css": "text/css",
}
"""The files of the library that browsers ask for, with their types; all are unchanged."""
OWN_FILES: Mapping[str, str] = {
    "map.js": "text/javascript",
    "borders.js": "text/javascript",
    "map.css": "text/css",
}
TILES = "/admin/tiles/{z}/{x}/{y}"
ANYWHERE: Bounds = (73.0, 17.0, 136.0, 54.0)
"""What a map shows that knows no better: the country."""


def url_of(name: str) -> str:
    """The URL of a static file, with a fingerprint that changes with it."""
    return f"/static/{name}?{html.fingerprint(name)}"


_URLS = {
    "map_style": url_of("map.css"),
    "map_script": url_of("map.js"),
    "border_script": url_of("borders.js"),
    "library_style": url_of(f"{LIBRARY}/maplibre-gl.css"),
    "library_script": url_of(f"{LIBRARY}/maplibre-gl-csp.js"),
    "library_worker": url_of(f"{LIBRARY}/maplibre-gl-csp-worker.js"),
}


@dataclass(frozen=True, slots=True)
class MapFrame:
    """One map on a page: what it shows at first, what is marked, and whether a point is chosen.

    ``points`` is the URL of GeoJSON that is marked, "" for none; ``here`` one marked point.
    ``picks`` makes the map fill the fields ``lon`` and ``lat`` of the page's form. ``borders`` is
    GeoJSON of areas that are drawn; ``edits`` the field of the form that is drawn on the map.
    """

    bounds: Bounds = ANYWHERE
    points: str = ""
    here: Point | None = None
    picks: bool = False
    borders: str = ""
    edits: str = ""

    @property
    def bounds_text(self) -> str:
        """West, south, east and north, as the script reads them."""
        return ",".join(f"{degrees:.6f}" for degrees in self.bounds)

    @property
    def here_text(self) -> str:
        """Longitude and latitude of the marked point, "" without one."""
        return f"{self.here.lon:.7f},{self.here.lat:.7f}" if self.here else ""


def map_values(settings: Settings, frame: MapFrame | None) -> dict[str, Any]:
    """What ``admin/map.html`` needs of a page, and its content security policy.

    A page without a map (None) keeps the stricter policy.
    """
    if frame is None:
        return {"map": None}
    return {
        "map": frame,
        "tiles": TILES,
        "base_map": settings.base_map_url,
        "base_note": settings.base_map_note,
        "policy": map_policy(settings.base_map_url),
    } | _URLS


def map_policy(base_map_url: str) -> str:
    """The policy of the signed-in area with the map's worker, and the base map's host if set."""
    policy = f"{CONTENT_SECURITY_POLICY}; worker-src 'self'"
    host = origin_of(base_map_url)
    if host:
        policy = policy.replace("connect-src 'self'", f"connect-src 'self' {host}")
        policy = policy.replace("img-src 'self'", f"img-src 'self' {host}")
    return policy
