"""menpai audit: verify the audit chain, and begin its heads again."""

from dataclasses import asdict
from typing import Annotated

import typer

from service.audit.commands import begin_heads
from service.audit.queries import verify_chain
from service.cli.members import acting
from service.cli.options import Json, open_database
from service.core.output import SOME_REFUSED, result

app = typer.Typer(help="The audit chain.", no_args_is_help=True)
LONGEST_REASON = 300


@app.command()
def verify(*, as_json: Json = False) -> None:
    """Recompute every hash of the chain, compare it with its signed heads, report what is wrong.

    Heads lie outside the database, so that a truncated chain is found even if the counter was
    set back too.
    """
    database = open_database()
    with database.reading() as session:
        verdict = verify_chain(session, database.audit_keys, database.audit_heads)
    lines = [verdict.fault or f"{verdict.entries} entries, the chain is whole"]
    head = verdict.last_head
    if head is not None:
        lines.append(f"newest head: {head.day}, entry {head.position}, {head.hash}")
    if database.audit_keys is None:
        lines.append("the chain has no key: MENPAI_SECRET_KEY is unset")
    lines += verdict.notes
    values: dict[str, object] = {
        "entries": verdict.entries,
        "first_broken": verdict.first_broken,
        "fault": verdict.fault,
        "keyed": database.audit_keys is not None,
        "head": asdict(head) if head else None,
        "notes": list(verdict.notes),
    }
    result(values, lines, as_json=as_json)
    if not verdict.is_whole:
        raise typer.Exit(SOME_REFUSED)


@app.command("begin-heads")
def begin(
    *,
    reason: Annotated[str, typer.Option(help="What happened, and who agreed.")],
    as_json: Json = False,
) -> None:
    """Begin the heads of the chain again, after their file was lost or the register put back.

    Recorded in the chain under your account. Heads that agree with the register stay valid; a
    damaged file is set aside.
    """
    database = open_database()
    notes = begin_heads(database, acting(database), reason[:LONGEST_REASON])
    result({"notes": notes}, notes or ["heads began"], as_json=as_json)
