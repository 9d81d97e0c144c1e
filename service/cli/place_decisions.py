"""menpai placenames merge, divide, undo, rename, history, join: decisions about places."""

import time
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from address_model.codes import format_code
from service.cli.members import acting
from service.cli.options import Json, Seen, open_database
from service.core.clock import day_of, today
from service.core.database import Database
from service.core.output import SOME_REFUSED, progress, result, say
from service.divisions.commands import DecisionNotice
from service.naming.commands import (
    DoorsUndecided,
    MovedDoors,
    NameProtected,
    Renaming,
    divide_place,
    merge_places,
    rename_place,
    undo_decision,
)
from service.naming.queries import list_decisions
from service.placenames.commands import join_place, note_refused_name
from service.run_kinds import register_run_kinds
from service.runs import worker_loop
from service.runs.queries import UNFINISHED, RunRow, get_run

app = typer.Typer()

Number = Annotated[str, typer.Argument(help="The place's number, as `find` prints it.")]
Reason = Annotated[str, typer.Option(help="The document or survey it rests on.")]


@app.command()
def merge(
    number: Number,
    into: Annotated[str, typer.Option(help="Number of the place that stays.")],
    reason: Reason,
    *,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Merge two places of one name; stops at doors both have until each pair is decided."""
    try:
        with open_database().session() as session:
            done = merge_places(session, number, into, acting(session), reason=reason, seen=seen)
    except DoorsUndecided as undecided:
        pairs = [
            {"code": pair.code, "other": pair.other, "text": pair.text} for pair in undecided.pairs
        ]
        lines = [
            f"{format_code(p.code)}  {format_code(p.other)}  {p.text}" for p in undecided.pairs
        ]
        result({"undecided": pairs}, lines, as_json=as_json)
        say(f"Hint: {undecided.hint}")
        raise typer.Exit(SOME_REFUSED) from undecided
    _say(done, as_json=as_json)


@app.command()
def divide(
    number: Number,
    township: Annotated[
        list[str], typer.Option(help="12-digit code of a township of the new place; repeatable.")
    ],
    reason: Reason,
    *,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Divide a place: what lies in these townships becomes its own; lists unplaced doors."""
    with open_database().session() as session:
        done = divide_place(session, number, township, acting(session), reason=reason, seen=seen)
    _say(done, as_json=as_json)
    if done.unplaced:
        raise typer.Exit(SOME_REFUSED)


@app.command()
def undo(
    decision: Annotated[int, typer.Argument(help="The number of the decision, from `history`.")],
    reason: Reason,
    *,
    as_json: Json = False,
) -> None:
    """Undo a merger or a division of places."""
    with open_database().session() as session:
        done = undo_decision(session, decision, acting(session), reason=reason)
    _say(done, as_json=as_json)


@app.command()
def rename(
    number: Number,
    name: Annotated[str, typer.Argument(help="The new name, in full.")],
    source: Annotated[str, typer.Option(help="The notice of the decision, as it is cited.")],
    *,
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day of the decision; by default today."),
    ] = None,
    plan: Annotated[
        str,
        typer.Option(help="Document of the protective measures, required if the name is listed."),
    ] = "",
    wait: Annotated[
        bool, typer.Option("--wait", help="Do the work here, and report the result.")
    ] = False,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Rename a street, estate, village or zone (更名); addresses and plates follow.

    Workers do it in the background, or this command with --wait. If interrupted, run it again;
    it continues where it stopped.
    """
    database = open_database()
    notice = DecisionNotice(source, on.date() if on else today())
    try:
        with database.session() as session:
            done = rename_place(
                session, number, name.strip(), notice, acting(session), plan=plan, seen=seen
            )
    except NameProtected as refused:
        with database.session() as session:
            note_refused_name(session, number, name.strip(), refused.detail, acting(session))
        raise
    run = _wait(database, done.run_id) if wait else None
    _say_renaming(done, run, as_json=as_json)
    if run and (run.state != "done" or run.result["frozen"] or run.result["conflicts"]):
        raise typer.Exit(SOME_REFUSED)


def _wait(database: Database, run_id: int) -> RunRow:
    """Do chunks of a run beside the workers until it has ended or stopped."""
    register_run_kinds()
    with progress("addresses", None) as bar:
        seen = 0
        while True:
            with database.reading() as session:
                run = get_run(session, run_id)
            bar.advance(run.done - seen)
            seen = run.done
            if run.state not in UNFINISHED:
                return run
            worker_loop.run_chunks(database, run_id)
            time.sleep(0.2)


def _say_renaming(done: Renaming, run: RunRow | None, *, as_json: bool) -> None:
    values: dict[str, object] = {
        "place": done.place.number,
        "before": done.before,
        "after": done.place.name,
        "run": done.run_id,
        "alike": [{"likeness": a.likeness, "name": a.name, "division": a.division}
                  for a in done.alike],
    }  # fmt: skip
    lines = [f"{done.place.number}  {done.before} → {done.place.name}"]
    lines += [f"{a.likeness}: {a.name}  {a.division}  ({a.known_as})" for a in done.alike]
    if run is None:
        lines.append(f"run {done.run_id}: the workers rename its addresses (`menpai runs show`)")
    elif run.state != "done":
        values |= {"state": run.state, "reason": run.reason}
        lines.append(f"run {run.id} is {run.state}: {run.reason}")
    else:
        values |= run.result
        frozen: list[str] = run.result["frozen"]  # type: ignore[assignment]
        conflicts: list[str] = run.result["conflicts"]  # type: ignore[assignment]
        lines.append(
            f"addresses: {run.result['addresses']} changed, {len(frozen)} frozen and left, "
            f"{len(conflicts)} in conflict and left; {run.result['plates']} plates to replace"
        )
        lines += [f"frozen: {format_code(code)}" for code in frozen]
        lines += [f"left alone: {conflict}" for conflict in conflicts]
    result(values, lines, as_json=as_json)


@app.command()
def history(
    *,
    county: Annotated[str, typer.Option(help="County, 6 digits, or their beginning.")] = "",
    before: Annotated[int, typer.Option(help="Only decisions older than this number.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    as_json: Json = False,
) -> None:
    """List decisions about places, newest first; `undo` takes one back by its number."""
    with open_database().reading() as session:
        found = list_decisions(session, county=county, before=before, limit=limit)
    values = [asdict(one) | {"decided_at": str(one.decided_at)} for one in found]
    lines = []
    for one in found:
        undoes = f" {one.undoes}" if one.undoes else ""
        taken = f"  (taken back by {one.undone_by})" if one.undone_by else ""
        lines.append(
            f"{one.number}  {day_of(one.decided_at)}  {one.kind}{undoes}  {one.name}  "
            f"{one.place} → {one.into}  {one.doors} doors  {one.reason}{taken}"
        )
    result({"decisions": values}, lines or ["nothing decided"], as_json=as_json)


@app.command()
def join(
    number: Number,
    *,
    continues: Annotated[
        str, typer.Option(help="Number of the same road in the county before; '' for none.")
    ],
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Join a road to the one it continues in another county: one road, one place per county."""
    with open_database().session() as session:
        place = join_place(session, number, continues, acting(session), seen=seen)
    said = f"{place.name} ({place.number}) continues {place.continues or 'no other road'}"
    values: dict[str, object] = {"place": place.number, "continues": place.continues}
    result(values, [said], as_json=as_json)


def _say(done: MovedDoors, *, as_json: bool) -> None:
    values: dict[str, object] = {
        "decision": done.decision,
        "place": done.place.number,
        "doors": len(done.codes),
        "unplaced": [{"code": code, "text": text} for code, text in done.unplaced],
    }
    lines = [
        f"decision {done.decision}: {len(done.codes)} doors count along {done.place.name} "
        f"({done.place.number}) now"
    ]
    lines += [
        f"no township known, left where it is: {format_code(code)}  {text}"
        for code, text in done.unplaced
    ]
    result(values, lines, as_json=as_json)
