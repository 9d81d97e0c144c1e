"""Takes an uploaded list through the import: as a check, or to store it."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from service.core.actor import Actor
from service.core.database import DATABASE_ERRORS, Database
from service.core.errors import BadRequest, MenpaiError
from service.core.files import FileStore
from service.core.sheets import SheetFault, read_heading_rows
from service.imports.commands import ImportOptions, ImportReport, build_placer, import_addresses
from service.imports.commands.upload_rows import (
    UploadLog,
    count_stored,
    forget_rows,
    forget_unstored,
)
from service.imports.commands.uploads import keep_stored
from service.imports.crs_guess import guess_file_system
from service.imports.headings import ColumnUnknown
from service.imports.list_file import OpenedList, open_list
from service.imports.row_log import RowOutcome
from service.imports.row_placement import RowPlacer
from service.imports.uploads.corrections import find_cells, lay_over
from service.imports.uploads.queries import UploadRow
from service.imports.uploads.queries.repeated_rows import count_repeated
from service.imports.uploads.queries.rows import count_outcomes
from service.imports.uploads.refused_rows import RefusedRow, RefusedRows
from service.imports.uploads.states import folder_of, list_name
from service.imports.uploads.words import SYSTEM_NAMES, tell_sheet

MOST_ROWS = 300_000
"""The rows of the longest list that is taken at the desk."""

_MOST_NOTES = 20

Advance = Callable[[int], None]
"""Told how many more rows are done."""


@contextmanager
def local_copy(files: FileStore, upload: UploadRow) -> Iterator[Path]:
    """The file of an uploaded list, in a folder that is deleted afterwards.

    Raises:
        StoredFileNotFound, FilesUnavailable: there is none, or the store does not answer.
    """
    name = list_name(upload.file_name)
    with TemporaryDirectory(prefix="menpai-list-") as folder:
        path = Path(folder, name)
        with files.reading(f"{folder_of(upload.id)}/{name}") as (kept, _), path.open("wb") as file:
            shutil.copyfileobj(kept, file)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != upload.sha256:
            raise BadRequest(
                f"the file of import {upload.id} is not what was uploaded",
                hint="upload it again",
                zh="存放的文件与上传时的不一样，请重新上传。",
            )
        yield path


@contextmanager
def told_in_chinese() -> Iterator[None]:
    """Give faults of a whole list the words of the desk."""
    try:
        yield
    except (SheetFault, ColumnUnknown) as fault:
        fault.zh = tell_sheet(fault)
        raise


def count_rows(files: FileStore, upload: UploadRow) -> int:
    """How many rows a list has.

    Raises:
        SheetFault, ColumnUnknown: it cannot be read as it is declared.
        BadRequest: it has too many.
    """
    rows = 0
    with _open(files, upload) as opened:
        for rows, _ in enumerate(opened.rows, start=1):
            if rows > MOST_ROWS:
                raise BadRequest(
                    f"the list has more than {MOST_ROWS} rows",
                    hint="split it",
                    zh=f"清单超过 {MOST_ROWS:,} 行，请分成几份上传。",
                )
    return rows


def check_upload(
    database: Database,
    files: FileStore,
    upload: UploadRow,
    actor: Actor,
    *,
    advance: Advance = lambda _: None,
) -> dict[str, Any]:
    """Take a list through the import without storing anything; the counts of its rows.

    ``advance`` is told of rows as they are read, and again as they are decided.

    Raises:
        SheetFault, ColumnUnknown, BadRequest: the list cannot be read as it is declared.
    """
    log = UploadLog(upload.id, is_stored=False, advance=advance)
    return _take(database, files, upload, actor, log)


def store_upload(
    database: Database,
    files: FileStore,
    upload: UploadRow,
    actor: Actor,
    *,
    advance: Advance = lambda _: None,
) -> dict[str, Any]:
    """Store a list; the counts of its rows. ``advance`` as in ``check_upload``.

    What an earlier attempt has stored is not stored again, and counts as it did then.

    Raises:
        SheetFault, ColumnUnknown, Busy: it stopped midway; what was stored stays.
    """
    log = UploadLog(upload.id, is_stored=True, advance=advance)
    return _take(database, files, upload, actor, log)


def store_at_once(database: Database, files: FileStore, upload: UploadRow, actor: Actor) -> None:
    """Store a list that is marked as being stored, and keep what became of it.

    A list that stops midway keeps its check, and says how many addresses were stored before.
    """
    try:
        result = store_upload(database, files, upload, actor)
        is_whole = True
    except (MenpaiError, *DATABASE_ERRORS) as fault:
        why = fault.zh if isinstance(fault, MenpaiError) else ""
        with database.reading() as session:
            stored = count_stored(session, upload.id)
        stopped = {"stored": stored, "why": why or "数据库没有应答，或另一份清单正在入库。"}
        result, is_whole = upload.result | {"stopped": stopped}, False
    with database.session() as session:
        keep_stored(session, upload, result, is_whole=is_whole)


def _take(
    database: Database,
    files: FileStore,
    upload: UploadRow,
    actor: Actor,
    log: UploadLog,
) -> dict[str, Any]:
    declared, dry_run = upload.declared, not log.is_stored
    options = ImportOptions(
        declared.source, declared.system, dry_run, division=upload.division, reach=upload.reach
    )

    with database.reading() as session:
        stored_before = count_stored(session, upload.id)

    def keep(rows: list[RefusedRow]) -> None:
        with database.session() as session:
            log.keep_refused(session, rows)

    with told_in_chinese(), _open(files, upload) as opened:
        placer = build_placer(database, options)
        warning = _warn_of_system(placer, opened, upload) if dry_run else ""
        if dry_run:
            with database.session() as session:
                forget_rows(session, upload.id)
        refused = RefusedRows(opened.rows.headings, opened.reader.columns.by_field, keep)
        report = import_addresses(
            database,
            opened.rows,
            opened.reader,
            options,
            actor,
            errors=refused,
            advance=log.advance,
            placer=placer,
            log=log,
            processes=1,  # beside scans
        )
        refused.flush()
    return _values(database, log, report, stored_before) | {"warning": warning}


@contextmanager
def _open(files: FileStore, upload: UploadRow) -> Iterator[OpenedList]:
    """The list as it is declared and corrected."""
    declared = upload.declared
    at = read_heading_rows(declared.heading) if declared.heading else None
    with (
        local_copy(files, upload) as path,
        open_list(
            path, overrides=declared.overrides, sheet=declared.sheet or None, heading=at
        ) as opened,
    ):
        yield replace(opened, rows=lay_over(opened.rows, upload.corrections))


def read_cells(files: FileStore, upload: UploadRow, number: int) -> dict[str, str] | None:
    """The cells of one row as it is corrected, personal numbers masked; None if there is none.

    Raises:
        StoredFileNotFound, SheetFault, ColumnUnknown: the list cannot be read.
    """
    with told_in_chinese(), _open(files, upload) as opened:
        return find_cells(opened.rows, number)


def _warn_of_system(placer: RowPlacer, opened: OpenedList, upload: UploadRow) -> str:
    """What speaks for another coordinate system than the declared one; "" for nothing."""
    declared = upload.declared.system
    named = opened.named_system
    if named is not None and named is not declared:
        zh = f"列名说坐标是{SYSTEM_NAMES[named]}，请在“识别”里改选坐标系。"
        raise BadRequest("the headings name another coordinate system", hint="choose it", zh=zh)
    if not opened.reader.has_points:
        return ""
    guess = guess_file_system(placer, opened.reader, opened.rows)
    if not guess.better:
        return ""
    return (
        f"试了 {guess.total} 个坐标：按{SYSTEM_NAMES[declared]}"
        f"有 {guess.outside[declared]} 个在县界外，"
        f"按{SYSTEM_NAMES[guess.better]}有 {guess.outside[guess.better]} 个。"
        "如果确是后者，请改选坐标系再核对。"
    )


def _values(
    database: Database, log: UploadLog, report: ImportReport, stored_before: int
) -> dict[str, Any]:
    """The counts and notes of a finished pass, as one JSON object."""
    with database.session() as session:
        if log.is_stored:
            forget_unstored(session, log.upload_id)
        counts = count_outcomes(session, log.upload_id)
        repeated = count_repeated(session, log.upload_id)
    # what was stored before counts as it did then, and not as the same once more
    counts[RowOutcome.SAME] = max(0, report.same - stored_before)
    notes = [f"{count} 行：{note}" for note, count in report.taken.most_common()]
    notes += [f"跳过{kind} {len(rows)} 行" for kind, rows in report.skipped.items()]
    if report.expanded:
        notes.append(f"{report.expanded} 行写了几块门牌，每块各成一个地址")
    if report.warnings:
        notes.append(f"{report.warnings} 个坐标在县界外 2 公里以内，照收并注明")
    return {
        "rows": report.rows,
        "counts": counts,
        "repeated": repeated,
        "notes": [*report.left_out, *notes, *report.notes][:_MOST_NOTES],
    }
