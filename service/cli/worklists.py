"""menpai worklists: work items (工单) for crews, and the yearly inspections."""

from collections.abc import Callable
from datetime import date, datetime
from operator import attrgetter
from typing import Annotated

import typer

from address_model.codes import format_code
from address_model.work import WORK_KIND_NAMES, WORK_STATE_NAMES, WorkKind, WorkState
from service.addresses.queries import get_address
from service.cli.members import acting
from service.cli.options import Json, Seen, open_database
from service.core.errors import BadRequest
from service.core.output import progress, result
from service.core.paging import page_of
from service.worklists import commands
from service.worklists.drafts import InspectionPlan, WorkDraft
from service.worklists.queries import (
    WorkFilter,
    WorkRow,
    list_area_loads,
    list_items,
)

app = typer.Typer(help="Work items (工单) for crews.", no_args_is_help=True)

Division = Annotated[str, typer.Option(help="Only of this division code.")]
Area = Annotated[int | None, typer.Option(help="Only of this grid, by its number.")]
Assignee = Annotated[str | None, typer.Option(help='Only of this account; "" for unassigned.')]
Kind = Annotated[WorkKind | None, typer.Option(help="Only of this kind.")]
Number = Annotated[int, typer.Argument(help="Number of the work item.")]
_DAY = ["%Y-%m-%d"]
PAGE = 500


@app.command("list")
def list_command(
    *,
    division: Division = "",
    area: Area = None,
    assignee: Assignee = None,
    kind: Kind = None,
    state: Annotated[WorkState, typer.Option(help="In which state.")] = WorkState.OPEN,
    limit: Annotated[int, typer.Option(help="At most this many.", min=1)] = 50,
    after: Annotated[str, typer.Option(help="Cursor of the previous page.")] = "",
    as_json: Json = False,
) -> None:
    """List work items, earliest due first."""
    wanted = WorkFilter(division, area, assignee, kind)
    with open_database().reading() as session:
        found = list_items(session, wanted, state=state, after=after, limit=limit + 1)
    rows, more = page_of(found, limit, attrgetter("cursor"))
    lines = [_line(row) for row in rows] + ([f"more: --after {more}"] if more else [])
    result({"items": [_values(row) for row in rows], "next": more or ""}, lines, as_json=as_json)


@app.command()
def loads(*, division: Division = "", assignee: Assignee = None, as_json: Json = False) -> None:
    """Show the open work of each grid, most urgent first."""
    with open_database().reading() as session:
        found = list_area_loads(session, WorkFilter(division, assignee=assignee))
    rows = [
        {"area": w.area_id, "name": w.area, "open": w.count, "first_due": w.first_due}
        for w in found
    ]
    lines = [f"{w.first_due}  {w.count:>6}  {w.area or 'without grid'}" for w in found]
    result({"grids": rows}, lines, as_json=as_json)


@app.command()
def inspect(
    year: Annotated[int, typer.Option(help="Year of the check.", min=2000, max=2200)],
    division: Annotated[str, typer.Option(help="Division code.")],
    *,
    due: Annotated[datetime | None, typer.Option(formats=_DAY, help="Last day.")] = None,
    assignee: Annotated[str, typer.Option(help="Account it is assigned to.")] = "",
    as_json: Json = False,
) -> None:
    """Open the yearly inspection of all plates in use; run again, it adds new plates."""
    plan = InspectionPlan(year, division, due.date() if due else date(year, 12, 31), assignee)
    database, count, after = open_database(), 0, ""
    with progress("inspections", None) as bar:
        while True:
            with database.session() as session:
                made, last = commands.open_inspections(session, plan, acting(session), after=after)
            if last is None:
                break
            count, after = count + made, last
            bar.advance(made)
    said = f"{count} inspections opened, due {plan.due}"
    result({"opened": count, "campaign": plan.campaign, "due": plan.due}, [said], as_json=as_json)


@app.command("open")
def open_command(
    kind: Annotated[WorkKind, typer.Argument(help="What is to be done.")],
    address: Annotated[str, typer.Option(help="Address code of a door without a plate.")],
    reason: Annotated[str, typer.Option(help="A note for the crew.")],
    *,
    due: Annotated[datetime | None, typer.Option(formats=_DAY, help="Last day.")] = None,
    assignee: Annotated[str, typer.Option(help="Account it is assigned to.")] = "",
    as_json: Json = False,
) -> None:
    """Open a work item at an address, for instance a door without a plate (漏)."""
    last = due.date() if due else None
    with open_database().session() as session:
        code = get_address(session, address).code
        draft = WorkDraft(kind, code, reason=reason, due=last, assignee=assignee)
        number = commands.open_item(session, draft, acting(session))
    result({"item": number}, [f"work item {number}"], as_json=as_json)


@app.command()
def assign(
    to: Annotated[str, typer.Argument(help='Account; "" unassigns the work.')],
    *,
    division: Division = "",
    area: Area = None,
    kind: Kind = None,
    assignee: Assignee = None,
    item: Annotated[list[int] | None, typer.Option(help="Number of an item; repeatable.")] = None,
    as_json: Json = False,
) -> None:
    """Assign open work to an account: by division, grid, kind, or number."""
    wanted = WorkFilter(division, area, assignee, kind, tuple(item or ()))
    if wanted == WorkFilter():
        raise BadRequest("nothing says which items", hint="name --division, --area or --item")
    with open_database().session() as session:
        count = commands.assign_items(session, wanted, to, acting(session))
    result({"assigned": count}, [f"{count} items given to {to or 'nobody'}"], as_json=as_json)


@app.command()
def done(
    number: Number,
    *,
    outcome: Annotated[str, typer.Option(help="The outcome.")] = "",
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Check off a work item."""
    _settle(commands.finish_item, number, outcome, seen, as_json=as_json)


@app.command()
def cancel(
    number: Number,
    reason: Annotated[str, typer.Option(help="Why it is not needed.")],
    *,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Cancel a work item."""
    _settle(commands.cancel_item, number, reason, seen, as_json=as_json)


@app.command()
def postpone(
    number: Number,
    due: Annotated[datetime, typer.Argument(formats=_DAY, help="New last day.")],
    *,
    reason: Annotated[str, typer.Option(help="Why it is put off.")] = "",
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Give a work item another due day."""
    with open_database().session() as session:
        actor = acting(session)
        row = commands.postpone_item(session, number, due.date(), reason, actor, seen=seen)
    result(_values(row), [_line(row)], as_json=as_json)


@app.command()
def note(
    number: Number,
    text: Annotated[str, typer.Argument(help="The note.")],
    *,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Note something about a work item."""
    with open_database().session() as session:
        commands.note_item(session, number, text, acting(session), seen=seen)
    result({"item": number}, [f"noted for work item {number}"], as_json=as_json)


@app.command()
def reopen(
    number: Number,
    reason: Annotated[str, typer.Option(help="Why it is reopened.")],
    *,
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Reopen a closed work item."""
    _settle(commands.reopen_item, number, reason, seen, as_json=as_json)


def _settle(
    command: Callable[..., WorkRow], number: int, why: str, seen: int | None, *, as_json: bool
) -> None:
    """Close or reopen a work item with a command, and print its new state."""
    with open_database().session() as session:
        row = command(session, number, why, acting(session), seen=seen)
    result(_values(row), [_line(row)], as_json=as_json)


def _values(row: WorkRow) -> dict[str, object]:
    return {
        "item": row.id,
        "kind": row.kind,
        "token": row.token,
        "code": row.code,
        "standard_text": row.standard_text,
        "division": row.division,
        "area": row.area,
        "due": row.due,
        "state": row.state,
        "assignee": row.assignee,
        "reason": row.reason,
        "outcome": row.outcome,
        "version": row.version,
    }


def _line(row: WorkRow) -> str:
    parts = (
        str(row.id),
        row.due.isoformat(),
        WORK_KIND_NAMES[WorkKind(row.kind)],
        WORK_STATE_NAMES[WorkState(row.state)],
        row.token or format_code(row.code),
        row.standard_text,
        row.assignee,
        row.outcome or row.reason,
    )
    return "  ".join(part for part in parts if part)
