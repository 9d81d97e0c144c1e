"""menpai plates: issue plates for addresses, print their files, verify them."""

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Annotated, Literal

import typer

from address_model.lifecycle import GONE
from address_model.tokens import find_token
from qr.designs import get_design
from qr.fonts import find_fonts
from qr.gallery import write_gallery
from qr.imposition import Sheet
from service.audit.commands import record_export
from service.batches.direct_issue import IssueRequest, issue_blanks, issue_missing
from service.cli import batches
from service.cli.members import acting
from service.cli.options import ForTrial, Json, open_database
from service.cli.sheets_in_mm import read_sheet
from service.core.clock import day_of, now_utc
from service.core.database import Session
from service.core.output import SOME_REFUSED, progress, result, say
from service.core.settings import get_settings
from service.divisions.queries import Imprints
from service.plates import commands, printed_files, queries
from service.plates.faces import face_text
from service.plates.payload_host import payload_host_of
from service.plates.print_content import AUTO
from service.plates.printed_files import Printable, Printed, PrintOrder
from service.scans.queries.counts import list_scan_counts

app = typer.Typer(help="Plates (门牌).", no_args_is_help=True)
app.add_typer(batches.app, name="batch")

Form = Annotated[
    Literal["pdf", "png", "svg", "dxf"],
    typer.Option(
        "--format",
        help="pdf: true millimetres for the printer; png (300 dpi), svg or dxf (engraving): "
        "one file per plate in a ZIP, with a manifest.",
    ),
]


@app.command()
def issue(
    *,
    division: Annotated[str, typer.Option(help="Only addresses of this division code.")] = "",
    design: Annotated[
        str, typer.Option(help="Design of the plates; auto chooses by address.")
    ] = AUTO,
    name: Annotated[str, typer.Option(help="Name of the batch.")] = "",
    limit: Annotated[int | None, typer.Option(help="Issue at most this many.", min=1)] = None,
    for_trial: ForTrial = False,
    as_json: Json = False,
) -> None:
    """Issue a plate for every door without one, as one batch."""
    order = _order(name or f"{division or 'all'} {design}", design, division, for_trial=for_trial)
    database = open_database()
    count, batch_id = issue_missing(database, replace(order, limit=limit), acting(database))
    kind = "trial plates" if order.is_trial else "plates"
    line = f"{count} {kind} issued in batch {batch_id}" if count else "every door has its plate"
    values: dict[str, object] = {"plates": count, "batch": batch_id, "trial": order.is_trial}
    result(values, [line], as_json=as_json)


@app.command("issue-blank")
def issue_blank(
    county: Annotated[
        str, typer.Option(help="County whose addresses they may be bound to, 6 digits.")
    ],
    count: Annotated[int, typer.Option(help="How many.", min=1, max=1_000_000)],
    *,
    design: Annotated[str, typer.Option(help="Design of the plates.")] = "medium",
    name: Annotated[str, typer.Option(help="Name of the batch.")] = "",
    for_trial: ForTrial = False,
    as_json: Json = False,
) -> None:
    """Issue blank plates, with a QR code but no address yet, as one batch."""
    order = _order(name or f"空白牌 {county} {count}", design, county, for_trial=for_trial)
    database = open_database()
    number = issue_blanks(database, order, county, count, acting(database))
    line = f"{count} blank plates issued in batch {number}"
    result({"plates": count, "batch": number}, [line], as_json=as_json)


@app.command("print")
def print_files(
    out: Annotated[Path, typer.Option(help="Folder for the files.")],
    *,
    form: Form = "pdf",
    limit: Annotated[int | None, typer.Option(help="Print at most this many.", min=1)] = None,
    batch: Annotated[int | None, typer.Option(help="Only this batch.")] = None,
    sheet: Annotated[
        str, typer.Option(help="Maker's sheet in mm, e.g. 1220x2440; default: one plate per page.")
    ] = "",
    marks: Annotated[bool, typer.Option("--marks", help="Draw crop marks.")] = False,
    for_trial: ForTrial = False,
    as_json: Json = False,
) -> None:
    """Write print-ready files in true millimetres; every QR code is read back from its file.

    Trial plates are printed only with --for-trial or with --batch.
    """
    settings = get_settings()
    fonts, (width, height) = find_fonts(settings.font), read_sheet(sheet)
    database, faces = open_database(), dict[str, str]()
    actor = acting(database)
    with database.reading() as session, progress("printing", limit) as bar:
        chosen = partial(_plates_of, session, batch, limit, for_trial=for_trial)
        order = PrintOrder(
            folder=out,
            fonts=fonts,
            authority=settings.operator,
            sheet=Sheet(width, height) if width else None,
            marks=marks,
            imprint_of=Imprints(session).of,
            series=printed_files.measure_numbers(chosen(), fonts),
            for_trial=for_trial,
        )
        with closing(_with_living_address(chosen(), faces)) as plates:
            if form == "pdf":
                done = printed_files.print_pdf(plates, order, bar.advance)
            else:
                done = printed_files.print_zip(plates, order, form)
    with database.session() as session:
        printed = {token: faces[token] for token in done.tokens if token in faces}
        commands.note_printed(session, printed)
        record_export(session, actor, "plates", out, len(done.tokens), batch=batch)
    _report(done, out, as_json=as_json)


@app.command()
def gallery(
    out: Annotated[Path, typer.Option(help="Folder for the pictures.")],
    *,
    as_json: Json = False,
) -> None:
    """Write a PNG and an SVG of every design with short, long and difficult names."""
    exhibits = write_gallery(out, find_fonts(get_settings().font))
    result({"designs": len(exhibits)}, [f"{len(exhibits)} pictures in {out}"], as_json=as_json)


@app.command()
def verify(
    files: Annotated[list[Path], typer.Argument(exists=True, help="PDF or PNG files of plates.")],
    *,
    as_json: Json = False,
) -> None:
    """Read the QR codes in finished files and check each against the register."""
    unknown: list[str] = []
    count = 0
    with open_database().reading() as session:
        for file in files:
            for payload in printed_files.read_payloads(file):
                count += 1
                token = payload.rsplit("/", 1)[-1].upper()
                plate = queries.find_plate(session, token) or queries.find_blank_plate(
                    session, token
                )
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


@app.command()
def scans(
    token: Annotated[str, typer.Argument(help="Short code on the plate, 10 characters.")],
    *,
    days: Annotated[int, typer.Option(help="Number of days, including today.", min=1)] = 30,
    as_json: Json = False,
) -> None:
    """Show how often a plate was scanned per day; who scanned it is not recorded."""
    since = day_of(now_utc()) - timedelta(days=days - 1)
    with open_database().reading() as session:
        plate = queries.get_plate(session, find_token(token) or token)
        counts = list_scan_counts(session, plate.token, since)
    lines = [f"{one.day}  {one.outcome:<8} {one.count}" for one in counts]
    days_shown = [
        {"day": str(one.day), "outcome": one.outcome, "count": one.count} for one in counts
    ]
    total = sum(one.count for one in counts)
    lines.append(f"{total} scans of {plate.token} since {since}")
    result({"token": plate.token, "scans": total, "days": days_shown}, lines, as_json=as_json)


def _order(name: str, design: str, division: str, *, for_trial: bool) -> IssueRequest:
    """The request for issuing plates directly, with the host and threshold of the settings."""
    settings = get_settings()
    host = payload_host_of(settings, for_trial=for_trial)
    return IssueRequest(
        name=name,
        design=design if design == AUTO else get_design(design).name,
        payload_prefix=host.prefix,
        is_trial=host.is_trial,
        division=division,
        approval_above=settings.batch_approval_above,
    )


def _plates_of(
    session: Session, batch: int | None, limit: int | None, *, for_trial: bool
) -> Iterator[Printable]:
    """The plates of a batch, including blank ones, or all plates with an address."""
    with_trials = for_trial or batch is not None
    plates: Iterator[Printable] = queries.iterate_plates(
        session, batch_id=batch, with_trials=with_trials, limit=limit
    )
    if batch is None:
        return plates
    return islice(chain(plates, queries.iterate_blank_plates(session, batch)), limit)


def _with_living_address(
    plates: Iterator[Printable], faces: dict[str, str]
) -> Generator[Printable, None, None]:
    """Plates whose address is living or that are blank; their texts are put into ``faces``."""
    for plate in plates:
        if isinstance(plate, queries.PlateRow):
            if plate.address_status in GONE:
                say(f"left out: {plate.token} {plate.standard_text} ({plate.address_status})")
                continue
            faces[plate.token] = face_text(plate.elements)
        yield plate


def _report(done: Printed, out: Path, *, as_json: bool) -> None:
    for refusal in done.refused:
        say(str(refusal.error))
    lines = [f"{len(done.tokens)} plates in {len(done.files)} files in {out}, all read back"]
    if done.refused:
        lines.append(f"{len(done.refused)} plates could not be made; see above")
    result(
        {
            "plates": len(done.tokens),
            "files": [str(file) for file in done.files],
            "refused": [str(refusal.error) for refusal in done.refused],
        },
        lines,
        as_json=as_json,
    )
    if done.refused:
        raise typer.Exit(SOME_REFUSED)
