"""Measures whether resolving costs the same on registers of 10⁴, 10⁵ and 10⁶ addresses.

Twelve counties of a throwaway database are filled with made streets of a hundred doors each:
volume, not content. Usage: python -m benchmarks.resolve_flatness [SIZE …]
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from random import Random

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.codes import make_code
from address_model.elements import Elements, Numbered
from address_model.gazetteer import load_gazetteer
from address_model.rendering import canonical_key, standard_text
from address_model.serialising import elements_to_plain
from benchmarks.databases import bench_database
from service.core.copying import copy_rows
from service.core.database import Database
from service.matching.queries import complete, resolve_many

SIZES = (10_000, 100_000, 1_000_000)
DOORS = 100
QUERIES, CHUNK = 2000, 500
_COUNTIES = tuple(
    f"330{number}" for number in (102, 105, 106, 108, 109, 110, 203, 205, 206, 211, 212, 213)
)
_FIRST = "翠锦鹤鸣梧栖蒲岚霁松澜箬溪鹭洲棠梨苕云岫枕竹兰桂枫荷菱芦苇菊柏榆槐桑榕"
_SECOND = "庆康宁泰和祥瑞福禄寿喜乐安定昌盛荣华富贵永久长远光明辉耀德义礼智信忠孝"
_ADDRESS = ("code", "county", "division_id", "standard_text", "elements", "street",
            "number_order", "level")  # fmt: skip
_NAME = ("key", "code", "kind", "text")
Door = tuple[str, Elements]


def main(sizes: tuple[int, ...]) -> None:
    """Print texts a second by size, and the ratio of the slowest size to the fastest."""
    speeds: dict[str, list[float]] = {}
    for size in sizes:
        with bench_database() as database:
            fill(database, size)
            for kind, speed in measure(database, size).items():
                speeds.setdefault(kind, []).append(speed)
                print(f"{size:>9,} addresses  {kind:22s} {speed:>9,.1f}", flush=True)
    for kind, values in speeds.items():
        print(f"{kind:22s} largest figure / smallest {max(values) / min(values):.2f}")


def fill(database: Database, size: int) -> None:
    """Write the addresses and their names, then what autovacuum would have done by then."""
    with database.session() as session:
        division = session.execute(
            text(
                "insert into division (code, code_system, edition, level, name) "
                "values ('330102001000', 'nbs', '2023', 4, '清波街道') returning id"
            )
        ).scalar_one()
        counties = [{"county": county} for county in _COUNTIES]
        session.execute(
            text("insert into code_space (county, key, counter) values (:county, 'x', 1)"), counties
        )
    for county in _COUNTIES:
        with database.session() as session:
            doors = list(make_doors(county, size // len(_COUNTIES)))
            copy_rows(session, "address", _ADDRESS, (_address(d, county, division) for d in doors))
            copy_rows(session, "address_name", _NAME, (_name(d, county) for d in doors))
    owner = Database(database.url.replace("menpai_app", "menpai_owner"))
    with owner.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze address, address_name"))
    owner.dispose()


def make_doors(county: str, count: int) -> Iterator[Door]:
    """The doors of a county, street by street."""
    division = load_gazetteer().find_division(county)
    assert division is not None  # noqa: S101 - all twelve are shipped
    city = division.lineage[1]
    upper = {"province": "浙江省", "city": city.name if city else "", "county": division.name}
    for at in range(count):
        street, place = divmod(at, DOORS)
        elements = Elements(
            **upper, thoroughfare=_street(street), number=Numbered(str(place + 1), "号")
        )
        yield make_code(county, at, b"benchmark").digits, elements


def _street(at: int) -> str:
    one, other = divmod(at, len(_SECOND))
    return f"{_FIRST[one % len(_FIRST)]}{_SECOND[other]}{'路' if at % 2 else '街'}"


def _address(door: Door, county: str, division: int) -> tuple[object, ...]:
    code, e = door
    plain = json.dumps(elements_to_plain(e), ensure_ascii=False)
    order = int(e.number.number) if e.number else None
    return code, county, division, standard_text(e), plain, e.thoroughfare, order, "number"


def _name(door: Door, county: str) -> tuple[object, ...]:
    code, e = door
    return canonical_key(county, e), code, "standard", standard_text(e)


def measure(database: Database, size: int) -> dict[str, float]:
    """Texts a second of each kind of text, and the 95th percentile of completing a name."""
    draw = Random(size)
    streets = size // len(_COUNTIES) // DOORS
    kinds: dict[str, Callable[[Elements], str]] = {
        "exact, texts/s": standard_text,
        "fuzzy, texts/s": lambda e: standard_text(
            e._replace(thoroughfare=e.thoroughfare[0] + "畈" + e.thoroughfare[1:])
        ),
        "no such number, texts/s": lambda e: standard_text(
            e._replace(number=Numbered("977", "号"))
        ),
    }
    found: dict[str, float] = {}
    doors = [_draw(draw, streets) for _ in range(QUERIES)]
    with database.reading() as session:
        for kind, write in kinds.items():
            found[kind] = _speed(session, [write(door) for door in doors])
        found["autocomplete p95, ms"] = _complete(session, doors)
    return found


def _draw(draw: Random, streets: int) -> Elements:
    county = draw.choice(_COUNTIES)
    first = next(make_doors(county, 1))[1]
    number = Numbered(str(draw.randint(1, DOORS)), "号")
    return first._replace(thoroughfare=_street(draw.randrange(streets)), number=number)


def _speed(session: Session, texts: list[str]) -> float:
    resolve_many(session, texts[:CHUNK])
    begun = time.perf_counter()
    for at in range(0, len(texts), CHUNK):
        resolve_many(session, texts[at : at + CHUNK])
    return len(texts) / (time.perf_counter() - begun)


def _complete(session: Session, doors: list[Elements]) -> float:
    took: list[float] = []
    for door in doors[:300]:
        begun = time.perf_counter()
        complete(session, f"{door.thoroughfare[:2]}", "")
        complete(session, f"{door.thoroughfare}{door.number.bare if door.number else ''}", "")
        took.append((time.perf_counter() - begun) * 500)
    return statistics.quantiles(took, n=20)[-1]


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
