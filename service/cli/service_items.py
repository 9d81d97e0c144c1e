"""menpai service-items: load services of plates from a file, and list them."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.members import acting
from service.cli.options import Json, open_database
from service.core.clock import today
from service.core.output import result
from service.core.settings import get_settings
from service.divisions.queries import get_division_by_text
from service.service_items.commands import load_service_items
from service.service_items.item_file import read_services
from service.service_items.queries import list_service_items

MOST_LISTED = 1000
app = typer.Typer(help="Services (办事服务) on the pages of plates.", no_args_is_help=True)


@app.command()
def load(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="TOML: one [[service]] each.")
    ],
    *,
    as_json: Json = False,
) -> None:
    """Add the services of a file (formerly MENPAI_SERVICES_FILE); those already there stay."""
    listed = read_services(file)
    hosts = get_settings().code_link_hosts
    with open_database().session() as session:
        added = load_service_items(session, listed, acting(session), today(), code_hosts=hosts)
    same = len(listed) - added
    result({"new": added, "same": same}, [f"{added} new, {same} same"], as_json=as_json)


@app.command("list")
def list_items(
    *,
    division: Annotated[str, typer.Option(help="Code or name of a division.")] = "",
    as_json: Json = False,
) -> None:
    """List the services of a division, with those that it has from above."""
    with open_database().reading() as session:
        code = get_division_by_text(session, division).code if division else ""
        rows = list_service_items(session, code, today(), limit=MOST_LISTED)
    listed = [
        {"number": row.id, "division": row.division or None, "name": row.name,
         "link": row.link or None, "phone": row.phone or None}
        for row in rows
    ]  # fmt: skip
    lines = [
        f"{row.id}  {row.division or '*'}  {row.name}  {row.link or row.phone}" for row in rows
    ]
    result({"services": listed}, lines or ["none found"], as_json=as_json)
