"""menpai runs: bulk work, how far it is, and what to do with it."""

from typing import Annotated

import typer

from service.cli.members import acting
from service.cli.options import Json, open_database
from service.core.output import result
from service.run_kinds import register_run_kinds
from service.runs import commands, queries
from service.runs.queries import RunRow, RunState
from service.runs.schemas import RunOut

app = typer.Typer(
    help="Runs: bulk work in the background.", no_args_is_help=True, callback=register_run_kinds
)
Number = Annotated[int, typer.Argument(metavar="RUN", help="Number of the run.")]


@app.command("list")
def list_(
    *,
    state: Annotated[RunState | None, typer.Option(help="Only runs in this state.")] = None,
    before: Annotated[int, typer.Option(help="Only runs with a lower number.")] = 0,
    limit: Annotated[int, typer.Option(help="At most this many.", min=1, max=1000)] = 20,
    as_json: Json = False,
) -> None:
    """List runs, newest first."""
    with open_database().reading() as session:
        rows = queries.list_runs(session, state=state or "", before=before, limit=limit)
    result({"runs": [_plain(row) for row in rows]}, [_line(row) for row in rows], as_json=as_json)


@app.command()
def show(run: Number, *, as_json: Json = False) -> None:
    """Show one run: how far it is, and what went wrong."""
    with open_database().reading() as session:
        row = queries.get_run(session, run)
        attempts = queries.list_attempts(session, run)
    lines = [_line(row), *([f"  {row.reason}"] if row.reason else [])]
    lines += [
        f"  part {one.chunk}, {one.started_at:%H:%M:%S} on {one.worker}: "
        f"{'under way, or its worker died' if one.error is None else one.error}"
        for one in attempts
    ]
    result(_plain(row), lines, as_json=as_json)


@app.command()
def pause(run: Number, *, as_json: Json = False) -> None:
    """Pause a run: the chunk in progress is finished, no further one begins."""
    with open_database().session() as session:
        _report(commands.pause_run(session, run, acting(session)), as_json=as_json)


@app.command()
def resume(run: Number, *, as_json: Json = False) -> None:
    """Continue a paused or failed run where it stopped."""
    with open_database().session() as session:
        _report(commands.resume_run(session, run, acting(session)), as_json=as_json)


@app.command()
def cancel(run: Number, *, as_json: Json = False) -> None:
    """Cancel a run permanently."""
    with open_database().session() as session:
        _report(commands.cancel_run(session, run, acting(session)), as_json=as_json)


def _report(row: RunRow, *, as_json: bool) -> None:
    result(_plain(row), [_line(row)], as_json=as_json)


def _plain(row: RunRow) -> dict[str, object]:
    return RunOut.of(row).model_dump(mode="json")


def _line(row: RunRow) -> str:
    return f"{row.id:>6}  {row.kind:<12} {row.state:<10} {row.share:>5.0%}  {row.done}/{row.total}"
