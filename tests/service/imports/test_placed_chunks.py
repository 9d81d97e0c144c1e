"""Long lists are placed in several processes, with the same result as in one."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from service.core.database import Database
from service.core.sheets import Row
from service.imports.commands import ImportOptions, build_placer
from service.imports.placed_chunks import ChunkPlacer, PlacedChunk, ReadRow, place_chunks
from service.imports.rows import open_reader
from tests.processes import wait_until_gone

CHUNKS = 12
NUMBER = 20
LINES = (
    "浙江省杭州市上城区清波街道河坊街{}号",
    "浙江省杭州市上城区清波街道河坊街{}、1{}号",
    "浙江省杭州市上城区清波街道无此社区老屋{}号",
    "河坊街{}号旁",
    "合计{}户",
)


@pytest.fixture
def placer(database: Database) -> ChunkPlacer:
    reader = open_reader(["编号", "地址"])
    return ChunkPlacer(reader, build_placer(database, ImportOptions(source="test")))


def make_chunks() -> Iterator[list[ReadRow]]:
    for chunk in range(CHUNKS):
        rows = range(chunk * NUMBER, (chunk + 1) * NUMBER)
        yield [(make_row(number), number.to_bytes(16)) for number in rows]


def make_row(number: int) -> Row:
    line = LINES[number % len(LINES)].format(number, number)
    return Row(number, {"编号": "" if line[0] == "合" else str(number), "地址": line})


def test_the_rows_and_their_order_are_the_same_in_any_number_of_processes(
    placer: ChunkPlacer,
) -> None:
    alone = list(place_chunks(placer, make_chunks(), processes=1))
    assert len(alone) == CHUNKS
    assert sum(len(chunk.rows) for chunk in alone) > CHUNKS * NUMBER / 2
    assert any(chunk.refused for chunk in alone)
    assert any(chunk.skipped for chunk in alone)
    assert any(chunk.expanded for chunk in alone)
    for processes in (2, 3):
        assert list(place_chunks(placer, make_chunks(), processes)) == alone


def test_a_process_that_is_killed_costs_no_row(placer: ChunkPlacer) -> None:
    alone = list(place_chunks(placer, make_chunks(), processes=1))
    before, found = list_children(), list[PlacedChunk]()
    for chunk in place_chunks(placer, make_chunks(), processes=2):
        found.append(chunk)
        if len(found) == 5:
            for child in list_children() - before:
                os.kill(child, signal.SIGKILL)
    assert found == alone


def test_who_stops_half_way_leaves_no_process_behind(placer: ChunkPlacer) -> None:
    before = list_children()
    chunks = place_chunks(placer, make_chunks(), processes=2)
    taken = [next(chunks) for _ in range(4)]
    assert len(taken) == 4
    assert len(list_children() - before) == 2
    chunks.close()  # type: ignore[attr-defined]  # it is a generator
    assert list_children() == before


def list_children() -> set[int]:
    """The child processes of this one."""
    me, found = str(os.getpid()), set[int]()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            if parent == me:
                found.add(int(folder.name))
    return found


IMPORTER = """
import multiprocessing, time
from service.core.sheets import Row
from service.imports.placed_chunks import PlacedChunk, place_chunks
class Placer:
    def place(self, chunk):
        return PlacedChunk([])
chunks = iter([[(Row(n, {}, None), b"")] for n in range(9)])
for at, _ in enumerate(place_chunks(Placer(), chunks, 2)):
    if at == 3:
        print(*(child.pid for child in multiprocessing.active_children()), flush=True)
        time.sleep(60)
"""


def test_nothing_outlives_an_importer_that_is_killed() -> None:
    importer = subprocess.Popen(
        [sys.executable, "-c", IMPORTER],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert importer.stdout is not None
    with importer.stdout:
        placing = [int(pid) for pid in importer.stdout.readline().split()]
    assert len(placing) == 2
    importer.kill()
    importer.wait()
    assert wait_until_gone(*placing)
