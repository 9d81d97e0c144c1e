"""The streets, estates and villages of the demo, read from the shipped heritage and divisions."""

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

from address_model.coordinates import Point

DATA = Path(__file__).resolve().parents[2] / "data"


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a place lies: its real divisions down to the township, and its point."""

    name: str
    province: str
    city: str
    county: str
    township: str
    division: str
    point: Point


@dataclass(frozen=True, slots=True)
class Estate:
    """An estate (小区) beside a street: blocks in rows, each with units, floors and rooms."""

    name: str
    blocks: int
    units: int
    floors: int
    rooms: int


@dataclass(frozen=True, slots=True)
class Street:
    """A thoroughfare with odd numbers on its left side and even ones on its right.

    ``bearing`` is in degrees from east towards north, ``spacing`` in metres between two plates of
    one side. ``name`` is empty when the heritage entry itself is the street.
    """

    entry: str
    numbers: int
    bearing: float
    spacing: float = 10.0
    name: str = ""
    estate: Estate | None = None
    lanes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Village:
    """A village whose lanes leave a middle (pond, hall) like spokes, numbered lane by lane.

    ``seat`` stands in where the heritage catalogue has no point: the township of Vonng/adcode
    (CC BY 4.0), turned from GCJ-02 to WGS84, to 0.001°.
    """

    entry: str
    numbers: int
    lanes: int
    by_group: bool = False
    seat: Point | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """Places so near each other that their communities and grids share their borders."""

    streets: tuple[Street, ...] = ()
    villages: tuple[Village, ...] = ()

    @property
    def entries(self) -> tuple[str, ...]:
        """The heritage entries the settlement lies at."""
        streets = tuple(street.entry for street in self.streets)
        return streets + tuple(village.entry for village in self.villages)


SETTLEMENTS: tuple[Settlement, ...] = (
    # 杭州: 河坊街; 马市街 and 大学路
    Settlement((Street("ZJH-0087", 150, 4, 10, "", Estate("示例花园", 12, 3, 7, 2), (3, 6, 11)),)),
    Settlement(
        (
            Street("ZJH-0094", 70, 84, 11, lanes=(2,)),
            Street("ZJH-0102", 70, 78, 11, estate=Estate("示例新村", 8, 3, 6, 2)),
        )
    ),
    # 温州: 五马街 and 登选坊
    Settlement((Street("ZJH-0107", 100, 8, 9, lanes=(5,)), Street("ZJH-0108", 44, 11, 9))),
    # 宁波: 江厦街; 嘉兴: 西塘镇; 舟山: 菜园镇
    Settlement((Street("ZJH-0112", 80, 62, 11, estate=Estate("示例公寓", 6, 1, 18, 4)),)),
    Settlement((Street("ZJH-0049", 80, 20, 10, "示例街", Estate("示例家园", 12, 2, 6, 2)),)),
    Settlement((Street("ZJH-0062", 60, -35, 12, "示例路", Estate("示例海景苑", 8, 2, 6, 2)),)),
    # 金华 诸葛村, 丽水 河阳村, 台州 皤滩村, 杭州 龙井村, 衢州 盈川村
    Settlement(villages=(Village("ZJH-0080", 160, 8, seat=Point(119.288, 29.257)),)),
    Settlement(villages=(Village("ZJH-0066", 130, 5, by_group=True, seat=Point(120.025, 28.724)),)),
    Settlement(villages=(Village("ZJH-0068", 100, 4, seat=Point(120.537, 28.741)),)),
    Settlement(villages=(Village("ZJH-0070", 90, 3),)),
    Settlement(villages=(Village("ZJH-0071", 80, 3, seat=Point(119.028, 29.003)),)),
    # 宁波 韩岭村, 绍兴 华堂村, 湖州 义皋村, 温州 芙蓉村
    Settlement(villages=(Village("ZJH-0072", 110, 4, seat=Point(121.661, 29.738)),)),
    Settlement(villages=(Village("ZJH-0078", 110, 5, by_group=True, seat=Point(121.031, 29.572)),)),
    Settlement(villages=(Village("ZJH-0074", 90, 4),)),
    Settlement(villages=(Village("ZJH-0067", 100, 4, seat=Point(120.731, 28.342)),)),
)


def read_seats() -> dict[str, Seat]:
    """Return the seat of every place used, by heritage entry.

    Raises:
        LookupError: an entry has neither a point nor a seat of the plan, or its township is no
            division of 2023.
    """
    with gzip.open(DATA / "divisions/zj_divisions_2023.csv.gz", "rt", encoding="utf-8") as lines:
        townships = {
            (row["province"], row["city"], row["county"], row["town"]): row["code12"]
            for row in csv.DictReader(lines)
            if row["level"] == "town"
        }
    entries = {entry for settlement in SETTLEMENTS for entry in settlement.entries}
    with (DATA / "heritage/zhejiang_heritage.csv").open(encoding="utf-8") as lines:
        rows = {row["id"]: row for row in csv.DictReader(lines) if row["id"] in entries}
    planned = {one.entry: one.seat for place in SETTLEMENTS for one in place.villages if one.seat}
    seats = {}
    for entry in sorted(entries):
        row = rows[entry]
        name = row["standard_name"]
        path = (row["province"], row["city"], row["county"], row["township"])
        if path not in townships or not (row["latitude"] or entry in planned):
            raise LookupError(f"{entry} {name} lacks a township of 2023 or a point")
        point = planned.get(entry) or Point(float(row["longitude"]), float(row["latitude"]))
        seats[entry] = Seat(name, *path, division=townships[path], point=point)
    return seats
