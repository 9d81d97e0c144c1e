"""Generates data/demo: addresses.csv, areas.geojson and duties.csv, reproducibly.

Run ``python -m scripts.generate_demo [FOLDER]`` after a change in ``scripts/demo``; a test compares
the committed files with the output. Everything in them is 示例数据: the divisions and the names of
streets and villages are real, the numbers, estates, areas, people and telephones are not.
"""

import csv
import io
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import shapely

from address_model.elements import Elements
from scripts.demo.addresses import DemoAddress, settlement_addresses
from scripts.demo.areas import Counters, DemoArea, settlement_areas
from scripts.demo.duties import CONFIRMED_AT, VALID_FROM, DemoDuty, list_duties
from scripts.demo.places import DATA, SETTLEMENTS, read_seats

ADDRESS_COLUMNS = (
    "source_id", "数据性质", "省", "市", "县", "乡镇街道", "街路巷", "弄", "自然村", "组", "小区",
    "门牌号", "幢", "单元", "层", "室", "经度", "纬度",
)  # fmt: skip
DUTY_COLUMNS = (
    "area", "role", "display_name", "organisation", "phone", "publish", "valid_from", "valid_to",
    "confirmed_at",
)  # fmt: skip


def main(folder: Path) -> None:
    """Write the three files into a folder, which must exist."""
    for name, content in demo_files().items():
        (folder / name).write_bytes(content)


def demo_files() -> dict[str, bytes]:
    """Return the three files by name."""
    seats, counters = read_seats(), Counters()
    addresses: list[DemoAddress] = []
    areas: list[DemoArea] = []
    for settlement in SETTLEMENTS:
        here = settlement_addresses(settlement, seats)
        doors = [address.point for address in here if address.is_door]
        areas += settlement_areas(doors, seats[settlement.entries[0]].division, counters)
        addresses += here
    lines = []
    for area in areas:
        properties = {
            "kind": area.kind,
            "name": area.name,
            "parent": area.parent or None,
            "division": area.division,
            "note": "示例数据",
        }
        geometry = json.loads(shapely.to_geojson(area.polygon))
        feature = {"type": "Feature", "properties": properties, "geometry": geometry}
        lines.append(json.dumps(feature, ensure_ascii=False))
    features = ",\n".join(lines)  # one per line, for small diffs
    geojson = f'{{"type": "FeatureCollection", "features": [\n{features}\n]}}\n'
    return {
        "addresses.csv": _csv(ADDRESS_COLUMNS, map(_address_row, addresses)),
        "areas.geojson": geojson.encode(),
        "duties.csv": _csv(DUTY_COLUMNS, map(_duty_row, list_duties(areas))),
    }


def _address_row(address: DemoAddress) -> Sequence[str]:
    found: Elements = address.elements
    numbered = (found.number, found.building, found.unit, found.floor, found.room)
    return (
        address.source_id, "示例数据", found.province, found.city, found.county, found.township,
        found.thoroughfare, "".join(map(str, found.lanes)), found.natural_village,
        str(found.group or ""), found.estate, *(str(value or "") for value in numbered),
        f"{address.point.lon:.6f}", f"{address.point.lat:.6f}",
    )  # fmt: skip


def _duty_row(duty: DemoDuty) -> Sequence[str]:
    known = (duty.area, duty.role, duty.display_name, duty.organisation, duty.phone)
    return (*known, "yes", VALID_FROM, "", CONFIRMED_AT)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "demo")
