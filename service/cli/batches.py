"""menpai plates batch: batches, from the choice of addresses to delivery."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from address_model.lifecycle import WITH_FILES
from service.batches import documents
from service.batches.commands import approval, batches, delivery
from service.batches.queries.approval_digest import digest_batch
from service.batches.queries.batches import BatchRow, get_batch, list_batches, list_left_out
from service.batches.queries.outdated_plates import find_outdated
from service.batches.request import PER_FILE, BatchRequest, PrintOptions, Selection
from service.batches.schemas import BatchOut
from service.cli.members import get_member, require_password
from service.cli.options import ForTrial, Json, PasswordFile, Seen, open_database
from service.cli.sheets_in_mm import read_sheet
from service.core.errors import BadRequest
from service.core.files import open_files
from service.core.output import SOME_REFUSED, result, say
from service.core.settings import get_settings
from service.imports.headings import find_field
from service.plates import printed_files
from service.plates.payload_host import payload_host_of, require_public_host
from service.plates.print_content import AUTO
from service.run_kinds import register_run_kinds
from service.runs.queries import get_run

app = typer.Typer(
    help="Batches (批次) of plates.", no_args_is_help=True, callback=register_run_kinds
)
Number = Annotated[int, typer.Argument(metavar="BATCH", help="Number of the batch.")]
Codes = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        dir_okay=False,
        help="File of codes: one per line, or a CSV column code.",
    ),
]
States = Annotated[list[str] | None, typer.Option(help="States of addresses; default: active.")]
Reprint = Annotated[
    str,
    typer.Option(help="Reprint existing plates, as their next generation, for this reason."),
]
DesignName = Annotated[str, typer.Option(help="Design of the plates; auto chooses by address.")]
SheetSize = Annotated[
    str, typer.Option(help="Maker's sheet in mm, e.g. 1220x2440; default: one plate per page.")
]
Gap = Annotated[float, typer.Option(help="Gap between plates on a sheet, in mm.", min=0)]
PerFile = Annotated[int, typer.Option(help="Plates per file, at most.", min=1, max=2000)]
Accept = Annotated[
    list[str] | None,
    typer.Option(metavar="TOKEN", help="Plate that differs; the maker was told to leave it out."),
]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Name of the batch.")],
    *,
    division: Annotated[str, typer.Option(help="Only addresses of this division code.")] = "",
    street: Annotated[str, typer.Option(help="Only addresses of this street or estate.")] = "",
    codes: Codes = None,
    status: States = None,
    reprint: Reprint = "",
    design: DesignName = AUTO,
    sheet: SheetSize = "",
    gap: Gap = 6.0,
    margin: Annotated[float, typer.Option(help="Margin of a sheet, in mm.", min=0)] = 15.0,
    marks: Annotated[bool, typer.Option("--marks", help="Draw crop marks.")] = False,
    per_file: PerFile = PER_FILE,
    for_trial: ForTrial = False,
    as_json: Json = False,
) -> None:
    """Create a batch and choose its addresses; nothing is made until it is approved and started."""
    settings = get_settings()
    host = payload_host_of(settings, for_trial=for_trial)
    chosen_codes = _read_codes(codes) if codes else ()
    order = BatchRequest(
        name,
        host.prefix,
        design,
        Selection(division, street, chosen_codes, tuple(status or ("active",)), bool(reprint)),
        PrintOptions(*read_sheet(sheet), margin, gap, marks, per_file, settings.operator),
        reprint,
        host.is_trial,
    )
    with open_database().session() as session:
        chosen = batches.choose_batch(session, order, get_member(session))
    for code, reason in chosen.refused:
        say(f"{code}: {reason}")
    refused = [{"code": code, "reason": reason} for code, reason in chosen.refused]
    _report(chosen.batch, as_json=as_json, refused=refused)
    if chosen.refused:
        raise typer.Exit(SOME_REFUSED)


@app.command("list")
def list_(
    *,
    status: Annotated[str, typer.Option(help="Only batches in this state.")] = "",
    before: Annotated[int, typer.Option(help="Only batches with a lower number.")] = 0,
    limit: Annotated[int, typer.Option(help="List at most this many.", min=1, max=1000)] = 20,
    as_json: Json = False,
) -> None:
    """List batches, newest first."""
    with open_database().reading() as session:
        rows = list_batches(session, status=status, before=before, limit=limit)
    plain = [BatchOut.of(row).model_dump(mode="json") for row in rows]
    result({"batches": plain}, [_line(row) for row in rows], as_json=as_json)


@app.command("status")
def status_(batch: Number, *, as_json: Json = False) -> None:
    """Show the progress of a batch, why it is blocked, and what was left out."""
    with open_database().reading() as session:
        row = get_batch(session, batch)
        run = get_run(session, row.run_id) if row.run_id else None
        left_out = list_left_out(session, batch)
        outdated = find_outdated(session, [batch]).get(batch, [])
        digest = digest_batch(session, batch, row.submitted_at) if row.submitted_at else ""
    lines = [_line(row)]
    if run:
        lines.append(f"        run {run.id} {run.state}, {run.share:.0%}")
    if row.reason:
        lines.append(f"        {row.reason}")
    if row.sent_back:
        lines.append(f"        sent back: {row.sent_back}")
    if digest:
        lines.append(f"        digest: {digest}")
    lines += [f"        left out: {code}: {reason}" for code, reason in left_out]
    lines += [f"        differs: {plate.token}: {plate.why}" for plate in outdated]
    more = {
        "outdated": [{"token": plate.token, "reason": plate.why} for plate in outdated],
        "left_out": [{"code": code, "reason": reason} for code, reason in left_out],
        "run_state": run.state if run else None,
        "share": run.share if run else 0.0,
        "digest": digest,
    }
    result(BatchOut.of(row).model_dump(mode="json") | more, lines, as_json=as_json)


@app.command()
def submit(batch: Number, *, seen: Seen = None, as_json: Json = False) -> None:
    """Submit a batch; a large one needs the approval of a second person."""
    above = get_settings().batch_approval_above
    _act(approval.submit_batch, batch, as_json=as_json, seen=seen, approval_above=above)


@app.command()
def approve(
    batch: Number,
    *,
    seen: Seen = None,
    digest: Annotated[
        str, typer.Option(help="Digest of what you read, from `status`; anything else is refused.")
    ] = "",
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Approve a colleague's batch with your password; nobody approves their own batch."""
    require_password(open_database(), password_file)
    _act(approval.approve_batch, batch, as_json=as_json, seen=seen, agreed=digest)


@app.command("send-back")
def send_back(
    batch: Number,
    reason: Annotated[str, typer.Option(help="What to change; shown to the author.")],
    *,
    seen: Seen = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Send a batch that awaits approval back to its author (退回), with your password."""
    require_password(open_database(), password_file)
    _act(approval.send_back_batch, batch, as_json=as_json, seen=seen, reason=reason)


@app.command()
def start(batch: Number, *, seen: Seen = None, as_json: Json = False) -> None:
    """Start the production of an approved batch."""
    _act(batches.start_batch, batch, as_json=as_json, seen=seen)


@app.command()
def remake(batch: Number, *, seen: Seen = None, as_json: Json = False) -> None:
    """Make the files of a batch again before it is handed over, with the present texts."""
    _act(batches.remake_batch, batch, as_json=as_json, seen=seen)


@app.command()
def pause(batch: Number, *, seen: Seen = None, as_json: Json = False) -> None:
    """Pause the production of a batch; no further chunk begins."""
    _act(batches.pause_batch, batch, as_json=as_json, seen=seen)


@app.command()
def resume(batch: Number, *, seen: Seen = None, as_json: Json = False) -> None:
    """Resume a batch that was paused, or was blocked by something corrected since."""
    _act(batches.resume_batch, batch, as_json=as_json, seen=seen)


@app.command("leave-out")
def leave_out(
    batch: Number,
    code: Annotated[str, typer.Argument(help="Code of the address.")],
    reason: Annotated[str, typer.Option(help="Why no plate is made.")],
    *,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Leave an address out of a draft or a blocked batch; its plate is voided."""
    _act(batches.leave_out, batch, as_json=as_json, seen=seen, code=code, reason=reason)


@app.command()
def cancel(batch: Number, *, seen: Seen = None, as_json: Json = False) -> None:
    """Cancel an unfinished batch; its plates are voided, its files removed."""
    _act(batches.cancel_batch, batch, as_json=as_json, seen=seen)


@app.command("hand-over")
def hand_over(
    batch: Number,
    maker: Annotated[str, typer.Option(help="Who makes the plates.")],
    *,
    accept: Accept = None,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Record that the maker has the files of a batch; its plates are being made."""
    details = {"maker": maker, "accepted": accept or ()}
    _act(delivery.hand_over_batch, batch, as_json=as_json, seen=seen, **details)


@app.command()
def receive(batch: Number, *, seen: Seen = None, as_json: Json = False) -> None:
    """Record that the finished plates have arrived; installation work is opened."""
    _act(delivery.receive_batch, batch, as_json=as_json, seen=seen)


@app.command()
def files(
    batch: Number,
    out: Annotated[Path, typer.Option(help="Folder for the ZIP.")],
    *,
    as_json: Json = False,
) -> None:
    """Save the ZIP of a finished batch: plates, manifest, proof sheet, verification report."""
    with open_database().reading() as session:
        row = get_batch(session, batch)
    if row.run_id is None or row.status not in WITH_FILES:
        raise BadRequest(f"batch {batch} is {row.status}", hint="wait until it is ready")
    require_public_host(row.payload_prefix, is_trial=row.is_trial)
    data = open_files(get_settings()).read(documents.zip_name(batch))
    path = printed_files.save(out / f"batch-{batch}.zip", data)
    result({"zip": str(path), "bytes": len(data)}, [str(path)], as_json=as_json)


def _act(step: Callable[..., BatchRow], batch: int, *, as_json: bool, **details: Any) -> None:
    """Run a step on a batch as the acting account, and print the batch."""
    with open_database().session() as session:
        row = step(session, batch, member=get_member(session), **details)
    _report(row, as_json=as_json)


def _read_codes(path: Path) -> tuple[str, ...]:
    """The codes of a plain list, or of a CSV with a heading for codes, such as a manifest."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [[cell.strip() for cell in row] for row in csv.reader(file)]
    headed = [find_field(cell) == "code" for cell in rows[0]] if rows else []
    column = headed.index(True) if True in headed else 0
    body = rows[1:] if True in headed else rows
    return tuple(row[column] for row in body if len(row) > column and row[column])


def _report(row: BatchRow, *, as_json: bool, **more: Any) -> None:
    result(BatchOut.of(row).model_dump(mode="json") | more, [_line(row)], as_json=as_json)


def _line(row: BatchRow) -> str:
    kind = "  (试印)" if row.is_trial else ""
    return f"{row.id:>6}  {row.status:<18} {row.to_make:>7} plates  {row.name}{kind}"
