"""Loads duties from a sheet; hides, shows, confirms and lists duties."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.spellings import spelling_pattern
from address_model.tables import Area, Duty
from service.areas.commands.posts import PostRefused, Posts, announce, open_posts, record_of
from service.areas.queries import ListedPost, PostFilter, is_called, list_posts
from service.areas.rows import AS_IT_STANDS, ListedDuty
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.changes.events import Action
from service.core.actor import Actor
from service.core.errors import BadRequest, NotFound, Outdated
from service.core.sheets import RowFault


class DutyNotFound(NotFound):
    """There is no such duty."""


@dataclass
class LoadedDuties:
    """The result of a load: counts, and the faults of refused rows."""

    new: int = 0
    changed: int = 0
    same: int = 0
    faults: list[RowFault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DutyFilter:
    """Selects duties by number, or by area, role or organisation.

    ``seen`` is the version of a single duty, as the officer saw it.
    """

    ids: tuple[int, ...] = ()
    area: str = ""
    role: str = ""
    organisation: str = ""
    seen: int | None = None

    def check(self) -> None:
        """Refuse a filter that would select all duties.

        Raises:
            BadRequest: the filter is empty, or has a version without exactly one number.
        """
        if self.seen is not None and len(self.ids) != 1:
            raise BadRequest("a version needs exactly one duty", hint="give one duty number")
        if not (self.ids or self.area or self.organisation):
            raise BadRequest(
                "no duty is selected",
                hint="give its number (`menpai duties list`), --area or --organisation",
            )


def load_duties(session: Session, listed: Sequence[ListedDuty], actor: Actor) -> LoadedDuties:
    """Store the duties of a sheet; rows that cannot be stored are refused one by one.

    A duty is identified by area, role, name and first day. An empty last day does not reopen a
    duty that a handover has closed; hidden duties stay hidden; confirmations keep the later day.
    """
    posts = open_posts(session, (item.area for item in listed))
    report = LoadedDuties()
    for item in sorted(listed, key=lambda item: bool(item.stand_in_for)):
        try:
            _store_row(session, posts, item, report)
        except PostRefused as refused:
            report.faults.append(refused.fault)
    if report.new or report.changed:
        counts = {"new": report.new, "changed": report.changed}
        audit.record(session, actor=actor, action="duties:load", subject="duties", **counts)
    return report


def hide_duties(session: Session, wanted: DutyFilter, actor: Actor, *, reason: str = "") -> int:
    """Hide duties at once, until ``show_duties``; return how many.

    Raises:
        DutyNotFound: no duty matches.
        Outdated: the duty was changed after it was seen.
    """
    duties = [duty for duty in _find(session, wanted) if duty.hidden_at is None]
    for duty in duties:
        duty.hidden_at = func.clock_timestamp()
    return _finish(session, duties, actor, "hide", reason=reason)


def show_duties(session: Session, wanted: DutyFilter, actor: Actor) -> int:
    """Show hidden duties again; return how many.

    Raises:
        DutyNotFound, Outdated: as ``hide_duties``.
    """
    duties = [duty for duty in _find(session, wanted) if duty.hidden_at is not None]
    for duty in duties:
        duty.hidden_at = None
    return _finish(session, duties, actor, "show")


def confirm_duties(session: Session, wanted: DutyFilter, actor: Actor, today: date) -> int:
    """Record that name and telephone are correct as of today; return how many.

    Raises:
        DutyNotFound, Outdated: as ``hide_duties``.
    """
    duties = [d for d in _find(session, wanted) if d.valid_to is None or d.valid_to >= today]
    for duty in duties:
        duty.confirmed_at = today
    return _finish(session, duties, actor, "confirm")


def look_up_duties(
    session: Session, wanted: PostFilter, actor: Actor, today: date
) -> list[ListedPost]:
    """List duties for an officer; each reading of contacts is audited."""
    posts = list_posts(session, wanted, today)
    if posts:
        asked = {"area": wanted.area, "role": wanted.role, "count": len(posts)}
        audit.record(session, actor=actor, action="duties:read", subject="duties", **asked)
    return posts


def _store_row(session: Session, posts: Posts, item: ListedDuty, report: LoadedDuties) -> None:
    area = posts.find_area(item)
    held = posts.held(area.id, item.role)
    values = {
        "display_name": item.display_name,
        "organisation": item.organisation,
        "phone": item.phone,
        "publish": item.publish,
        "is_sample": item.is_sample,
        "valid_from": item.valid_from,
        "valid_to": item.valid_to,
        "confirmed_at": item.confirmed_at,
        "stand_in_for": _find_replaced_duty(held, item),
    }
    known = [
        d for d in held if (d.display_name, d.valid_from) == (item.display_name, item.valid_from)
    ]
    if not known:
        duty = Duty(area_id=area.id, role=item.role, **values)
        session.add(duty)
        session.flush()
        held.append(duty)
        report.new += 1
        announce(session, duty, Action.NEW)
        return
    [duty, *_] = known
    values["valid_to"] = item.valid_to or duty.valid_to
    values["confirmed_at"] = max(filter(None, (duty.confirmed_at, item.confirmed_at)), default=None)
    changed = {name: value for name, value in values.items() if getattr(duty, name) != value}
    if not changed:
        report.same += 1
        return
    try:
        require_seen(session, record_of(duty), item.version)
    except Outdated as error:
        raise PostRefused(item.row, "version", error.zh, AS_IT_STANDS) from error
    for name, value in changed.items():
        setattr(duty, name, value)
    report.changed += 1
    announce(session, duty, Action.CHANGED)


def _find_replaced_duty(held: Sequence[Duty], item: ListedDuty) -> int | None:
    """The id of the duty a row stands in for: same area and role, by name, overlapping in time."""
    if not item.stand_in_for:
        return None
    last = item.valid_to or date.max
    for duty in held:
        overlaps = duty.valid_from <= last and (duty.valid_to or date.max) >= item.valid_from
        if duty.display_name == item.stand_in_for and overlaps and duty.stand_in_for is None:
            return duty.id
    names = "、".join(duty.display_name for duty in held) or "nobody"
    raise PostRefused(
        item.row,
        "stand_in_for",
        f"{item.stand_in_for} does not hold this role in {item.area} in that period",
        f"write the name as shown ({names}), or correct the dates",
    )


def _find(session: Session, wanted: DutyFilter) -> list[Duty]:
    wanted.check()
    statement = select(Duty).join(Area, Area.id == Duty.area_id).order_by(Duty.id)
    if wanted.ids:
        statement = statement.where(Duty.id.in_(wanted.ids))
    if wanted.area:
        statement = statement.where(is_called(wanted.area))
    if wanted.role:
        statement = statement.where(Duty.role == wanted.role)
    if wanted.organisation:
        named = f"^{spelling_pattern(wanted.organisation)}$"
        statement = statement.where(Duty.organisation.regexp_match(named))
    locked = statement.with_for_update(of=Duty).execution_options(populate_existing=True)
    duties = list(session.scalars(locked))
    for duty in duties:
        require_seen(session, record_of(duty), wanted.seen)
    missing = set(wanted.ids) - {duty.id for duty in duties}
    if missing or not duties:
        which = f"number {', '.join(map(str, sorted(missing)))}" if missing else "that matches"
        raise DutyNotFound(f"there is no duty {which}", hint="see `menpai duties list`")
    return duties


def _finish(
    session: Session, duties: Sequence[Duty], actor: Actor, verb: str, *, reason: str = ""
) -> int:
    """Announce and audit a change of duties; return how many were changed."""
    if not duties:
        return 0
    session.flush()
    actions = {"hide": Action.HIDDEN, "show": Action.SHOWN, "confirm": Action.CONFIRMED}
    for duty in duties:
        announce(session, duty, actions[verb])
    detail: dict[str, object] = {"duties": [duty.id for duty in duties]}
    if reason:
        detail["reason"] = reason
    subject = f"duty {duties[0].id}" if len(duties) == 1 else f"{len(duties)} duties"
    audit.record(session, actor=actor, action=f"duties:{verb}", subject=subject, **detail)
    return len(duties)
