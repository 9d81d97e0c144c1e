"""Raises the alarms of a day from its signs, once, with a work item for each plate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.alarms import AlarmRule
from address_model.work import WorkKind
from service.addresses.policies import is_gone
from service.addresses.queries import lock_addresses
from service.alarms.judgement import within_limits
from service.alarms.queries.alarms import is_held, list_held
from service.alarms.queries.rhythms import count_by_day
from service.alarms.reasons import reason_of
from service.alarms.signs import Sign
from service.audit import commands as audit
from service.core.actor import Actor
from service.core.clock import start_of
from service.core.settings import Settings
from service.worklists.commands import open_item
from service.worklists.drafts import WorkDraft

ALARMS = Actor("system", "alarms")
SHOWN_DAYS = 14
KEPT_DAYS = 90
"""Days for which beginnings of unknown tokens are kept."""

_CLAIM = text("insert into alarm_day (day) values (:day) on conflict do nothing returning day")
_CLAIM_AGAIN = text(
    "insert into alarm_day (day) values (:day) "
    "on conflict (day) do update set judged_at = clock_timestamp() returning day"
)
_RAISED = text("update alarm_day set raised = raised + :raised where day = :day")
_INSERT = text(
    "insert into alarm "
    "(rule, subject, token, code, division, opened_on, reason, figures, work_item) values "
    "(:rule, :subject, :token, :code, :division, :day, :reason, cast(:figures as jsonb), :item) "
    "on conflict (rule, subject, opened_on) do nothing returning id"
)
_COUNTIES = text("select min(county) as first, max(county) as last from address")
_FORGET = text("delete from unknown_token_count where day < :before")


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm that was raised, by its number."""

    number: int
    sign: Sign


def raise_alarms(
    session: Session, day: date, signs: Sequence[Sign], settings: Settings, *, again: bool = False
) -> list[Raised]:
    """Raise the alarms of a day, the most suspicious of each county first.

    A day is judged once, unless ``again``: two workers, one of which waits here, raise each alarm
    once. A subject whose alarm is open, or was closed within the pause, is left.
    """
    if session.scalar(_CLAIM_AGAIN if again else _CLAIM, {"day": day}) is None:
        return []
    pause = timedelta(days=settings.alarm_pause_days)
    held = list_held(session, start_of(day - pause))
    fresh = [sign for sign in signs if not is_held(sign.rule, sign.subject, held)]
    chosen = within_limits(fresh, settings.alarms_a_day)
    addresses = lock_addresses(session, [sign.code for sign in chosen if sign.code])
    gone = {str(code) for code, address in addresses.items() if is_gone(address)}
    raised = []
    for sign in _with_days(session, day, chosen):
        number = _raise(session, day, sign, has_ended=sign.code in gone)
        if number is not None:
            raised.append(Raised(number, sign))
    session.execute(_RAISED, {"day": day, "raised": len(raised)})
    session.execute(_FORGET, {"before": day - timedelta(days=KEPT_DAYS)})
    if raised:
        audit.record(
            session, actor=ALARMS, action="alarms:raise", subject=str(day), count=len(raised)
        )
    return raised


def _raise(session: Session, day: date, sign: Sign, *, has_ended: bool) -> int | None:
    """Insert one alarm, with its work item if there is a place to send somebody to.

    At an address that has ended nothing is done but taking its plate down.
    """
    if has_ended and sign.rule is not AlarmRule.ENDED:
        return None
    reason, item = reason_of(sign), None
    if sign.token and sign.code:
        kind = WorkKind.TAKE_DOWN if has_ended else WorkKind.ALARM
        item = open_item(session, WorkDraft(kind, sign.code, sign.token, reason), ALARMS)
    values = {
        "rule": str(sign.rule),
        "subject": sign.subject,
        "token": sign.token,
        "code": sign.code,
        "division": sign.division or _whole_register(session),
        "day": day,
        "reason": reason,
        "figures": sign.figures.model_dump_json(),
        "item": item,
    }
    number: int | None = session.scalar(_INSERT, values)
    return number


def _with_days(session: Session, day: date, signs: Sequence[Sign]) -> Iterator[Sign]:
    """The signs with the scans of their plates on each of the last days."""
    days = [day - timedelta(days=back) for back in reversed(range(SHOWN_DAYS))]
    tokens = sorted({sign.token for sign in signs if sign.token})
    until = start_of(day + timedelta(days=1))
    counts = count_by_day(session, tokens, start_of(days[0]), until)
    for sign in signs:
        by_day = tuple(counts.get((sign.token, one), 0) for one in days) if sign.token else ()
        yield replace(sign, figures=sign.figures.model_copy(update={"by_day": by_day}))


def _whole_register(session: Session) -> str:
    """The smallest division with all addresses: whose officers see forged tokens. "" is all."""
    found = session.execute(_COUNTIES).one()
    if found.first is None:
        return ""
    shared = [
        found.first[:length] for length in (6, 4, 2) if found.last.startswith(found.first[:length])
    ]
    return shared[0].ljust(12, "0") if shared else ""
