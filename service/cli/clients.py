"""menpai clients: programs of departments, their API keys and grants."""

from datetime import datetime, timedelta
from typing import Annotated

import typer

from address_model.sensitivity import FieldClass
from service.auth import commands
from service.auth.grants import Grant
from service.auth.permissions import Permission
from service.auth.queries import GrantRow, get_client, get_grant, list_clients, list_usage
from service.cli.members import acting, get_member, require_password
from service.cli.options import Json, PasswordFile, Seen, open_database
from service.core.clock import today, zone
from service.core.output import SOME_REFUSED, result
from service.core.settings import get_settings
from service.departments.address_requests.queries import list_all_return_urls
from service.departments.commands import approve_grant, give_grant, send_back_grant
from service.departments.commands.address_requests import (
    register_return_url,
    withdraw_return_url,
)

app = typer.Typer(help="Departments' programs and their API keys.", no_args_is_help=True)
Networks = Annotated[
    list[str] | None,
    typer.Option(help="Only from this network, such as 10.1.0.0/16; may be repeated."),
]
Name = Annotated[str, typer.Argument(help="Name of the department's program.")]


@app.command()
def create(
    name: Name,
    *,
    owner: Annotated[str, typer.Option(help="The office that answers for it.")] = "",
    note: Annotated[str, typer.Option(help="What it is for.")] = "",
    division: Annotated[
        str, typer.Option(help="Code of the division that manages it; the register if left out.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Register a program and print its API key, once; it reads nothing until it has a grant."""
    with open_database().session() as session:
        key = commands.create_client(
            session, name, acting(session), owner=owner, note=note, division=division
        )
    result({"client": name, "key": str(key)}, [str(key)], as_json=as_json)


@app.command("list")
def list_command(*, as_json: Json = False) -> None:
    """List the programs with the prefixes of their valid keys, and their grants."""
    with open_database().reading() as session:
        clients = list_clients(session)
    rows = [
        {
            "client": one.name,
            "owner": one.owner,
            "active": one.is_active,
            "keys": [
                {"prefix": key.prefix, "since": key.since.isoformat()}
                | ({"until": key.until.isoformat()} if key.until else {})
                for key in one.keys
            ],
            "grants": [_terms(row) for row in one.grants],
        }
        for one in clients
    ]
    lines = []
    for one in clients:
        keys = ", ".join(f"mp_{key.prefix}_…" for key in one.keys) or "no key in force"
        lines.append(f"{one.name}\t{keys}" + ("" if one.is_active else "\tclosed"))
        for row in one.grants:
            told = [
                f"{name} {' '.join(map(str, value)) if isinstance(value, list) else value}"
                for name, value in _terms(row).items()
                if value
            ]
            lines.append(f"    {', '.join(told)}")
        if not one.grants:
            lines.append("    no grant: it reads nothing")
    result({"clients": rows}, lines, as_json=as_json)


def _terms(row: GrantRow) -> dict[str, object]:
    """The terms of a grant, as they are listed and printed."""
    grant = row.grant
    return {
        "grant": grant.number,
        "permissions": sorted(grant.permissions),
        "division": grant.division,
        "fields": sorted(grant.classes),
        "deep": grant.is_deep,
        "per_minute": grant.per_minute,
        "per_day": grant.per_day,
        "networks": list(grant.networks),
        "until": grant.valid_until.isoformat() if grant.valid_until else None,
        "version": row.version,
    }


@app.command("add-key")
def add_key(
    name: Name,
    *,
    others_until: Annotated[
        datetime | None,
        typer.Option(help="When its other keys end (rotation with overlap); else they stay."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Create another key for a program, so that the old one can be revoked without a gap."""
    ends = others_until.replace(tzinfo=zone()) if others_until else None
    with open_database().session() as session:
        key = commands.add_key(session, name, acting(session), others_until=ends)
    result({"client": name, "key": str(key)}, [str(key)], as_json=as_json)


@app.command("revoke-key")
def revoke_key(
    prefix: Annotated[str, typer.Argument(help="The twelve characters after mp_.")],
    *,
    as_json: Json = False,
) -> None:
    """Revoke a key at once."""
    with open_database().session() as session:
        revoked = commands.revoke_key(session, prefix.removeprefix("mp_")[:12], acting(session))
    said = "revoked" if revoked else "no such key in force"
    result({"revoked": revoked}, [said], as_json=as_json)
    if not revoked:
        raise typer.Exit(SOME_REFUSED)


@app.command()
def grant(
    name: Name,
    permissions: Annotated[
        list[Permission], typer.Argument(help="The permissions, such as addresses:read.")
    ],
    *,
    division: Annotated[
        str, typer.Option(help="Code of the division it holds for; everywhere if left out.")
    ] = "",
    fields: Annotated[
        list[FieldClass] | None,
        typer.Option(help="Class of fields: public, register; may be repeated. Default: public."),
    ] = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also units and rooms, below the door plate.")
    ] = False,
    per_minute: Annotated[int, typer.Option(min=0, help="Calls a minute; 0: no limit.")] = 600,
    per_day: Annotated[int, typer.Option(min=0, help="Calls a day; 0: no limit.")] = 100_000,
    network: Networks = None,
    until: Annotated[datetime | None, typer.Option(help="When it ends; else it stays.")] = None,
    as_json: Json = False,
) -> None:
    """Grant a program what it may call, where, and which fields it sees there."""
    terms = Grant(
        0,
        division,
        frozenset(permissions),
        frozenset(fields or [FieldClass.PUBLIC]),
        deep,
        per_minute,
        per_day,
        tuple(network or ()),
        valid_until=until.replace(tzinfo=zone()) if until else None,
    )
    above = get_settings().grant_approval_above
    with open_database().session() as session:
        done = give_grant(session, name, terms, acting(session), approval_above=above)
        given = _terms(get_grant(session, done.number)) | {"waits": done.waits}
    told = ", ".join(f"{what} {value}" for what, value in given.items() if value)
    result({"client": name} | given, [f"{name}: {told}"], as_json=as_json)


@app.command()
def withdraw(
    number: Annotated[int, typer.Argument(help="The number of the grant.")],
    *,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Withdraw a grant, at once."""
    with open_database().session() as session:
        commands.withdraw_grant(session, number, acting(session), seen)
    result({"grant": number, "withdrawn": True}, ["withdrawn"], as_json=as_json)


@app.command()
def close(name: Name, *, seen: Seen = None, as_json: Json = False) -> None:
    """Close a program: all its keys and grants end at once; its name stays taken."""
    with open_database().session() as session:
        commands.close_client(session, name, acting(session), seen)
    result({"client": name, "closed": True}, ["closed"], as_json=as_json)


@app.command()
def usage(
    name: Name,
    *,
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days back.")] = 30,
    as_json: Json = False,
) -> None:
    """How often a program made each call on each day, and how many rows it got."""
    with open_database().reading() as session:
        client = get_client(session, name)
        rows = list_usage(session, client.id, since=today() - timedelta(days=days - 1))
    told = [
        {"day": row.day.isoformat(), "call": row.call, "count": row.count, "rows": row.rows}
        for row in rows
    ]
    lines = [f"{row.day}\t{row.call}\t{row.count:,}\t{row.rows:,}" for row in rows]
    result({"client": name, "usage": told}, lines, as_json=as_json)


@app.command()
def approve(
    number: Annotated[int, typer.Argument(help="The number of the grant.")],
    *,
    seen: Seen = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Approve a colleague's grant for reading in bulk, with your password."""
    database = open_database()
    require_password(database, password_file)
    with database.session() as session:
        approve_grant(session, number, get_member(session), agreed="", seen=seen)
    result({"grant": number, "approved": True}, ["approved"], as_json=as_json)


@app.command("send-back")
def send_back(
    number: Annotated[int, typer.Argument(help="The number of the grant.")],
    reason: Annotated[str, typer.Option(help="What to change; shown to the author.")],
    *,
    seen: Seen = None,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Send a grant that awaits approval back to its author (退回), with your password."""
    database = open_database()
    require_password(database, password_file)
    with database.session() as session:
        send_back_grant(session, number, reason, get_member(session), seen=seen)
    result({"grant": number, "sent_back": True}, ["sent back"], as_json=as_json)


Url = Annotated[
    str, typer.Argument(help="Where residents of a form are sent back to, an https address.")
]


@app.command("add-return-url")
def add_return_url(name: Name, url: Url, *, as_json: Json = False) -> None:
    """Let residents who show an address be sent back to a web address of a program."""
    with open_database().session() as session:
        register_return_url(session, name, url, acting(session))
    result({"client": name, "return_url": url}, [f"{name}\t{url}"], as_json=as_json)


@app.command("withdraw-return-url")
def withdraw_return_url_command(name: Name, url: Url, *, as_json: Json = False) -> None:
    """Send nobody back there any more; open requests that lead there end."""
    with open_database().session() as session:
        withdrawn = withdraw_return_url(session, name, url, acting(session))
    said = "withdrawn" if withdrawn else "no such return URL"
    result({"client": name, "withdrawn": withdrawn}, [said], as_json=as_json)
    if not withdrawn:
        raise typer.Exit(SOME_REFUSED)


@app.command("return-urls")
def return_urls(*, as_json: Json = False) -> None:
    """List the web addresses to which residents may be sent back, by program."""
    with open_database().reading() as session:
        known = list_all_return_urls(session)
    lines = [f"{name}\t{url}" for name, urls in known.items() for url in urls]
    urls_of = {name: list(urls) for name, urls in known.items()}
    result({"return_urls": urls_of}, lines, as_json=as_json)
