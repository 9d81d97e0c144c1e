"""menpai plates: issue plates for addresses, print their files, verify them."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from qr.designs import get_design
from qr.fonts import find_fonts
from service.cli.options import Json, open_database
from service.core.actor import COMMAND_LINE
from service.core.output import SOME_REFUSED, progress, result, say
from service.core.settings import get_settings
from service.plates import printing, queries
from service.plates.issuing import BatchOrder, issue_missing

app = typer.Typer(help="Plates (门牌).", no_args_is_help=True)


@app.command()
def issue(
    *,
    division: Annotated[str, typer.Option(help="Only addresses of this division code.")] = "",
    design: Annotated[str, typer.Option(help="Design of the plates.")] = "medium",
    name: Annotated[str, typer.Option(help="Name of the batch.")] = "",
    limit: Annotated[int | None, typer.Option(help="At most so many.", min=1)] = None,
    as_json: Json = False,
) -> None:
    """Give every door that has none yet a plate with a fresh token, as one batch."""
    settings = get_settings()
    order = BatchOrder(
        name=name or f"{division or 'all'} {design}",
        design=get_design(design).name,
        payload_prefix=printing.payload_prefix(settings.public_url, settings.qr_case),
        division=division,
        limit=limit,
    )
    count, batch_id = issue_missing(open_database(), order, COMMAND_LINE)
    said = f"{count} plates issued in batch {batch_id}" if count else "every door has its plate"
    result({"plates": count, "batch": batch_id}, [said], as_json=as_json)


@app.command("print")
def print_files(
    out: Annotated[Path, typer.Option(help="Folder the files go to.")],
    *,
    form: Annotated[
        Literal["pdf", "png"],
        typer.Option("--format", help="pdf: one plate a page; png: one file a plate, 300 dpi."),
    ] = "pdf",
    limit: Annotated[int | None, typer.Option(help="At most so many plates.", min=1)] = None,
    batch: Annotated[int | None, typer.Option(help="Only this batch.")] = None,
    as_json: Json = False,
) -> None:
    """Write print-ready files in true millimetres; every QR code is read back from its file."""
    settings = get_settings()
    fonts = find_fonts(settings.font)
    with open_database().reading() as session, progress("printing", limit) as bar:
        plates = queries.iterate_plates(session, batch_id=batch, limit=limit)
        make = printing.print_pdf if form == "pdf" else printing.print_png
        done = make(plates, out, fonts, authority=settings.operator, advance=bar.advance)
    count = sum(len(file.tokens) for file in done)
    result(
        {"plates": count, "files": [str(file.path) for file in done]},
        [f"{count} plates in {len(done)} files in {out}, every QR code read back"],
        as_json=as_json,
    )


@app.command()
def verify(
    files: Annotated[list[Path], typer.Argument(exists=True, help="PDF or PNG files of plates.")],
    *,
    as_json: Json = False,
) -> None:
    """Read the QR codes of finished files and compare each with the register."""
    unknown: list[str] = []
    count = 0
    with open_database().reading() as session:
        for file in files:
            for payload in printing.read_payloads(file):
                count += 1
                plate = queries.find_plate(session, payload.rsplit("/", 1)[-1].upper())
                if plate is None or plate.payload != payload:
                    unknown.append(payload)
    for payload in unknown:
        say(f"not in the register: {payload}")
    result(
        {"read": count, "unknown": unknown},
        [f"{count} QR codes read, {len(unknown)} not in the register"],
        as_json=as_json,
    )
    if unknown or not count:
        raise typer.Exit(SOME_REFUSED)
