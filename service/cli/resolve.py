"""menpai resolve and resolve-file: which address a text means."""

from pathlib import Path
from typing import Annotated

import typer

from address_model.codes import format_code
from service.cli.options import Json, open_database
from service.core.errors import BadRequest
from service.core.output import SOME_REFUSED, progress, result
from service.matching import queries
from service.matching.door_level import NUMBER
from service.matching.resolution import Resolution
from service.matching.sheets import resolve_sheet

Division = Annotated[
    str, typer.Option(help="Division code: a text without a county is read as if it began with it.")
]
Scheme = Annotated[
    str, typer.Option(help="The text is an identifier of this scheme, not an address.")
]

Level = Annotated[
    str, typer.Option(help="number: match the door only; what follows is the remainder.")
]


def resolve(
    text: Annotated[str, typer.Argument(help="An address as people write it, or a code.")],
    *,
    division: Division = "",
    scheme: Scheme = "",
    level: Level = "",
    limit: Annotated[int, typer.Option(min=1, max=50, help="Candidates at most.")] = 10,
    as_json: Json = False,
) -> None:
    """Find the address a text means: its category, code and standard text.

    Categories: A exact except for spelling, B safe after the repairs listed, C uncertain, none.
    """
    focus = queries.ResolveOptions(
        _digits(division), limit=limit, scheme=scheme, level=_level(level)
    )
    with open_database().reading() as session:
        found = queries.resolve(session, text, focus)
    address = found.address
    first = f"{found.category}"
    if address:
        first = f"{found.category}  {format_code(address.code)}  {address.standard_text}"
    lines = [first, *(f"  {reason}" for reason in found.reasons)]
    if found.remainder:
        lines.append(f"  behind the door: {found.remainder}")
    if found.question:
        lines.append(f"  {found.question}")
    lines += [
        f"  {candidate.score:.2f}  {format_code(candidate.address.code)}  "
        f"{candidate.address.standard_text}"
        for candidate in found.candidates
    ]
    result(_as_values(found), lines, as_json=as_json)
    if address is None:
        raise typer.Exit(SOME_REFUSED)


def resolve_file(
    source: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV, TSV, XLSX, NDJSON; .gz too.")
    ],
    out: Annotated[Path, typer.Argument(help="The same rows with the result columns appended.")],
    column: Annotated[str, typer.Option(help="The column that holds the address.")],
    *,
    division: Division = "",
    scheme: Scheme = "",
    level: Level = "",
    as_json: Json = False,
) -> None:
    """Resolve a column of a file; its columns and the order of its rows are kept."""
    focus = queries.ResolveOptions(_digits(division), scheme=scheme, level=_level(level))
    database = open_database()
    with progress(f"resolving {source.name}", None) as bar:
        counts = resolve_sheet(database, source, out, column, focus, advance=bar.advance)
    told = ", ".join(f"{count} {category}" for category, count in sorted(counts.items()))
    total = sum(counts.values())
    result(
        {"rows": total, **counts, "file": str(out)},
        [f"{total} rows: {told} → {out}"],
        as_json=as_json,
    )


def _digits(division: str) -> str:
    if division and not division.isdigit():
        raise BadRequest(
            f"{division!r} is no division code", hint="find it with `menpai divisions find NAME`"
        )
    return division


def _level(level: str) -> str:
    if level not in ("", NUMBER):
        raise BadRequest(f"{level!r} is no level that can be asked for", hint=f"give {NUMBER}")
    return level


def _as_values(found: Resolution) -> dict[str, object]:
    address = found.address
    return {
        "text": found.text,
        "category": found.category,
        "code": address.code if address else None,
        "standard_text": address.standard_text if address else None,
        "match_level": found.match_level or None,
        "score": found.score,
        "differences": [
            {"level": d.level, "text": d.wanted, "register": d.held, "factor": d.factor}
            for d in found.differences
        ],
        "unknown": list(found.unknown),
        "question": found.question or None,
        "candidates": [
            {"code": c.address.code, "standard_text": c.address.standard_text, "score": c.score}
            for c in found.candidates
        ],
        "historic": found.historic.standard_text if found.historic else None,
        "reasons": list(found.reasons),
        "remainder": found.remainder,
    }
