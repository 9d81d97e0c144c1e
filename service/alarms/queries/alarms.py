"""Reads alarms: one, those of divisions, and which subjects are not to be raised again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.alarms import ALARM_RULE_NAMES, AlarmRule
from service.alarms.signs import AlarmFigures
from service.core.actor import name_actor
from service.core.errors import AlarmNotFound
from service.core.records import Record

_IS_OPEN = "(al.closed_at is null and coalesce(w.state, 'open') = 'open')"
_SELECT = (
    "select al.id, al.rule, al.subject, al.token, coalesce(al.code, '') as code, "  # noqa: S608 - constants
    "coalesce(a.standard_text, '') as standard_text, al.division, al.opened_on, al.reason, "
    f"al.figures, al.work_item, {_IS_OPEN} as is_open, "
    "coalesce(nullif(al.finding, ''), w.outcome, '') as finding, "
    "coalesce(nullif(al.closed_by, ''), w.closed_by, '') as closed_by, "
    "coalesce(al.closed_at, w.closed_at) as closed_at, coalesce(w.assignee, '') as assignee, "
    "w.due, al.version, w.version as item_version from alarm al "
    "left join address a on a.code = al.code left join work_item w on w.id = al.work_item "
)
_LIST = _SELECT + (
    "where al.division like :division and (:rule = '' or al.rule = :rule) "
    "and (:after = 0 or al.id < :after) and {state} order by al.id desc limit :limit"
)
_OPEN_ONES = text(_LIST.format(state=_IS_OPEN))
_CLOSED_ONES = text(_LIST.format(state=f"not {_IS_OPEN}"))
_ONE = text(_SELECT + "where al.id = :number")
_LOCK = text("select id from alarm where id = :number for no key update")
_COUNT = text(
    "select count(*), min(al.opened_at), min(w.due) from alarm al "  # noqa: S608 - constants
    "left join work_item w on w.id = al.work_item "
    f"where al.division like :division and {_IS_OPEN}"
)
_JUDGED = text("select 1 from alarm_day where day = :day")
_HELD = text(
    "select al.rule, al.subject from alarm al "  # noqa: S608 - constants
    f"left join work_item w on w.id = al.work_item where {_IS_OPEN} "
    "or coalesce(al.closed_at, w.closed_at) >= :closed_since"
)


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """An alarm with its address and its work item, if it has them.

    ``code`` and ``token`` are "" for unknown tokens, ``work_item`` None where there is no address.
    """

    id: int
    rule: str
    subject: str
    token: str
    code: str
    standard_text: str
    division: str
    opened_on: date
    reason: str
    figures: AlarmFigures
    work_item: int | None
    is_open: bool
    finding: str
    closed_by: str
    closed_at: datetime | None
    assignee: str
    due: date | None
    version: int
    item_version: int | None

    @property
    def rule_name(self) -> str:
        """The name of its rule: 疑似被翻拍."""
        return ALARM_RULE_NAMES[AlarmRule(self.rule)]

    @property
    def place(self) -> str:
        """What it is about: the address, or the beginning of the unknown tokens."""
        return self.standard_text or self.token or f"{self.subject}…"

    @property
    def seen_version(self) -> int:
        """The version that whoever closes it must have seen: its item's, else its own."""
        return self.item_version or self.version

    @property
    def record(self) -> Record:
        """The alarm as it now is, for an editor who saw an older version."""
        facts = {
            "状态": "待查" if self.is_open else "已查",
            "结果": self.finding,
            "办结人": name_actor(self.closed_by),
        }
        title = f"疑点 {self.id}（{self.place}）"
        return Record("alarms", str(self.id), title, self.seen_version, facts)


@dataclass(frozen=True, slots=True)
class OpenAlarms:
    """How many alarms are open, since when, and the first day by which one is due."""

    count: int
    since: datetime | None
    first_due: date | None


def list_alarms(
    session: Session,
    prefix: str,
    *,
    is_open: bool = True,
    rule: str = "",
    after: int = 0,
    limit: int = 50,
) -> list[AlarmRow]:
    """The alarms of divisions beginning with ``prefix``, newest first."""
    asked = {"division": f"{prefix}%", "rule": rule, "after": after, "limit": limit}
    statement = _OPEN_ONES if is_open else _CLOSED_ONES
    return [_row(row) for row in session.execute(statement, asked)]


def count_open_alarms(session: Session, prefix: str) -> OpenAlarms:
    """The open alarms of divisions beginning with ``prefix``."""
    return OpenAlarms(*session.execute(_COUNT, {"division": f"{prefix}%"}).one())


def get_alarm(session: Session, number: int, *, lock: bool = False) -> AlarmRow:
    """One alarm; ``lock`` locks its row, not its work item's, until the transaction ends.

    Raises:
        AlarmNotFound: there is no such number.
    """
    if lock:
        session.execute(_LOCK, {"number": number})
    row = session.execute(_ONE, {"number": number}).first()
    if row is None:
        raise AlarmNotFound(f"there is no alarm {number}")
    return _row(row)


def is_judged(session: Session, day: date) -> bool:
    """Whether the scans of a day were judged."""
    return session.scalar(_JUDGED, {"day": day}) is not None


def list_held(session: Session, closed_since: datetime) -> set[tuple[str, str]]:
    """Rule and subject of all alarms that are open, or were closed since a moment."""
    rows: Sequence[Any] = session.execute(_HELD, {"closed_since": closed_since}).all()
    return {(rule, subject) for rule, subject in rows}


def is_held(rule: str, subject: str, held: Collection[tuple[str, str]]) -> bool:
    """Whether an alarm stands, or lately stood; of beginnings, also of a longer or shorter one."""
    if rule != AlarmRule.FORGED:
        return (rule, subject) in held
    others = (other for of, other in held if of == rule)
    return any(subject.startswith(other) or other.startswith(subject) for other in others)


def _row(row: Any) -> AlarmRow:
    values = dict(row._mapping)  # noqa: SLF001 - as SQLAlchemy documents it
    return AlarmRow(**values | {"figures": AlarmFigures.model_validate(values["figures"])})
