"""Takes an uploaded list through the import: as a check, or to store it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from service.core.actor import Actor
from service.core.database import DATABASE_ERRORS, Database
from service.core.errors import BadRequest, MenpaiError
from service.core.files import FileStore
from service.core.sheets import SheetFault, read_heading_rows
from service.imports.commands import ImportOptions, ImportReport, build_placer, import_addresses
from service.imports.crs_guess import guess_file_system
from service.imports.headings import ColumnUnknown
from service.imports.list_file import OpenedList, open_list
from service.imports.row_log import RowLog, RowOutcome
from service.imports.row_placement import RowPlacer
from service.imports.uploads.queries import UploadRow
from service.imports.uploads.refused_rows import RefusedRows
from service.imports.uploads.states import ERRORS_NAME, folder_of, list_name
from service.imports.uploads.words import SYSTEM_NAMES, tell_sheet

_MOST_NOTES = 20


@contextmanager
def local_copy(files: FileStore, upload: UploadRow) -> Iterator[Path]:
    """The file of an uploaded list, in a folder that is deleted afterwards.

    Raises:
        StoredFileNotFound, FilesUnavailable: there is none, or the store does not answer.
    """
    name = list_name(upload.file_name)
    with TemporaryDirectory(prefix="menpai-list-") as folder:
        path = Path(folder, name)
        path.write_bytes(files.read(f"{folder_of(upload.id)}/{name}"))
        yield path


@contextmanager
def told_in_chinese() -> Iterator[None]:
    """Give faults of a whole list the words of the desk."""
    try:
        yield
    except (SheetFault, ColumnUnknown) as fault:
        fault.zh = tell_sheet(fault)
        raise


def check_upload(
    database: Database, files: FileStore, upload: UploadRow, actor: Actor
) -> dict[str, Any]:
    """Take a list through the import without storing anything; what would become of its rows.

    Raises:
        SheetFault, ColumnUnknown, BadRequest: the list cannot be read as it is declared.
    """
    log = RowLog()
    return _take(database, files, upload, actor, log, dry_run=True)


def store_upload(
    database: Database, files: FileStore, upload: UploadRow, actor: Actor
) -> tuple[dict[str, Any], bool]:
    """Store a list; what became of its rows, and whether it was stored to its end.

    A list that stops midway keeps its check, and says how many addresses were stored before.
    """
    log = RowLog()
    try:
        return _take(database, files, upload, actor, log, dry_run=False), True
    except (MenpaiError, *DATABASE_ERRORS) as fault:
        done = [one for one in log.entries if one.outcome in (RowOutcome.NEW, RowOutcome.CHANGED)]
        why = fault.zh if isinstance(fault, MenpaiError) else ""
        stopped = {"stored": len(done), "why": why or "数据库没有应答，或另一份清单正在入库。"}
        return upload.result | {"stopped": stopped}, False


def _take(
    database: Database,
    files: FileStore,
    upload: UploadRow,
    actor: Actor,
    log: RowLog,
    *,
    dry_run: bool,
) -> dict[str, Any]:
    declared = upload.declared
    options = ImportOptions(
        declared.source, declared.system, dry_run, division=upload.division, reach=upload.reach
    )
    at = read_heading_rows(declared.heading) if declared.heading else None
    with ExitStack() as stack:
        stack.enter_context(told_in_chinese())
        path = stack.enter_context(local_copy(files, upload))
        opened = stack.enter_context(
            open_list(path, overrides=declared.overrides, sheet=declared.sheet or None, heading=at)
        )
        placer = build_placer(database, options)
        warning = _warn_of_system(placer, opened, upload) if dry_run else ""
        book = path.with_name(ERRORS_NAME)
        rows, reader = opened.rows, opened.reader
        with ExitStack() as writing:
            refused = RefusedRows(book, rows.headings, reader.columns.by_field, writing)
            report = import_addresses(
                database, rows, reader, options, actor, errors=refused, placer=placer, log=log
            )
        name = f"{folder_of(upload.id)}/{ERRORS_NAME}"
        if book.exists():
            files.write(name, book.read_bytes())
        else:
            files.remove(name)
    return _values(report, log, refused) | {"warning": warning}


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


def _values(report: ImportReport, log: RowLog, refused: RefusedRows) -> dict[str, Any]:
    """The result as the page shows it, as one JSON object."""
    conflicts = {one.row for one in log.entries if one.outcome is RowOutcome.CONFLICT}
    notes = [f"{count} 行：{note}" for note, count in report.taken.most_common()]
    notes += [f"跳过{kind} {len(rows)} 行" for kind, rows in report.skipped.items()]
    if report.expanded:
        notes.append(f"{report.expanded} 行写了几块门牌，每块各成一个地址")
    if report.warnings:
        notes.append(f"{report.warnings} 个坐标在县界外 2 公里以内，照收并注明")
    return {
        "rows": report.rows,
        "counts": {
            RowOutcome.NEW: report.new,
            RowOutcome.CHANGED: report.changed,
            RowOutcome.SAME: report.same,
            RowOutcome.WAITING: report.waiting,
            RowOutcome.CONFLICT: report.conflicts,
            RowOutcome.ERROR: report.errors,
        },
        "notes": [*report.left_out, *notes, *report.notes][:_MOST_NOTES],
        "reasons": [[rule.summary, count] for rule, count in report.reasons.most_common()],
        "entries": [list(one) for one in log.entries if one.outcome is not RowOutcome.CONFLICT],
        "refused": [
            [RowOutcome.CONFLICT if one.number in conflicts else RowOutcome.ERROR, *one]
            for one in refused.rows
        ],
    }
