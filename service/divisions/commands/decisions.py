"""Local decisions about divisions: one is renamed (更名) or merged into another (并入)."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from address_model.division_codes import division_prefix
from address_model.tables import Division, DivisionChange
from service.audit import commands as audit
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.actor import Actor
from service.core.errors import Conflict
from service.divisions.commands.lock import lock_divisions
from service.divisions.queries import MERGED, RENAMED, find_decisions, get_division
from service.divisions.register import LEVEL_NAMES, DivisionRow

_TOWNSHIP = 4


@dataclass(frozen=True, slots=True)
class DecisionNotice:
    """The notice (批复) of a decision: its citation and its date."""

    source: str
    on: date


def rename_division(
    session: Session, code: str, name: str, notice: DecisionNotice, actor: Actor
) -> tuple[DivisionRow, str]:
    """Rename a division, keeping its code; return the renamed division and its old name.

    A repeated call changes nothing and returns the same, so that addresses can still be updated.

    Raises:
        DivisionNotFound: there is no such division.
        Conflict: it has ended, has always had this name, or a sibling has it.
    """
    lock_divisions(session)
    held = get_division(session, code)
    _require_present(session, held)
    if held.name == name:
        for one in reversed(find_decisions(session)):
            if (one.old_code, one.new_code, one.new_name) == (held.code, held.code, name):
                return held, one.old_name
        raise Conflict(f"{held.code} is already named {name}", hint="give its new name")
    siblings = select(Division.code).where(
        Division.parent_id == held.parent_id, Division.name == name, Division.valid_to.is_(None)
    )
    other = session.scalar(siblings)
    if other:
        raise Conflict(
            f"its sibling {other} is already named {name}",
            hint="give another name, or merge the two",
        )
    session.execute(update(Division).where(Division.id == held.id).values(name=name))
    _record_change(session, RENAMED, held, (held.code, name), notice)
    detail = {"before": held.name, "after": name, "notice": notice.source}
    _note(session, held, Action.RENAMED, actor, **detail)
    return replace(held, name=name), held.name


def merge_division(
    session: Session, code: str, into: str, notice: DecisionNotice, actor: Actor
) -> tuple[DivisionRow, DivisionRow]:
    """Merge a township or community into another of its county; return both.

    A repeated call changes nothing and returns the same, so that addresses can still be updated.

    Raises:
        DivisionNotFound: there is no such division.
        Conflict: they differ in level or county, or one of them has already ended.
    """
    lock_divisions(session)
    held, target = get_division(session, code), get_division(session, into)
    if held.level != target.level or held.level < _TOWNSHIP or held.code[:6] != target.code[:6]:
        raise Conflict(
            f"{held.name} and {target.name} are not two townships or communities of one county",
            hint="larger mergers come with the next edition of the division lists",
        )
    if held.id == target.id:
        raise Conflict(f"{held.name} cannot be merged into itself", hint="give another code")
    _require_present(session, target)
    if any((d.old_code, d.new_code) == (held.code, target.code) for d in find_decisions(session)):
        return held, target
    _require_present(session, held)
    ends = or_(Division.id == held.id, Division.parent_id == held.id)
    ended = session.scalars(
        update(Division).where(ends).values(valid_to=notice.on).returning(Division.code)
    )
    changes.announce(session, Subject.DIVISION, Action.ENDED, sorted(ended))
    _record_change(session, MERGED, held, (target.code, target.name), notice)
    _note(session, held, Action.MERGED, actor, into=target.code, notice=notice.source)
    return held, target


def list_ids_inside(session: Session, division: DivisionRow) -> list[int]:
    """The ids of a division and of all divisions in it, including ended ones."""
    prefix = division_prefix(division.code)
    statement = select(Division.id).where(
        Division.code.startswith(prefix), Division.code_system == division.code_system
    )
    return list(session.scalars(statement))


def _require_present(session: Session, division: DivisionRow) -> None:
    ended = session.scalar(select(Division.valid_to).where(Division.id == division.id))
    if ended:
        raise Conflict(
            f"{division.name} ({division.code}) ended on {ended}",
            hint="give the division that it was merged into",
        )


def _record_change(
    session: Session, kind: str, held: DivisionRow, after: tuple[str, str], notice: DecisionNotice
) -> None:
    session.add(
        DivisionChange(
            year=notice.on.year,
            kind=kind,
            old_code=held.code,
            old_name=held.name,
            new_code=after[0],
            new_name=after[1],
            source=notice.source,
        )
    )


def _note(session: Session, held: DivisionRow, action: Action, actor: Actor, **detail: str) -> None:
    changes.announce(session, Subject.DIVISION, action, [held.code])
    level = LEVEL_NAMES[held.level]
    audit.record(
        session,
        actor=actor,
        action=f"divisions:{action.removesuffix('d')}",
        subject=held.code,
        level=level,
        **detail,
    )
