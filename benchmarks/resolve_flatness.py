"""Measures whether resolving costs the same on registers of 10⁴, 10⁵ and 10⁶ addresses.

The door plates of Taipei (see ``benchmarks.taipei``) are the addresses of twelve counties of a
throwaway database, for volume only. The same texts, of addresses that all three registers have,
are resolved in memory and from a file to a file, and names are completed over HTTP. Usage:
python -m benchmarks.resolve_flatness [SIZE …]
"""

import csv
import http.client
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from random import Random
from urllib.parse import quote

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.codes import make_code
from address_model.elements import Elements, Numbered, elements_to_plain, standard_text
from address_model.gazetteer import Gazetteer
from address_model.places import address_key, counting_of
from address_model.street_order import street_order
from benchmarks.databases import bench_database, settle
from benchmarks.http_load import serving
from benchmarks.places import BenchPlace, copy_places
from benchmarks.program_key import make_key
from benchmarks.rivals import DATABASE_VARIABLE, PUBLIC_URL
from benchmarks.taipei import (
    CITY,
    PROVINCE,
    Door,
    county_names,
    make_gazetteer,
    read_doors,
    read_rows,
)
from service.addresses.drafts import level_of, number_order
from service.core.bulk_copy import copy_rows
from service.core.clock import today
from service.core.database import Database
from service.core.memory import freeze_loaded_objects
from service.divisions import queries as divisions
from service.matching.queries import resolve_many
from service.matching.queries.name_keys import read_name_key
from service.matching.sheets import resolve_sheet

SIZES = (10_000, 100_000, 1_000_000)
QUERIES, CHUNK, ROUNDS = 2000, 500, 5
FILE_ROWS = 20_000
BARS = {
    "file, exact and alias": "bar 5,000 a second",
    "file, fuzzy": "bar 500 a second",
    "autocomplete p95, ms": "bar 50 ms",
}
_ADDRESS = ("code", "county", "division_id", "standard_text", "elements", "street",
            "number_order", "street_order", "level", "place_id")  # fmt: skip
_NAME = ("key", "code", "kind", "text", "valid_from")
Counties = dict[str, tuple[str, str]]


def main(sizes: tuple[int, ...]) -> None:
    """Print texts per second by size, and the ratio of the largest figure to the smallest."""
    rows = read_rows()
    if rows is None:
        return
    counties = county_names(rows)
    gazetteer = make_gazetteer(counties)
    doors = list(islice(read_doors(rows, gazetteer), max(sizes)))
    _read_by(gazetteer)
    freeze_loaded_objects()  # a million doors, unlike a real server or worker
    with ExitStack() as stack:
        databases = {size: stack.enter_context(bench_database(f"_{size}")) for size in sizes}
        for size, database in databases.items():
            fill(database, doors[:size], counties)
        for kind, rates in measure(databases, doors[: min(sizes)]).items():
            _print(kind, {size: statistics.median(found) for size, found in rates.items()})


def _print(kind: str, medians: dict[int, float]) -> None:
    for size, figure in medians.items():
        bar = BARS.get(kind, "")
        print(f"{size:>9,} addresses  {kind:26s} {figure:>9,.1f}   {bar}", flush=True)
    spread = max(medians.values()) / min(medians.values())
    print(f"{kind}: largest figure / smallest {spread:.2f}", flush=True)


def _read_by(gazetteer: Gazetteer) -> None:
    """Make this process parse with the benchmark's counties instead of those of Zhejiang."""

    def given(session: Session) -> Gazetteer:
        return gazetteer

    divisions.gazetteer_of = given
    for name, module in list(sys.modules.items()):
        if name.startswith("service.matching") and hasattr(module, "gazetteer_of"):
            setattr(module, "gazetteer_of", given)  # noqa: B010 - the name is that of any module


def fill(database: Database, doors: Sequence[Door], counties: Counties) -> None:
    """Write the addresses and their names, then vacuum and analyse."""
    with database.session() as session:
        ids: dict[str, int] = {}
        heads = [(*PROVINCE, 1), (*CITY, 2)]
        for code, name, level in heads + [(f"{c}000000", n, 3) for c, n in counties.values()]:
            ids[code[:6]] = session.execute(
                text(
                    "insert into division (code, code_system, edition, level, name) "
                    "values (:code, 'nbs', '2023', :level, :name) returning id"
                ),
                {"code": code, "level": level, "name": name},
            ).scalar_one()
        session.execute(
            text("insert into code_space (county, key, counter) values (:county, 'x', 1)"),
            [{"county": county} for county, _ in counties.values()],
        )
        numbered = [(make_code(d[0], at, b"benchmark").digits, d) for at, d in enumerate(doors)]
        places = copy_places(session, {_place(door) for door in doors}, ids)
        copy_rows(session, "address", _ADDRESS, (_address(c, d, ids, places) for c, d in numbered))
        copy_rows(session, "address_name", _NAME, (_name(c, d, places) for c, d in numbered))
    settle(database, "address", "address_name", "place_name", "place_township")


def _place(door: Door) -> BenchPlace:
    county, e = door
    counting = counting_of(e)
    if counting is None:
        raise ValueError(f"{standard_text(e)} counts along no place")
    return BenchPlace(county, counting.kind, counting.folded)


def _address(
    code: str, door: Door, ids: dict[str, int], places: dict[BenchPlace, int]
) -> tuple[object, ...]:
    county, e = door
    plain = orjson.dumps(elements_to_plain(e)).decode()
    head = (code, county, ids[county], standard_text(e), plain)
    return (
        *head,
        e.street,
        number_order(e),
        street_order(county, e),
        level_of(e),
        places[_place(door)],
    )


def _name(code: str, door: Door, places: dict[BenchPlace, int]) -> tuple[object, ...]:
    county, e = door
    counting = counting_of(e)
    local = counting.local if counting else ""
    key = address_key(county, str(places[_place(door)]), local)
    return key, code, "standard", standard_text(e), today()


def measure(
    databases: dict[int, Database], doors: Sequence[Door]
) -> dict[str, dict[int, list[float]]]:
    """Texts per second by kind of text, and the 95th percentile of completing a name.

    All registers take turns in every round, so that a busy machine affects all alike.
    """
    chosen = Random(len(doors)).choices([e for _, e in doors], k=FILE_ROWS)
    some = chosen[:QUERIES]
    exact = [standard_text(e) for e in chosen]
    for database in databases.values():
        exact[::10] = _add_aliases(database, doors[: FILE_ROWS // 10])
    fuzzy = [standard_text(_misspelt(e)) for e in some if e.thoroughfare]
    missing = [standard_text(e._replace(number=Numbered("9771", "号"))) for e in some]
    works: dict[str, tuple[Callable[[Database, list[str]], None], list[str]]] = {
        "exact": (_resolve, exact[:QUERIES]),
        "fuzzy": (_resolve, fuzzy),
        "no such number": (_resolve, missing),
        "file, exact and alias": (_resolve_file, exact),
        "file, fuzzy": (_resolve_file, fuzzy),
    }
    found: dict[str, dict[int, list[float]]] = {}
    for kind, (work, texts) in works.items():
        rates: dict[int, list[float]] = {size: [] for size in databases}
        for number in range(ROUNDS + 1):
            for size, database in databases.items():
                begun = time.perf_counter()
                work(database, texts)
                if number:  # the first round is a warm-up
                    rates[size].append(len(texts) / (time.perf_counter() - begun))
        found[kind] = rates
    found["autocomplete p95, ms"] = {s: [_complete(d, some)] for s, d in databases.items()}
    return found


def _add_aliases(database: Database, doors: Sequence[Door]) -> list[str]:
    """Give each of some doors an alias such as a tower's name; return texts with the aliases."""
    texts = [f"{PROVINCE[1]}{CITY[1]}{e.county}示例第{at}大厦" for at, (_, e) in enumerate(doors)]
    with database.session() as session:
        for (county, e), said in zip(doors, texts, strict=True):
            session.execute(
                text(
                    "insert into address_name (key, code, kind, text, valid_from) "
                    "select :key, code, 'alias', :said, :day from address "
                    "where county = :county and standard_text = :own and street = :street"
                ),
                {
                    "key": read_name_key(session, county, said),
                    "said": said,
                    "day": today(),
                    "county": county,
                    "own": standard_text(e),
                    "street": e.street,
                },
            )
    return texts


def _misspelt(e: Elements) -> Elements:
    return e._replace(thoroughfare=e.thoroughfare[0] + "畈" + e.thoroughfare[1:])


def _resolve(database: Database, texts: list[str]) -> None:
    with database.reading() as session:
        for at in range(0, len(texts), CHUNK):
            resolve_many(session, texts[at : at + CHUNK])


def _resolve_file(database: Database, texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "in.csv", Path(folder) / "out.csv"
        with source.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["地址"], *([line] for line in texts)])
        counts = resolve_sheet(database, source, out)
    if counts["A"] + counts["B"] < 0.7 * len(texts):
        raise RuntimeError(f"not what was to be measured: {counts}")


def _complete(database: Database, some: Sequence[Elements]) -> float:
    """Milliseconds over HTTP, for the beginning of a name and for a name with a number."""
    with database.session() as session:
        key = make_key(session)
    environment = {DATABASE_VARIABLE: database.url, "MENPAI_PUBLIC_URL": PUBLIC_URL}
    took: list[float] = []
    with ExitStack() as stack:
        server = stack.enter_context(
            serving(("service", "serve", "--no-worker"), environment=environment)
        )
        line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        for e in some[:300]:
            number = e.number.bare if e.number else ""
            for typed in (e.street[:2], f"{e.street}{number}"):
                begun = time.perf_counter()
                line.request(
                    "GET",
                    f"/api/v1/autocomplete?q={quote(typed)}",
                    headers={"Authorization": f"Bearer {key}"},
                )
                answer = line.getresponse()
                body = answer.read()
                took.append((time.perf_counter() - begun) * 1000)
                if answer.status != http.HTTPStatus.OK:
                    raise RuntimeError(body.decode())
    return statistics.quantiles(took, n=20)[-1]


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
