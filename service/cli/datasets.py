"""menpai datasets: register datasets from a file, push their rows, and list them."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.members import acting
from service.cli.options import Json, open_database
from service.core.output import SOME_REFUSED, result
from service.core.settings import get_settings
from service.core.sheets import open_rows, write_rows
from service.datasets.commands import load_datasets, push_rows
from service.datasets.definition_file import read_definitions
from service.datasets.queries import DatasetFilter, get_dataset, list_datasets
from service.datasets.queries.named_rows import read_named_rows

MOST_LISTED = 1000
SHOWN = 10
COLUMNS = ("row", "field", "rule", "reason", "remedy")
app = typer.Typer(help="Datasets (数据集) on address codes.", no_args_is_help=True)


@app.command()
def load(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="TOML: one [[dataset]] each.")
    ],
    *,
    as_json: Json = False,
) -> None:
    """Register the datasets of a file as drafts; those already there stay."""
    listed = [(one.division, one.definition) for one in read_definitions(file)]
    hosts = get_settings().code_link_hosts
    with open_database().session() as session:
        numbers = load_datasets(session, listed, acting(session), code_hosts=hosts)
    lines = [f"{number}  {name}" for name, number in numbers.items()]
    result({"datasets": numbers}, lines, as_json=as_json)


@app.command()
def push(
    number: Annotated[int, typer.Argument(help="The number of the dataset.")],
    file: Annotated[
        Path, typer.Argument(help="CSV, TSV, XLSX or NDJSON: code or address, and the fields.")
    ],
    *,
    errors: Annotated[Path | None, typer.Option(help="Where refused rows go.")] = None,
    as_json: Json = False,
) -> None:
    """Store the rows of a file; the same rows again change nothing."""
    with open_database().session() as session, open_rows(file, unprotect=True) as source:
        fields = get_dataset(session, number).fields
        read = read_named_rows(session, source, fields)
        report = push_rows(session, number, read, acting(session))
    counts = {name: getattr(report, name) for name in ("new", "changed", "same", "refused")}
    lines = [", ".join(f"{count} {name}" for name, count in counts.items())]
    lines += [
        f"  row {one.row} {one.field}: {one.reason}. {one.remedy}" for one in report.faults[:SHOWN]
    ]
    if report.faults:
        out = errors or file.with_name(f"{file.name.split('.')[0]}-errors.csv")
        with write_rows(out, COLUMNS) as sink:
            for fault in report.faults:
                sink.write(fault)
        lines.append(f"refused rows, with reason and hint: {out}")
    result({**counts, "push": report.push}, lines, as_json=as_json)
    if report.faults:
        raise typer.Exit(SOME_REFUSED)


@app.command("list")
def list_all(*, as_json: Json = False) -> None:
    """List the datasets with their owners, states and counts of rows."""
    with open_database().reading() as session:
        found = list_datasets(session, DatasetFilter(), limit=MOST_LISTED)
    listed = [
        {"number": one.dataset.id, "name": one.dataset.name, "owner": one.dataset.owner,
         "state": one.dataset.state, "rows": one.rows}
        for one in found
    ]  # fmt: skip
    lines = [
        f"{one.dataset.id}  {one.dataset.state_name}  {one.dataset.name}  {one.rows}"
        for one in found
    ]
    result({"datasets": listed}, lines or ["none found"], as_json=as_json)
