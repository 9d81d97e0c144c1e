"""The command line: one file a subject; every command says what it did."""

import sys

import typer

from qr.errors import FontMissing, PlateError
from service.cli import (
    accounts,
    address_life,
    addresses,
    areas,
    audit,
    check,
    clients,
    codes,
    db,
    demo,
    divisions,
    duties,
    heritage,
    matching,
    parsing,
    plate_life,
    plates,
    runs,
    serve,
    worker,
    worklists,
)
from service.core.errors import DatabaseUnreachable, MenpaiError
from service.core.faults import EnvironmentFault
from service.core.output import ENVIRONMENT, INTERRUPTED, USAGE, say

app = typer.Typer(
    name="menpai",
    help="Menpai (门牌): one permanent code for every address, from the register to the phone.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for name, group in (
    ("db", db.app),
    ("divisions", divisions.app),
    ("areas", areas.app),
    ("duties", duties.app),
    ("addresses", addresses.app),
    ("codes", codes.app),
    ("plates", plates.app),
    ("runs", runs.app),
    ("worklists", worklists.app),
    ("clients", clients.app),
    ("accounts", accounts.app),
    ("heritage", heritage.app),
    ("audit", audit.app),
):
    app.add_typer(group, name=name)
addresses.app.add_typer(address_life.app)
plates.app.add_typer(plate_life.app)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("worker")(worker.worker)
app.command("check")(check.check)
app.command("parse")(parsing.parse)
app.command("parse-file")(parsing.parse_file)
app.command("resolve")(matching.resolve)
app.command("resolve-file")(matching.resolve_file)


def main() -> None:
    """Run a command; an error becomes one sentence, its mend, and an exit code."""
    try:
        app(standalone_mode=True)
    except EnvironmentFault as fault:
        _fail(str(fault), "", ENVIRONMENT)
    except DatabaseUnreachable as error:
        _fail(error.detail, error.mend, ENVIRONMENT)
    except MenpaiError as error:
        _fail(f"{error.title} {error.detail}", error.mend, USAGE)
    except PlateError as error:
        _fail(str(error), "", ENVIRONMENT if isinstance(error, FontMissing) else USAGE)
    except KeyboardInterrupt:
        _fail("interrupted; run it again to go on", "", INTERRUPTED)


def _fail(what: str, mend: str, code: int) -> None:
    say(f"menpai: {what}")
    if mend:
        say(f"Mend: {mend}")
    sys.exit(code)
