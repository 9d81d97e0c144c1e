"""menpai addresses: import and export address lists."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from address_model.coordinates import CoordinateSystem
from service.addresses.queries import iterate_addresses
from service.cli.options import Json, open_database
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.errors import BadRequest
from service.core.output import SOME_REFUSED, progress, result, say
from service.core.sheets import RowSource, open_rows, write_errors
from service.exchange.commands import (
    ImportOptions,
    ImportReport,
    build_placer,
    import_addresses,
)
from service.exchange.exporting import export_addresses
from service.exchange.rows import RowReader, open_reader
from service.exchange.sampling import guess_file_system

app = typer.Typer(help="Addresses in and out.", no_args_is_help=True)

_MOST_NOTES = 20


Mapping = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="COLUMN=FIELD",
        help="Say what a column is, e.g. --map 门址=text; id:SCHEME are identifiers of another "
        "scheme; may be repeated.",
    ),
]


@app.command("import")
def import_file(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV, TSV, XLSX, NDJSON; .gz too.")
    ],
    *,
    mapping: Mapping = None,
    source: Annotated[str, typer.Option(help="Name of the source, kept with every address.")] = "",
    crs: Annotated[
        CoordinateSystem, typer.Option(help="Coordinate system of lon and lat.")
    ] = CoordinateSystem.CGCS2000,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only; store nothing.")] = False,
    errors: Annotated[
        Path | None, typer.Option(help="Where refused rows go; default FILE-errors.csv beside it.")
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Mark the addresses as 示例数据, not real ones.")
    ] = False,
    with_parents: Annotated[
        bool, typer.Option("--with-parents", help="Enter what rooms lie in too: units, doors.")
    ] = False,
    reuse_texts: Annotated[
        bool, typer.Option("--reuse-texts", help="A text that was another's may be a new address.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take in an address list: every accepted new row gets its permanent code at once.

    Refused rows are written, with reason and mend, to an errors file that can be corrected and
    imported again; importing a file twice changes nothing.
    """
    options = ImportOptions(source or _stem(file), crs, dry_run, sample, with_parents, reuse_texts)
    out = errors or file.with_name(f"{_stem(file)}-errors.csv")
    report = _run_import(file, options, mapping or [], out)
    result(_as_values(report), _as_lines(report, out, dry_run=dry_run), as_json=as_json)
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
            f"{division!r} is no division code", mend="find it with `menpai divisions find NAME`"
        )
    with open_database().reading() as session:
        count = export_addresses(iterate_addresses(session, division=division), out)
    result({"addresses": count, "file": str(out)}, [f"{count} addresses → {out}"], as_json=as_json)


def _run_import(file: Path, options: ImportOptions, mapping: list[str], out: Path) -> ImportReport:
    database = open_database()
    with ExitStack() as stack:
        rows = stack.enter_context(open_rows(file, unprotect=True))
        reader = open_reader(rows.headings, mapping)
        for column in reader.unknown:
            say(f"column {column!r} is not known and is left out (name it with --map)")
        _warn_of_system(database, reader, rows, options)
        refused = stack.enter_context(write_errors(out, rows.headings))
        bar = stack.enter_context(progress(f"importing {file.name}", None))
        return import_addresses(
            database, rows, reader, options, COMMAND_LINE, errors=refused, advance=bar.advance
        )


def _warn_of_system(
    database: Database, reader: RowReader, rows: RowSource, options: ImportOptions
) -> None:
    """Say so when the points of a sample fit their counties far better in another system."""
    if not reader.has_points:
        return
    guess = guess_file_system(build_placer(database, options), reader, rows)
    if guess.better:
        say(
            f"warning: of {guess.total} points tried, {guess.outside[options.system]} lie outside "
            f"their county as {options.system.value}, {guess.outside[guess.better]} as "
            f"{guess.better.value}; if that is what they are, use --crs {guess.better.value}"
        )


def _stem(file: Path) -> str:
    return file.name.split(".")[0]


def _as_values(report: ImportReport) -> dict[str, object]:
    return {
        "rows": report.rows,
        "expanded": report.expanded,
        "new": report.new,
        "changed": report.changed,
        "same": report.same,
        "conflicts": report.conflicts,
        "errors": report.errors,
        "waiting": report.waiting,
        "parents": report.parents,
        "warnings": report.warnings,
        "reasons": dict(report.reasons.most_common()),
        "notes": report.notes,
    }


def _as_lines(report: ImportReport, out: Path, *, dry_run: bool) -> list[str]:
    would = "would be " if dry_run else ""
    lines = [
        f"{report.rows} rows: {report.new} {would}new, {report.changed} {would}changed, "
        f"{report.same} same, {report.conflicts} in conflict, {report.errors} with errors, "
        f"{report.waiting} waiting"
    ]
    if report.waiting:
        lines.append(
            f"  {report.waiting} rows wait until somebody says whether two places of one name are "
            "one: `menpai placenames namesakes`"
        )
    if report.expanded:
        lines.append(f"  {report.expanded} rows named several plates and became one address each")
    if report.parents:
        lines.append(f"  {report.parents} units, buildings and doors that rows lie in, entered too")
    if report.warnings:
        lines.append(
            f"  {report.warnings} points up to 2 km outside their county, kept with a note"
        )
    lines += [f"  note: {note}" for note in report.notes[:_MOST_NOTES]]
    if len(report.notes) > _MOST_NOTES:
        lines.append(f"  and {len(report.notes) - _MOST_NOTES} more such notes")
    lines += [f"  {count:>8}  {reason}" for reason, count in report.reasons.most_common()]
    if report.refused:
        lines.append(f"refused rows, with reason and mend: {out}")
    return lines
