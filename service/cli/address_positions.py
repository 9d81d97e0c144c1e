"""menpai addresses position: set, withdraw, list, import and export positions of addresses."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from address_model.codes import format_code
from address_model.coordinates import CoordinateSystem
from address_model.positions import (
    KINDS,
    Position,
    PositionKind,
    find_accuracy,
    find_kind,
)
from service.addresses import commands
from service.addresses.commands import PointFacts, PositionDraft
from service.addresses.queries import (
    AddressRow,
    get_address,
    iterate_positions,
    list_positions,
)
from service.areas.features import read_features
from service.cli.export import exporting
from service.cli.members import acting
from service.cli.options import Json, Seen, open_database
from service.core.database import Database
from service.core.errors import BadRequest
from service.core.output import SOME_REFUSED, result
from service.core.sheets import open_rows, write_errors
from service.divisions.queries import list_county_boundaries
from service.imports.commands import PositionOptions, import_positions
from service.imports.export import export_positions
from service.imports.points import CountyBorders, PointFault
from service.imports.position_rows import open_position_reader, rows_of_features
from service.plates.commands import follow_addresses

app = typer.Typer()
positions = typer.Typer(help="Positions of an address (入口 楼梯 车库 消防).", no_args_is_help=True)
app.add_typer(positions, name="position")

Code = Annotated[str, typer.Argument(help="Address code, 16 digits; blanks and dashes allowed.")]
Kind = Annotated[str, typer.Option(help="入口, 楼梯, 车库, 消防, 代表点 (entrance, staircase …).")]
Label = Annotated[str, typer.Option(help="Distinguishes several of a kind, such as 东门.")]
System = Annotated[CoordinateSystem, typer.Option(help="Coordinate system of lon and lat.")]


@positions.command("set")
def set_one(
    code: Code,
    lon: Annotated[float, typer.Option(help="Longitude in degrees.")],
    lat: Annotated[float, typer.Option(help="Latitude in degrees.")],
    *,
    kind: Kind = "entrance",
    label: Label = "",
    accuracy: Annotated[str, typer.Option(help="A, B, C, D, or metres.")] = "",
    source: Annotated[str, typer.Option(help="Where the point comes from.")] = "officer",
    crs: System = CoordinateSystem.CGCS2000,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Set a position of an address, replacing the one of its kind; pages prefer the entrance.

    代表点 is the address's own point, which decides the areas it lies in.
    """
    found, grade = _kind(kind), find_accuracy(accuracy)
    if grade is None:
        raise BadRequest(f"「{accuracy}」不是精度", hint="写 A、B、C、D，或误差的米数")
    database = open_database()
    with database.reading() as session:
        held = get_address(session, code)
        borders = CountyBorders(list_county_boundaries(session))
    place = borders.place(lon, lat, crs, held.division_code[:6], held.elements.county)
    if isinstance(place, PointFault):
        told = place.of_row(1)
        raise BadRequest(told.reason, hint=told.hint)
    position = Position(found, place[0], grade, label)
    before = _store(database, PositionDraft(held.code, position, source, place[1]), seen)
    values: dict[str, object] = {
        "code": held.code,
        "kind": found.value,
        "label": label,
        "lon": position.point.lon,
        "lat": position.point.lat,
        "accuracy": grade.value,
        "before": before,
        "note": place[1],
    }
    line = f"{format_code(held.code)}  {position.name}{label}  {_where(position)}"
    result(values, [line, *([place[1]] if place[1] else [])], as_json=as_json)


@positions.command()
def withdraw(
    code: Code,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit trail.")],
    *,
    kind: Kind = "entrance",
    label: Label = "",
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Withdraw a position that is wrong or gone; it stays in the history."""
    found = _kind(kind)
    with open_database().session() as session:
        row = commands.withdraw_position(
            session, code, found, acting(session), label=label, reason=reason, seen=seen
        )
    values: dict[str, object] = {"code": row.code, "kind": found.value, "label": label}
    line = f"{format_code(row.code)}  {row.position.name}{label} withdrawn"
    result(values, [line], as_json=as_json)


@positions.command("list")
def list_all(
    code: Code,
    *,
    history: Annotated[bool, typer.Option("--history", help="Include those that ended.")] = False,
    as_json: Json = False,
) -> None:
    """List the positions of an address; the first line is what pages and answers show."""
    with open_database().reading() as session:
        held = get_address(session, code)
        rows = list_positions(session, [held.code], history=history).get(held.code, [])
    values = [
        {
            "kind": row.kind.value,
            "label": row.label,
            "version": row.version,
            "lon": row.point.lon,
            "lat": row.point.lat,
            "accuracy": row.accuracy.value,
            "source": row.source,
            "note": row.note,
            "valid_from": row.valid_from.isoformat(),
            "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        }
        for row in rows
    ]
    lines = _lines_of(held) + [
        f"{row.position.name}{row.label}  {_where(row.position)}  {row.source}  "
        f"{row.valid_from}" + (f" – {row.valid_to}" if row.valid_to else "")
        for row in rows
    ]
    shown = held.position
    answer: dict[str, object] = {
        "code": held.code,
        "version": held.version,
        "shown": shown.kind.value if shown else None,
        "centre": [held.point.lon, held.point.lat] if held.point else None,
        "positions": values,
    }
    result(answer, lines, as_json=as_json)


@positions.command("import")
def import_file(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV, TSV, XLSX, NDJSON, GeoJSON.")
    ],
    *,
    source: Annotated[str, typer.Option(help="Source for rows that name none.")] = "",
    crs: System = CoordinateSystem.CGCS2000,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only; store nothing.")] = False,
    errors: Annotated[
        Path | None, typer.Option(help="Where refused rows go; default FILE-errors.csv beside it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Set the positions of a list: code, kind, lon, lat, accuracy, source, label.

    Refused rows go, with reason and hint, to an errors file that can be corrected and imported.
    Importing a file twice changes nothing.
    """
    stem = file.name.split(".")[0]
    options = PositionOptions(source or stem, crs, dry_run)
    out = errors or file.with_name(f"{stem}-errors.csv")
    database = open_database()
    with ExitStack() as stack:
        if file.suffix.lower() in (".geojson", ".json"):
            headings, rows = rows_of_features(read_features(file, crs=crs.value))
        else:
            sheet = stack.enter_context(open_rows(file, unprotect=True))
            headings, rows = sheet.headings, iter(sheet)
        refused = stack.enter_context(write_errors(out, headings))
        reader = open_position_reader(headings)
        report = import_positions(database, rows, reader, options, acting(database), errors=refused)
    counts = {name: report.outcomes[name] for name in ("new", "changed", "same", "refused")}
    values = {"rows": report.rows, **counts, "reasons": dict(report.reasons.most_common())}
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    lines = [f"{report.rows} rows, would be: {said}" if dry_run else f"{report.rows} rows: {said}"]
    lines += [f"  {count:>8}  {reason}" for reason, count in report.reasons.most_common()]
    if counts["refused"]:
        lines.append(f"refused rows, with reason and hint: {out}")
    result(values, lines, as_json=as_json)
    if counts["refused"]:
        raise typer.Exit(SOME_REFUSED)


@positions.command("export")
def export_file(
    out: Annotated[Path, typer.Argument(help="CSV, TSV, XLSX or NDJSON; .gz too.")],
    *,
    division: Annotated[str, typer.Option(help="Division code, 2 to 12 digits.")] = "",
    as_json: Json = False,
) -> None:
    """Write all positions of a division, own points included, in the columns that import reads."""
    with exporting("positions", out, division=division) as export:
        rows = iterate_positions(export.session, division=division)
        export.count = export_positions(rows, out)
    export.report("positions", as_json=as_json)


def _kind(word: str) -> PositionKind:
    found = find_kind(word)
    if found is None:
        names = "、".join(f"{row.name} ({row.kind.value})" for row in KINDS)
        raise BadRequest(f"「{word}」不是位置类型", hint=f"写 {names}")
    return found


def _store(database: Database, draft: PositionDraft, seen: int | None) -> list[float] | None:
    """Set a typed position, or move the own point together with its links and plates."""
    wanted = draft.position
    with database.session() as session:
        if wanted.kind is not PositionKind.CENTRE:
            before = commands.set_position(session, draft, acting(session), seen=seen)
            return [before.point.lon, before.point.lat] if before else None
        facts = PointFacts(wanted.accuracy, draft.source, draft.note)
        held = commands.move_address(
            session, draft.code, wanted.point, acting(session), facts=facts, seen=seen
        )
        follow_addresses(session, [held], acting(session))
        return [held.point.lon, held.point.lat] if held.point else None


def _where(position: Position) -> str:
    within = position.accuracy.metres
    grade = f"精度 {position.accuracy} (≤ {within:g} m)" if within else "精度未知"
    return f"{position.point.lon:.6f},{position.point.lat:.6f}  {grade}"


def _lines_of(held: AddressRow) -> list[str]:
    """What pages point at, and the address's own point."""
    shown, own = held.position, held.own_position
    said = f"{shown.name}{shown.label}" if shown else "没有点位"
    lines = [f"{format_code(held.code)}  {held.standard_text}  页面所指：{said}"]
    if own:
        lines.append(f"{own.name}  {_where(own)}  {held.point_source}".rstrip())
    return lines
