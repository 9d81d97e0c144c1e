"""Loads schemes and entries; idempotent, and without touching reviewed entries."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from address_model.heritage.catalogue import CatalogueEntry, Scheme
from address_model.tables import (
    ClaimCitation,
    HeritageClaim,
    HeritageEntry,
    HeritageRelation,
    HeritageScheme,
    Media,
    PlaceName,
    Recognition,
)
from service.audit import commands as audit
from service.changes import commands as changes
from service.changes.commands import Action, ChangeNote, Subject
from service.core.actor import Actor
from service.heritage.commands.claims import write_claims
from service.heritage.queries.codes import list_former_ids
from service.heritage.queries.entries import list_entries, list_schemes
from service.placenames.commands import load_place_names
from service.placenames.pinyin_reading import keep_reading

_CHILDREN = (Recognition, HeritageRelation, Media)
"""The tables with child rows of an entry, beside its claims."""
_OWN = (
    "heritage_class", "class_name", "story_zh", "story_en", "summary", "dispute",
    "settlement_since", "settlement_precision", "name_since", "name_precision", "dynasty",
    "confidence", "review_state", "note",
)  # fmt: skip


@dataclass
class LoadedCatalogue:
    """The result of a load; ``kept`` were reviewed or merged, ``refused`` gives reasons by id."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: int = 0
    kept: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    schemes: int = 0


def load_catalogue(
    session: Session,
    entries: Sequence[CatalogueEntry],
    schemes: Sequence[Scheme],
    actor: Actor,
    *,
    over_reviewed: bool = False,
) -> LoadedCatalogue:
    """Store schemes and entries with their place names.

    A reviewed entry is only overwritten if ``over_reviewed``; an entry that was merged into another
    is not created again.
    """
    lock_catalogue(session)
    merged = list_former_ids(session)
    report = LoadedCatalogue(schemes=_write_schemes(session, schemes))
    held = {one.id: one for one in list_entries(session, [entry.id for entry in entries])}
    todo: list[CatalogueEntry] = []
    for given in entries:
        division = given.place.division.ljust(12, "0")
        before = held.get(given.id)
        place = replace(given.place, division=division)
        entry = replace(given, place=keep_reading(place, before.place if before else None))
        if given.id in merged:
            report.kept.append(given.id)
        elif before == entry:
            report.same += 1
        elif before and before.review_state == "reviewed" and not over_reviewed:
            report.kept.append(entry.id)
        else:
            todo.append(entry)
    names = load_place_names(session, [entry.place for entry in todo], actor)
    report.refused = {
        e.id: names.refused[e.place.number] for e in todo if e.place.number in names.refused
    }
    todo = [entry for entry in todo if entry.id not in report.refused]
    _write_entries(session, todo, set(held))
    report.new = [entry.id for entry in todo if entry.id not in held]
    report.changed = [entry.id for entry in todo if entry.id in held]
    _announce(session, todo, report, actor)
    return report


def _write_schemes(session: Session, schemes: Sequence[Scheme]) -> int:
    """Insert new versions of schemes and update changed ones; return their number."""
    held = {(one.code, one.version): one for one in list_schemes(session)}
    todo = [one for one in schemes if held.get((one.code, one.version)) != one]
    for one in todo:
        values = asdict(one) | {"gaps": list(one.gaps)}
        added = upsert(HeritageScheme).values(**values)
        keys = [HeritageScheme.code, HeritageScheme.version]
        rest = {name: value for name, value in values.items() if name not in ("code", "version")}
        session.execute(added.on_conflict_do_update(index_elements=keys, set_=rest))
    return len(todo)


def _write_entries(session: Session, entries: list[CatalogueEntry], held: set[str]) -> None:
    if not entries:
        return
    ids = [entry.id for entry in entries]
    numbers = [entry.place.number for entry in entries]
    statement = select(PlaceName.number, PlaceName.id).where(PlaceName.number.in_(numbers))
    places = dict(session.execute(statement).all())
    delete_children(session, ids)
    for entry in entries:
        values: dict[str, Any] = {name: getattr(entry, name) for name in _OWN}
        values |= {"links": list(entry.links), "place_name_id": places[entry.place.number]}
        if entry.id in held:
            session.execute(
                update(HeritageEntry).where(HeritageEntry.id == entry.id).values(**values)
            )
        else:
            session.execute(insert(HeritageEntry).values(id=entry.id, **values))
    write_claims(session, entries)
    known = set(session.scalars(select(HeritageEntry.id)))
    for table, rows in _rows(entries, known).items():
        if rows:
            session.execute(insert(table), rows)


def delete_children(session: Session, ids: Sequence[str]) -> None:
    """Delete the child rows of some entries, and the citations of their claims."""
    ours = select(HeritageClaim.id).where(HeritageClaim.entry_id.in_(ids))
    session.execute(delete(ClaimCitation).where(ClaimCitation.claim_id.in_(ours)))
    for table in (HeritageClaim, *_CHILDREN):
        session.execute(delete(table).where(table.entry_id.in_(ids)))


def _rows(entries: list[CatalogueEntry], known: set[str]) -> dict[Any, list[dict[str, Any]]]:
    rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in _CHILDREN}
    for entry in entries:
        lists: tuple[tuple[Any, tuple[Any, ...]], ...] = (
            (Recognition, entry.recognitions),
            (Media, entry.media),
        )
        for table, children in lists:
            for at, child in enumerate(children):
                values = asdict(child) | {"entry_id": entry.id, "position": at}
                rows[table].append(values)
        for at, relation in enumerate(entry.relations):
            target = relation.to_entry if relation.to_entry in known else None
            rows[HeritageRelation].append(
                {
                    "entry_id": entry.id,
                    "position": at,
                    "kind": relation.kind,
                    "to_entry_id": target,
                    "to_name": relation.to_name,
                    "note": relation.note,
                }
            )
    return rows


def _announce(
    session: Session, entries: list[CatalogueEntry], report: LoadedCatalogue, actor: Actor
) -> None:
    if not entries:
        return
    new = set(report.new)
    changes.record(
        session,
        [
            ChangeNote(
                Subject.HERITAGE_ENTRY,
                one.id,
                Action.NEW if one.id in new else Action.CHANGED,
            )
            for one in entries
        ],
    )
    ids = [entry.id for entry in entries]
    audit.record_codes(session, actor=actor, action="heritage:load", codes=ids)


HERITAGE_LOCK = 0x6D656E75
"""The key of an advisory lock ("menu" in ASCII); readers are not blocked."""


def lock_catalogue(session: Session) -> None:
    """Take the catalogue's write lock until the end of the transaction."""
    session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": HERITAGE_LOCK})
