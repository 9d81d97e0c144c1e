"""menpai areas: load areas and duties."""

from pathlib import Path
from typing import Annotated

import typer

from service.areas import commands
from service.cli.options import Json, open_database
from service.core.actor import COMMAND_LINE
from service.core.output import result
from service.core.sheets import open_rows

app = typer.Typer(help="Areas (责任区) and duties.", no_args_is_help=True)


@app.command()
def load(
    areas: Annotated[Path, typer.Argument(help="GeoJSON with the areas.", exists=True)],
    duties: Annotated[
        Path | None, typer.Argument(help="Table of the duties in them.", exists=True)
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Load areas from GeoJSON and the duties held in them from a table."""
    with open_database().session() as session:
        listed = commands.read_areas(areas.read_text(encoding="utf-8"))
        new_areas = commands.load_areas(session, listed, COMMAND_LINE)
        new_duties = 0
        if duties:
            rows = [row.values for row in open_rows(duties)]
            new_duties = commands.load_duties(session, commands.read_duties(rows), COMMAND_LINE)
    result(
        {"areas": new_areas, "duties": new_duties},
        [f"{new_areas} new areas, {new_duties} new duties"],
        as_json=as_json,
    )
