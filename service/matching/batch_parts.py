"""The parts of a long batch: 5,000 rows each, resolved alone, and joined in their order."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from service.auth.permissions import Permission
from service.auth.queries import get_client
from service.core.actor import Actor
from service.core.clock import now_utc
from service.core.database import Database, Session
from service.core.files import FileStore
from service.core.sheets import open_rows
from service.matching.batches import read_json_batch, resolve_wanted
from service.matching.commands import JOIN, RESOLVE
from service.matching.resolve_options import ResolveOptions
from service.matching.schemas import ResolveBatchIn
from service.matching.sheets import BYTE_ORDER_MARK, find_column, resolve_sheet
from service.runs.commands import Chunk, ChunkOrder, add_chunks
from service.runs.queries import RunRow
from service.runs.results import RESULT, folder_of

PART_ROWS = 5_000


def divide_batch(session: Session, files: FileStore, chunk: Chunk) -> dict[str, object]:
    """Count the rows, and add a chunk for each part and one to join them.

    Raises:
        BadRequest, SheetFault: the batch cannot be read, or lacks the column.
    """
    with _source(files, chunk.run) as path:
        column = str(chunk.run.parameters["column"])
        if path.suffix == ".json":
            wanted = read_json_batch(path.read_bytes())
            rows = len(wanted.texts if isinstance(wanted, ResolveBatchIn) else wanted)
        else:
            with open_rows(path, unprotect=True) as found:
                find_column(found.headings, column)
                rows = sum(1 for _ in found)
        if path.suffix == ".ndjson":
            with path.open("rb") as lines:
                rows = sum(1 for line in lines if line.strip())
    parts = [
        ChunkOrder(RESOLVE, min(PART_ROWS, rows - start), {"start": start})
        for start in range(0, rows, PART_ROWS)
    ]
    add_chunks(session, chunk.run.id, [*parts, ChunkOrder(JOIN, size=0)], out_of=chunk)
    return {"rows": rows}


def resolve_part(
    session: Session, database: Database, files: FileStore, chunk: Chunk
) -> dict[str, object]:
    """Resolve the rows of a chunk into a file; written again, it is the same file.

    What the program sees by those of its grants that were in force when it sent the batch, and
    still are. Returns how many rows found an address.
    """
    about, start = chunk.run.parameters, int(str(chunk.parameters["start"]))
    column, only = str(about["column"]), range(start, start + chunk.size)
    program = get_client(session, Actor.parse(chunk.run.actor).name).as_program(now_utc())
    sent_by: list[int] = about["grants"]  # type: ignore[assignment]  # as they were written
    held = replace(program, grants=tuple(g for g in program.grants if g.number in sent_by))
    held.require(Permission.ADDRESSES_RESOLVE)
    focus = ResolveOptions(
        str(about["within"]),
        scheme=str(about["scheme"]),
        level=str(about["level"]),
        viewer=held.viewer(Permission.ADDRESSES_RESOLVE),
    )
    with _source(files, chunk.run) as path:
        part = path.with_name(f"part{path.suffix}")
        if path.suffix == ".json":
            wanted = read_json_batch(path.read_bytes())
            rows = resolve_wanted(database, wanted, column, focus, only)
            part.write_bytes(orjson.dumps(rows)[1:-1])
            found = sum(bool(row["code"]) for row in rows)
        else:
            counts = resolve_sheet(database, path, part, column, focus, only=only)
            found = counts["A"] + counts["B"]
        place = f"{folder_of(chunk.run.id)}/parts/{start:09d}{path.suffix}"
        with files.writing(place) as kept, part.open("rb") as own:
            shutil.copyfileobj(own, kept)
    return {"found": found}


def join_parts(database: Database, files: FileStore, chunk: Chunk) -> None:
    """Write the result as one answer has it: one heading row, or one JSON value."""
    run, ending = chunk.run, ending_of(chunk.run)
    folder = folder_of(run.id)
    begin, between, end, heading = b"", b"", b"", b""
    with _source(files, run) as path:
        with path.open("rb") as source:
            first = source.read(len(BYTE_ORDER_MARK))
        if ending == ".json":
            is_list = first.lstrip()[:1] == b"["
            begin, between, end = b"[" if is_list else b'{"results":[', b",", b"]"
            end = end if is_list else end + b"}"
        elif ending != ".ndjson":
            empty = path.with_name(f"heading{ending}")
            resolve_sheet(database, path, empty, str(run.parameters["column"]), only=range(0))
            heading = empty.read_bytes()
            begin = heading if first == BYTE_ORDER_MARK else heading.removeprefix(BYTE_ORDER_MARK)
    with files.writing(f"{folder}/{RESULT}{ending}") as out:
        out.write(begin)
        for place, name in enumerate(files.list_names(f"{folder}/parts")):
            out.write(between if place else b"")
            with files.reading(name) as (part, _):
                part.seek(len(heading))
                shutil.copyfileobj(part, out)
        out.write(end)


@contextmanager
def _source(files: FileStore, run: RunRow) -> Iterator[Path]:
    """The batch of a run, in a folder that is deleted afterwards."""
    with TemporaryDirectory(prefix="menpai-") as folder:
        path = Path(folder, f"in{ending_of(run)}")
        name = f"{folder_of(run.id)}/source{ending_of(run)}"
        with files.reading(name) as (kept, _), path.open("wb") as file:
            shutil.copyfileobj(kept, file)
        yield path


def ending_of(run: RunRow) -> str:
    """The file ending of the batch of a run."""
    return str(run.parameters["ending"])
