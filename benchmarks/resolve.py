"""Measures resolving on real addresses with noise and near misses, beside pg_trgm on the same rows.

The register is the list of enterprise addresses that lies beside the repository, imported as an
officer would, with the doors that its rooms lie behind. Usage:
python -m benchmarks.resolve [QUERIES [TRIGRAM_QUERIES [SEED]]]
"""

import csv
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import text

from address_model.shipped import data_folder
from benchmarks.accuracy.real_data import find_data, read_addresses
from benchmarks.databases import bench_database, settle
from benchmarks.more_noise import MORE, MORE_MISSES
from benchmarks.noise import DROPPING, MISSES, NOISES, Held, Query, Writer
from service.addresses.queries import iterate_addresses
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.sheets import open_rows, write_errors
from service.divisions.commands import load_shipped
from service.imports.commands import ImportOptions, import_addresses
from service.imports.rows import open_reader
from service.matching.queries import Resolution, resolve_many
from service.matching.queries.dictionaries import dictionaries_of
from service.matching.resolve_options import ANYWHERE, ResolveOptions

ADDRESSES = "addresses/zj_enterprise_addresses_1980_2004.csv.gz"
CHUNK = 500
NEGATIVES = 0.25
DOORS = 2000
SHOWN = 4
"""Number of examples per kind of own text that is not A."""


def main(count: int, trigram: int, seed: int) -> None:
    """Print precision, recall, accepted negatives and speed of both."""
    source = find_data(ADDRESSES)
    if source is None:
        print("the real addresses are not on this machine")
        return
    with bench_database() as database:
        accepted = fill(database, source)
        settle(database, "address", "address_name", "place_name", "place_township")
        measure_own_texts(database, accepted)
        register = read_register(database)
        queries = make_queries(register, count, seed)
        print(f"register {len(register):,} addresses, {len(queries):,} queries")
        ours = measure(database, queries)
        measure_doors(database, register, seed)
        theirs = measure_trigram(database, queries[:trigram])
        print(f"ours / pg_trgm: {ours / theirs:.0f} times the texts a second")


def fill(database: Database, source: Path) -> list[str]:
    """Import the addresses as an officer would; return the texts of accepted single-plate rows."""
    with database.session() as session:
        load_shipped(session, data_folder(), COMMAND_LINE)
    texts = [one for one in read_addresses(source) if one.strip()]
    with tempfile.TemporaryDirectory() as folder:
        file, refused = Path(folder) / "list.csv", Path(folder) / "errors.csv"
        with file.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows([["address"], *([line] for line in texts)])
        options = ImportOptions(source="bench", with_parents=True)
        with open_rows(file) as rows, write_errors(refused, rows.headings) as errors:
            reader = open_reader(rows.headings, ["address=text"])
            report = import_addresses(database, rows, reader, options, COMMAND_LINE, errors=errors)
        with open_rows(refused) as rows:
            left = Counter(row.values["address"] for row in rows)
    placed = report.new + report.same + report.changed + report.waiting
    print(
        f"list {report.rows:,} rows: new {report.new:,}, same {report.same:,}, "
        f"refused {report.refused:,}, parents {report.parents:,}"
    )
    print(f"waiting as namesakes {report.waiting:,} of {placed:,}: {report.waiting / placed:.2%}")
    return [one for one in dict.fromkeys(texts) if one not in left]


def measure_own_texts(database: Database, texts: Sequence[str]) -> None:
    """Print how many rows' texts resolve to A with their own code, and the other results."""
    held: dict[str, set[str]] = {}
    with database.reading() as session:
        for code, said in session.execute(text("select code, text from address_name")):
            held.setdefault(said, set()).add(code)
        single = [one for one in texts if len(held.get(one, ())) == 1]
        found = list(_resolve(session, single, ANYWHERE))
    others: dict[tuple[str, str], list[str]] = {}
    for said, answer in zip(single, found, strict=True):
        right = answer.address is not None and answer.address.code in held[said]
        if answer.category != "A" or not right:
            category = answer.category + ("" if right or answer.category in "C none" else " wrong")
            why = answer.reasons[-1] if answer.reasons else ""
            others.setdefault((category, re.sub("^.*：|[^：]*$", "", why) or why), []).append(said)
    count = sum(map(len, others.values()))
    print(
        f"own text A {1 - count / len(single):.2%} of {len(single):,} accepted rows of one plate "
        f"({len(texts) - len(single):,} more name several)"
    )
    for (category, why), examples in sorted(others.items(), key=lambda pair: -len(pair[1])):
        print(f"  {category} {len(examples):4d}  {why}  {' · '.join(examples[:SHOWN])}")


def read_register(database: Database) -> list[Held]:
    """All imported addresses, each with the townships of its place and of namesakes."""
    townships: dict[int, set[str]] = {}
    namesakes: dict[tuple[str, ...], set[int]] = {}
    places: dict[int, tuple[str, ...]] = {}
    with database.reading() as session:
        rows = session.execute(
            text(
                "select t.place_id, t.county, t.kind, t.folded, coalesce(d.name, t.township) "
                "from place_township t left join division d on d.code = t.township "
                "and d.code_system = 'nbs' where t.valid_to is null"
            )
        )
        for place, *key, name in rows:
            townships.setdefault(place, set()).add(name)
            places[place] = tuple(key)
            namesakes.setdefault(tuple(key), set()).add(place)
        return [
            Held(
                row.code,
                row.county,
                row.elements,
                frozenset(townships.get(row.place_id or 0, ())),
                frozenset(
                    name
                    for other in namesakes.get(places.get(row.place_id or 0, ()), ())
                    if other != row.place_id
                    for name in townships[other]
                ),
            )
            for row in iterate_addresses(session)
        ]


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
            queries.append(_without_township(held, made))
    return queries


def _without_township(held: Held, query: Query) -> Query:
    """A text without township is ambiguous among namesakes: no address is correct."""
    left_out = not held.elements.township or (
        query.noise in DROPPING and held.elements.township not in query.text
    )
    if query.code and held.namesakes and left_out:
        return Query(query.text, "namesake, no township", "")
    return query


def _resolve(session: object, texts: Sequence[str], focus: ResolveOptions) -> Iterator[Resolution]:
    for at in range(0, len(texts), CHUNK):
        yield from resolve_many(session, texts[at : at + CHUNK], focus)  # type: ignore[arg-type]


def measure(database: Database, queries: Sequence[Query]) -> float:
    """Resolve all in chunks on one thread; print results by noise; return texts per second."""
    with database.reading() as session:
        held = dictionaries_of(session)
        for county in held.list_counties(session):
            held.of_county(session, county)
            held.places_of(session, county)
        resolve_many(session, [queries[0].text])  # loads the gazetteer
        begun = time.perf_counter()
        found = list(_resolve(session, [query.text for query in queries], ANYWHERE))
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
    for query, answer in firm:
        if not query.code and answer.address:
            meant = answer.address.standard_text
            print(f"  {answer.category} {query.noise}: {query.text} → {meant}")


def measure_doors(database: Database, register: Sequence[Held], seed: int) -> None:
    """Resolve addresses inside a building to doors; print how many are found."""
    doors = {held.text: held.code for held in register}
    asked: list[tuple[str, str]] = []
    for held in Writer(register, {}, seed).random.sample(list(register), len(register)):
        e = held.elements
        door = e._replace(building=None, unit=None, floor=None, room=None)
        code = doors.get(Held("", "", door).text)
        if e.number and e != door and code and not held.namesakes:
            asked.append((held.text, code))
    asked = asked[:DOORS]
    with database.reading() as session:
        found = list(_resolve(session, [said for said, _ in asked], ResolveOptions(level="number")))
    firm = [(f, code) for f, (_, code) in zip(found, asked, strict=True) if f.category in "AB"]
    right = sum(f.address is not None and f.address.code == code for f, code in firm)
    print(f"doors asked with rooms: A+B right {right}, wrong {len(firm) - right} of {len(asked)}")


def measure_trigram(database: Database, queries: Sequence[Query]) -> float:
    """The usual way: a trigram index, taking the most similar row; returns texts per second."""
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
    """Abolished and renamed counties by the six digits of the current county."""
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
