"""What follows a merged place besides its doors: names, links, waiting rows."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, text, update
from sqlalchemy.orm import Session

from address_model.tables import AddressPlaceName, ImportWaiting, PlaceName, PlaceNameForm
from service.changes.commands import Action, Subject, announce
from service.placenames.queries import PlaceRow

Followers = dict[str, list[Any]]
"""What followed, by kind: name forms, linked codes, digests of waiting rows, places."""

_COPY_FORMS = text(
    "insert into place_name_form (place_name_id, position, text, kind, pinyin_plain, year_from, "
    "year_to, calendar_text, citation, reference) select :there, "
    "coalesce((select max(position) from place_name_form where place_name_id = :there), -1) "
    "+ row_number() over (order by f.position), f.text, f.kind, f.pinyin_plain, f.year_from, "
    "f.year_to, f.calendar_text, f.citation, f.reference from place_name_form f "
    "where f.place_name_id = :here and not exists (select 1 from place_name_form g "
    "where g.place_name_id = :there and g.text = f.text) returning id"
)
_TAKE_NAME = text(
    "update place_name b set standard_name = a.standard_name, specific = a.specific, "
    "generic = a.generic, pinyin = a.pinyin, pinyin_plain = a.pinyin_plain, "
    "pinyin_source = a.pinyin_source, needs_review = a.needs_review "
    "from place_name a where a.id = :here and b.id = :there"
)


def copy_names(session: Session, here: PlaceRow, there: PlaceRow) -> list[int]:
    """Copy the other names of a place to another; return the keys of the new ones."""
    return list(session.execute(_COPY_FORMS, {"here": here.id, "there": there.id}).scalars())


def take_name(session: Session, here: PlaceRow, there: PlaceRow) -> None:
    """Add the present and former names of a place to another."""
    session.execute(_TAKE_NAME, {"here": here.id, "there": there.id})
    copy_names(session, here, there)


def lead_on(session: Session, here: PlaceRow, there: PlaceRow) -> Followers:
    """End a place: its numbers, names, manual links and waiting rows go to the other.

    A road of another county that continued it continues the other.
    """
    former = session.scalars(
        update(PlaceName)
        .where(PlaceName.id == here.id)
        .values(status="historical", changed_at=func.clock_timestamp())
        .returning(PlaceName.former_numbers)
    ).one()
    session.execute(
        update(PlaceName)
        .where(PlaceName.id == there.id)
        .values(former_numbers=func.array_cat(PlaceName.former_numbers, [here.number, *former]))
    )
    both = select(AddressPlaceName.code).where(AddressPlaceName.place_name_id == there.id)
    doubles = delete(AddressPlaceName).where(_by_hand(here.id), AddressPlaceName.code.in_(both))
    _announce_links(session, session.scalars(doubles.returning(AddressPlaceName.code)))
    waiting = update(ImportWaiting).where(ImportWaiting.place_id == here.id)
    return {
        "forms": copy_names(session, here, there),
        "links": _move_links(session, _by_hand(here.id), there.id),
        "waiting": list(
            session.scalars(waiting.values(place_id=there.id).returning(ImportWaiting.digest))
        ),
        "following": _continue(session, PlaceName.continues_id == here.id, there.id),
    }


def revive(session: Session, number: str, here: PlaceRow, followers: Followers) -> None:
    """Make a merged place current again, and return what followed it."""
    ended = select(PlaceName.id, PlaceName.former_numbers).where(PlaceName.number == number)
    place_id, former = session.execute(ended).one()
    session.execute(
        update(PlaceName)
        .where(PlaceName.id == place_id)
        .values(status="current", changed_at=func.clock_timestamp())
    )
    led = session.execute(
        text(
            "update place_name set former_numbers = array(select one from unnest(former_numbers) "
            "one where one <> all(:gone)) where id <> :id and former_numbers && :gone "
            "returning number"
        ),
        {"gone": [number, *former], "id": place_id},
    )
    announce(session, Subject.PLACE_NAME, Action.CHANGED, led.scalars())
    forms = PlaceNameForm.id.in_(followers.get("forms", []))
    session.execute(delete(PlaceNameForm).where(forms, PlaceNameForm.place_name_id == here.id))
    links = AddressPlaceName.code.in_(followers.get("links", []))
    _move_links(session, _by_hand(here.id) & links, place_id)
    waiting = ImportWaiting.digest.in_(followers.get("waiting", []))
    session.execute(update(ImportWaiting).where(waiting).values(place_id=place_id))
    following = PlaceName.id.in_(followers.get("following", []))
    _continue(session, following & (PlaceName.continues_id == here.id), place_id)


def _move_links(session: Session, which: ColumnElement[bool], place_id: int) -> list[str]:
    """Move links to a place; return the codes of their addresses."""
    moving = update(AddressPlaceName).where(which).values(place_name_id=place_id)
    return _announce_links(session, session.scalars(moving.returning(AddressPlaceName.code)))


def _announce_links(session: Session, codes: Iterable[str]) -> list[str]:
    linked = list(codes)
    announce(session, Subject.ADDRESS_PLACE_NAME, Action.LINKED, linked)
    return linked


def _continue(session: Session, which: ColumnElement[bool], place_id: int) -> list[int]:
    """Let roads continue a place; return their keys."""
    following = update(PlaceName).where(which).values(continues_id=place_id)
    rows = session.execute(following.returning(PlaceName.id, PlaceName.number)).all()
    announce(session, Subject.PLACE_NAME, Action.JOINED, [row.number for row in rows])
    return [row.id for row in rows]


def _by_hand(place_id: int) -> ColumnElement[bool]:
    return (AddressPlaceName.place_name_id == place_id) & (AddressPlaceName.how == "hand")
