"""menpai divisions: load the shipped division lists."""

from typing import Annotated

import typer

from address_model.shipped import data_folder
from service.addresses.commands import open_code_spaces
from service.cli.members import acting
from service.cli.options import Json, open_database
from service.core.output import result, say
from service.divisions import commands, queries
from service.divisions.register import LEVEL_NAMES

app = typer.Typer(help="Divisions (行政区划).", no_args_is_help=True)


@app.command()
def load(*, as_json: Json = False) -> None:
    """Load the divisions, boundaries and history of Zhejiang that Menpai ships."""
    say("loading divisions, boundaries and their history …")
    with open_database().session() as session:
        report = commands.load_shipped(session, data_folder(), acting(session))
        open_code_spaces(session)
    result(
        {name: {"new": r.new, "changed": r.changed, "same": r.same} for name, r in report.items()},
        [f"{name}: {r.new} new, {r.changed} changed, {r.same} same" for name, r in report.items()],
        as_json=as_json,
    )


@app.command()
def find(
    name: Annotated[str, typer.Argument(help="Beginning of a name, or a code.")],
    *,
    as_json: Json = False,
) -> None:
    """Find divisions by the beginning of their name, or one by its code."""
    with open_database().reading() as session:
        if name.isdigit():
            rows = [queries.get_division(session, name)]
        else:
            rows = queries.list_divisions(session, name=name)
    result(
        {"divisions": [{"code": r.code, "name": r.name, "level": r.level} for r in rows]},
        [f"{r.code}  {LEVEL_NAMES[r.level]:<9}  {r.name}" for r in rows] or ["none found"],
        as_json=as_json,
    )
