"""menpai units: offices of five levels, their posts, and who holds them."""

from datetime import datetime
from typing import Annotated

import typer

from address_model.division_codes import division_prefix
from address_model.units import UNIT_KIND_NAMES, UnitKind
from service.auth.names import fold_name
from service.auth.permissions import Role
from service.cli.members import acting
from service.cli.options import Json, Seen, open_database
from service.core.clock import today
from service.core.output import result
from service.organisations import commands
from service.organisations.queries import UnitRow, get_unit, list_posts, list_units

app = typer.Typer(help="Units (单位): offices, posts, and who holds them.", no_args_is_help=True)
Number = Annotated[str, typer.Argument(help="Number of the unit, such as U3301020001.")]
Day = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The day, as 2026-12-01; today if left out."),
]
PAGE = 500


@app.command("list")
def list_command(
    *,
    division: Annotated[str, typer.Option(help="Only units of this division and below.")] = "",
    as_json: Json = False,
) -> None:
    """List the units that there are, by division."""
    prefix, rows = division_prefix(division) if division else "", list[UnitRow]()
    with open_database().reading() as session:
        while page := list_units(
            session,
            scopes=(prefix,),
            living_on=today(),
            after=f"{rows[-1].division}{rows[-1].number}" if rows else "",
            limit=PAGE,
        ):
            rows += page
    lines = [
        f"{row.number}\t{row.division}\t{UNIT_KIND_NAMES[row.kind]}\t{row.name}" for row in rows
    ]
    result({"units": [unit_json(row) for row in rows]}, lines, as_json=as_json)


@app.command()
def show(number: Number, *, as_json: Json = False) -> None:
    """Show a unit, its posts, and who holds or held them."""
    with open_database().reading() as session:
        unit = get_unit(session, number)
        posts = list_posts(session, unit.id)
    lines = [f"{unit.number}\t{unit.name}\t{unit.record.summary}"]
    listed = []
    for post in posts:
        ends = f" – {post.valid_to}" if post.valid_to else ""
        lines.append(f"post {post.id}\t{post.name}\t{post.role_name}\t{post.valid_from}{ends}")
        holders = []
        for one in post.holdings:
            last = one.valid_to.isoformat() if one.valid_to else None
            lines.append(f"  holding {one.id}\t{one.account}\t{one.valid_from} – {last or '…'}")
            begun = one.valid_from.isoformat()
            holders.append({"holding": one.id, "account": one.account, "from": begun, "to": last})
        role = str(post.role) if post.role else None
        listed.append({"post": post.id, "name": post.name, "role": role, "holders": holders})
    result(unit_json(unit) | {"posts": listed}, lines, as_json=as_json)


@app.command("open")
def open_command(
    name: Annotated[str, typer.Argument(help="Name of the unit.")],
    *,
    division: Annotated[str, typer.Option(help="Code of the division it is of.")],
    kind: Annotated[UnitKind, typer.Option(help="What kind of office it is.")],
    parent: Annotated[str, typer.Option(help="Number of the unit above it.")] = "",
    phone: Annotated[str, typer.Option(help="Office telephone.")] = "",
    begins: Day = None,
    as_json: Json = False,
) -> None:
    """Enter a unit of a division and print its number."""
    draft = commands.UnitDraft(name, kind, parent, phone)
    with open_database().session() as session:
        made = commands.open_unit(
            session, draft, division, acting(session), begins=begins and begins.date()
        )
    result(unit_json(made), [made.number], as_json=as_json)


@app.command()
def correct(
    number: Number,
    *,
    name: Annotated[str, typer.Option(help="The correct name.")] = "",
    kind: Annotated[UnitKind | None, typer.Option(help="The correct kind.")] = None,
    parent: Annotated[str, typer.Option(help="Number of the unit above it; - for none.")] = "",
    phone: Annotated[str, typer.Option(help="Office telephone; - for none.")] = "",
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Correct a unit; what is left out stays."""
    with open_database().session() as session:
        held = get_unit(session, number)
        draft = commands.UnitDraft(
            name or held.name,
            kind or held.kind,
            "" if parent == "-" else parent or held.parent,
            "" if phone == "-" else phone or held.phone,
        )
        done = commands.correct_unit(session, number, draft, acting(session), seen=seen)
    result(unit_json(done), [done.record.summary], as_json=as_json)


@app.command()
def close(
    number: Number, *, last_day: Day = None, seen: Seen = None, as_json: Json = False
) -> None:
    """End a unit after its last day; units below it and holders must have gone before."""
    day = last_day.date() if last_day else today()
    with open_database().session() as session:
        done = commands.close_unit(session, number, day, acting(session), seen=seen)
    result(unit_json(done), [f"{done.number} – {done.valid_to}"], as_json=as_json)


@app.command("open-post")
def open_post(
    number: Number,
    name: Annotated[str, typer.Argument(help="Name of the post.")],
    *,
    role: Annotated[Role | None, typer.Option(help="The role that its holders have.")] = None,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Open a post in a unit."""
    with open_database().session() as session:
        unit = commands.open_post(session, number, name, role, acting(session), seen=seen)
        post = max(list_posts(session, unit.id), key=lambda one: one.id)
    result({"unit": unit.number, "post": post.id}, [str(post.id)], as_json=as_json)


@app.command("close-post")
def close_post(
    number: Number,
    post: Annotated[int, typer.Argument(help="Number of the post (`menpai units show`).")],
    *,
    last_day: Day = None,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """End a vacant post after its last day."""
    day = last_day.date() if last_day else today()
    with open_database().session() as session:
        commands.close_post(session, number, post, day, acting(session), seen=seen)
    result({"post": post, "last_day": day.isoformat()}, [f"{post} – {day}"], as_json=as_json)


@app.command()
def appoint(
    number: Number,
    post: Annotated[int, typer.Argument(help="Number of the post (`menpai units show`).")],
    account: Annotated[str, typer.Argument(help="Name of the account.")],
    *,
    begins: Day = None,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Let a person hold a post from a day on, with the role that it carries."""
    name, day = fold_name(account), begins.date() if begins else today()
    with open_database().session() as session:
        commands.appoint_holder(
            session, number, post, name, begins=day, actor=acting(session), seen=seen
        )
    told = {"post": post, "account": name, "begins": day.isoformat()}
    result(told, [f"{name} {day} – …"], as_json=as_json)


@app.command()
def relieve(
    number: Number,
    holding: Annotated[int, typer.Argument(help="Number of the holding (`menpai units show`).")],
    *,
    last_day: Day = None,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """End a holding after its last day, and with it the role of the post."""
    day = last_day.date() if last_day else today()
    with open_database().session() as session:
        commands.relieve_holder(session, number, holding, day, acting(session), seen=seen)
    told = {"holding": holding, "last_day": day.isoformat()}
    result(told, [f"{holding} – {day}"], as_json=as_json)


@app.command("move-account")
def move_account(
    account: Annotated[str, typer.Argument(help="Name of the account.")],
    *,
    to: Annotated[str, typer.Option(help="Number of the unit; none if left out.")] = "",
    as_json: Json = False,
) -> None:
    """Let an account belong to a unit, or to none."""
    name = fold_name(account)
    with open_database().session() as session:
        commands.move_account(session, name, to, acting(session))
    result({"account": name, "unit": to or None}, [f"{name} {to or '–'}"], as_json=as_json)


def unit_json(row: UnitRow) -> dict[str, object]:
    """A unit as `--json` has it."""
    return {
        "number": row.number,
        "name": row.name,
        "kind": str(row.kind),
        "division": row.division,
        "parent": row.parent or None,
        "phone": row.phone,
        "from": row.valid_from.isoformat(),
        "to": row.valid_to.isoformat() if row.valid_to else None,
        "version": row.version,
    }
