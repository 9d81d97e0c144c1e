"""Measures the import of a list, from file to coded rows, against a raw COPY of the stored rows.

Two lists of generated addresses: one of a single county and one of 90. Each is imported, then
imported again unchanged; the baseline writes the same rows of addresses, names, identifiers and
changes into the same indexed tables in the same run.

Usage: python -m benchmarks.imports [ROWS] [profile]
"""

import cProfile
import os
import pstats
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from sqlalchemy import text

from address_model.shipped import data_folder
from benchmarks.databases import bench_database
from service.core.actor import COMMAND_LINE
from service.core.bulk_copy import raw_connection
from service.core.database import Database
from service.core.memory import freeze_loaded_objects
from service.core.sheets import write_errors
from service.divisions.commands import load_shipped
from service.divisions.queries import load_register
from service.divisions.register import DivisionRegister
from service.imports.commands import ImportOptions, build_placer, import_addresses
from service.imports.crs_guess import guess_file_system
from service.imports.list_file import open_list
from service.imports.reports import ImportReport

_TABLES = {
    "address": "address",
    "address_name": "address_name",
    "address_identifier": "address_identifier",
    "change": "(select * from change where subject = 'address')",
}
CHUNK = 2000
NUMBERS = 120
"""Doors of one road, and rooms of one building of an estate."""

_FIRST, _SECOND = "青竹松柏桂荷兰梅枫榆槐桐杉柳樟", "影泉岭坞溪池亭坡桥岸湾洲屿谷塘"
_THIRD = "东西南北中前后上下里"
_ROADS, _ESTATES = ("路", "街", "巷"), ("小区", "花园", "家园")
_BARS = {"one county": 5000, "90 counties": 4000}
_BAR_AGAIN = 8000


@dataclass(frozen=True, slots=True)
class Timed:
    """The time of one import: wall-clock, our processes' and the database's processor seconds.

    On a busy machine wall-clock time means little; the processor seconds of all processes measure
    the work independently of other load.
    """

    seconds: float
    processor: float
    server: float
    report: ImportReport

    @property
    def processors(self) -> float:
        """The sum of both processor times."""
        return self.processor + self.server

    def say(self, name: str, bar: int) -> float:
        """Print and return rows per second."""
        rate = self.report.rows / self.seconds
        both = self.report.rows / self.processors
        print(
            f"{name:20} {rate:8,.0f} rows/s (bar {bar:,}); processors {self.processor:.2f} s + "
            f"{self.server:.2f} s of the database, {both:,.0f} rows/s; "
            f"{self.report.new:,} new, {self.report.same:,} same"
        )
        return rate


def main(rows: int, *, profiled: bool) -> None:
    """Print rows per second for each list, for its repetition, and for COPY."""
    print(f"{rows:,} rows, load {os.getloadavg()[0]:.1f}")
    for shape, bar in _BARS.items():
        with _register() as database, tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "list.csv"
            with database.reading() as session:
                register = load_register(session)
            file.write_text(_list(register, rows, 1 if shape == "one county" else 90), "utf-8")
            with _profile(profiled):
                first = _import(database, file)
            again = _import(database, file)
            raw = _timed_copy(database, _take_out(database))
        rate = first.say(shape, bar)
        again.say(f"{shape}, again", _BAR_AGAIN)
        copied, both = rows / raw.seconds, raw.processor + raw.server
        print(
            f"{shape + ', COPY':20} {copied:8,.0f} rows/s; processors {raw.processor:.2f} s + "
            f"{raw.server:.2f} s of the database, {rows / both:,.0f} rows/s; import / COPY "
            f"{rate / copied:.0%} by the clock, {both / first.processors:.0%} by processors"
        )


@contextmanager
def _register() -> Iterator[Database]:
    with bench_database() as database:
        with database.session() as session:
            load_shipped(session, data_folder(), COMMAND_LINE)
        yield database


@contextmanager
def _profile(wanted: bool) -> Iterator[None]:
    if not wanted:
        yield
        return
    profile = cProfile.Profile(time.process_time)
    profile.enable()
    yield
    profile.disable()
    pstats.Stats(profile).sort_stats("cumulative").print_stats(110)


def _list(register: DivisionRegister, rows: int, counties: int) -> str:
    """A list with identifier, text and point: doors of streets, and rooms of estates."""
    towns = [row for row in register.by_id.values() if row.level == 4]
    by_county: dict[int, list[str]] = {}
    for town in towns:
        county = register.county_of(town.id)
        if county is not None and town.name.endswith(("街道", "镇")):
            by_county.setdefault(county.id, []).append("".join(register.names(town.id).values()))
    chosen = [names for _, names in sorted(by_county.items())][:counties]
    names = ["".join(one) for one in product(_FIRST, _SECOND, _THIRD)]
    lines: list[str] = []
    for number, name in enumerate(names):
        for towns_of in chosen:
            lines += _block(towns_of[number % len(towns_of)], name, number)
        if len(lines) >= rows:
            break
    kept = lines[:rows]
    random.Random(7).shuffle(kept)
    return "编号,地址\n" + "".join(f"{at},{line}\n" for at, line in enumerate(kept, 1))


def _block(town: str, name: str, number: int) -> list[str]:
    """The doors of one road, or the rooms of one estate."""
    if number % 3:
        return [f"{town}{name}{_ROADS[number % 3]}{n}号" for n in range(1, NUMBERS)]
    estate = f"{town}{name}{_ESTATES[number % 2]}"
    return [f"{estate}{n // 24 + 1}幢{n // 12 % 2 + 1}单元{n % 12 // 2 + 1}0{n % 2 + 1}室"
            for n in range(NUMBERS)]  # fmt: skip


def _import(database: Database, file: Path) -> Timed:
    """The steps of the command after reading the file."""
    options = ImportOptions("bench")
    server = _server_seconds(database)
    began, ours = time.perf_counter(), _own_seconds()
    with open_list(file) as opened:
        placer = build_placer(database, options)
        freeze_loaded_objects()
        if opened.reader.has_points:
            guess_file_system(placer, opened.reader, opened.rows)
        with write_errors(file.with_name("errors.csv"), opened.rows.headings) as errors:
            report = import_addresses(
                database, opened.rows, opened.reader, options, COMMAND_LINE,
                errors=errors, placer=placer,
            )  # fmt: skip
    seconds, processor = time.perf_counter() - began, _own_seconds() - ours
    return Timed(seconds, processor, _server_seconds(database) - server, report)


def _own_seconds() -> float:
    """Processor seconds of this process and its finished children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _server_seconds(database: Database) -> float:
    """Processor seconds of the database sessions so far, which live as long as the pool."""
    name = database.url.rpartition("/")[2].partition("?")[0]
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f" {name} " in (folder / "cmdline").read_bytes().decode(errors="replace"):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def _take_out(database: Database) -> dict[str, list[bytes]]:
    """The rows of every table as COPY text, by the chunks of an import; then the tables empty."""
    copies: dict[str, list[bytes]] = {}
    with database.reading() as session, raw_connection(session).cursor() as cursor:
        for table, source in _TABLES.items():
            with cursor.copy(f"copy {source} to stdout".encode()) as copy:
                lines = b"".join(bytes(block) for block in copy).splitlines(keepends=True)
            firsts = range(0, len(lines), CHUNK)
            copies[table] = [b"".join(lines[first : first + CHUNK]) for first in firsts]
    owner = Database(database.url.replace("menpai_app", "menpai_owner"))
    with owner.session() as session:
        session.execute(text("truncate change, address cascade"))
    owner.dispose()
    return copies


def _timed_copy(database: Database, copies: dict[str, list[bytes]]) -> Timed:
    server = _server_seconds(database)
    began, ours = time.perf_counter(), _own_seconds()
    for table, pieces in copies.items():
        for piece in pieces:
            with (
                database.session() as session,
                raw_connection(session).cursor() as cursor,
                cursor.copy(f"copy {table} from stdin".encode()) as copy,
            ):
                copy.write(piece)
    seconds, processor = time.perf_counter() - began, _own_seconds() - ours
    return Timed(seconds, processor, _server_seconds(database) - server, ImportReport())


if __name__ == "__main__":
    main(
        next((int(one) for one in sys.argv[1:] if one.isdigit()), 50_000),
        profiled="profile" in sys.argv,
    )
