"""The files of published divisions as they are read."""

import gzip
import json
from pathlib import Path

from service.divisions.sources import (
    ListedChange,
    ListedDivision,
    read_boundaries,
    read_changes,
    read_divisions,
)


def packed(path: Path, text: str) -> Path:
    path.write_bytes(gzip.compress(text.encode()))
    return path


def test_a_list_has_levels_parents_and_perhaps_a_class(tmp_path: Path) -> None:
    rows = (
        "code12,name,level,parent_code12,urban_rural_2016\n"
        "330102001000,清波街道,town,330102000000,\n"
        "330102001051,清波门社区,village,330102001000,111\n"
    )
    assert read_divisions(packed(tmp_path / "a.csv.gz", rows)) == [
        ListedDivision("330102001000", 4, "清波街道", "330102000000"),
        ListedDivision("330102001051", 5, "清波门社区", "330102001000", "111"),
    ]
    bare = "code12,name,level,parent_code12\n330000000000,浙江省,province,\n"
    assert read_divisions(packed(tmp_path / "b.csv.gz", bare)) == [
        ListedDivision("330000000000", 1, "浙江省", "")
    ]


def test_boundaries_have_a_code_and_a_geometry(tmp_path: Path) -> None:
    shape = {"type": "Point", "coordinates": [120, 30]}
    feature = {"type": "Feature", "properties": {"adcode": 330102}, "geometry": shape}
    file = packed(tmp_path / "c.geojson.gz", json.dumps({"features": [feature]}))
    [(code, geometry)] = read_boundaries(file)
    assert code == "330102"
    assert json.loads(geometry) == shape


def test_changes_have_codes_of_twelve_digits_or_none(tmp_path: Path) -> None:
    events = [
        {
            "year": "1999",
            "type": "renamed",
            "old": {"code": 330197, "name": "旧区"},
            "new": {"code": "330197000000", "name": "新区"},
            "source": "某公报",
        },
        {"year": 2001, "type": "abolished", "old": {"name": "某县"}, "new": None},
    ]
    file = tmp_path / "d.json"
    file.write_text(json.dumps({"events": events}), encoding="utf-8")
    assert read_changes(file) == [
        ListedChange(1999, "renamed", "330197000000", "旧区", "330197000000", "新区", "某公报"),
        ListedChange(2001, "abolished", "", "某县", "", "", "GB/T 2260"),
    ]
