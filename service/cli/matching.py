"""menpai resolve: which address a text means."""

from typing import Annotated

import typer

from address_model.codes import format_code
from service.cli.options import Json, open_database
from service.core.output import SOME_REFUSED, result
from service.matching import queries


def resolve(
    text: Annotated[str, typer.Argument(help="An address as people write it.")],
    *,
    as_json: Json = False,
) -> None:
    """Say which address a text means: its category, code and standard text."""
    with open_database().reading() as session:
        found = queries.resolve(session, text)
    address = found.address
    lines = [f"{found.category}"]
    if address:
        lines = [f"{found.category}  {format_code(address.code)}  {address.standard_text}"]
    result(
        {
            "text": text,
            "category": found.category,
            "code": address.code if address else None,
            "standard_text": address.standard_text if address else None,
            "reasons": list(found.reasons),
        },
        lines + [f"  {reason}" for reason in found.reasons],
        as_json=as_json,
    )
    if address is None:
        raise typer.Exit(SOME_REFUSED)
