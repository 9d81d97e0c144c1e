"""menpai plates install, confirm, report, repair, replace, void, bind, issue-blank, events."""

from collections.abc import Callable
from dataclasses import replace as replace_fields
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from address_model.codes import InvalidCode
from address_model.coordinates import CoordinateSystem
from address_model.inspections import EVENT_NAMES, FINDINGS, Finding, PlateEventKind
from address_model.plate_text import read_plate_text
from service.cli.members import acting
from service.cli.options import ForTrial, Json, Seen, open_database
from service.core.errors import PlateNotFound
from service.core.files import open_files
from service.core.output import result
from service.core.settings import get_settings
from service.plates import commands
from service.plates.event_report import EventReport, read_point
from service.plates.payload_host import payload_host_of
from service.plates.photos import count_upload, develop, stored_photo
from service.plates.queries.events import EventRow, list_events
from service.plates.queries.locked_plates import see_plate

app = typer.Typer()

Token = Annotated[
    str, typer.Argument(help="Token of the plate (10 characters), or what its QR code says.")
]
Note = Annotated[str, typer.Option(help="A note.")]
Photo = Annotated[Path | None, typer.Option(exists=True, help="Photo: JPEG, PNG or WebP.")]
EventId = Annotated[str, typer.Option("--id", help="Event id; sent again, it is recorded once.")]
At = Annotated[datetime | None, typer.Option(help="Local time of the event; default: now.")]
Lon = Annotated[float | None, typer.Option(help="Longitude in degrees.")]
Lat = Annotated[float | None, typer.Option(help="Latitude in degrees.")]
Crs = Annotated[CoordinateSystem, typer.Option(help="Coordinate system of lon and lat.")]
Reason = Annotated[str, typer.Option(help="Reason; shown on the scan page.")]
WGS84 = CoordinateSystem.WGS84


@app.command()
def install(
    token: Token,
    *,
    lon: Lon = None,
    lat: Lat = None,
    crs: Crs = WGS84,
    photo: Photo = None,
    note: Note = "",
    at: At = None,
    event_id: EventId = "",
    accept_text: Annotated[
        bool, typer.Option("--accept-text", help="Confirm that its text differs from the register.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Record that a plate is installed: it is in use. Over 50 m from the register is flagged."""
    visit = _visit(event_id, at, note, (lon, lat, crs))
    visit = replace_fields(visit, accepts_text=accept_text)
    _record(commands.install_plate, token, visit, photo=photo, as_json=as_json)


@app.command()
def confirm(
    token: Token,
    *,
    lon: Lon = None,
    lat: Lat = None,
    photo: Photo = None,
    note: Note = "",
    event_id: EventId = "",
    as_json: Json = False,
) -> None:
    """Record that a plate is in good condition; its inspection is finished."""
    visit = _visit(event_id, None, note, (lon, lat, WGS84))
    _record(commands.confirm_plate, token, visit, photo=photo, as_json=as_json)


@app.command()
def report(
    token: Token,
    finding: Annotated[
        Finding,
        typer.Argument(
            help=", ".join(f"{finding} {rule.sign}" for finding, rule in FINDINGS.items())
        ),
    ],
    *,
    photo: Photo = None,
    note: Note = "",
    event_id: EventId = "",
    as_json: Json = False,
) -> None:
    """Record a finding about a plate and open the work that it needs."""
    visit = _visit(event_id, None, note)
    _record(commands.report_plate, token, finding, visit, photo=photo, as_json=as_json)


@app.command()
def repair(
    token: Token,
    *,
    photo: Photo = None,
    note: Note = "",
    event_id: EventId = "",
    as_json: Json = False,
) -> None:
    """Record that a plate was repaired on site."""
    visit = _visit(event_id, None, note)
    _record(commands.repair_plate, token, visit, photo=photo, as_json=as_json)


@app.command()
def replace(
    token: Token,
    reason: Reason,
    *,
    for_trial: ForTrial = False,
    event_id: EventId = "",
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Order the next generation of a plate, which replaces it once installed."""
    settings = get_settings()
    host, above = payload_host_of(settings, for_trial=for_trial), settings.batch_approval_above
    order = commands.ReplacementRequest(reason, host.prefix, host.is_trial, above)
    visit = replace_fields(_visit(event_id), seen=seen)
    _record(commands.replace_plate, token, order, visit, as_json=as_json)


@app.command()
def void(
    token: Token,
    reason: Reason,
    *,
    event_id: EventId = "",
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Void a plate (注销) permanently; its scan page warns."""
    visit = replace_fields(_visit(event_id), seen=seen)
    _record(commands.void_plate, token, reason, visit, as_json=as_json)


@app.command()
def bind(
    token: Token,
    code: Annotated[str, typer.Argument(help="Address code, 16 digits.")],
    *,
    lon: Lon = None,
    lat: Lat = None,
    photo: Photo = None,
    note: Note = "",
    event_id: EventId = "",
    as_json: Json = False,
) -> None:
    """Bind a blank plate, once, to the address where it is installed."""
    visit = _visit(event_id, None, note, (lon, lat, WGS84))
    _record(commands.bind_blank_plate, token, code, visit, photo=photo, as_json=as_json)


@app.command()
def take_down(
    token: Token,
    *,
    note: Note = "",
    photo: Photo = None,
    event_id: EventId = "",
    as_json: Json = False,
) -> None:
    """Record that the plate of an ended address was taken down or returned; it is voided."""
    visit = _visit(event_id, None, note)
    _record(commands.take_down_plate, token, visit, photo=photo, as_json=as_json)


@app.command()
def settle(*, as_json: Json = False) -> None:
    """Open and end work on plates whose address has ended or whose text differs from it.

    Commands that change addresses do this by themselves; only an older register needs it, once.
    """
    database, count, after = open_database(), 0, ""
    while True:
        with database.session() as session:
            seen, after = commands.settle_page(session, acting(session), after=after)
        count += seen
        if not after:
            break
    result({"plates": count}, [f"{count} plates settled"], as_json=as_json)


@app.command()
def events(token: Token, *, as_json: Json = False) -> None:
    """List the events of a plate, newest first."""
    with open_database().reading() as session:
        held = see_plate(session, read_token(token))
        found = list_events(session, held.token)
    values = {"version": held.version, "events": [event_values(e) for e in found]}
    result(values, [event_line(e) for e in found], as_json=as_json)


def _record(
    command: Callable[..., EventRow],
    token: str,
    *arguments: object,
    photo: Path | None = None,
    as_json: bool,
) -> None:
    """Record an event with a command, store its photo, and print the event."""
    database, settings = open_database(), get_settings()
    developed = develop(photo.read_bytes()) if photo else None
    if developed:
        with database.reading() as session:
            actor = acting(session)
        count_upload(database, developed, actor, settings.photo_limit)
    jpeg = developed.jpeg if developed else None
    with stored_photo(open_files(settings), database, jpeg) as name:
        complete = (
            replace_fields(one, photo=name) if isinstance(one, EventReport) else one
            for one in arguments
        )
        with database.session() as session:
            event = command(session, read_token(token), *complete, acting(session))
    result(event_values(event), [event_line(event)], as_json=as_json)


def _visit(
    event_id: str,
    at: datetime | None = None,
    note: str = "",
    place: tuple[float | None, float | None, CoordinateSystem] = (None, None, WGS84),
) -> EventReport:
    when = at.astimezone() if at else None
    return EventReport(event_id or str(uuid4()), when, read_point(*place), note=note)


def read_token(text: str) -> str:
    """The token of a plate, or of what its QR code says.

    Raises:
        PlateNotFound: it is neither.
    """
    try:
        meant = read_plate_text(text)
    except InvalidCode:
        meant = None
    if meant is None or not meant.token:
        raise PlateNotFound(f"{text!r} is not a token", hint="a token has ten characters")
    return meant.token


def event_values(event: EventRow) -> dict[str, object]:
    """An event as JSON."""
    return {
        "token": event.token,
        "id": event.id,
        "kind": event.kind,
        "code": event.code,
        "before": event.before,
        "after": event.after,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "distance_m": event.distance_m,
        "far": event.is_far,
        "note": event.note,
        "photo": event.photo,
        "successor": event.successor,
    }


def event_line(event: EventRow) -> str:
    """An event as a line of a list."""
    parts = [
        f"{event.at:%Y-%m-%d %H:%M}",
        event.token,
        EVENT_NAMES[PlateEventKind(event.kind)],
        f"{event.before} → {event.after}",
        event.actor,
    ]
    if event.distance_m is not None:
        parts.append(f"{event.distance_m:.0f} m off" + (" (far)" if event.is_far else ""))
    if event.successor:
        parts.append(f"→ {event.successor}")
    return "  ".join([*parts, event.note]).rstrip()
