"""Renames a place in the register: the old name is kept with day and notice."""

from dataclasses import replace

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from address_model.pinyin import plain_pinyin
from address_model.places import fold_place
from address_model.tables import PlaceName, PlaceNameForm, PlaceTownship
from service.audit import commands as audit
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.actor import Actor
from service.divisions.commands import DecisionNotice
from service.placenames.pinyin_reading import with_reading
from service.placenames.queries import PlaceRow, get_record


def write_new_name(
    session: Session,
    place: PlaceRow,
    name: str,
    notice: DecisionNotice,
    actor: Actor,
    *,
    plan: str = "",
) -> None:
    """Write the new standard name of a place, with terms and reading; the old one becomes former.

    The caller holds the county's place lock and has checked the name; addresses follow later.
    """
    record = with_reading(replace(get_record(session, place.number), standard_name=name))
    values = {
        "standard_name": name,
        "specific": record.specific,
        "generic": record.generic,
        "pinyin": record.pinyin,
        "pinyin_plain": plain_pinyin(record.pinyin),
        "pinyin_source": record.pinyin_source,
        "needs_review": record.needs_review,
        "changed_at": func.clock_timestamp(),
    }
    session.execute(update(PlaceName).where(PlaceName.id == place.id).values(**values))
    _keep_former(session, place, notice)
    current = (PlaceTownship.place_id == place.id, PlaceTownship.valid_to.is_(None))
    folded = fold_place(place.kind, name)
    session.execute(update(PlaceTownship).where(*current).values(folded=folded))
    changes.announce(session, Subject.PLACE_NAME, Action.RENAMED, [place.number])
    audit.record(
        session,
        actor=actor,
        action="place_names:rename",
        subject=place.number,
        before=place.name,
        after=name,
        plan=plan,
        notice=notice.source,
        on=notice.on.isoformat(),
    )


def note_refused_name(session: Session, number: str, wanted: str, why: str, actor: Actor) -> None:
    """Record a refused attempt to rename a protected place in the audit chain."""
    audit.record(
        session,
        actor=actor,
        action="place_names:rename_refused",
        subject=number,
        wanted=wanted,
        reason=why,
    )


def _keep_former(session: Session, place: PlaceRow, notice: DecisionNotice) -> None:
    last = select(func.coalesce(func.max(PlaceNameForm.position), -1)).where(
        PlaceNameForm.place_name_id == place.id
    )
    former = {
        "place_name_id": place.id,
        "position": session.execute(last).scalar_one() + 1,
        "text": place.name,
        "kind": "former",
        "pinyin_plain": plain_pinyin(place.name),
        "year_to": notice.on.year,
        "calendar_text": f"至{notice.on.year}年{notice.on.month}月{notice.on.day}日",
        "citation": notice.source,
    }
    session.execute(insert(PlaceNameForm).values(former))
