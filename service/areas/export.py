"""Writes areas with their versions as a GeoJSON file that can be edited and loaded again."""

from collections.abc import Sequence
from pathlib import Path

import orjson
import shapely

from service.areas.queries import HeldArea
from service.core.sheets.writer import whole_file


def write_areas(areas: Sequence[HeldArea], path: Path) -> None:
    """Write areas (RFC 7946, degrees, EPSG:4490); the file appears complete or not at all.

    A feature has the ``version`` of its area: if the area was changed in the meantime, loading the
    feature is refused.
    """
    codes = {area.id: area.code for area in areas}
    features = [
        {
            "type": "Feature",
            "geometry": orjson.Fragment(shapely.to_geojson(area.shape)),
            "properties": {
                "kind": area.kind,
                "code": area.code,
                "name": area.name,
                "parent": codes.get(area.parent_id or 0, ""),
                "division": area.division,
                "valid_from": area.valid_from,
                "valid_to": area.valid_to,
                "version": area.version,
            },
        }
        for area in areas
    ]
    with whole_file(path) as part:
        part.write_bytes(orjson.dumps({"type": "FeatureCollection", "features": features}))
