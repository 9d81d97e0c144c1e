"""menpai addresses correct, move, freeze, unfreeze, retire, merge, split, name, identify."""

from datetime import date, datetime
from typing import Annotated

import typer

from address_model.codes import format_code
from address_model.coordinates import CoordinateSystem, distance_m
from service.addresses import commands
from service.addresses.commands.names import NameDraft
from service.addresses.drafts import AddressDraft, take_division
from service.addresses.queries import find_addresses, get_address, list_children, list_positions
from service.cli.members import acting
from service.cli.options import Json, Seen, open_database
from service.core.database import Database
from service.core.errors import BadRequest
from service.core.output import result
from service.core.sheets import RowFault
from service.imports.commands import ImportOptions, build_placer
from service.imports.register_comparison import FAR_M
from service.imports.rows import ImportRow as ListRow
from service.matching.queries.name_keys import read_name_key
from service.plates.commands import follow_addresses

app = typer.Typer()

Code = Annotated[str, typer.Argument(help="Address code, 16 digits; blanks and dashes allowed.")]
Reason = Annotated[str, typer.Option(help="Why; shown to whoever looks up the code.")]
_DAY = ["%Y-%m-%d"]


@app.command()
def correct(
    code: Code,
    text: Annotated[str, typer.Option(help="The right address, in full.")],
    *,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Correct the text of an address; the old one becomes a former name and still leads to it."""
    database = open_database()
    draft = _place(database, ListRow(1, text=text))
    with database.session() as session:
        held = get_address(session, code)
        draft = take_division(draft, held)
        changed = commands.correct_address(session, held, draft, acting(session), seen=seen)
        follow_addresses(session, changed, acting(session))
    before = changed[0].standard_text
    _say(as_json, code=held.code, before=before, after=draft.text, followed=len(changed) - 1)


@app.command()
def move(
    code: Code,
    lon: Annotated[float, typer.Option(help="Longitude in degrees.")],
    lat: Annotated[float, typer.Option(help="Latitude in degrees.")],
    *,
    crs: Annotated[
        CoordinateSystem, typer.Option(help="Coordinate system of lon and lat.")
    ] = CoordinateSystem.CGCS2000,
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
    draft = _place(database, row, crs)
    assert draft.point is not None  # noqa: S101 - both degrees were given
    point, note = draft.point, draft.point_note
    facts = commands.PointFacts(source="officer", note=note)
    with database.session() as session:
        held = commands.move_address(session, code, point, acting(session), facts=facts, seen=seen)
        follow_addresses(session, [held], acting(session))
        left = [
            f"{row.position.name}{row.label} {distance_m(point, row.point):.0f} m"
            for row in list_positions(session, [held.code]).get(held.code, [])
            if distance_m(point, row.point) > FAR_M
        ]
    after = f"{point.lon:.6f},{point.lat:.6f}"
    _say(as_json, code=held.code, after=after, note=note, left_behind=", ".join(left))


@app.command()
def freeze(code: Code, reason: Reason, *, seen: Seen = None, as_json: Json = False) -> None:
    """Freeze an address: it cannot be changed until it is unfrozen."""
    with open_database().session() as session:
        commands.freeze_address(session, code, acting(session), reason=reason, seen=seen)
    _say_status(code, as_json=as_json)


@app.command()
def unfreeze(code: Code, *, reason: Reason = "", seen: Seen = None, as_json: Json = False) -> None:
    """Make a frozen address valid again."""
    with open_database().session() as session:
        commands.unfreeze_address(session, code, acting(session), reason=reason, seen=seen)
    _say_status(code, as_json=as_json)


@app.command()
def retire(
    code: Code,
    reason: Reason,
    *,
    successor: Annotated[str, typer.Option(help="Code of the address that replaces it.")] = "",
    invalid: Annotated[bool, typer.Option("--invalid", help="It was never valid (无效).")] = False,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """End an address (注销); its code and texts stay and lead to the successor, if it has one."""
    with open_database().session() as session:
        held = commands.retire_address(
            session,
            code,
            acting(session),
            reason=reason,
            successor=successor,
            invalid=invalid,
            seen=seen,
        )
        follow_addresses(session, [held], acting(session))
    _say_status(code, as_json=as_json)


@app.command()
def merge(
    codes: Annotated[list[str], typer.Argument(metavar="CODE …", help="The addresses that end.")],
    into: Annotated[str, typer.Option(help="Code of the address that stays.")],
    reason: Reason,
    *,
    as_json: Json = False,
) -> None:
    """Merge addresses into one: it takes the place of the others."""
    with open_database().session() as session:
        held = commands.merge_addresses(session, codes, into, acting(session), reason=reason)
        follow_addresses(session, [*held, get_address(session, into)], acting(session))
    _say_status(*codes, as_json=as_json)


@app.command()
def split(
    code: Code,
    texts: Annotated[list[str], typer.Option("--text", help="A new address; give two or more.")],
    reason: Reason,
    *,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Divide an address into several new ones, each with its own code."""
    database = open_database()
    drafts = [_place(database, ListRow(n, text=text)) for n, text in enumerate(texts, start=1)]
    with database.session() as session:
        held = get_address(session, code)
        codes = commands.split_address(
            session, code, drafts, acting(session), reason=reason, seen=seen
        )
        follow_addresses(session, [held], acting(session))
        rows = find_addresses(session, [str(new) for new in codes])
    made = [{"code": str(new), "standard_text": rows[str(new)].standard_text} for new in codes]
    lines = [f"{format_code(item['code'])}  {item['standard_text']}" for item in made]
    result({"code": code, "successors": made}, lines, as_json=as_json)


@app.command()
def name(
    code: Code,
    text: Annotated[str, typer.Option(help="The text that leads to this address from now on.")],
    *,
    kind: Annotated[str, typer.Option(help="alias, former or department.")] = "alias",
    source: Annotated[str, typer.Option(help="Where the text comes from.")] = "",
    since: Annotated[datetime | None, typer.Option("--from", formats=_DAY)] = None,
    until: Annotated[datetime | None, typer.Option("--until", formats=_DAY)] = None,
    as_json: Json = False,
) -> None:
    """Add an alias, a former name or a department's text to an address."""
    with open_database().session() as session:
        held = get_address(session, code)
        key = read_name_key(session, held.county, text)
        draft = NameDraft(key, text, kind, source, _day(since), _day(until))
        commands.add_name(session, code, draft, acting(session))
    _say(as_json, code=held.code, kind=kind, after=text)


@app.command()
def identify(
    code: Code,
    scheme: Annotated[str, typer.Option(help="The scheme, for example sz25 or police.")],
    value: Annotated[
        str, typer.Option(help="The identifier that leads to this address from now on.")
    ],
    *,
    since: Annotated[datetime | None, typer.Option("--from", formats=_DAY)] = None,
    until: Annotated[datetime | None, typer.Option("--until", formats=_DAY)] = None,
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
    _say(as_json, code=code, scheme=scheme, value=value)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _place(
    database: Database, row: ListRow, system: CoordinateSystem = CoordinateSystem.CGCS2000
) -> AddressDraft:
    """The one draft of a text or of elements, placed and checked as in an import."""
    placer = build_placer(database, ImportOptions(source="officer", system=system))
    placed = placer.place(row)
    if isinstance(placed, RowFault):
        raise BadRequest(placed.reason, hint=placed.hint)
    if len(placed) > 1:
        raise BadRequest(
            f"{row.text} names {len(placed)} plates", hint="name one plate in each text"
        )
    return placed[0]


def _say_status(*codes: str, as_json: bool) -> None:
    with open_database().reading() as session:
        rows = [get_address(session, code) for code in codes]
    values: list[dict[str, object]] = [
        {
            "code": row.code,
            "standard_text": row.standard_text,
            "status": row.status,
            "status_reason": row.status_reason,
            "successor": row.successor_code,
            "version": row.version,
        }
        for row in rows
    ]
    lines = [
        f"{format_code(row.code)}  {row.standard_text}  {row.status}"
        + (f" → {format_code(row.successor_code)}" if row.successor_code else "")
        for row in rows
    ]
    result(values[0] if len(values) == 1 else {"addresses": values}, lines, as_json=as_json)


def _say(as_json: bool, /, **values: object) -> None:
    lines = [f"{key:<7} {value}" for key, value in values.items() if value]
    result(dict(values), lines, as_json=as_json)


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
