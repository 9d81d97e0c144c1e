"""menpai placenames merge, divide, undo, history, join: decisions about places."""

from dataclasses import asdict
from typing import Annotated

import typer

from address_model.codes import format_code
from service.cli.options import Json, open_database
from service.core.actor import COMMAND_LINE
from service.core.output import SOME_REFUSED, result, say
from service.naming.commands import (
    DoorsUndecided,
    MovedDoors,
    divide_place,
    merge_places,
    undo_decision,
)
from service.naming.queries import DecisionRow, list_decisions
from service.placenames.commands import join_place

app = typer.Typer()

Number = Annotated[str, typer.Argument(help="The place's number, as `find` prints it.")]
Reason = Annotated[str, typer.Option(help="The document or the survey that says so.")]


@app.command()
def merge(
    number: Number,
    into: Annotated[str, typer.Option(help="Number of the place that stays.")],
    reason: Reason,
    *,
    as_json: Json = False,
) -> None:
    """Make one place of two of one name; stops at equal doors until each pair is decided."""
    try:
        with open_database().session() as session:
            done = merge_places(session, number, into, COMMAND_LINE, reason=reason)
    except DoorsUndecided as undecided:
        pairs = [
            {"code": pair.code, "other": pair.other, "text": pair.text} for pair in undecided.pairs
        ]
        lines = [
            f"{format_code(p.code)}  {format_code(p.other)}  {p.text}" for p in undecided.pairs
        ]
        result({"undecided": pairs}, lines, as_json=as_json)
        say(f"Mend: {undecided.mend}")
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
    as_json: Json = False,
) -> None:
    """Make a place of its own of what lies in some townships; lists the doors it cannot place."""
    with open_database().session() as session:
        done = divide_place(session, number, township, COMMAND_LINE, reason=reason)
    _say(done, as_json=as_json)
    if done.unplaced:
        raise typer.Exit(SOME_REFUSED)


@app.command()
def undo(
    decision: Annotated[int, typer.Argument(help="The decision's number, as it was printed.")],
    reason: Reason,
    *,
    as_json: Json = False,
) -> None:
    """Take back a merger or a division of places."""
    with open_database().session() as session:
        done = undo_decision(session, decision, COMMAND_LINE, reason=reason)
    _say(done, as_json=as_json)


@app.command()
def history(
    *,
    county: Annotated[str, typer.Option(help="County, 6 digits, or their beginning.")] = "",
    before: Annotated[int, typer.Option(help="Only decisions older than this number.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    as_json: Json = False,
) -> None:
    """List what was decided of places, newest first; `undo` takes one back by its number."""
    with open_database().reading() as session:
        found = list_decisions(session, county=county, before=before, limit=limit)
    result(
        {"decisions": [asdict(one) | {"decided_at": str(one.decided_at)} for one in found]},
        [_as_line(one) for one in found] or ["nothing decided"],
        as_json=as_json,
    )


@app.command()
def join(
    number: Number,
    *,
    continues: Annotated[
        str, typer.Option(help="Number of the same road in the county before; '' for none.")
    ],
    as_json: Json = False,
) -> None:
    """Say that a road continues that of another county: one place a county, one road."""
    with open_database().session() as session:
        place = join_place(session, number, continues, COMMAND_LINE)
    said = f"{place.name} ({place.number}) continues {place.continues or 'no other road'}"
    values: dict[str, object] = {"place": place.number, "continues": place.continues}
    result(values, [said], as_json=as_json)


def _as_line(one: DecisionRow) -> str:
    taken = f"  (taken back by {one.undone_by})" if one.undone_by else ""
    undoes = f" {one.undoes}" if one.undoes else ""
    return (
        f"{one.number}  {one.decided_at:%Y-%m-%d}  {one.kind}{undoes}  {one.name}  "
        f"{one.place} → {one.into}  {one.doors} doors  {one.reason}{taken}"
    )


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
