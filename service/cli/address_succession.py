"""menpai addresses retire, merge, split, renumber."""

from typing import Annotated

import typer

from address_model.codes import format_code, parse_code
from address_model.parsing.level_cells import UnclearNumber, read_level_cell
from service.addresses import commands
from service.addresses.commands import Renumbering
from service.addresses.queries import find_addresses, get_address
from service.cli.address_fields import (
    Code,
    Dated,
    Document,
    Reason,
    cite,
    place_row,
    say_status,
)
from service.cli.members import acting
from service.cli.options import Json, Seen, open_database
from service.core.errors import BadRequest
from service.core.output import result
from service.imports.rows import ImportRow as ListRow
from service.plates.commands import follow_addresses

app = typer.Typer()


@app.command()
def retire(
    code: Code,
    reason: Reason,
    *,
    successor: Annotated[str, typer.Option(help="Code of the address that replaces it.")] = "",
    invalid: Annotated[bool, typer.Option("--invalid", help="It was never valid (无效).")] = False,
    document: Document = "",
    dated: Dated = None,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """End an address (注销); its code and texts stay and lead to the successor, if it has one."""
    with open_database().session() as session:
        held = commands.retire_address(
            session,
            code,
            acting(session),
            reason=reason,
            document=cite(document, dated),
            successor=successor,
            invalid=invalid,
            seen=seen,
        )
        follow_addresses(session, [held], acting(session))
    say_status(code, as_json=as_json)


@app.command()
def merge(
    codes: Annotated[list[str], typer.Argument(metavar="CODE …", help="The addresses that end.")],
    into: Annotated[str, typer.Option(help="Code of the address that stays.")],
    reason: Reason,
    *,
    document: Document = "",
    dated: Dated = None,
    as_json: Json = False,
) -> None:
    """Merge addresses into one: it takes the place of the others."""
    with open_database().session() as session:
        held = commands.merge_addresses(
            session,
            codes,
            into,
            acting(session),
            reason=reason,
            document=cite(document, dated),
        )
        follow_addresses(session, [*held, get_address(session, into)], acting(session))
    say_status(*codes, as_json=as_json)


@app.command()
def split(
    code: Code,
    texts: Annotated[list[str], typer.Option("--text", help="A new address; give two or more.")],
    reason: Reason,
    *,
    heir: Annotated[
        int | None,
        typer.Option(min=1, help="Which new address takes the buildings and rooms: 1, 2 …"),
    ] = None,
    document: Document = "",
    dated: Dated = None,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Divide an address into several new ones, each with its own code."""
    if heir is not None and heir > len(texts):
        raise BadRequest(f"there is no text {heir}", hint="count the --text from 1")
    database = open_database()
    drafts = [place_row(database, ListRow(n, text=text)) for n, text in enumerate(texts, start=1)]
    with database.session() as session:
        done = commands.split_address(
            session,
            code,
            drafts,
            acting(session),
            reason=reason,
            document=cite(document, dated),
            heir=None if heir is None else heir - 1,
            seen=seen,
        )
        follow_addresses(session, done.before, acting(session))
        rows = find_addresses(session, [str(new) for new in done.codes])
    made = [{"code": str(new), "standard_text": rows[str(new)].standard_text} for new in done.codes]
    lines = [f"{format_code(item['code'])}  {item['standard_text']}" for item in made]
    result({"code": code, "successors": made}, lines, as_json=as_json)


@app.command()
def renumber(
    pairs: Annotated[
        list[str],
        typer.Argument(metavar="CODE=NUMBER …", help="Codes, each with its new number: …=12号."),
    ],
    reason: Reason,
    *,
    document: Document = "",
    dated: Dated = None,
    as_json: Json = False,
) -> None:
    """Give doors, buildings or rooms new numbers (改号), which they may exchange.

    What lies in them follows. If one number is refused, none is changed.
    """
    with open_database().session() as session:
        orders = []
        for pair in pairs:
            code, _, number = pair.partition("=")
            level = get_address(session, code).level
            try:
                order = Renumbering(parse_code(code).digits, read_level_cell(level, number))
            except (UnclearNumber, KeyError, ValueError) as error:
                hint = "write CODE=NUMBER, as in …=12-1号"
                raise BadRequest(f"{pair}: {error}", hint=hint) from error
            orders.append(order)
        before = commands.renumber_addresses(
            session, orders, acting(session), reason=reason, document=cite(document, dated)
        )
        follow_addresses(session, before, acting(session))
        now = find_addresses(session, [row.code for row in before])
    changed = [
        {"code": row.code, "before": row.standard_text, "after": now[row.code].standard_text}
        for row in before
    ]
    lines = [f"{format_code(one['code'])}  {one['before']} → {one['after']}" for one in changed]
    result({"changed": changed}, lines, as_json=as_json)
