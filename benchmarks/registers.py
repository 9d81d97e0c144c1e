"""Fills a benchmark's database with a town of any size: streets, plates, areas and duties.

Streets of a hundred doors run east and west, sixty metres apart; a grid (网格) has about three
hundred doors and a community ten grids, each with the contacts that a scan page shows. Addresses
are linked to them as an import does it.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from math import ceil, cos, radians, sqrt
from pathlib import Path
from random import Random

from sqlalchemy import text

from address_model.codes import make_code
from address_model.elements import elements_from_plain
from address_model.places import PlaceKind
from address_model.street_order import street_order
from address_model.tokens import token_from_bytes
from benchmarks.databases import settle
from benchmarks.places import BenchPlace, copy_places
from service.core.actor import COMMAND_LINE
from service.core.bulk_copy import point_ewkb, raw_connection
from service.core.database import Database
from service.linking.commands import link_register

DOORS, SPACING_M, BLOCK_M, ROW_M = 100, 17.0, 900.0, 60.0
WEST, SOUTH = 119.0, 29.0
METRE_NORTH = 1 / 110_860
METRE_EAST = 1 / (111_320 * cos(radians(SOUTH)))
GRIDS_A_COMMUNITY = 10
TOWNSHIP = "330102001000"
CHUNK = 50_000
_ADDRESS = (
    "code,county,division_id,standard_text,elements,street,number_order,street_order,level,geom,"
    "place_id"
)
_PLATE = "token,code,batch_id,status"


@dataclass(frozen=True, slots=True)
class Register:
    """The files made: tokens of all plates and codes of all addresses, one per line."""

    size: int
    tokens: Path
    codes: Path


def make_register(database: Database, size: int, folder: Path) -> Register:
    """Write a town of ``size`` doors, each with its plate; the lists go to ``folder``."""
    division, batch = _make_heads(database)
    places = _make_places(database, size, division)
    columns = _columns(size)
    tokens, codes = folder / f"tokens-{size}", folder / f"codes-{size}"
    draw = Random(size)
    doors = iter(range(size))
    with tokens.open("w") as token_file, codes.open("w") as code_file:
        while chunk := list(islice(doors, CHUNK)):
            made = [_door(number, columns, division, places) for number in chunk]
            drawn = [token_from_bytes(draw.randbytes(7)) for _ in chunk]
            _copy(database, "address", _ADDRESS, (line for _, line in made))
            plates = zip(drawn, made, strict=True)
            _copy(
                database,
                "plate",
                _PLATE,
                (f"{token}\t{code}\t{batch}\tin_use\n" for token, (code, _) in plates),
            )
            token_file.writelines(token + "\n" for token in drawn)
            code_file.writelines(code + "\n" for code, _ in made)
    _make_areas(database, size, columns)
    link_register(database, COMMAND_LINE)
    settle(database, "address", "plate", "area", "duty", "address_area", "place_name")
    return Register(size, tokens, codes)


def take_some(lines: Path, count: int) -> Path:
    """A file with the first ``count`` lines of another: a few frequently scanned plates."""
    some = lines.with_name(f"{lines.name}-first-{count}")
    with lines.open() as source:
        some.write_text("".join(islice(source, count)))
    return some


def _columns(size: int) -> int:
    """The number of parallel streets that makes the town about square."""
    streets = ceil(size / DOORS)
    return max(1, round(sqrt(streets * ROW_M / BLOCK_M)))


def _door(number: int, columns: int, division: int, places: list[int]) -> tuple[str, str]:
    """The code of a door and its address as a line of COPY text."""
    street, place = divmod(number, DOORS)
    row, column = divmod(street, columns)
    side = place % 2
    east = column * BLOCK_M + (place // 2 + 0.5) * SPACING_M
    north = row * ROW_M + 2.0 * (street % 7) * (place / DOORS) + (14.0 if side else 0.0)
    name = f"示例{street}路"
    code = make_code("330102", number, b"benchmark").digits
    elements = {
        "province": "浙江省",
        "city": "杭州市",
        "county": "上城区",
        "township": "清波街道",
        "thoroughfare": name,
        "number": {"number": str(place + 1), "quantifier": "号"},
    }
    point = point_ewkb(WEST + east * METRE_EAST, SOUTH + north * METRE_NORTH)
    standard = f"浙江省杭州市上城区清波街道{name}{place + 1}号"
    plain = json.dumps(elements, ensure_ascii=False)
    order = street_order(TOWNSHIP, elements_from_plain(elements)).hex()
    place_order = (place + 1, f"\\\\x{order}")
    fields = (
        code,
        "330102",
        division,
        standard,
        plain,
        name,
        *place_order,
        "number",
        point,
        places[street],
    )
    return code, "\t".join(map(str, fields)) + "\n"


def _make_places(database: Database, size: int, division: int) -> list[int]:
    """The keys of the streets, in order."""
    streets = [
        BenchPlace("330102", PlaceKind.STREET, f"示例{street}路", TOWNSHIP)
        for street in range(ceil(size / DOORS))
    ]
    with database.session() as session:
        ids = copy_places(session, streets, {TOWNSHIP: division})
    return [ids[street] for street in streets]


def _copy(database: Database, table: str, columns: str, lines: Iterable[str]) -> None:
    with (
        database.session() as session,
        raw_connection(session).cursor() as cursor,
        cursor.copy(f"copy {table} ({columns}) from stdin".encode()) as copy,
    ):
        copy.write("".join(lines))


def _make_heads(database: Database) -> tuple[int, int]:
    """The division and the batch that every row refers to."""
    with database.session() as session:
        division = session.execute(
            text(
                "insert into division (code, code_system, edition, level, name) "
                "values (:code, 'nbs', '2023', 4, '清波街道') returning id"
            ),
            {"code": TOWNSHIP},
        ).scalar_one()
        batch = session.execute(
            text(
                "insert into plate_batch (name, design, payload_prefix) "
                "values ('bench', 'medium', 'https://CITY.EXAMPLE/') returning id"
            )
        ).scalar_one()
        return division, batch


def _make_areas(database: Database, size: int, columns: int) -> None:
    """Grids of three streets, communities of thirty, and their contacts."""
    rows = ceil(ceil(size / DOORS) / columns)
    grids = list(_squares("grid", columns, rows, 3))
    communities = list(_squares("community", columns, rows, 3 * GRIDS_A_COMMUNITY))
    area = text(
        "insert into area (kind, code, name, geom, valid_from) values (:kind, :code, :name, "
        "ST_Multi(ST_MakeEnvelope(:west, :south, :east, :north, 4490)), '2026-01-01')"
    )
    duty = text(
        "insert into duty (area_id, role, display_name, organisation, phone, publish, valid_from, "
        "confirmed_at) select id, :role, '演示' || id, '示例社区服务中心', "
        "'0571-' || lpad(id::text, 8, '0'), true, '2026-01-01', '2026-11-01' "
        "from area where kind = :kind"
    )
    roles = (
        ("grid", "grid_worker"),
        ("community", "community_officer"),
        ("community", "police_station"),
        ("community", "community_office"),
    )
    with database.session() as session:
        session.execute(area, [*grids, *communities])
        for kind, role in roles:
            session.execute(duty, {"kind": kind, "role": role})


def _squares(kind: str, columns: int, rows: int, height: int) -> Iterator[dict[str, object]]:
    names = {"grid": "示例网格", "community": "示例社区"}
    for column in range(columns):
        for row in range(0, rows, height):
            west = WEST + (column * BLOCK_M - 20) * METRE_EAST
            south = SOUTH + (row * ROW_M - 20) * METRE_NORTH
            yield {
                "kind": kind,
                "code": f"{kind}-{column}-{row}",
                "name": f"{names[kind]} {column}-{row}",
                "west": west,
                "south": south,
                "east": west + BLOCK_M * METRE_EAST,
                "north": south + height * ROW_M * METRE_NORTH,
            }
