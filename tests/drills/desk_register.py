"""A register of any size over the shipped divisions, for drills of the desk.

Twenty counties with ten townships each, towns of streets with a hundred doors in two rows as in
``benchmarks.registers``; every thirtieth door has rooms. Some doors have no point, no plate, or
are frozen, as in a register at work.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from math import cos, radians

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.codes import make_code
from address_model.elements import Elements, Numbered, elements_to_plain, standard_text
from address_model.pinyin import plain_pinyin, spell_name
from address_model.places import PlaceKind, address_key, counting_of
from address_model.shipped import data_folder
from address_model.street_order import street_order
from address_model.tokens import token_from_bytes
from benchmarks.databases import settle
from benchmarks.places import BenchPlace, copy_places
from service.addresses.drafts import level_of, number_order
from service.core.actor import COMMAND_LINE
from service.core.bulk_copy import copy_rows, point_ewkb
from service.core.clock import today
from service.core.database import Database
from service.divisions.commands import load_shipped

COUNTIES, TOWNSHIPS, DOORS, ROOMS = 20, 10, 100, 24
SPACING_M, BLOCK_M, ROW_M, COLUMNS = 17.0, 900.0, 60.0, 4
METRE = 1 / 110_900
FIRST, SECOND = "清河东南西北中山湖江云海松竹梅兰春秋", "泰平安康福寿宁和庆丰昌盛文明学士杏桃柳桂"
_ADDRESS = ("code", "county", "division_id", "standard_text", "elements", "street", "number_order",
            "street_order", "level", "parent_code", "status", "geom", "place_id")  # fmt: skip
_NAME = ("key", "code", "kind", "text", "valid_from")
_CHUNK = 50_000


@dataclass(frozen=True)
class DrillStreet:
    """A street by its county, township (code, name), number within the township and point."""

    county: str
    township: str
    heads: Elements
    number: int
    lon: float
    lat: float

    @property
    def name(self) -> str:
        """A name of three characters that few streets of the register share."""
        first, second = divmod(self.number + int(self.township[6:9]) * 7, len(SECOND))
        return f"{FIRST[first % len(FIRST)]}{SECOND[second]}{'路街巷'[self.number % 3]}"

    @property
    def place(self) -> BenchPlace:
        """Its row of the register of place names."""
        return BenchPlace(self.county, PlaceKind.STREET, self.name, self.township)


@dataclass(frozen=True)
class DrillRegister:
    """What was made: the number of addresses, and streets and codes to ask for."""

    size: int
    streets: tuple[DrillStreet, ...]
    codes: tuple[str, ...]


def make_desk_register(database: Database, size: int) -> DrillRegister:
    """Fill an empty database with ``size`` addresses, and plates on most doors."""
    with database.session() as session:
        load_shipped(session, data_folder(), COMMAND_LINE)
        streets = _list_streets(session, size)
        ids = _division_ids(session)
        places = copy_places(session, {one.place for one in streets}, ids)
        _spell(session)
        counties = sorted({one.county for one in streets})
        session.execute(
            text("insert into code_space (county, key, counter) values (:county, 'x', :used)"),
            [{"county": county, "used": size} for county in counties],
        )
        batch = session.execute(
            text(
                "insert into plate_batch (name, design, payload_prefix) "
                "values ('drill', 'medium', 'https://CITY.EXAMPLE/') returning id"
            )
        ).scalar_one()
    lines = islice(_lines(streets, ids, places), size)
    codes: list[str] = []
    at = 0
    while chunk := list(islice(lines, _CHUNK)):
        with database.session() as session:
            copy_rows(session, "address", _ADDRESS, (address for address, _ in chunk))
            copy_rows(session, "address_name", _NAME, (name for _, name in chunk))
            doors = [a for a, _ in chunk if a[8] == "number" and int(str(a[6])) % 3]
            copy_rows(
                session,
                "plate",
                ("token", "code", "batch_id", "status"),
                ((_token(at + n), a[0], batch, "in_use") for n, a in enumerate(doors)),
            )
        at += len(doors)
        codes += [str(address[0]) for address, _ in chunk[:: _CHUNK // 50]]
    settle(database, "address", "address_name", "plate", "place_name", "place_township",
           "address_cell", "status_count", "division")  # fmt: skip
    return DrillRegister(size, tuple(streets), tuple(codes))


def _token(number: int) -> str:
    return token_from_bytes((number * 0x9E3779B97F4B % 2**56).to_bytes(7, "big"))


def _division_ids(session: Session) -> dict[str, int]:
    rows = session.execute(text("select code, id from division where code_system = 'nbs'"))
    return {row.code: row.id for row in rows}


def _list_streets(session: Session, size: int) -> list[DrillStreet]:
    """Streets enough for ``size`` addresses, county by county."""
    rows = session.execute(
        text(
            "select t.code, t.name, c.name as county, p.name as city, "
            "ST_X(ST_PointOnSurface(c.geom)) as lon, ST_Y(ST_PointOnSurface(c.geom)) as lat, "
            "row_number() over (partition by c.code order by t.code) as place "
            "from division t join division c on c.id = t.parent_id "
            "join division p on p.id = c.parent_id "
            "where t.level = 4 and t.code_system = 'nbs' and c.geom is not null order by t.code"
        )
    ).all()
    counties = sorted({row.code[:6] for row in rows})[:COUNTIES]
    towns = [row for row in rows if row.place <= TOWNSHIPS and row.code[:6] in counties]
    each = size // (len(towns) * DOORS) + 1
    found = []
    for row in towns:
        heads = Elements(province="浙江省", city=row.city, county=row.county, township=row.name)
        middle = row.lon + (row.place % 5 - 2) * 0.04, row.lat + (row.place % 2 - 0.5) * 0.04
        for number in range(each):
            east, north = number % COLUMNS * BLOCK_M, number // COLUMNS * ROW_M
            lon = middle[0] + east * METRE / cos(radians(middle[1]))
            street = DrillStreet(
                row.code[:6], row.code, heads, number, lon, middle[1] + north * METRE
            )
            found.append(street)
    return found


def _spell(session: Session) -> None:
    """Pinyin of every name, and a former name for one street in ten."""
    rows = session.execute(text("select id, standard_name from place_name where kind = 'street'"))
    places = rows.all()
    spelt = [{"id": row.id, "plain": plain_pinyin(spell_name(row.standard_name))} for row in places]
    session.execute(text("update place_name set pinyin_plain = :plain where id = :id"), spelt)
    session.execute(
        text(
            "insert into place_name_form (place_name_id, position, text, kind) "
            "values (:id, 0, :name, 'former')"
        ),
        [{"id": row.id, "name": f"老{row.standard_name}"} for row in places[::10]],
    )


Line = tuple[tuple[object, ...], tuple[object, ...]]


def _lines(
    streets: list[DrillStreet], ids: dict[str, int], places: dict[BenchPlace, int]
) -> Iterator[Line]:
    """Address and name of every door and room, in the order of the streets."""
    serial = 0
    for street in streets:
        place = places[street.place]
        for door in range(DOORS):
            east, side = (door // 2 + 0.5) * SPACING_M, door % 2
            lat = street.lat + (14.0 * METRE if side else 0.0)
            point = point_ewkb(street.lon + east * METRE / cos(radians(street.lat)), lat)
            number = Numbered(str(door + 1), "号")
            elements = street.heads._replace(thoroughfare=street.name, number=number)
            own = make_code(street.county, serial, b"drill").digits
            serial += 1
            status = "frozen" if door % 40 == 7 else "active"
            where = None if door % 25 == 3 else point
            yield _line(street, elements, own, (ids, place), status=status, point=where)
            for room in range(ROOMS if door % 30 == 11 else 0):
                floor = Numbered(f"{room // 4 + 1}0{room % 4 + 1}", "室")
                inner = make_code(street.county, serial, b"drill").digits
                serial += 1
                yield _line(
                    street, elements._replace(room=floor), inner, (ids, place),
                    point=where, parent=own,
                )  # fmt: skip


def _line(
    street: DrillStreet, elements: Elements, code: str, known: tuple[dict[str, int], int],
    *, status: str = "active", point: str | None = None, parent: str | None = None,
) -> Line:  # fmt: skip
    ids, place = known
    words = standard_text(elements)
    counting = counting_of(elements)
    key = address_key(street.county, str(place), counting.local if counting else "")
    address = (
        code, street.county, ids[street.township], words,
        orjson.dumps(elements_to_plain(elements)).decode(), street.name, number_order(elements),
        street_order(street.township, elements), level_of(elements), parent, status, point, place,
    )  # fmt: skip
    return address, (key, code, "standard", words, today())
