"""Shared by commands on one address: its code, the reason, the document, what is printed."""

from datetime import datetime
from typing import Annotated

import typer

from address_model.codes import format_code
from address_model.coordinates import CoordinateSystem
from service.addresses.cited_document import CitedDocument
from service.addresses.drafts import AddressDraft
from service.addresses.queries import get_address
from service.cli.options import open_database
from service.core.database import Database
from service.core.errors import BadRequest
from service.core.output import result
from service.core.sheets import RowFault
from service.imports.commands import ImportOptions, build_placer
from service.imports.rows import ImportRow as ListRow

DAY = ["%Y-%m-%d"]
Code = Annotated[str, typer.Argument(help="Address code, 16 digits; blanks and dashes allowed.")]
Reason = Annotated[str, typer.Option(help="Why; shown to whoever looks up the code.")]
OptionalReason = Annotated[str, typer.Option("--reason", help="Why; kept in the history.")]
Document = Annotated[
    str, typer.Option("--document", help="The document it rests on (依据): number or title.")
]
Dated = Annotated[
    datetime | None, typer.Option("--dated", formats=DAY, help="The day of the document.")
]


def cite(title: str, dated: datetime | None) -> CitedDocument:
    """The document of --document and --dated."""
    return CitedDocument(title.strip(), dated.date() if dated else None)


def place_row(
    database: Database, row: ListRow, system: CoordinateSystem = CoordinateSystem.CGCS2000
) -> AddressDraft:
    """The one draft of a text or of elements, placed and checked as in an import.

    Raises:
        BadRequest: it is refused, or names several plates.
    """
    placer = build_placer(database, ImportOptions(source="officer", system=system))
    placed = placer.place(row)
    if isinstance(placed, RowFault):
        raise BadRequest(placed.reason, hint=placed.hint)
    if len(placed) > 1:
        raise BadRequest(
            f"{row.text} names {len(placed)} plates", hint="name one plate in each text"
        )
    return placed[0]


def say_status(*codes: str, as_json: bool) -> None:
    """Print the states of addresses, each with its successor."""
    with open_database().reading() as session:
        rows = [get_address(session, code) for code in codes]
    values: list[dict[str, object]] = [
        {
            "code": row.code,
            "standard_text": row.standard_text,
            "status": row.status,
            "status_reason": row.status_reason,
            "successor": row.successor_code,
            "version": row.version,
        }
        for row in rows
    ]
    lines = [
        f"{format_code(row.code)}  {row.standard_text}  {row.status}"
        + (f" → {format_code(row.successor_code)}" if row.successor_code else "")
        for row in rows
    ]
    result(values[0] if len(values) == 1 else {"addresses": values}, lines, as_json=as_json)


def say_values(as_json: bool, /, **values: object) -> None:
    """Print the values that are not empty, one a line."""
    lines = [f"{key:<7} {value}" for key, value in values.items() if value]
    result(dict(values), lines, as_json=as_json)
