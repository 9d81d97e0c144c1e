"""menpai alarms: judge a day's scans by hand, explain one plate, list what is open."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Annotated

import typer

from address_model.alarms import ALARM_RULE_NAMES
from address_model.tokens import find_token
from service.alarms.daily import judge_day
from service.alarms.explanation import explain_plate
from service.alarms.queries.alarms import AlarmRow, list_alarms
from service.cli.options import Json, open_database
from service.core.clock import today
from service.core.errors import BadRequest
from service.core.output import result
from service.core.settings import get_settings

app = typer.Typer(help="Alarms (疑点) from the counts of scans.", no_args_is_help=True)
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day; by default yesterday.")
]


@app.command()
def judge(
    *,
    day: Day = None,
    again: Annotated[bool, typer.Option(help="Also when the day was judged.")] = False,
    as_json: Json = False,
) -> None:
    """Judge the scans of a day and raise its alarms, as the worker does every night."""
    raised = judge_day(open_database(), _day_of(day), get_settings(), again=again)
    lines = [
        f"{one.number}  {ALARM_RULE_NAMES[one.sign.rule]}  {one.sign.subject}" for one in raised
    ]
    numbers = [one.number for one in raised]
    result({"raised": numbers}, lines or ["nothing new"], as_json=as_json)


@app.command()
def explain(
    token: Annotated[str, typer.Argument(help="The token of the plate.")],
    *,
    day: Day = None,
    as_json: Json = False,
) -> None:
    """Say which figures the rules use of a plate on a day, and what each makes of them."""
    known = find_token(token)
    if known is None:
        raise BadRequest(f"{token} is no token", hint="type the ten characters on the plate")
    with open_database().reading() as session:
        told = explain_plate(session, known, _day_of(day), get_settings())
    lines = [f"{name}: {value}" for name, value in asdict(told).items()]
    result(asdict(told), lines, as_json=as_json)


@app.command("list")
def list_command(
    *,
    division: Annotated[str, typer.Option(help="Only of this division code.")] = "",
    closed: Annotated[bool, typer.Option(help="The closed ones.")] = False,
    limit: Annotated[int, typer.Option(help="At most this many.", min=1)] = 50,
    as_json: Json = False,
) -> None:
    """List alarms, newest first."""
    with open_database().reading() as session:
        found = list_alarms(session, division.rstrip("0"), is_open=not closed, limit=limit)
    lines = [f"{one.id}  {one.opened_on}  {one.rule_name}  {one.place}" for one in found]
    result({"alarms": [_values(one) for one in found]}, lines or ["none found"], as_json=as_json)


def _day_of(day: datetime | None) -> date:
    return day.date() if day else today() - timedelta(days=1)


def _values(one: AlarmRow) -> dict[str, object]:
    return {
        "number": one.id,
        "rule": one.rule,
        "subject": one.subject,
        "code": one.code,
        "day": str(one.opened_on),
        "reason": one.reason,
        "work_item": one.work_item,
        "finding": one.finding,
    }
