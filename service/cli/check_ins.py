"""menpai plates far, decide-far: check-ins far from the register's point."""

from collections.abc import Callable
from typing import Annotated

import typer

from address_model.inspections import CHECK_IN_ANSWERS, CheckInAnswer
from service.cli.members import acting
from service.cli.options import Json, Seen, open_database
from service.cli.plate_life import Note, Token, event_line, event_values, read_token
from service.core.output import result
from service.plates import commands
from service.plates.queries.events import list_far_events
from service.plates.queries.locked_plates import see_plate

app = typer.Typer()

DECISIONS: dict[CheckInAnswer, Callable[..., None]] = {
    CheckInAnswer.MOVED: commands.accept_check_in,
    CheckInAnswer.AGAIN: commands.repeat_check_in,
    CheckInAnswer.REFUSED: commands.refuse_check_in,
}


@app.command()
def far(
    *,
    division: Annotated[str, typer.Option(help="Only in this division.")] = "",
    limit: Annotated[int, typer.Option(help="List at most this many.", min=1)] = 50,
    as_json: Json = False,
) -> None:
    """List check-ins over 50 m from the register's point that wait for a decision, newest first."""
    with open_database().reading() as session:
        found = list_far_events(session, division=division, limit=limit)
    values = [event_values(row.event) | {"standard_text": row.standard_text} for row in found]
    lines = [f"{event_line(row.event)}  {row.standard_text}" for row in found]
    result({"events": values}, lines, as_json=as_json)


@app.command("decide-far")
def decide_far(
    token: Token,
    event_id: Annotated[str, typer.Argument(help="Id of the event.")],
    answer: Annotated[CheckInAnswer, typer.Argument(help="What is decided.")],
    *,
    note: Note = "",
    seen: Seen = None,
    as_json: Json = False,
) -> None:
    """Decide about a check-in over 50 m off: moved (the point), again, or refused."""
    command = DECISIONS[answer]
    with open_database().session() as session:
        held = see_plate(session, read_token(token))
        command(session, held.token, event_id, acting(session), note=note, seen=seen)
    said = f"{CHECK_IN_ANSWERS[answer]}：{held.standard_text}"
    result({"token": held.token, "id": event_id, "answer": answer}, [said], as_json=as_json)
