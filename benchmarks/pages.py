"""Measures whether a page of 1,000 addresses costs the same in registers of 10⁴ and 10⁵ addresses.

The town of ``benchmarks.registers`` in databases of their own. Pages are read as the API reads
them, masked and written as JSON, by one thread without HTTP: the whole register, a county, a
street, a state, a box, what has changed. Registers take turns in every round. Usage:
python -m benchmarks.pages [SIZE …], for example 10000 1000000.
"""

import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sqlalchemy import text

from address_model.sensitivity import SEEN, Audience, Reach, Viewer
from benchmarks.databases import bench_database, settle
from benchmarks.registers import make_register
from service.addresses.queries import AddressFilter, Box
from service.core.database import Database
from service.core.media_types import MediaType
from service.departments import queries
from service.departments.address_choice import AddressChoice
from service.departments.address_file import write_addresses

SIZES = (10_000, 100_000)
PAGE, ROUNDS = 1000, 7
VIEWER = Viewer(Audience.CLIENT, reaches=(Reach("", SEEN[Audience.CLIENT]),))
COUNTY = ("330102",)
SINCE = datetime(2026, 6, 1, tzinfo=UTC)
FILTERS: dict[str, AddressFilter] = {
    "register": AddressFilter(),
    "county": AddressFilter(COUNTY),
    "level in a city": AddressFilter(("3301",), level="number"),
    "state": AddressFilter(COUNTY, status="frozen"),
    "box of 1.5 km": AddressFilter(COUNTY, box=Box(119.0, 29.0, 119.015, 29.015)),
    "changed": AddressFilter(COUNTY, changed_since=SINCE),
}
_MARK = (
    text(
        "insert into division (code, code_system, edition, level, name) "
        "select '330102000000', 'nbs', '2023', 3, '上城区' where not exists "
        "(select from division where code = '330102000000')"
    ),
    text("update address set status = 'frozen' where code in (select code from address "
         "order by md5(code) limit :marked)"),
    text("update address set updated_at = '2020-01-01' where status <> 'frozen'"),
)  # fmt: skip


def main(sizes: tuple[int, ...]) -> None:
    """Print milliseconds a page by size, and the ratio of the largest figure to the smallest."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        databases: dict[int, Database] = {}
        for size in sizes:
            database = stack.enter_context(bench_database(f"_pages_{size}"))
            make_register(database, size, folder)
            with database.session() as session:
                for statement in _MARK:
                    session.execute(statement, {"marked": min(sizes) // 4})
            settle(database, "address")
            databases[size] = database
        for kind, wanted in FILTERS.items():
            took: dict[int, list[float]] = {size: [] for size in sizes}
            for number in range(ROUNDS + 1):
                for size, database in databases.items():
                    spent = _read_page(database, wanted, Random(number))
                    if number:  # the first round is a warm-up
                        took[size].append(spent)
            medians = {size: statistics.median(found) for size, found in took.items()}
            for size, median in medians.items():
                print(f"{size:>9,} addresses  {kind:18s} {median:>8.1f} ms a page", flush=True)
            print(f"{kind}: slowest / fastest {max(medians.values()) / min(medians.values()):.2f}")


def _read_page(database: Database, wanted: AddressFilter, draw: Random) -> float:
    """Milliseconds for a page that begins anywhere in the first half of the register."""
    choice = AddressChoice()
    with database.reading() as session:
        after = f"330102{draw.randrange(50_000_000):08d}00"
        begun = time.perf_counter()
        rows, following = queries.list_page(session, wanted, choice, VIEWER, after=after, size=PAGE)
        write_addresses(rows, following, MediaType.JSON, choice)
        spent = (time.perf_counter() - begun) * 1000
    if not rows:
        raise RuntimeError("not what was to be measured: the page is empty")
    return spent


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
