"""menpai clients: programs of departments and their API keys."""

from typing import Annotated

import typer

from service.auth import commands
from service.auth.permissions import Permission
from service.auth.queries import list_clients
from service.cli.members import acting
from service.cli.options import Json, open_database
from service.core.output import SOME_REFUSED, result

app = typer.Typer(help="Departments' programs and their API keys.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Name of the department's program.")]


@app.command()
def create(name: Name, *, as_json: Json = False) -> None:
    """Register a program and print its API key, once; only its hash is stored."""
    with open_database().session() as session:
        key = commands.create_client(session, name, acting(session))
    result({"client": name, "key": str(key)}, [str(key)], as_json=as_json)


@app.command("list")
def list_command(*, as_json: Json = False) -> None:
    """List the programs with the prefixes of their valid keys, and their grants."""
    with open_database().reading() as session:
        clients = list_clients(session)
    rows = [
        {
            "client": one.name,
            "active": one.is_active,
            "keys": [{"prefix": prefix, "since": since.isoformat()} for prefix, since in one.keys],
            "grants": [{"permission": what, "division": where} for what, where in one.grants],
        }
        for one in clients
    ]
    lines = []
    for one in clients:
        keys = ", ".join(f"mp_{prefix}_…" for prefix, _ in one.keys) or "no key in force"
        grants = ", ".join(f"{what} {where or 'everywhere'}" for what, where in one.grants)
        lines.append(f"{one.name}\t{keys}\t{grants or 'no grant'}")
    result({"clients": rows}, lines, as_json=as_json)


@app.command("add-key")
def add_key(name: Name, *, as_json: Json = False) -> None:
    """Create another key for a program, so that the old one can be revoked without a gap."""
    with open_database().session() as session:
        key = commands.add_key(session, name, acting(session))
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
    permission: Annotated[Permission, typer.Argument(help="The permission, besides reading.")],
    *,
    division: Annotated[
        str, typer.Option(help="Code of the division it holds for; everywhere if left out.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Grant a program a permission, such as recording plate events (plates:install)."""
    with open_database().session() as session:
        commands.grant_client(session, name, permission, division, acting(session))
    said = f"{name} may {permission} in {division or 'every division'}"
    result(
        {"client": name, "permission": permission, "division": division}, [said], as_json=as_json
    )


@app.command("withdraw-grant")
def withdraw_grant(
    name: Name,
    permission: Annotated[Permission, typer.Argument(help="The permission to revoke.")],
    *,
    division: Annotated[str, typer.Option(help="Division code as it was granted.")] = "",
    as_json: Json = False,
) -> None:
    """Revoke a grant, at once."""
    with open_database().session() as session:
        commands.withdraw_grant(session, name, permission, division, acting(session))
    result({"client": name, "withdrawn": permission}, ["withdrawn"], as_json=as_json)
