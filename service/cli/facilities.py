"""menpai facilities: load places of service of communities from a list, and list them."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.members import acting
from service.cli.options import Json, open_database
from service.core.clock import today
from service.core.output import SOME_REFUSED, result
from service.core.sheets import open_rows, write_errors
from service.divisions.queries import get_division_by_text
from service.service_items.commands import load_facilities
from service.service_items.facility_rows import read_facilities
from service.service_items.queries import FacilityFilter, list_facilities

MOST_LISTED = 10_000
SHOWN = 10
app = typer.Typer(help="Facilities (便民设施) near plates.", no_args_is_help=True)


@app.command()
def load(
    file: Annotated[
        Path,
        typer.Argument(help="CSV, TSV, XLSX or NDJSON: kind, name, address, hours, phone, note."),
    ],
    *,
    errors: Annotated[Path | None, typer.Option(help="Where refused rows go.")] = None,
    as_json: Json = False,
) -> None:
    """Add the facilities of a list at the addresses it names; those already there stay."""
    with open_rows(file) as rows:
        read = read_facilities(rows)
    with open_database().session() as session:
        report = load_facilities(session, read.listed, acting(session), today())
    faults = sorted([*read.faults, *report.faults], key=lambda fault: fault.row)
    refused = {fault.row: [one for one in faults if one.row == fault.row] for fault in faults}
    out = errors or file.with_name(f"{file.name.split('.')[0]}-errors.csv")
    with write_errors(out, read.headings) as written:
        for number, some in refused.items():
            written.add(read.rows[number], some)
    lines = [f"{report.new} new, {report.same} same, {len(refused)} refused"]
    lines += [f"  row {one.row}: {one.reason}. Hint: {one.hint}" for one in faults[:SHOWN]]
    if refused:
        lines.append(f"refused rows, with reason and hint: {out}")
    counts = {"new": report.new, "same": report.same, "refused": len(refused)}
    result({**counts}, lines, as_json=as_json)
    if refused:
        raise typer.Exit(SOME_REFUSED)


@app.command("list")
def list_all(
    *,
    division: Annotated[str, typer.Option(help="Code or name of a division.")] = "",
    as_json: Json = False,
) -> None:
    """List the facilities of a division with their addresses."""
    with open_database().reading() as session:
        code = get_division_by_text(session, division).code if division else ""
        rows = list_facilities(session, FacilityFilter(code), today(), limit=MOST_LISTED)
    listed = [
        {"number": row.id, "kind": row.kind, "name": row.name, "code": row.code,
         "address": row.standard_text, "phone": row.phone or None}
        for row in rows
    ]  # fmt: skip
    lines = [f"{r.id}  {r.kind_name}  {r.name}  {r.standard_text}  {r.phone}" for r in rows]
    result({"facilities": listed}, lines or ["none found"], as_json=as_json)
