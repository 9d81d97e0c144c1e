"""Writes place names with their other names; writing the same record again changes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from address_model.heritage.catalogue import PlaceNameRecord
from address_model.pinyin import plain_pinyin
from address_model.tables import PlaceName, PlaceNameForm
from service.audit import commands as audit
from service.changes import commands as changes
from service.changes.commands import Action, ChangeNote, Subject
from service.core.actor import Actor
from service.placenames.commands.name_locks import hold_names
from service.placenames.commands.new_name import note_refused_name
from service.placenames.commands.places import (
    find_division_ids,
    find_ended_divisions,
    find_twin,
    lock_places,
)
from service.placenames.pinyin_reading import keep_reading
from service.placenames.queries import find_counted, find_guarded, find_led, list_records

_RENAME = (
    "addresses count along {}: give it its new name with `menpai placenames rename`, "
    "which lets them follow"
)


@dataclass
class LoadedNames:
    """The result of a load; ``refused`` has the reason by number."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: int = 0
    refused: dict[str, str] = field(default_factory=dict)


def load_place_names(
    session: Session, records: Sequence[PlaceNameRecord], actor: Actor, *, plan: str = ""
) -> LoadedNames:
    """Insert or update place names by number; refuse those without division or already merged.

    A new name of an existing place that addresses count along is joined with it: the place's
    former number leads to it.

    Such a place keeps its former names, and its standard name does not change here: that is a
    renaming, which its addresses follow. A reading set manually stays. A name on a heritage list
    changes only with ``plan``, the document of its protective measures (《地名管理条例》 Art. 25).
    """
    lock_names(session, records)
    report = LoadedNames()
    held = {one.number: one for one in list_records(session, [one.number for one in records])}
    codes = {one.division.ljust(12, "0") for one in (*records, *held.values())}
    divisions, ended = find_division_ids(session, codes), find_ended_divisions(session, codes)
    ids = dict(session.execute(select(PlaceName.number, PlaceName.id)).all())
    counted = find_counted(session, [record.number for record in records])
    report.refused = _find_refused(
        session, records, actor, held=held, divisions=divisions, counted=counted, plan=plan
    )
    notes: list[ChangeNote] = []
    for given in records:
        record = replace(given, division=given.division.ljust(12, "0"))
        if record.number in report.refused:
            continue
        record = _keep_held(record, held.get(record.number), counted, ended)
        if held.get(record.number) == record:
            report.same += 1
            continue
        known = ids.get(record.number)
        values = _values(record, divisions[record.division])
        place = find_twin(session, record) if known is None else None
        if place is not None:
            led = func.array_append(PlaceName.former_numbers, place.number)
            values, known = values | {"number": record.number, "former_numbers": led}, place.id
        _write(session, record, values, known)
        action = Action.CHANGED if record.number in ids else Action.NEW
        (report.new if action is Action.NEW else report.changed).append(record.number)
        notes.append(ChangeNote(Subject.PLACE_NAME, record.number, action))
    changes.record(session, notes)
    if written := report.new + report.changed:
        audit.record_codes(session, actor=actor, action="place_names:load", codes=written)
    if plan:
        audit.record(session, actor=actor, action="place_names:plan", subject="names", plan=plan)
    return report


def lock_names(session: Session, records: Sequence[PlaceNameRecord]) -> None:
    """Lock the places of the counties of a load, and the names of its numbers."""
    counties = {record.division[:6] for record in records if record.division[4:6] != "00"}
    for county in sorted(counties):
        lock_places(session, county)
    hold_names(session, [record.number for record in records])


def _find_refused(
    session: Session,
    records: Sequence[PlaceNameRecord],
    actor: Actor,
    *,
    held: Mapping[str, PlaceNameRecord],
    divisions: Mapping[str, int],
    counted: Collection[str],
    plan: str,
) -> dict[str, str]:
    """Why records cannot be loaded, by number.

    They have no known division, are of a merged place, or may not rename theirs; such attempts at
    protected names are audited.
    """
    led = find_led(session, [record.number for record in records])
    refused = {
        record.number: f"there is no division {record.division}"
        for record in records
        if record.division.ljust(12, "0") not in divisions
    }
    refused |= {number: f"it went up in {other}" for number, other in led.items()}
    wanted = {
        one.number: one.standard_name
        for one in records
        if one.number in held and held[one.number].standard_name != one.standard_name
    }
    present = {number: held[number].standard_name for number in wanted}
    guarded = {} if plan else find_guarded(session, present)
    for number, why in guarded.items():
        note_refused_name(session, number, wanted[number], why, actor)
    unled = {number: _RENAME.format(present[number]) for number in wanted if number in counted}
    kept = unled | guarded
    return refused | {n: kept[n] for n in wanted if n in kept and n not in refused}


def _keep_held(
    record: PlaceNameRecord,
    held: PlaceNameRecord | None,
    counted: Collection[str],
    ended: Collection[str],
) -> PlaceNameRecord:
    """A record with what is kept of the stored one.

    These are a reading set manually; the present division, where the list still names one that has
    ``ended``; and, for a place that addresses count along, its former names, since texts are found
    by them.
    """
    record = keep_reading(record, held)
    if held is not None and record.division in ended:
        record = replace(record, division=held.division)
    if held is None or held.number not in counted:
        return record
    told = {form.text for form in record.forms}
    kept = [form for form in held.forms if form.kind == "former" and form.text not in told]
    return replace(record, forms=(*record.forms, *kept))


def _write(
    session: Session, record: PlaceNameRecord, values: dict[str, object], known: int | None
) -> None:
    if known is None:
        made = insert(PlaceName).values(number=record.number, **values).returning(PlaceName.id)
        known = session.execute(made).scalar_one()
    else:
        values["changed_at"] = func.clock_timestamp()
        session.execute(update(PlaceName).where(PlaceName.id == known).values(**values))
        session.execute(delete(PlaceNameForm).where(PlaceNameForm.place_name_id == known))
    if record.forms:
        rows = [
            {
                "place_name_id": known,
                "position": position,
                "text": form.text,
                "kind": form.kind,
                "pinyin_plain": plain_pinyin(form.text),
                "year_from": form.year_from,
                "year_to": form.year_to,
                "calendar_text": form.calendar_text,
                "citation": form.citation,
                "reference": form.reference,
            }
            for position, form in enumerate(record.forms)
        ]
        session.execute(insert(PlaceNameForm), rows)


def _values(record: PlaceNameRecord, division_id: int) -> dict[str, object]:
    geometry = func.ST_GeomFromText(record.geometry, 4490) if record.geometry else None
    return {
        "place_code": record.place_code,
        "standard_name": record.standard_name,
        "specific": record.specific,
        "generic": record.generic,
        "kind": record.kind,
        "kind_code": record.kind_code,
        "kind_source": record.kind_source,
        "pinyin": record.pinyin,
        "pinyin_plain": plain_pinyin(record.pinyin),
        "pinyin_source": record.pinyin_source,
        "needs_review": record.needs_review,
        "meaning": record.meaning,
        "origin": record.origin,
        "history": record.history,
        "division_id": division_id,
        "is_division": record.is_division,
        "geom": geometry,
        "precision": record.precision,
        "precision_source": record.precision_source,
        "status": record.status,
        "source": record.source,
    }
