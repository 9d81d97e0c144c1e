"""Measures resolving on real addresses with noise and near misses, beside pg_trgm on the same rows.

The register is made of the enterprise addresses that lie beside the repository. Usage:
python -m benchmarks.resolve [QUERIES [TRIGRAM_QUERIES [SEED]]]
"""

import csv
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import text

from address_model.gazetteer import load_gazetteer
from address_model.parsing import parse
from address_model.rendering import standard_text
from address_model.shipped import data_folder
from benchmarks.accuracy.real_data import find_data, read_addresses
from benchmarks.databases import bench_database
from benchmarks.more_noise import MORE, MORE_MISSES
from benchmarks.noise import MISSES, NOISES, Held, Query, Writer
from service.addresses.queries import iterate_addresses
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.sheets import open_rows
from service.divisions.commands import load_shipped
from service.exchange.commands import ImportOptions, import_addresses
from service.exchange.rows import open_reader
from service.matching.queries import Resolution, resolve_many
from service.matching.queries.dictionaries import dictionaries_of

ADDRESSES = "addresses/zj_enterprise_addresses_1980_2004.csv.gz"
CHUNK = 500
NEGATIVES = 0.25


def main(count: int, trigram: int, seed: int) -> None:
    """Print precision, recall, accepted negatives and speed of both."""
    source = find_data(ADDRESSES)
    if source is None:
        print("the real addresses are not on this machine")
        return
    with bench_database() as database:
        fill(database, source)
        register = read_register(database)
        queries = make_queries(register, count, seed)
        print(f"register {len(register):,} addresses, {len(queries):,} queries")
        ours = measure(database, queries)
        theirs = measure_trigram(database, queries[:trigram])
        print(f"ours / pg_trgm: {ours / theirs:.0f} times the texts a second")


def fill(database: Database, source: Path) -> None:
    """Import the addresses as an officer would."""
    with database.session() as session:
        load_shipped(session, data_folder(), COMMAND_LINE)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "list.csv"
        with file.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines)
            writer.writerow(["address"])
            writer.writerows([line] for line in _lines(source))
        with open_rows(file) as rows:
            reader = open_reader(rows.headings, ["address=text"])
            import_addresses(database, rows, reader, ImportOptions(source="bench"), COMMAND_LINE)


def _lines(source: Path) -> Iterator[str]:
    """The addresses and, of those inside a building, the doors they lie behind."""
    gazetteer = load_gazetteer()
    for address in read_addresses(source):
        if not address.strip():
            continue
        yield address
        for plate in parse(address, gazetteer).plates[:1]:
            if plate.building and (plate.unit or plate.floor or plate.room):
                yield standard_text(plate._replace(unit=None, floor=None, room=None))
            if plate.number and (plate.building or plate.unit or plate.floor or plate.room):
                yield standard_text(plate._replace(building=None, unit=None, floor=None, room=None))


def read_register(database: Database) -> list[Held]:
    """All addresses that were taken in."""
    with database.reading() as session:
        return [Held(row.code, row.county, row.elements) for row in iterate_addresses(session)]


def make_queries(register: Sequence[Held], count: int, seed: int) -> list[Query]:
    """Noisy texts and near misses of every kind, mixed."""
    writer = Writer(register, former_names(), seed)
    noises, misses = {**NOISES, **MORE}, {**MISSES, **MORE_MISSES}
    queries: list[Query] = []
    while len(queries) < count:
        held = writer.random.choice(register)
        wants_miss = writer.random.random() < NEGATIVES
        made = writer.miss(held, misses) if wants_miss else writer.write(held, noises)
        if made:
            queries.append(made)
    return queries


def measure(database: Database, queries: Sequence[Query]) -> float:
    """Resolve all in chunks on one thread; print what came of each noise; texts a second."""
    found: list[Resolution] = []
    with database.reading() as session:
        held = dictionaries_of(session)
        for county in held.list_counties(session):
            held.of_county(session, county)
        begun = time.perf_counter()
        for at in range(0, len(queries), CHUNK):
            found += resolve_many(session, [query.text for query in queries[at : at + CHUNK]])
        seconds = time.perf_counter() - begun
    table: dict[str, Counter[str]] = {}
    for query, answer in zip(queries, found, strict=True):
        right = answer.address is not None and answer.address.code == query.code
        outcome = answer.category
        if outcome in "AB":
            outcome += " right" if right else " wrong"
        table.setdefault(query.noise, Counter())[outcome] += 1
    columns = ("A right", "A wrong", "B right", "B wrong", "C", "none")
    print(f"{'noise':26s}" + "".join(f"{column:>9s}" for column in columns))
    for noise, row in table.items():
        print(f"{noise:26s}" + "".join(f"{row[column]:9d}" for column in columns))
    _summary(queries, found)
    print(f"speed {len(queries) / seconds:,.0f} texts/s on one thread")
    return len(queries) / seconds


def _summary(queries: Sequence[Query], found: Sequence[Resolution]) -> None:
    pairs = list(zip(queries, found, strict=True))
    firm = [(q, f) for q, f in pairs if f.category in ("A", "B") and f.address]
    in_a = [(q, f) for q, f in firm if f.category == "A"]
    right_a = sum(f.address.code == q.code for q, f in in_a if f.address)
    right = sum(f.address.code == q.code for q, f in firm if f.address)
    positives = sum(bool(q.code) for q in queries)
    accepted = sum(not q.code for q, _ in firm)
    print(f"precision of A {right_a / max(1, len(in_a)):.2%} of {len(in_a)}")
    print(f"precision of A+B {right / max(1, len(firm)):.2%} of {len(firm)}")
    print(f"recall of A+B {right / positives:.2%} of {positives}")
    print(f"negatives above C {accepted} of {len(queries) - positives}")


def measure_trigram(database: Database, queries: Sequence[Query]) -> float:
    """The usual way: a trigram index on the text, the most similar row taken; texts a second."""
    owner = Database(database.url.replace("menpai_app", "menpai_owner"))
    with owner.session() as session:
        session.execute(text("create extension if not exists pg_trgm"))
        session.execute(text("create table rival as select code, standard_text from address"))
        session.execute(text("create index on rival using gin (standard_text gin_trgm_ops)"))
        session.execute(text("analyze rival"))
    nearest = text(
        "select code from rival where standard_text % :text "
        "order by similarity(standard_text, :text) desc limit 1"
    )
    right = answered = accepted = 0
    with owner.reading() as session:
        begun = time.perf_counter()
        for query in queries:
            code = session.execute(nearest, {"text": query.text}).scalar()
            answered += code is not None
            right += code == query.code
            accepted += code is not None and not query.code
        seconds = time.perf_counter() - begun
    owner.dispose()
    positives = sum(bool(query.code) for query in queries)
    print(
        f"pg_trgm top-1 on {len(queries)} of them: recall {right / positives:.2%}, precision "
        f"{right / max(1, answered):.2%}, accepted negatives "
        f"{accepted / max(1, len(queries) - positives):.0%}, {len(queries) / seconds:,.0f} texts/s"
    )
    return len(queries) / seconds


def former_names() -> dict[str, list[str]]:
    """Abolished and renamed counties by the six digits of what they lie in today."""
    path = data_folder() / "divisions" / "zj_former_names.csv"
    names: dict[str, list[str]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["level"] == "county" and row["until"]:
                for code in row["successors"].split():
                    names.setdefault(code[:6], []).append(row["name"])
    return names


if __name__ == "__main__":
    arguments = [int(value) for value in sys.argv[1:]]
    main(*(arguments + [8000, 200, 20261123][len(arguments) :]))
