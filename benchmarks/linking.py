"""Measures linking a million real points to 3,000 areas, against PostGIS on the same database.

Two ratios are printed: finding the pairs (our index building counted; reading and writing not)
against the plain join, and a whole ``areas link`` run against ``INSERT … SELECT`` of that join into
the same table. Both sides must give the same pairs. Usage: python -m benchmarks.linking [POINTS]

The points are the door plates of Taipei (``MENPAI_BENCH_POINTS``, a parquet file with columns
``lng_wgs84`` and ``lat_wgs84``); without the file the benchmark says so and is skipped.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.databases import bench_database
from benchmarks.taipei import read_table
from benchmarks.voronoi import jagged_cells
from service.core.actor import COMMAND_LINE
from service.core.bulk_copy import copy_rows, point_ewkb
from service.core.database import Database
from service.linking.cell_cover import CellCover
from service.linking.commands import forget_covers, link_register

AREAS = 3000
ROUNDS = 3
JOIN = "select a.code, r.id, r.kind from address a join area r on ST_Covers(r.geom, a.geom)"
COUNT_JOIN = f"select count(*), sum(id) from ({JOIN}) pairs"  # noqa: S608  # our own constant
INSERT_JOIN = f"""insert into address_area (code, area_id, kind, how)
select code, id, kind, 'point' from ({JOIN}) pairs"""  # noqa: S608  # our own constant
Floats = NDArray[np.float64]


def main(wanted: int) -> None:
    """Print pairs per second of both ways and both ratios."""
    points = _read_points(wanted)
    if points is None:
        return
    lon, lat = points
    shapes = jagged_cells((lon.min(), lat.min(), lon.max(), lat.max()), AREAS)
    print(f"{len(lon):,} points, {len(shapes):,} areas of {_corners(shapes):.0f} corners")
    with bench_database() as database:
        _fill(database, lon, lat, shapes)
        _measure_pairs(database, lon, lat)
        _measure_runs(database, len(lon))


def _read_points(wanted: int) -> tuple[Floats, Floats] | None:
    table = read_table(("lng_wgs84", "lat_wgs84"))
    if table is None:
        return None
    lon, lat = (table[name].to_numpy().astype(float) for name in table.column_names)
    chosen = np.random.default_rng(1).permutation(len(lon))[:wanted]
    return lon[chosen], lat[chosen]


def _corners(shapes: list[BaseGeometry]) -> float:
    return float(np.mean(shapely.get_num_coordinates(shapes)))


def _fill(database: Database, lon: Floats, lat: Floats, shapes: list[BaseGeometry]) -> None:
    """Addresses and areas as in the register, with all indexes."""
    with database.session() as session:
        division_id = session.execute(
            text(
                "insert into division (code, code_system, edition, level, name) "
                "values ('330102001000', 'nbs', '2023', 4, '清波街道') returning id"
            )
        ).scalar_one()
        codes = np.random.default_rng(2).permutation(10**8)[: len(lon)]
        copy_rows(
            session,
            "address",
            ("code", "county", "division_id", "standard_text", "elements", "street_order", "level",
             "geom"),
            (
                (f"330102{code:08d}00", "330102", division_id, f"河坊街{code}号", "{}",
                 f"330102001{code}".encode(), "number",
                 point_ewkb(x, y))
                for code, x, y in zip(codes.tolist(), lon.tolist(), lat.tolist(), strict=True)
            ),
        )  # fmt: skip
        copy_rows(
            session,
            "area",
            ("kind", "code", "name", "valid_from", "geom"),
            (
                ("grid", f"G{number}", f"网格{number}", date(2026, 1, 1),
                 shapely.to_wkb(shapely.set_srid(shapely.multipolygons([shape]), 4490),
                                hex=True, include_srid=True))
                for number, shape in enumerate(shapes)
            ),
        )  # fmt: skip
    with Database(database.url.replace("menpai_app", "menpai_owner")).session() as session:
        session.execute(text("analyze address; analyze area"))


def _measure_pairs(database: Database, lon: Floats, lat: Floats) -> None:
    ours, joins = [], []
    with database.reading() as session:
        server = session.execute(text("select pg_backend_pid()")).scalar_one()
        began = time.process_time(), _processor_seconds(server)
        rows = session.execute(text("select id, ST_AsBinary(geom) from area order by id")).all()
        ids, wkb = [row[0] for row in rows], [bytes(row[1]) for row in rows]
        for _ in range(ROUNDS):
            shapes = shapely.from_wkb(wkb)
            ours.append(_timed(lambda shapes=shapes: CellCover(ids, shapes).locate(lon, lat)))  # type: ignore[misc]
            joins.append(_timed(lambda: _count_join(session)))
        spent_here = time.process_time() - began[0]
        spent_there = _processor_seconds(server) - began[1]
    print("finding the pairs, building counted, reading and writing not:")
    _print_ratio(len(lon), "cell cover", ours, "PostGIS join", joins, bar=10)
    if spent_there:
        _print_processor(spent_there / spent_here)


def _processor_seconds(process: int) -> float:
    """Processor time of a process so far; 0 if /proc does not have it."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _count_join(session: Session) -> None:
    """The plain join, in one process; counting keeps the rows from being sent."""
    session.execute(text("set local max_parallel_workers_per_gather = 0"))
    session.execute(text(COUNT_JOIN)).one()


def _measure_runs(database: Database, count: int) -> None:
    ours, joins = [], []
    spent_on_ours, spent_on_joins = 0.0, 0.0
    with database.reading() as session:  # the pool has this one connection for all that follows
        server = session.execute(text("select pg_backend_pid()")).scalar_one()
    for _ in range(ROUNDS):
        _empty(database)
        forget_covers()
        began = time.process_time() + _processor_seconds(server)
        ours.append(_timed(lambda: link_register(database, COMMAND_LINE)))
        spent_on_ours += time.process_time() + _processor_seconds(server) - began
        of_ours = _digest(database)
        _empty(database)
        began = time.process_time() + _processor_seconds(server)
        joins.append(_timed(lambda: _insert_join(database)))
        spent_on_joins += time.process_time() + _processor_seconds(server) - began
        if _digest(database) != of_ours:
            raise SystemExit(f"the pairs differ: ours {of_ours}, the join's {_digest(database)}")
    print(f"the whole run, {of_ours[0]:,} links written, the same pairs both ways:")
    _print_ratio(count, "areas link", ours, "INSERT … SELECT", joins, bar=3)
    if _processor_seconds(server):
        _print_processor(spent_on_joins / spent_on_ours)


def _insert_join(database: Database) -> None:
    with database.session() as session:
        session.execute(text(INSERT_JOIN))


def _digest(database: Database) -> tuple[int, int]:
    with database.reading() as session:
        row = session.execute(
            text(
                "select count(*), sum(cast(hashtextextended(code || '/' || area_id, 0) as numeric))"
                " from address_area"
            )
        ).one()
    return int(row[0]), int(row[1])


def _empty(database: Database) -> None:
    owner = Database(database.url.replace("menpai_app", "menpai_owner"))
    with owner.session() as session:
        session.execute(text("truncate address_area"))
    owner.dispose()


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _print_ratio(
    count: int, one: str, ours: list[float], other: str, theirs: list[float], *, bar: float
) -> None:
    ratio = median(theirs) / median(ours)
    print(f"  {one:<16} {count / median(ours):>12,.0f} addresses/s   {median(ours):.2f} s")
    print(f"  {other:<16} {count / median(theirs):>12,.0f} addresses/s   {median(theirs):.2f} s")
    print(f"  ratio            {ratio:>12.1f}   (bar: {bar:g})")


def _print_processor(ratio: float) -> None:
    print(f"  by processor time {ratio:>11.1f}   (other work does not count)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
