"""menpai resolve and resolve-file: which address a text means."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from address_model.codes import format_code
from service.cli.options import Json, open_database
from service.core.errors import BadRequest
from service.core.output import SOME_REFUSED, progress, result
from service.core.sheets import Row, RowSource, open_rows, write_rows
from service.matching import queries
from service.matching.answers import CHUNK, COLUMNS, answer_texts
from service.matching.resolution import Resolution


def resolve(
    text: Annotated[str, typer.Argument(help="An address as people write it, or a code.")],
    *,
    as_json: Json = False,
) -> None:
    """Say which address a text means: its category, code and standard text.

    Categories: A exact but for writing, B safe after the repairs it names, C uncertain, none.
    """
    with open_database().reading() as session:
        found = queries.resolve(session, text)
    result(_as_values(found), _as_lines(found), as_json=as_json)
    if found.address is None:
        raise typer.Exit(SOME_REFUSED)


def resolve_file(
    source: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV, TSV, XLSX, NDJSON; .gz too.")
    ],
    out: Annotated[Path, typer.Argument(help="The same rows with the result's columns behind.")],
    column: Annotated[str, typer.Option(help="The column that holds the address.")],
    *,
    as_json: Json = False,
) -> None:
    """Resolve a column of a file; its columns and the order of its rows are kept."""
    counts: Counter[str] = Counter()
    with open_rows(source, unprotect=True) as rows:
        headings = _headings(rows, column)
        database = open_database()
        with write_rows(out, headings) as sink, progress(f"resolving {source.name}", None) as bar:
            for chunk in _chunks(rows):
                texts = [row.values[column] for row in chunk]
                for row, answer in zip(chunk, answer_texts(database, texts), strict=True):
                    sink.write([*row.values.values(), *answer])
                    counts[answer.category] += 1
                bar.advance(len(chunk))
    total = sum(counts.values())
    told = ", ".join(f"{count} {category}" for category, count in sorted(counts.items()))
    result(
        {"rows": total, **counts, "file": str(out)},
        [f"{total} rows: {told} → {out}"],
        as_json=as_json,
    )


def _headings(rows: RowSource, column: str) -> list[str]:
    if column not in rows.headings:
        raise BadRequest(
            f"the file has no column {column!r}", mend=f"one of {', '.join(rows.headings)}"
        )
    taken = [name for name in COLUMNS if name in rows.headings]
    if taken:
        raise BadRequest(
            f"the file already has a column {taken[0]!r}", mend="rename it or leave it out"
        )
    return [*rows.headings, *COLUMNS]


def _chunks(source: RowSource) -> Iterator[list[Row]]:
    rows = iter(source)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


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
    }


def _as_lines(found: Resolution) -> list[str]:
    address = found.address
    first = f"{found.category}"
    if address:
        first = f"{found.category}  {format_code(address.code)}  {address.standard_text}"
    lines = [first, *(f"  {reason}" for reason in found.reasons)]
    if found.question:
        lines.append(f"  {found.question}")
    lines += [
        f"  {candidate.score:.2f}  {format_code(candidate.address.code)}  "
        f"{candidate.address.standard_text}"
        for candidate in found.candidates
    ]
    return lines
