"""The command line: one file per subject; every command reports what it did."""

import sys
from importlib import import_module

import typer

from qr.errors import FontMissing, PlateError
from service.cli.chinese import shell_language, speak
from service.cli.lazy import CommandEntry, LazyGroup
from service.core.errors import DatabaseUnreachable, DeadHost, FilesUnavailable, MenpaiError
from service.core.faults import EnvironmentFault
from service.core.logs import configure_logs
from service.core.messages import IN_CHINESE
from service.core.output import ENVIRONMENT, INTERRUPTED, USAGE, in_words, say
from service.core.words import Language

COMMANDS: dict[str, CommandEntry] = {
    "db": CommandEntry(
        "service.cli.db", "The database: private by default, or your own.", impersonal=True
    ),
    "divisions": CommandEntry(
        "service.cli.divisions",
        "Divisions (行政区划).",
        more=("service.cli.division_decisions", "service.cli.division_imprints"),
    ),
    "areas": CommandEntry("service.cli.areas", "Areas (责任区) and the addresses in them."),
    "duties": CommandEntry("service.cli.duties", "Duties (责任): who answers for an area."),
    "addresses": CommandEntry(
        "service.cli.addresses",
        "Addresses in and out.",
        more=(
            "service.cli.address_life",
            "service.cli.address_succession",
            "service.cli.address_positions",
        ),
    ),
    "codes": CommandEntry("service.cli.codes", "Address codes (地址编码)."),
    "plates": CommandEntry(
        "service.cli.plates",
        "Plates (门牌).",
        more=("service.cli.plate_life", "service.cli.check_ins"),
    ),
    "runs": CommandEntry("service.cli.runs", "Runs: bulk work in the background."),
    "worklists": CommandEntry("service.cli.worklists", "Work items (工单) for crews."),
    "alarms": CommandEntry("service.cli.alarms", "Alarms (疑点) from the counts of scans."),
    "clients": CommandEntry("service.cli.clients", "Departments' programs and their API keys."),
    "units": CommandEntry("service.cli.units", "Units (单位): offices, posts, and who holds them."),
    "accounts": CommandEntry("service.cli.accounts", "Accounts of staff: people, roles, sessions."),
    "placenames": CommandEntry(
        "service.cli.placenames",
        "Place names (地名) and the addresses at them.",
        more=("service.cli.namesakes", "service.cli.place_decisions"),
    ),
    "heritage": CommandEntry("service.cli.heritage", "Heritage of place names (地名文化遗产)."),
    "service-items": CommandEntry(
        "service.cli.service_items", "Services (办事服务) on the pages of plates."
    ),
    "facilities": CommandEntry("service.cli.facilities", "Facilities (便民设施) near plates."),
    "datasets": CommandEntry("service.cli.datasets", "Datasets (数据集) on address codes."),
    "audit": CommandEntry("service.cli.audit", "The audit chain."),
    "demo": CommandEntry(
        "service.cli.demo",
        "Make a register of example addresses in Zhejiang, with codes, plates and a scan page.",
        "demo",
    ),
    "serve": CommandEntry(
        "service.cli.serve",
        "Serve the scan pages and the API until interrupted, with one worker beside it.",
        "serve",
    ),
    "pages": CommandEntry(
        "service.cli.pages",
        "Answer pages and the API at a socket; started by `menpai serve`.",
        "pages",
        hidden=True,
    ),
    "worker": CommandEntry(
        "service.cli.worker",
        "Do the work of runs (plate batches and other bulk work) until interrupted.",
        "worker",
    ),
    "check": CommandEntry(
        "service.cli.check",
        "Check the system; every failure says what corrects it.",
        "check",
    ),
    "parse": CommandEntry(
        "service.cli.parse",
        "Read an address: its elements with their positions in the text, its plates, a verdict.",
        "parse",
    ),
    "parse-file": CommandEntry(
        "service.cli.parse",
        "Read a file of addresses, one JSON object per line; write the readings in order.",
        "parse_file",
    ),
    "resolve": CommandEntry(
        "service.cli.resolve",
        "Find the address a text means: its category, code and standard text.",
        "resolve",
    ),
    "replicate": CommandEntry(
        "service.cli.replicate",
        "Copy registers into a database of your own, and keep them up to date.",
        "replicate",
    ),
    "resolve-file": CommandEntry(
        "service.cli.resolve",
        "Resolve a column of a file; its columns and the order of its rows are kept.",
        "resolve_file",
    ),
}
"""Every command, in the order of `menpai --help`; each is imported when it is called."""


class Commands(LazyGroup):
    """The commands of `menpai`."""

    table = COMMANDS


app = typer.Typer(
    name="menpai",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def menpai() -> None:
    """Menpai (门牌): one permanent code for every address, from the register to the phone."""
    configure_logs()


def main() -> None:
    """Run a command; an error becomes one sentence, its hint, and an exit code."""
    language = shell_language()
    speak(language)
    is_chinese = language is Language.ZH
    try:
        app(standalone_mode=True)
    except KeyboardInterrupt:
        _fail("interrupted; run it again to go on", "", INTERRUPTED)
    except (MenpaiError, EnvironmentFault, PlateError, OSError) as error:
        full = import_module("service.cli.full_disk").explain_full_disk(error)
        if full:
            _fail(full, "", ENVIRONMENT)
        match error:
            case DatabaseUnreachable() | FilesUnavailable():
                _fail(*_told(error), ENVIRONMENT)
            case MenpaiError():
                what, hint = _told(error)
                title = error.kind().title_zh + "：" if is_chinese else error.title + " "
                _fail(title + what, hint, ENVIRONMENT if isinstance(error, DeadHost) else USAGE)
            case EnvironmentFault():
                _fail(error.what, error.hint, ENVIRONMENT)
            case PlateError():
                what = in_words(error.message)
                plate = f"plate {error.plate_id}: {what}" if error.plate_id else what
                _fail(plate, "", ENVIRONMENT if isinstance(error, FontMissing) else USAGE)
            case _:
                raise


def _told(error: MenpaiError) -> tuple[str, str]:
    """Detail and hint in the language of the output; a Chinese text of its own has both."""
    if error.zh and shell_language() is Language.ZH and IN_CHINESE.find(error.detail) is None:
        return error.zh, ""
    return in_words(error.detail), in_words(error.hint)


def _fail(what: str, hint: str, code: int) -> None:
    say(f"menpai: {what}")
    if hint:
        say(f"Hint: {hint}")
    sys.exit(code)
