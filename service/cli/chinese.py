"""The command line in Chinese: help, usage, errors of commands; chosen by the locale of the shell.

Messages are translated where they are printed, by ``service.core.output``; here is what Typer says
itself, and the help that it takes from the commands.
"""

import os
from collections.abc import Mapping
from typing import Any

import typer
from typer import rich_utils
from typer._click.formatting import HelpFormatter

from service.core.messages import IN_CHINESE
from service.core.output import translate_output
from service.core.words import Language

VARIABLES = ("MENPAI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where the language is looked for; the first that is set decides (POSIX, chapter 8)."""

SAID_BY_TYPER = (
    "No such option: {0}",
    "No such command {0}.",
    "No such command {0}. Did you mean {1}?",
    "Missing command.",
    "Missing argument {0}.",
    "Missing option {0}.",
    "Missing parameter {0}.",
    "Missing option {0}. {1}",
    "Missing argument {0}. {1}",
    "Invalid value: {0}",
    "Invalid value for {0}: {1}",
    "Got unexpected extra argument ({0})",
    "Got unexpected extra arguments ({0})",
    "Got unexpected extra argument(s) ({0})",
    "Option {0} does not take a value.",
    "Option {0} requires an argument.",
    "Option {0} requires {1} arguments.",
    "Argument {0} takes {1} values.",
    "Value {0} is not a valid {1}.",
    "{0} does not match the formats {1}.",
    "{0} {1} does not exist.",
    "{0} {1} is a directory.",
    "{0} {1} is a file.",
    "{0} {1} is not readable.",
    "{0} is not one of {1}.",
    "{0} is not in the range {1}.",
    "Show this message and exit.",
)
SAID_ALONE = ("FAIL", "ok", "plate", "province", "city", "county", "township", "community")
"""Single words at the beginning of a line."""

_MAKE_TEXT = "_make_rich_text"
_FIXED = {
    "DEPRECATED_STRING": "（已停用）",
    "DEFAULT_STRING": "[默认：{}]",
    "ENVVAR_STRING": "[环境变量：{}]",
    "REQUIRED_LONG_STRING": "[必填]",
    "ARGUMENTS_PANEL_TITLE": "参数",
    "OPTIONS_PANEL_TITLE": "选项",
    "COMMANDS_PANEL_TITLE": "命令",
    "ERRORS_PANEL_TITLE": "错误",
    "ABORTED_TEXT": "已中止。",
    "RICH_HELP": "用 [blue]'{command_path} {help_option}'[/] 查看用法。",
}


def shell_language(environment: Mapping[str, str] = os.environ) -> Language:
    """The language of the shell: Chinese if the first variable that is set says zh."""
    said = next((value for name in VARIABLES if (value := environment.get(name))), "")
    return Language.ZH if said.lower().startswith("zh") else Language.EN


def speak(language: Language) -> None:
    """Let commands speak a language from now on; English is what they are written in."""
    if language is not Language.ZH:
        return
    translate_output(IN_CHINESE)
    for name, text in _FIXED.items():
        setattr(rich_utils, name, text)
    make_text, format_error = getattr(rich_utils, _MAKE_TEXT), rich_utils.rich_format_error
    write_usage = HelpFormatter.write_usage

    def make_folded(**given: Any) -> Any:
        """A text that is broken anywhere, as Chinese is, and not cut off."""
        made = make_text(**given)
        made.overflow = "fold"
        return made

    def format_translated(error: Any) -> None:
        message = IN_CHINESE(error.format_message())
        error.format_message = lambda: message
        format_error(error)

    def write_translated(
        self: HelpFormatter, prog: str, args: str = "", prefix: str | None = None
    ) -> None:
        write_usage(self, prog, args, prefix or "用法：")

    for owner, name, function in (
        (rich_utils, _MAKE_TEXT, make_folded),
        (rich_utils, "rich_format_error", format_translated),
        (HelpFormatter, "write_usage", write_translated),
    ):
        setattr(owner, name, function)


def translate_help(command: Any) -> None:
    """Translate the help of a command, its options and the commands below it."""
    if shell_language() is not Language.ZH:
        return
    for owner in (command, *command.params, command.get_help_option(typer.Context(command))):
        if getattr(owner, "help", None):
            paragraphs = str(owner.help).split("\n\n")
            owner.help = "\n\n".join(IN_CHINESE(" ".join(part.split())) for part in paragraphs)
    command.options_metavar = "[选项]"
    if hasattr(command, "commands"):
        command.subcommand_metavar = "命令 [参数]..."
        for inner in command.commands.values():
            translate_help(inner)
