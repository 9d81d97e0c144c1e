"""menpai addresses: import and export address lists."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from address_model.coordinates import CoordinateSystem
from service.addresses.queries import iterate_addresses
from service.cli.export import exporting
from service.cli.members import acting
from service.cli.options import Json, open_database
from service.core.errors import BadRequest
from service.core.memory import freeze_loaded_objects
from service.core.output import SOME_REFUSED, progress, result, say
from service.core.sheets import HeadingRows, read_heading_rows, write_errors
from service.imports.commands import (
    ImportOptions,
    ImportReport,
    build_placer,
    import_addresses,
)
from service.imports.crs_guess import guess_file_system
from service.imports.export import export_addresses
from service.imports.list_file import OpenedList, open_list
from service.imports.row_placement import RowPlacer

app = typer.Typer(help="Addresses in and out.", no_args_is_help=True)


class _Where(NamedTuple):
    """The sheet and heading rows the officer gave; empty if they are to be found."""

    sheet: str | None
    heading: HeadingRows | None


Mapping = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="COLUMN=FIELD",
        help="Say what a column is, e.g. --map 门址=text; id:SCHEME are identifiers of another "
        "scheme; may be repeated.",
    ),
]

ListFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="CSV, TSV, XLSX, NDJSON; .gz too.")
]
Crs = Annotated[CoordinateSystem, typer.Option(help="Coordinate system of lon and lat.")]
Within = Annotated[
    str, typer.Option(help="The division (code or name) all rows lie in; fills missing levels.")
]
Sheet = Annotated[
    str | None, typer.Option(help="Sheet of the workbook; by default the one with the list.")
]
HeaderRow = Annotated[
    str | None,
    typer.Option(metavar="ROW", help="Rows of the headings: 3, or 3-4; found by default."),
]


@app.command("import")
def import_file(
    file: ListFile,
    *,
    mapping: Mapping = None,
    source: Annotated[str, typer.Option(help="Name of the source, kept with every address.")] = "",
    crs: Crs = CoordinateSystem.CGCS2000,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only; store nothing.")] = False,
    errors: Annotated[
        Path | None, typer.Option(help="Where refused rows go; default FILE-errors.csv beside it.")
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Mark the addresses as 示例数据, not real ones.")
    ] = False,
    with_parents: Annotated[
        bool,
        typer.Option("--with-parents", help="Also enter the units and doors that rooms lie in."),
    ] = False,
    reuse_texts: Annotated[
        bool,
        typer.Option(
            "--reuse-texts", help="Accept a former text of another address as a new address."
        ),
    ] = False,
    division: Within = "",
    sheet: Sheet = None,
    header_row: HeaderRow = None,
    as_json: Json = False,
) -> None:
    """Import an address list: every accepted new row gets its permanent code at once.

    Refused rows go, with reason and hint, to an errors file that can be corrected and imported.
    Importing a file twice changes nothing.
    """
    stem = file.name.split(".")[0]
    options = ImportOptions(
        source or stem, crs, dry_run, sample, with_parents, reuse_texts, division
    )
    out = errors or file.with_name(f"{stem}-errors.csv")
    where = _Where(sheet, read_heading_rows(header_row) if header_row else None)
    report, taken = _run_import(file, options, where, mapping or [], out)
    lines = report.as_lines(out, dry_run=dry_run)
    result(report.as_values() | {"taken": taken}, lines, as_json=as_json)
    if report.refused or report.waiting:
        raise typer.Exit(SOME_REFUSED)


@app.command("export")
def export_file(
    out: Annotated[Path, typer.Argument(help="CSV, TSV, XLSX or NDJSON; .gz too.")],
    *,
    division: Annotated[str, typer.Option(help="Division code, 2 to 12 digits.")] = "",
    as_json: Json = False,
) -> None:
    """Write the addresses of a division to a table."""
    if division and not division.isdigit():
        raise BadRequest(
            f"{division!r} is no division code", hint="find it with `menpai divisions find NAME`"
        )
    with exporting("addresses", out, division=division) as export:
        rows = iterate_addresses(export.session, division=division)
        export.count = export_addresses(rows, out)
    export.report("addresses", as_json=as_json)


def _run_import(
    file: Path, options: ImportOptions, where: _Where, mapping: list[str], out: Path
) -> tuple[ImportReport, str]:
    """The report of an import, and the sheet, rows and columns taken for the list."""
    database = open_database()
    with ExitStack() as stack:
        opened = stack.enter_context(
            open_list(file, overrides=mapping, sheet=where.sheet, heading=where.heading)
        )
        if opened.taken:
            say(opened.taken)
        for column in opened.reader.unknown:
            say(f"「{column}」一列不入库（是地址一部分的，用 --map {column}=字段 说明）")
        named = opened.named_system
        if named is not None and named is not options.system:
            column = opened.reader.columns.by_field["lon"]
            raise BadRequest(
                f"列名「{column}」说坐标是 {named.value}，导入却按 {options.system.value}",
                hint=f"加上 --crs {named.value}；确实不是的，用 --map {column}=lon 指明这一列",
            )
        placer = build_placer(database, options)
        freeze_loaded_objects()
        _warn_of_system(placer, opened, options)
        refused = stack.enter_context(write_errors(out, opened.rows.headings))
        bar = stack.enter_context(progress(f"importing {file.name}", None))
        report = import_addresses(
            database,
            opened.rows,
            opened.reader,
            options,
            acting(database),
            errors=refused,
            advance=bar.advance,
            placer=placer,
        )
        return report, opened.taken


def _warn_of_system(placer: RowPlacer, opened: OpenedList, options: ImportOptions) -> None:
    """Warn if the points of a sample fit their counties far better in another system."""
    if not opened.reader.has_points:
        return
    guess = guess_file_system(placer, opened.reader, opened.rows)
    if guess.better:
        say(
            f"警告：试了 {guess.total} 个坐标，按 {options.system.value} 有 "
            f"{guess.outside[options.system]} 个在县界外，按 {guess.better.value} 有 "
            f"{guess.outside[guess.better]} 个；如果确是后者，请加 --crs {guess.better.value}"
        )
