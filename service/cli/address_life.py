"""menpai addresses correct, move, freeze, unfreeze, name, identify, children."""

from datetime import date, datetime
from typing import Annotated

import typer

from address_model.codes import format_code
from address_model.coordinates import CoordinateSystem, distance_m
from service.addresses import commands
from service.addresses.commands.names import NameDraft
from service.addresses.drafts import take_division
from service.addresses.queries import get_address, list_children, list_positions
from service.cli.address_fields import (
    DAY,
    Code,
    Dated,
    Document,
    OptionalReason,
    Reason,
    cite,
    place_row,
    say_status,
    say_values,
)
from service.cli.members import acting
from service.cli.options import Json, Seen, open_database
from service.core.output import result
from service.imports.register_comparison import FAR_M
from service.imports.rows import ImportRow as ListRow
from service.matching.queries.name_keys import read_name_key
from service.plates.commands import follow_addresses

app = typer.Typer()


@app.command()
def correct(
    code: Code,
    text: Annotated[str, typer.Option(help="The right address, in full.")],
    *,
    reason: OptionalReason = "",
    document: Document = "",
    dated: Dated = None,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Correct the text of an address; the old one becomes a former name and still leads to it."""
    database = open_database()
    draft = place_row(database, ListRow(1, text=text))
    with database.session() as session:
        held = get_address(session, code)
        draft = take_division(draft, held)
        changed = commands.correct_address(
            session,
            held,
            draft,
            acting(session),
            reason=reason,
            document=cite(document, dated),
            seen=seen,
        )
        follow_addresses(session, changed, acting(session))
    before = changed[0].standard_text
    say_values(as_json, code=held.code, before=before, after=draft.text, followed=len(changed) - 1)


@app.command()
def move(
    code: Code,
    lon: Annotated[float, typer.Option(help="Longitude in degrees.")],
    lat: Annotated[float, typer.Option(help="Latitude in degrees.")],
    *,
    crs: Annotated[
        CoordinateSystem, typer.Option(help="Coordinate system of lon and lat.")
    ] = CoordinateSystem.CGCS2000,
    reason: OptionalReason = "",
    document: Document = "",
    dated: Dated = None,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Move the own point of an address; the new one must lie in its county.

    Its typed positions stay; those over 200 m away are listed for review.
    """
    database = open_database()
    with database.reading() as session:
        held = get_address(session, code)
    row = ListRow(1, plates=(held.elements,), lon=lon, lat=lat)
    draft = place_row(database, row, crs)
    assert draft.point is not None  # noqa: S101 - both degrees were given
    point, note = draft.point, draft.point_note
    facts, cited = commands.PointFacts(source="officer", note=note), cite(document, dated)
    with database.session() as session:
        actor = acting(session)
        held = commands.move_address(
            session, code, point, actor, facts=facts, reason=reason, document=cited, seen=seen
        )
        follow_addresses(session, [held], actor)
        left = [
            f"{row.position.name}{row.label} {distance_m(point, row.point):.0f} m"
            for row in list_positions(session, [held.code]).get(held.code, [])
            if distance_m(point, row.point) > FAR_M
        ]
    after = f"{point.lon:.6f},{point.lat:.6f}"
    say_values(as_json, code=held.code, after=after, note=note, left_behind=", ".join(left))


@app.command()
def freeze(code: Code, reason: Reason, *, seen: Seen = None, as_json: Json = False) -> None:
    """Freeze an address: it cannot be changed until it is unfrozen."""
    with open_database().session() as session:
        commands.freeze_address(session, code, acting(session), reason=reason, seen=seen)
    say_status(code, as_json=as_json)


@app.command()
def unfreeze(code: Code, *, reason: Reason = "", seen: Seen = None, as_json: Json = False) -> None:
    """Make a frozen address valid again."""
    with open_database().session() as session:
        commands.unfreeze_address(session, code, acting(session), reason=reason, seen=seen)
    say_status(code, as_json=as_json)


@app.command()
def name(
    code: Code,
    text: Annotated[str, typer.Option(help="The text that leads to this address from now on.")],
    *,
    kind: Annotated[str, typer.Option(help="alias, former or department.")] = "alias",
    source: Annotated[str, typer.Option(help="Where the text comes from.")] = "",
    since: Annotated[datetime | None, typer.Option("--from", formats=DAY)] = None,
    until: Annotated[datetime | None, typer.Option("--until", formats=DAY)] = None,
    as_json: Json = False,
) -> None:
    """Add an alias, a former name or a department's text to an address."""
    with open_database().session() as session:
        held = get_address(session, code)
        key = read_name_key(session, held.county, text)
        draft = NameDraft(key, text, kind, source, _day(since), _day(until))
        commands.add_name(session, code, draft, acting(session))
    say_values(as_json, code=held.code, kind=kind, after=text)


@app.command()
def identify(
    code: Code,
    scheme: Annotated[str, typer.Option(help="The scheme, for example sz25 or police.")],
    value: Annotated[
        str, typer.Option(help="The identifier that leads to this address from now on.")
    ],
    *,
    since: Annotated[datetime | None, typer.Option("--from", formats=DAY)] = None,
    until: Annotated[datetime | None, typer.Option("--until", formats=DAY)] = None,
    as_json: Json = False,
) -> None:
    """Add an identifier of another scheme to an address; `menpai resolve --scheme` finds it."""
    with open_database().session() as session:
        commands.add_identifier(
            session,
            code,
            (scheme, value),
            acting(session),
            valid_from=_day(since),
            valid_to=_day(until),
        )
    say_values(as_json, code=code, scheme=scheme, value=value)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


@app.command()
def children(code: Code, *, as_json: Json = False) -> None:
    """List the direct children of an address: the rooms of a unit, the units of a building."""
    with open_database().reading() as session:
        held = get_address(session, code)
        found = list_children(session, held.code, limit=10_000)
    values = [
        {"code": row.code, "standard_text": row.standard_text, "level": row.level} for row in found
    ]
    lines = [f"{format_code(row.code)}  {row.standard_text}" for row in found]
    result({"code": held.code, "children": values}, lines or ["nothing"], as_json=as_json)
