"""menpai divisions rename, merge: decisions about divisions, followed by their addresses."""

from datetime import datetime
from typing import Annotated

import typer

from service.addresses.commands import Renaming, follow_division
from service.cli.members import acting
from service.cli.options import Json, open_database
from service.core.clock import today
from service.core.database import Database
from service.core.output import SOME_REFUSED, progress, result, say
from service.divisions.commands import (
    DecisionNotice,
    list_ids_inside,
    merge_division,
    rename_division,
)
from service.plates.commands import follow_addresses

app = typer.Typer()

Code = Annotated[str, typer.Argument(help="The division's 12-digit code.")]
Source = Annotated[str, typer.Option(help="The notice of the decision, as it is cited.")]
On = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The day of the decision; by default today."),
]


@app.command()
def rename(
    code: Code,
    name: Annotated[str, typer.Argument(help="The new name, in full.")],
    source: Source,
    *,
    on: On = None,
    as_json: Json = False,
) -> None:
    """Rename a division (更名); its addresses follow, and their old texts still lead to them.

    If interrupted, run it again; it continues where it stopped.
    """
    database = open_database()
    with database.session() as session:
        notice = _notice(source, on)
        now, former = rename_division(session, code, name.strip(), notice, acting(session))
        ids = list_ids_inside(session, now)
    following = Renaming(ids, former, now, moves=False, source=source)
    _follow(database, following, as_json=as_json)


@app.command()
def merge(
    code: Code,
    into: Annotated[str, typer.Option(help="Code of the division it is merged into.")],
    source: Source,
    *,
    on: On = None,
    as_json: Json = False,
) -> None:
    """Merge a township or community into another (并入); its addresses follow and keep their codes.

    If interrupted, run it again; it continues where it stopped.
    """
    database = open_database()
    with database.session() as session:
        held, target = merge_division(session, code, into, _notice(source, on), acting(session))
        ids = list_ids_inside(session, held)
    following = Renaming(ids, held.name, target, moves=True, source=source)
    _follow(database, following, as_json=as_json)


def _notice(source: str, on: datetime | None) -> DecisionNotice:
    return DecisionNotice(source, on.date() if on else today())


def _follow(database: Database, following: Renaming, *, as_json: bool) -> None:
    """Update all addresses, one transaction per page, and report the result."""
    changed = frozen = conflicts = 0
    after: str | None = ""
    with progress("addresses", None) as bar:
        while after is not None:
            with database.session() as session:
                page = follow_division(session, following, acting(session), after=after)
                follow_addresses(session, page.before, acting(session))
            changed, frozen = changed + page.changed, frozen + page.frozen
            conflicts += len(page.conflicts)
            for conflict in page.conflicts:
                say(f"left alone: {conflict}")
            bar.advance(page.changed)
            after = page.last or None
    names: dict[str, object] = {"before": following.old_name, "after": following.target.name}
    counts = {"changed": changed, "frozen": frozen, "conflicts": conflicts}
    lines = [
        f"{following.target.code}  {following.old_name} → {following.target.name}",
        f"addresses: {changed} changed, {frozen} frozen and left, {conflicts} in conflict and left",
    ]
    result(names | counts, lines, as_json=as_json)
    if frozen or conflicts:
        raise typer.Exit(SOME_REFUSED)
