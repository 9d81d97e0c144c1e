"""Merges an entry into another; the old id permanently resolves to the other."""

from dataclasses import replace
from typing import TypeVar

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from address_model.heritage.catalogue import CatalogueEntry, NameForm
from address_model.tables import (
    AddressPlaceName,
    HeritageEntry,
    HeritageRelation,
    PlaceName,
)
from service.audit import commands as audit
from service.changes import commands as changes
from service.changes.commands import Action, ChangeNote, Subject
from service.core.actor import Actor
from service.core.errors import BadRequest
from service.heritage.commands.catalogue import delete_children, load_catalogue, lock_catalogue
from service.heritage.queries.codes import WAS
from service.heritage.queries.entries import get_entry
from service.linking.commands.bulk import lock_links
from service.linking.commands.place_links import announce_links
from service.placenames.commands.names import lock_names
from service.placenames.queries import get_place_id

T = TypeVar("T")


def merge_entries(
    session: Session, old: str, into: str, *, reason: str, actor: Actor
) -> CatalogueEntry:
    """Merge one entry into another, delete the first, and return the result.

    The old standard name becomes an alias; claims, lists, links and linked addresses move to the
    other entry. The old place name becomes historical, unless addresses are numbered along it: then
    it stays, and these addresses are also linked to the other. The result counts as reviewed, so
    that a load does not revert it.

    Raises:
        EntryNotFound: one of the entries does not exist.
        BadRequest: both ids are the same, or no reason is given.
    """
    if old == into or not reason.strip():
        raise BadRequest("two different entries and a reason are required", hint="give a reason")
    lock_catalogue(session)
    gone, kept = get_entry(session, old), get_entry(session, into)
    lock_names(session, [gone.place, kept.place])
    old_place = get_place_id(session, gone.place.number)
    new_place = get_place_id(session, kept.place.number)
    lock_links(session)
    moved = _move_addresses(session, old_place, new_place)
    doors = {"old": old_place, "new": new_place, "reason": f"{old} 并入 {into}"}
    moved += session.execute(_LINK_DOORS, doors).scalars()
    session.execute(
        update(HeritageRelation).where(HeritageRelation.to_entry_id == old).values(to_entry_id=into)
    )
    delete_children(session, [old])
    session.execute(delete(HeritageEntry).where(HeritageEntry.id == old))
    ended = update(PlaceName).where(PlaceName.id == old_place, PlaceName.county == "")
    ended = ended.values(status="historical")
    changes.announce(
        session,
        Subject.PLACE_NAME,
        Action.ENDED,
        session.scalars(ended.returning(PlaceName.number)),
    )
    load_catalogue(session, [_merged(gone, kept)], [], actor, over_reviewed=True)
    announce_links(session, moved)
    note = ChangeNote(Subject.HERITAGE_ENTRY, old, Action.MERGED, gone.place.division)
    changes.record(session, [note])
    audit.record(
        session, actor=actor, action="heritage:merge", subject=old, into=into, reason=reason
    )
    return get_entry(session, into)


def _merged(gone: CatalogueEntry, kept: CatalogueEntry) -> CatalogueEntry:
    name = gone.place.standard_name
    known = {kept.place.standard_name, *(form.text for form in kept.place.forms)}
    own = () if name in known else (NameForm(name, "alias", citation=gone.place.source),)
    forms = _joined(kept.place.forms + own, gone.place.forms)
    both = (gone.id, kept.id)
    relations = [one for one in (*kept.relations, *gone.relations) if one.to_entry not in both]
    return replace(
        kept,
        place=replace(kept.place, forms=forms),
        claims=_joined(kept.claims, gone.claims),
        recognitions=_joined(kept.recognitions, gone.recognitions),
        relations=tuple(dict.fromkeys(relations)),
        media=_joined(kept.media, gone.media),
        links=_joined(kept.links, (*gone.links, WAS + gone.id)),
        review_state="reviewed",
    )


def _joined(first: tuple[T, ...], second: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(first + second))


_LINK_DOORS = text(
    "insert into address_place_name (code, place_name_id, kind, how, reason) "
    "select a.code, :new, case when a.place_id = :old then 'street' else 'village' end, 'hand', "
    ":reason from address a where (a.place_id = :old or a.second_place_id = :old) "
    "and a.place_id <> :new and a.second_place_id is distinct from :new "
    "on conflict do nothing returning code"
)
"""Also links addresses numbered along the old place to the new one."""


def _move_addresses(session: Session, old: int, new: int) -> list[str]:
    """Move address links from the old place to the new one, without duplicates."""
    both = AddressPlaceName
    at_new = select(both.code).where(both.place_name_id == new)
    doubled = delete(both).where(both.place_name_id == old, both.code.in_(at_new))
    codes = list(session.scalars(doubled.returning(both.code)))
    moved = update(both).where(both.place_name_id == old).values(place_name_id=new)
    return codes + list(session.scalars(moved.returning(both.code)))
