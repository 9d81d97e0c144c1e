"""Corrected cells of an uploaded list: laid over its file, and checked without reading it again."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from service.core.actor import Actor
from service.core.database import Database, Session
from service.core.errors import BadRequest
from service.core.sheets import IGNORED_COLUMNS, RowSource
from service.core.sheets.rows import Record, Records
from service.imports.commands import ImportOptions, build_placer, import_addresses
from service.imports.commands.upload_rows import UploadLog
from service.imports.decisions import Decisions, PlacedRow
from service.imports.row_cells import CELL_LIMIT, mask_personal
from service.imports.rows import open_reader
from service.imports.uploads.queries import UploadRow
from service.imports.uploads.refused_rows import RefusedRow, RefusedRows

Cells = Mapping[str, str]
"""Cells of a row by heading."""

MASK = "＊"


def lay_over(source: RowSource, corrections: Mapping[int, Cells | None]) -> RowSource:
    """The rows of a list with these corrections; None takes a row out."""
    if not corrections:
        return source
    return RowSource(partial(_correct, source, corrections))


def _correct(source: RowSource, corrections: Mapping[int, Cells | None]) -> Records:
    yield 0, source.headings, None
    for row in source:
        cells = corrections.get(row.number, {})
        if cells is None:
            continue
        fault = None if cells else row.fault
        values = {**row.values, **cells}
        yield row.number, [values[name] for name in source.headings], fault


def correct_cells(shown: Cells, typed: Cells) -> dict[str, str]:
    """The cells that a person has changed, without personal numbers.

    Raises:
        BadRequest: nothing was changed, or a cell whose number is masked was left as it is.
    """
    changed = {
        name: mask_personal(cell.strip()[:CELL_LIMIT])
        for name, cell in typed.items()
        if name in shown and cell.strip() != shown[name].strip()
    }
    masked = [name for name, cell in shown.items() if MASK in cell and name not in changed]
    if changed and masked:
        zh = f"“{masked[0]}”一格里的号码已经隐去，请把这一格也重新填写。"
        raise BadRequest(f"the cell {masked[0]} is masked", hint="fill it in again", zh=zh)
    return changed


class CorrectionCheck:
    """What becomes of corrected rows, by a check of these rows alone; kept when that is asked for.

    The places that the whole list names are judged when it is stored.
    """

    def __init__(self, database: Database, upload: UploadRow, rows: Mapping[int, Cells]) -> None:
        """``rows`` are all cells of each row, by number."""
        self._database, self._upload, self._rows = database, upload, rows
        self._decided: list[tuple[Decisions, Sequence[PlacedRow]]] = []
        self._refused: list[RefusedRow] = []

    def add(self, session: Session, decisions: Decisions, waiting: Sequence[PlacedRow]) -> None:
        """Take the decisions on the rows."""
        self._decided.append((decisions, waiting))

    def run(self, actor: Actor) -> None:
        """Check the rows."""
        upload, declared = self._upload, self._upload.declared
        options = ImportOptions(
            declared.source, declared.system, True, division=upload.division, reach=upload.reach
        )
        headings = [one for one in upload.reading["headings"] if one not in IGNORED_COLUMNS]
        reader = open_reader(headings, declared.overrides)
        records: list[Record] = [(0, headings, None)]
        for number, cells in sorted(self._rows.items()):
            records.append((number, [cells.get(name, "") for name in headings], None))
        errors = RefusedRows(headings, reader.columns.by_field, self._refused.extend)
        import_addresses(
            self._database,
            RowSource(partial(_yield_all, records)),
            reader,
            options,
            actor,
            errors=errors,
            placer=build_placer(self._database, options),
            log=self,
        )
        errors.flush()

    def keep(self, session: Session) -> None:
        """Keep what was found."""
        log = UploadLog(self._upload.id, is_stored=False)
        for decisions, waiting in self._decided:
            log.add(session, decisions, waiting)
        log.keep_refused(session, self._refused)


def _yield_all(records: Sequence[Record]) -> Records:
    yield from records


def find_cells(source: RowSource, number: int) -> dict[str, str] | None:
    """The cells of a row of a list, personal numbers masked; None if it has no such row."""
    found: Iterator[dict[str, str]] = (
        {name: mask_personal(cell) for name, cell in row.values.items()}
        for row in source
        if row.number == number
    )
    return next(found, None)
