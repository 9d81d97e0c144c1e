"""Measures bulk code issue with everything it stores, against a raw COPY of the same rows.

Both sides write the same rows (address, name, change, plate) into the same indexed tables; the raw
side gets them as finished COPY text. Usage: python -m benchmarks.codes [ROWS]
"""

import sys
import time
from statistics import median

from sqlalchemy import text

from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from benchmarks.databases import bench_database
from service.addresses.commands import enter_addresses
from service.addresses.drafts import AddressDraft
from service.core.actor import COMMAND_LINE
from service.core.bulk_copy import raw_connection
from service.core.database import Database
from service.plates.commands import issue_plates, open_batch

CHUNK = 5000
ROUNDS = 3
TABLES = {
    "address": "address",
    "address_name": "address_name",
    "change": "(select * from change)",  # a partitioned table is read by a query
    "plate": "plate",
}
BASE = Elements("浙江省", "杭州市", "上城区", "清波街道")


def main(rows: int) -> None:
    """Print rows per second of both ways and their ratio."""
    with bench_database() as database:
        division_id = _make_division(database)
        ours, raw = [], []
        for number in range(ROUNDS):
            drafts = _drafts(rows, division_id, number)
            ours.append(rows / _timed_issue(database, drafts))
            copies = _take_out(database)
            raw.append(rows / _timed_copy(database, copies))
            _empty(database)
            print(f"round {number + 1}: issue {ours[-1]:,.0f}/s, raw COPY {raw[-1]:,.0f}/s")
    print(f"{rows:,} addresses with name, change and plate, median of {ROUNDS}")
    print(f"bulk issue {median(ours):>10,.0f} addresses/s")
    print(f"raw COPY   {median(raw):>10,.0f} addresses/s")
    print(f"ratio      {median(ours) / median(raw):>10.0%}   (bar: 50 %)")


def _drafts(rows: int, division_id: int, salt: int) -> list[AddressDraft]:
    return [
        AddressDraft(
            county="330102",
            division_id=division_id,
            division_code="330102001000",
            elements=BASE._replace(
                thoroughfare=f"示例{number // 400}路",
                number=Numbered(str(number % 400 + 1), "号"),
            ),
            point=Point(120.1 + number % 1000 / 10000, 30.2 + number // 1000 / 10000),
            source=f"bench{salt}",
        )
        for number in range(rows)
    ]


def _timed_issue(database: Database, drafts: list[AddressDraft]) -> float:
    start = time.perf_counter()
    with database.session() as session:
        batch = open_batch(
            session,
            name="bench",
            design="medium",
            payload_prefix="https://CITY.EXAMPLE/",
            actor=COMMAND_LINE,
        )
    for first in range(0, len(drafts), CHUNK):
        with database.session() as session:
            codes = enter_addresses(session, drafts[first : first + CHUNK], COMMAND_LINE)
            issue_plates(session, batch, [code.digits for code in codes], COMMAND_LINE)
    return time.perf_counter() - start


def _take_out(database: Database) -> dict[str, list[bytes]]:
    """The rows of every table as COPY text, in pieces as large as the chunks of the issue."""
    copies = {}
    with database.reading() as session, raw_connection(session).cursor() as cursor:
        for table, source in TABLES.items():
            with cursor.copy(f"copy {source} to stdout") as copy:
                lines = b"".join(bytes(block) for block in copy).splitlines(keepends=True)
            pieces = max(1, len(lines) * CHUNK // max(len(lines), CHUNK))
            copies[table] = [
                b"".join(lines[first : first + pieces]) for first in range(0, len(lines), pieces)
            ]
    _empty(database)
    return copies


def _timed_copy(database: Database, copies: dict[str, list[bytes]]) -> float:
    start = time.perf_counter()
    for table in TABLES:
        for piece in copies[table]:
            with (
                database.session() as session,
                raw_connection(session).cursor() as cursor,
                cursor.copy(f"copy {table} from stdin") as copy,
            ):
                copy.write(piece)
    return time.perf_counter() - start


def _empty(database: Database) -> None:
    """Empty the tables as their owner, keeping the batch that plates refer to."""
    owner = Database(database.url.replace("menpai_app", "menpai_owner"))
    with owner.session() as session:
        names = "address_identifier, address_name, address_succession"
        session.execute(text(f"truncate plate, change, {names}, address cascade"))
    owner.dispose()


def _make_division(database: Database) -> int:
    with database.session() as session:
        found = session.execute(
            text(
                "insert into division (code, code_system, edition, level, name) "
                "values ('330102001000', 'nbs', '2023', 4, '清波街道') returning id"
            )
        ).scalar_one()
        return int(found)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
