"""menpai accounts: people who work with the register, their roles and sessions."""

from typing import Annotated

import typer

from service.auth import commands
from service.auth.members import Assignment
from service.auth.permissions import ROLE_NAMES, Role
from service.auth.queries import AccountRow, get_account, list_accounts
from service.cli.members import acting
from service.cli.options import Json, open_database
from service.core.faults import EnvironmentFault
from service.core.output import result, say
from service.core.settings import get_settings

app = typer.Typer(help="Accounts of staff: people, roles, sessions.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Name of the account, as typed to sign in.")]
RoleOption = Annotated[Role, typer.Option(help="What the person may do.")]
Division = Annotated[
    str, typer.Option(help="Code of the division it holds for; everywhere if left out.")
]
PAGE = 500


@app.command()
def create(
    name: Name,
    role: RoleOption,
    *,
    division: Division = "",
    display_name: Annotated[str, typer.Option(help="The person's name, for lists.")] = "",
    as_json: Json = False,
) -> None:
    """Create an account and print its first password, once; it must be changed on signing in."""
    with open_database().session() as session:
        assignment = Assignment(role, division)
        password = commands.create_account(
            session, name, assignment, acting(session), display_name=display_name
        )
    result({"account": name, "password": password}, [password], as_json=as_json)


@app.command("list")
def list_command(*, as_json: Json = False) -> None:
    """List the accounts with their roles."""
    accounts: list[AccountRow] = []
    with open_database().reading() as session:
        while page := list_accounts(
            session, after=accounts[-1].name if accounts else "", limit=PAGE
        ):
            accounts += page
    rows = [
        {
            "account": a.name,
            "display_name": a.display_name,
            "active": a.is_active,
            "decides_from": a.decides_from and a.decides_from.isoformat(),
            "sessions": a.open_sessions,
            "roles": [{"role": str(r.role), "division": r.division} for r in a.assignments],
        }
        for a in accounts
    ]
    lines = []
    for a in accounts:
        state = "active" if a.is_active else "disabled"
        roles = ", ".join(f"{ROLE_NAMES[r.role]} {r.division or '全部'}" for r in a.assignments)
        lines.append(f"{a.name}\t{a.display_name}\t{state}\t{roles}")
    result({"accounts": rows}, lines, as_json=as_json)


@app.command()
def grant(name: Name, role: RoleOption, *, division: Division = "", as_json: Json = False) -> None:
    """Add a role to an account."""
    with open_database().session() as session:
        commands.assign_role(session, name, Assignment(role, division), acting(session))
    _said(name, "granted", as_json=as_json)


@app.command()
def withdraw(
    name: Name, role: RoleOption, *, division: Division = "", as_json: Json = False
) -> None:
    """Remove a role from an account, at once."""
    code = division.ljust(12, "0") if division else ""
    with open_database().session() as session:
        commands.withdraw_role(session, name, Assignment(role, code), acting(session))
    _said(name, "withdrawn", as_json=as_json)


@app.command()
def disable(name: Name, *, as_json: Json = False) -> None:
    """Disable an account and end all its sessions, at once."""
    with open_database().session() as session:
        commands.disable_account(session, name, acting(session))
    _said(name, "disabled", as_json=as_json)


@app.command()
def enable(name: Name, *, as_json: Json = False) -> None:
    """Let a disabled account sign in again."""
    with open_database().session() as session:
        commands.enable_account(session, name, acting(session))
    _said(name, "enabled", as_json=as_json)


@app.command("reset-password")
def reset_password(name: Name, *, as_json: Json = False) -> None:
    """Print a new first password, once, and end all sessions of the account."""
    with open_database().session() as session:
        password = commands.reset_password(session, name, acting(session))
    result({"account": name, "password": password}, [password], as_json=as_json)


@app.command("reset-second-factor")
def reset_second_factor(name: Name, *, as_json: Json = False) -> None:
    """Take the authenticator and recovery codes of an account away, and end its sessions."""
    with open_database().session() as session:
        commands.reset_second_factor(session, name, acting(session))
    _said(name, "reset", as_json=as_json)


@app.command("release-identity")
def release_identity(name: Name, *, as_json: Json = False) -> None:
    """Release an account from the identity provider; print its new first password, once."""
    with open_database().session() as session:
        password = commands.release_identity(session, name, acting(session))
    result({"account": name, "password": password}, [password], as_json=as_json)


@app.command("bind-identity")
def bind_identity(
    name: Name,
    subject: Annotated[str, typer.Argument(help="Who the person is there (sub).")],
    *,
    as_json: Json = False,
) -> None:
    """Let an account sign in at the identity provider (MENPAI_OIDC_ISSUER), without a password.

    Raises:
        EnvironmentFault: no provider is set.
    """
    issuer = get_settings().oidc_issuer
    if not issuer:
        raise EnvironmentFault("no identity provider is set", hint="set MENPAI_OIDC_ISSUER")
    with open_database().session() as session:
        commands.bind_identity(session, name, issuer, subject, acting(session))
    _said(name, "bound", as_json=as_json)


@app.command("sign-out")
def sign_out(name: Name, *, as_json: Json = False) -> None:
    """End all sessions of an account, at once."""
    with open_database().session() as session:
        account = get_account(session, name)
        ended = commands.close_sessions(session, account.id, account.name, acting(session))
    say(f"{ended} sessions ended")
    result({"account": name, "sessions": ended}, [str(ended)], as_json=as_json)


def _said(name: str, what: str, *, as_json: bool) -> None:
    result({"account": name, "done": what}, [what], as_json=as_json)
