"""A folder of division lists as Menpai ships them, with a few invented divisions in it."""

import csv
import gzip
import io
import json
from collections.abc import Iterable
from pathlib import Path

from service.divisions.sources import ListedDivision

_LEVELS = ("province", "city", "county", "town", "village")


def write_lists(
    folder: Path, divisions: Iterable[ListedDivision], boundaries: dict[str, str], year: int
) -> Path:
    """Write lists with these divisions and the boundaries of counties (WKT-free GeoJSON texts by
    six digits), and a history with one change of that year; return the folder.
    """
    lists, shapes = folder / "divisions", folder / "boundaries"
    for one in (lists, shapes):
        one.mkdir(parents=True, exist_ok=True)
    _write(lists / "zj_divisions_2023.csv.gz", _table(divisions))
    _write(lists / "zj_mca_2026_to_town.csv.gz", _table([]))
    for level in _LEVELS[:3]:
        found = boundaries if level == "county" else {}
        features = [
            {"type": "Feature", "properties": {"adcode": code}, "geometry": json.loads(shape)}
            for code, shape in found.items()
        ]
        collection = {"type": "FeatureCollection", "features": features}
        _write(shapes / f"zj_{level}_tianditu_wgs84.geojson.gz", json.dumps(collection))
    change = {"year": year, "type": "更名", "old": {"code": "330199", "name": "示例旧县"}}
    change |= {"new": {"code": "330199", "name": "示例新县"}, "source": "某公报"}
    history = lists / "zj_history_changes_1980_2026.json"
    history.write_text(json.dumps({"events": [change]}, ensure_ascii=False), encoding="utf-8")
    return folder


def _table(divisions: Iterable[ListedDivision]) -> str:
    held = io.StringIO()
    rows = csv.writer(held)
    rows.writerow(("code12", "name", "level", "parent_code12"))
    for one in divisions:
        rows.writerow((one.code, one.name, _LEVELS[one.level - 1], one.parent_code))
    return held.getvalue()


def _write(path: Path, content: str) -> None:
    path.write_bytes(gzip.compress(content.encode()))
