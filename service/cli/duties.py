"""menpai duties: load, hand over, hide, show, confirm and list duties."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from address_model.telephones import is_mobile
from service.areas.commands import duties as commands
from service.areas.commands.duties import DutyFilter
from service.areas.commands.handovers import hand_over
from service.areas.files import Refusals, read_duties, read_handovers
from service.areas.headings import read_role
from service.areas.queries import PostFilter
from service.cli.area_lines import load_lines
from service.cli.members import acting
from service.cli.options import Json, Seen, open_database
from service.core.clock import today
from service.core.errors import BadRequest
from service.core.output import SOME_REFUSED, result, say
from service.core.sheets import open_rows, write_errors

app = typer.Typer(help="Duties (责任): who answers for an area.", no_args_is_help=True)
Sheet = Annotated[Path, typer.Argument(help="CSV, TSV, XLSX or NDJSON; .gz too.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Report only; store nothing.")]
Errors = Annotated[Path | None, typer.Option(help="Where refused rows go; FILE-errors.csv.")]
Numbers = Annotated[list[int] | None, typer.Argument(help="Numbers of `menpai duties list`.")]
AreaCode = Annotated[str, typer.Option("--area", help="Code or name of an area.")]
Role = Annotated[str, typer.Option("--role", help="网格员, 社区民警, 派出所, 社区服务中心 …")]
Organisation = Annotated[str, typer.Option("--organisation", help="Organisation of the duties.")]


@app.command()
def load(
    file: Sheet, *, dry_run: DryRun = False, errors: Errors = None, as_json: Json = False
) -> None:
    """Load duties: area, role, display name, office telephone, publish, days, stand-in."""
    with open_rows(file) as rows:
        listed, refusals = read_duties(rows)
    mobiles = sum(duty.publish and is_mobile(duty.phone) for duty in listed)
    if mobiles:
        say(f"{mobiles} published numbers are mobile: make sure that they belong to the office")
    database = open_database()
    with database.reading() if dry_run else database.session() as session:
        report = commands.load_duties(session, listed, acting(session))
    refusals.add(report.faults)
    counts = {"new": report.new, "changed": report.changed, "same": report.same}
    _finish(counts, refusals, errors or _errors_beside(file), dry_run=dry_run, as_json=as_json)


@app.command()
def handover(
    file: Sheet, *, dry_run: DryRun = False, errors: Errors = None, as_json: Json = False
) -> None:
    """Hand over duties in bulk: area, role, new display name, telephone, first day.

    The old duty ends the day before. Empty cells keep their old value.
    """
    with open_rows(file) as rows:
        listed, refusals = read_handovers(rows)
    database = open_database()
    with database.reading() if dry_run else database.session() as session:
        report = hand_over(session, listed, acting(session), today())
    refusals.add(report.faults)
    counts = {"handed_over": report.handed_over, "vacant": report.vacant, "same": report.same}
    _finish(counts, refusals, errors or _errors_beside(file), dry_run=dry_run, as_json=as_json)


@app.command()
def hide(
    numbers: Numbers = None,
    *,
    area: AreaCode = "",
    role: Role = "",
    organisation: Organisation = "",
    reason: Annotated[str, typer.Option(help="Kept in the audit trail.")] = "",
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Stop showing contacts at once (「不要公示我」), until `menpai duties show`."""
    wanted = _filter(numbers, area, role, organisation, seen)
    with open_database().session() as session:
        count = commands.hide_duties(session, wanted, acting(session), reason=reason)
    result({"hidden": count}, [f"{count} duties are hidden from now on"], as_json=as_json)


@app.command()
def show(
    numbers: Numbers = None,
    *,
    area: AreaCode = "",
    role: Role = "",
    organisation: Organisation = "",
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Show hidden contacts again."""
    wanted = _filter(numbers, area, role, organisation, seen)
    with open_database().session() as session:
        count = commands.show_duties(session, wanted, acting(session))
    result({"shown": count}, [f"{count} duties are shown again"], as_json=as_json)


@app.command()
def confirm(
    numbers: Numbers = None,
    *,
    area: AreaCode = "",
    role: Role = "",
    organisation: Organisation = "",
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Record that names and telephones were confirmed today."""
    wanted = _filter(numbers, area, role, organisation, seen)
    with open_database().session() as session:
        count = commands.confirm_duties(session, wanted, acting(session), today())
    result({"confirmed": count}, [f"{count} duties confirmed today"], as_json=as_json)


@app.command("list")
def list_duties(
    *,
    area: AreaCode = "",
    role: Role = "",
    ending: Annotated[
        int | None, typer.Option(help="Only those that end within this many days.")
    ] = None,
    unconfirmed: Annotated[
        int | None, typer.Option(help="Only those not confirmed for this many days.")
    ] = None,
    ended: Annotated[bool, typer.Option("--ended", help="Include those that are over.")] = False,
    as_json: Json = False,
) -> None:
    """List duties with their numbers and why each is shown or not; this access is audited."""
    wanted = PostFilter(area, _role(role), ending, unconfirmed, ended)
    with open_database().session() as session:
        posts = commands.look_up_duties(session, wanted, acting(session), today())
    lines = []
    for post in posts:
        days = f"{post.valid_from} – {post.valid_to or '…'}"
        lines.append(
            f"{post.id:>6}  {post.area}  {post.role}  {post.display_name}  {post.phone}  {days}  "
            f"{post.state}"
        )
    values: dict[str, object] = {"duties": [asdict(post) for post in posts]}
    result(values, lines or ["none found"], as_json=as_json)


def _filter(
    numbers: list[int] | None, area: str, role: str, organisation: str, seen: int | None
) -> DutyFilter:
    return DutyFilter(tuple(numbers or ()), area, _role(role), organisation, seen)


def _role(text: str) -> str:
    role = read_role(text) if text else ""
    if role is None:
        raise BadRequest(f"{text!r} is no role", hint="say 网格员, 社区民警, 派出所, 社区服务中心")
    return role


def _finish(
    counts: dict[str, int], refusals: Refusals, out: Path, *, dry_run: bool, as_json: bool
) -> None:
    """Write the errors file, print the result; exit with 1 if rows were refused."""
    with write_errors(out, refusals.headings) as file:
        for row, faults in refusals.listed():
            file.add(row, faults)
    counts = counts | {"refused": len(refusals.faults)}
    result({**counts}, load_lines(counts, refusals, out, dry_run=dry_run), as_json=as_json)
    if refusals.faults:
        raise typer.Exit(SOME_REFUSED)


def _errors_beside(file: Path) -> Path:
    return file.with_name(f"{file.name.split('.')[0]}-errors.csv")
