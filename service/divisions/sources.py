"""Reads published division lists, boundaries and changes from files."""

import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_LEVELS = {"province": 1, "city": 2, "county": 3, "town": 4, "village": 5}


@dataclass(frozen=True, slots=True)
class ListedDivision:
    """A division of a published list."""

    code: str
    level: int
    name: str
    parent_code: str
    urban_rural: str = ""


@dataclass(frozen=True, slots=True)
class ListedChange:
    """A published change of a division."""

    year: int
    kind: str
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    source: str


def read_divisions(path: Path) -> list[ListedDivision]:
    """Read a list with the columns code12, name, level, parent_code12 (and 城乡分类)."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [
            ListedDivision(
                code=row["code12"],
                level=_LEVELS[row["level"]],
                name=row["name"],
                parent_code=row["parent_code12"],
                urban_rural=row.get("urban_rural_2016") or "",
            )
            for row in csv.DictReader(file)
        ]


def read_boundaries(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (six-digit code, GeoJSON geometry, degrees EPSG:4490) from a boundary file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        collection = json.load(file)
    for feature in collection["features"]:
        yield str(feature["properties"]["adcode"]), json.dumps(feature["geometry"])


def read_changes(path: Path) -> list[ListedChange]:
    """Read the published changes of counties and cities."""
    events = json.loads(path.read_text(encoding="utf-8"))["events"]
    listed = []
    for event in events:
        old, new = event.get("old") or {}, event.get("new") or {}
        change = ListedChange(
            year=int(event["year"]),
            kind=str(event["type"]),
            old_code=str(old["code"]).ljust(12, "0")[:12] if old.get("code") else "",
            old_name=str(old.get("name") or ""),
            new_code=str(new["code"]).ljust(12, "0")[:12] if new.get("code") else "",
            new_name=str(new.get("name") or ""),
            source=str(event.get("source") or "GB/T 2260"),
        )
        listed.append(change)
    return listed
