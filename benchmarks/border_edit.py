"""Measures a border edit, from the command to the last scan that shows the other grid worker.

A grid takes one street of its neighbour; every plate of that street is scanned over HTTP until all
of them show the contact of the grid. Usage: python -m benchmarks.border_edit [PLATES]
"""

import re
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

import shapely
from sqlalchemy import text

from benchmarks.databases import bench_database
from benchmarks.http_load import serving
from benchmarks.registers import METRE_NORTH, ROW_M, make_register
from benchmarks.rivals import DATABASE_VARIABLE, PUBLIC_URL
from service.areas.queries import HeldArea, list_held_areas
from service.areas.shapes import normalise
from service.core.actor import COMMAND_LINE
from service.core.clock import today
from service.core.database import Database
from service.linking.commands import EditTerms, redraw_border

ROUNDS = 5
BAR_S = 3.0
PATIENCE_S = 30.0


def main(plates: int) -> None:
    """Print the seconds of each edit, and to the last scan."""
    with bench_database() as database, tempfile.TemporaryDirectory() as folder:
        print(f"filling the register with {plates:,} plates …", file=sys.stderr, flush=True)
        make_register(database, plates, Path(folder))
        environment = {DATABASE_VARIABLE: database.url, "MENPAI_PUBLIC_URL": PUBLIC_URL}
        with serving(("service", "serve", "--no-worker"), environment=environment) as server:
            connection = HTTPConnection("127.0.0.1", server.port)
            found = [_measure(database, connection, at) for at in range(ROUNDS)]
    for moved, edited, shown in found:
        print(f"{moved:,} addresses: edit {edited:.2f} s, last scan after {shown:.2f} s")
    print(f"median to the last scan {median(one[2] for one in found):.2f} s (bar: {BAR_S:g} s)")


def _measure(database: Database, connection: HTTPConnection, at: int) -> tuple[int, float, float]:
    """Addresses that change grid, seconds of the edit, and seconds until all scans show it."""
    with database.reading() as session:
        grids = list_held_areas(session, kinds=["grid"])
    grid = grids[len(grids) // (ROUNDS + 1) * (at + 1)]
    west, south, east, north = grid.shape.bounds
    wanted = normalise(shapely.box(west, south, east, round(north + ROW_M * METRE_NORTH, 9)))
    tokens = _tokens_between(database, grid, wanted)
    for token in tokens:
        _scan(connection, token)
    began = time.perf_counter()
    with database.session() as session:
        done = redraw_border(session, grid.id, wanted, EditTerms(COMMAND_LINE, today()))
    edited = time.perf_counter() - began
    waiting, shows = tokens, re.compile(rf"演示{grid.id}(?!\d)")
    while waiting and time.perf_counter() - began < PATIENCE_S:
        waiting = [one for one in waiting if not shows.search(_scan(connection, one))]
    if waiting:
        raise SystemExit(f"{len(waiting)} scans still show the other worker")
    return done.links.touched, edited, time.perf_counter() - began


def _tokens_between(database: Database, grid: HeldArea, wanted: shapely.Geometry) -> list[str]:
    """The plates whose doors the grid will take."""
    taken = shapely.to_wkb(shapely.difference(wanted, grid.shape), hex=True)
    asked = text(
        "select p.token from plate p join address a on a.code = p.code "
        "where ST_Within(a.geom, ST_SetSRID(ST_GeomFromWKB(decode(:taken, 'hex')), 4490))"
    )
    with database.reading() as session:
        return list(session.scalars(asked, {"taken": taken}))


def _scan(connection: HTTPConnection, token: str) -> str:
    connection.request("GET", f"/{token}")
    return connection.getresponse().read().decode()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
