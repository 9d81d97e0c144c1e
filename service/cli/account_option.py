"""The option --account of commands: in whose name they write."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from typer.main import get_command

ENVIRONMENT = "MENPAI_ACCOUNT"


@dataclass
class Named:
    """The account given to a command ("" for none), and whether it was reported already."""

    name: str = ""
    is_told: bool = False


NAMED: ContextVar[Named] = ContextVar("named account")
"""The account of the running command."""


def add_account_option(command: Any) -> None:
    """Let a command, or each command of a group, take --account."""
    if hasattr(command, "commands"):
        for inner in command.commands.values():
            add_account_option(inner)
    else:
        command.params += get_command(_holder).params


def _keep(value: str) -> str:
    NAMED.set(Named(value.strip()))
    return value


_holder = typer.Typer(add_completion=False)
"""A command that is never called: Typer builds the option from it."""


@_holder.command()
def _hold(
    account: Annotated[
        str,
        typer.Option(
            envvar=ENVIRONMENT,
            metavar="NAME",
            expose_value=False,
            show_default=False,
            callback=_keep,
            help="Your account: changes are recorded under its name.",
        ),
    ] = "",
) -> None:
    """In whose name."""
