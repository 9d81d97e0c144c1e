"""A snapshot of the addresses over HTTP against a raw ``COPY TO`` of the same columns.

``python -m benchmarks.snapshots [--size 100000]``. Both are read to the end by this process, three
times each in turn, and the best of each is compared: the bar is 30 %. The snapshot comes from
``menpai serve`` with its processes; the raw copy from the database, unsorted, as the columns are.
"""

import argparse
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from address_model.sensitivity import SEEN, Audience, Reach
from benchmarks.databases import bench_database
from benchmarks.registers import make_register
from service.core.bulk_copy import raw_connection
from service.core.database import Database
from service.departments.snapshots.copied_register import RegisterName
from service.departments.snapshots.registers import COPIED
from service.departments.snapshots.statements import CopyStatement
from tests.factories.programs import make_program
from tests.servers import serving

ROUNDS = 3
_PART = 1 << 18


def measure(work: Callable[[], int]) -> tuple[float, int]:
    """Seconds and bytes of reading once."""
    started = time.perf_counter()
    size = work()
    return time.perf_counter() - started, size


def read_raw(database: Database) -> int:
    """Copy the columns of the register out of the database, without masks or order."""
    everywhere = Reach("", SEEN[Audience.CLIENT], is_deep=True)
    statement = CopyStatement(COPIED[RegisterName.ADDRESSES], [everywhere])
    query = statement.rows().rpartition(" order by ")[0]
    size = 0
    with database.reading() as session:
        cursor = raw_connection(session).cursor()
        with cursor.copy(f"copy ({query}) to stdout".encode()) as copy:
            for row in copy:
                size += len(row)
    return size


def read_snapshot(url: str, key: str, accept: str) -> int:
    """Read the snapshot over HTTP."""
    parts = urlsplit(url)
    connection = HTTPConnection(str(parts.hostname), parts.port, timeout=600)
    headers = {"X-API-Key": key, "Accept": accept}
    connection.request("GET", "/api/v1/snapshots/addresses", headers=headers)
    response, size = connection.getresponse(), 0
    if response.status != 200:
        raise SystemExit(response.read().decode())
    while part := response.read(_PART):
        size += len(part)
    connection.close()
    return size


def main() -> None:
    """Print rows a second of each, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    size = parser.parse_args().size
    with bench_database() as database, TemporaryDirectory() as folder:
        make_register(database, size, Path(folder))
        with database.session() as session:
            key = str(make_program(session, "bench"))
        with serving(database.url) as client:
            url = str(client.base_url)
            works: dict[str, Callable[[], int]] = {
                "raw COPY TO": lambda: read_raw(database),
                "snapshot, NDJSON": lambda: read_snapshot(url, key, "application/x-ndjson"),
                "snapshot, CSV": lambda: read_snapshot(url, key, "text/csv"),
            }
            times: dict[str, list[tuple[float, int]]] = {name: [] for name in works}
            for _ in range(ROUNDS):
                for name, work in works.items():
                    times[name].append(measure(work))
    raw = min(times["raw COPY TO"])[0]
    for name, found in times.items():
        seconds, read = min(found)
        rate = f"{size / seconds:>10,.0f} rows/s {read / 1e6:>7.1f} MB"
        print(f"{name:<20} {rate}  {raw / seconds:.0%} of raw")


if __name__ == "__main__":
    main()
