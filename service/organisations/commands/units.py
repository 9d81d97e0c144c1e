"""Opens, corrects and closes units."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from address_model.tables import Post, Unit
from address_model.telephones import InvalidTelephone, read_telephone
from address_model.units import UnitKind, make_unit_number, serial_of
from service.audit import commands as audit
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.actor import Actor
from service.core.clock import today
from service.core.errors import BadRequest, Conflict
from service.divisions.queries import get_division
from service.organisations.commands.held_unit import hold_unit, lock_units
from service.organisations.policies import require_below
from service.organisations.queries import UnitRow, get_unit, list_posts, list_units

MOST_LETTERS = 60
_MOST_BELOW = 5


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """What is said of a unit; ``parent`` is the number of the unit above it, "" for none."""

    name: str
    kind: UnitKind
    parent: str = ""
    phone: str = ""


def open_unit(
    session: Session,
    draft: UnitDraft,
    division: str,
    actor: Actor,
    *,
    begins: date | None = None,
) -> UnitRow:
    """Enter a unit of a division (12 digits); ``begins`` is its first day, today by default.

    Raises:
        DivisionNotFound: the register has no such division.
        UnitNotFound, Conflict: the unit above is none, has ended, or is of another place; or the
            division has a unit of this name.
        BadRequest: name or telephone cannot be one.
    """
    lock_units(session)
    code = get_division(session, division).code
    values = _read(session, draft, code)
    _require_own_name(session, values["name"], code)
    numbers = select(func.max(Unit.number)).where(Unit.number.startswith(f"U{code[:6]}"))
    number = make_unit_number(code, serial_of(session.scalar(numbers) or "") + 1)
    session.execute(
        insert(Unit).values(
            **values, kind=str(draft.kind), number=number, division=code,
            valid_from=begins or today(),
        )
    )  # fmt: skip
    changes.announce(session, Subject.UNIT, Action.NEW, [number])
    audit.record(session, actor=actor, action="units:open", subject=number, name=values["name"])
    return get_unit(session, number)


def correct_unit(
    session: Session, number: str, draft: UnitDraft, actor: Actor, *, seen: int | None = None
) -> UnitRow:
    """Correct name, kind, telephone and the unit above; the division stays for life.

    Raises:
        UnitNotFound, Outdated, Conflict: it is none, has changed, or has ended.
        BadRequest: name or telephone cannot be one.
    """
    held = hold_unit(session, number, seen)
    values = _read(session, draft, held.division)
    if values["name"] != held.name:
        _require_own_name(session, values["name"], held.division)
    above = draft.parent
    while above:
        if above == held.number:
            raise Conflict(
                f"{held.name} would stand above itself",
                hint="choose a unit that does not belong to it",
                zh=f"{held.name}不能隶属于自己或自己的下级单位。",
                field="parent",
            )
        above = get_unit(session, above).parent
    changed = {**values, "kind": str(draft.kind), "changed_at": func.clock_timestamp()}
    session.execute(update(Unit).where(Unit.id == held.id).values(changed))
    changes.announce(session, Subject.UNIT, Action.CHANGED, [held.number])
    audit.record(
        session, actor=actor, action="units:correct", subject=held.number,
        before=held.record.summary, name=values["name"],
    )  # fmt: skip
    return get_unit(session, held.number)


def close_unit(
    session: Session, number: str, last_day: date, actor: Actor, *, seen: int | None = None
) -> UnitRow:
    """End a unit, and its vacant posts, after a last day.

    Raises:
        UnitNotFound, Outdated, Conflict: it is none, has changed or has ended; units stand below
            it, or somebody holds one of its posts beyond that day.
        BadRequest: the day lies before the unit began.
    """
    held = hold_unit(session, number, seen)
    if last_day < held.valid_from:
        raise BadRequest(
            f"{last_day} lies before its first day, {held.valid_from}",
            hint="give a later last day",
            zh=f"最后一天不能早于设立之日（{held.valid_from}）。",
            field="last_day",
        )
    below = list_units(session, parent=held.number, living_on=today(), limit=_MOST_BELOW)
    if below:
        names = "、".join(one.name for one in below)
        raise Conflict(
            f"units stand below {held.name}: {names}",
            hint="close them first, or put them below another unit",
            zh=f"{held.name}还有下级单位：{names}。请先撤销它们，或改隶别的单位。",
        )
    for post in list_posts(session, held.id):
        for one in post.holdings:
            if one.valid_to is None or one.valid_to > last_day:
                raise Conflict(
                    f"{one.display_name} holds the post {post.name}",
                    hint="relieve the holder first",
                    zh=f"“{post.name}”还由{one.display_name}任职，请先办理离任。",
                )
    session.execute(
        update(Post)
        .where(Post.unit_id == held.id, Post.valid_to.is_(None))
        .values(valid_to=func.greatest(Post.valid_from, last_day))
    )
    session.execute(update(Unit).where(Unit.id == held.id).values(valid_to=last_day))
    changes.announce(session, Subject.UNIT, Action.ENDED, [held.number])
    audit.record(
        session, actor=actor, action="units:close", subject=held.number, last_day=str(last_day)
    )
    return get_unit(session, held.number)


def _read(session: Session, draft: UnitDraft, division: str) -> dict[str, object]:
    """The checked columns of a draft for a unit of a division."""
    name = " ".join(draft.name.split())
    if not 2 <= len(name) <= MOST_LETTERS or not name.isprintable():
        raise BadRequest(
            f"{draft.name!r} cannot be the name of a unit",
            hint=f"take 2 to {MOST_LETTERS} characters",
            zh=f"单位名称为 2 至 {MOST_LETTERS} 个字。",
            field="name",
        )
    phone = draft.phone.strip()
    if phone:
        try:
            phone = read_telephone(phone)
        except InvalidTelephone as error:
            raise BadRequest(
                str(error),
                hint="write 0571-87654321",
                zh="办公电话填得不对，请按“0571-87654321”的样子填写。",
                field="phone",
            ) from None
    parent_id = None
    if draft.parent:
        parent = get_unit(session, draft.parent)
        require_below(division, parent)
        if parent.is_over(today()):
            raise Conflict(
                f"{parent.name} has ended",
                hint="choose a unit that exists",
                zh=f"{parent.name}已经撤销，不能作上级单位。",
                field="parent",
            )
        parent_id = parent.id
    return {"name": name, "phone": phone, "parent_id": parent_id}


def _require_own_name(session: Session, name: object, division: str) -> None:
    same = select(Unit.number).where(
        Unit.division == division, Unit.name == name, Unit.valid_to.is_(None)
    )
    number = session.scalar(same.limit(1))
    if number:
        raise Conflict(
            f"division {division} has a unit named {name}: {number}",
            hint="use that one, or choose another name",
            zh=f"这个区划已有“{name}”（{number}）。",
            field="name",
        )
