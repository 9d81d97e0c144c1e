"""Commands that are imported when called, so that `menpai --help` imports none of them."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from service.cli.account_option import add_account_option
from service.cli.chinese import translate_help
from service.core.memory import collection_paused


class CommandEntry(NamedTuple):
    """Where a command is: its module, the first line of its help, and its name in the module.

    ``app`` is a group of commands, to which the groups of ``more`` modules are added; its commands
    take --account, unless it is ``impersonal``. A ``hidden`` command is for processes.
    """

    module: str
    help: str
    name: str = "app"
    more: tuple[str, ...] = ()
    impersonal: bool = False
    hidden: bool = False


class LazyGroup(TyperGroup):
    """A group whose commands are listed in a table, given by a subclass."""

    table: ClassVar[Mapping[str, CommandEntry]] = {}

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | None:
        """A stub with name and help, for the list of commands."""
        entry = self.table.get(cmd_name)
        if entry is None:
            return None
        stub = TyperCommand(cmd_name, help=entry.help, hidden=entry.hidden)
        translate_help(stub)
        return stub

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Its help, in the language of the shell."""
        translate_help(self)
        super().format_help(ctx, formatter)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is called, imported now."""
        name, command, rest = super().resolve_command(ctx, args)
        if name is not None and name in self.table:
            command = load(name, self.table[name])
        return name, command, rest


def load(name: str, entry: CommandEntry) -> Any:
    """Import a command."""
    with collection_paused():  # a quarter of the time it takes
        module, *others = [import_module(one) for one in (entry.module, *entry.more)]
    if entry.name == "app":
        group: typer.Typer = module.app
        for more in others:
            group.add_typer(more.app)
        command: Any = get_group(group)
        if not entry.impersonal:
            add_account_option(command)
    else:
        group = typer.Typer(add_completion=False)
        group.command(name)(getattr(module, entry.name))
        command = get_command(group)
    command.name = name
    translate_help(command)
    return command
