"""Rows that wait for a decision (one place or two?): kept, decided per pair, then stored."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Select, delete, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.elements import elements_from_plain, elements_to_plain
from address_model.places import PlaceKind, class_of, fold_place
from address_model.tables import ImportWaiting
from service.addresses.commands import place_addresses
from service.addresses.drafts import AddressDraft
from service.addresses.place_index import PlaceQuestion
from service.core.actor import Actor
from service.core.errors import Conflict
from service.imports.commands.row_store import store_rows
from service.imports.decisions import Decisions, PlacedRow
from service.placenames.commands import NewPlace, add_places, extend_place, lock_places
from service.placenames.queries import (
    PlaceRow,
    find_namesakes,
    find_places,
    find_township_names,
    get_place,
)

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class WaitingQuestion:
    """One pair: is the place that a list names in ``township`` this one, or a namesake?

    ``rows`` rows wait for the answer; ``examples`` are their first texts.
    """

    place: PlaceRow
    kind: PlaceKind
    name: str
    township: str
    township_name: str
    qualifier: str
    reason: str
    rows: int
    examples: tuple[str, ...]


def keep_waiting(session: Session, rows: Sequence[tuple[PlacedRow, PlaceQuestion]]) -> None:
    """Keep rows until their question is answered; a row already waiting is not kept twice."""
    values: list[dict[str, object]] = []
    for row, question in rows:
        plain = _to_plain(row)
        identity = [question.township, plain | {"number": 0}]
        encoded = orjson.dumps(identity, option=orjson.OPT_SORT_KEYS)
        values.append(
            {
                "digest": hashlib.sha256(encoded).hexdigest(),
                "county": question.county,
                "place_id": question.place_id,
                "kind": question.kind,
                "folded": question.folded,
                "township": question.township,
                "qualifier": question.qualifier,
                "reason": question.reason,
                "code": row.code,
                "source": row.draft.source,
                "row_number": row.number,
                "draft": plain,
            }
        )
    if values:
        session.execute(insert(ImportWaiting).on_conflict_do_nothing(), values)


def list_questions(session: Session, *, county: str = "") -> list[WaitingQuestion]:
    """The open questions of a county (six digits or their beginning), most rows first."""
    pair: tuple[Any, ...] = (
        ImportWaiting.place_id,
        ImportWaiting.kind,
        ImportWaiting.folded,
        ImportWaiting.township,
        ImportWaiting.qualifier,
    )
    statement: Select[Any] = (
        select(
            *pair,
            func.min(ImportWaiting.reason),
            func.count(),
            literal_column(f"(array_agg(draft order by row_number))[1:{_EXAMPLES}]"),
        )
        .where(ImportWaiting.county.startswith(county))
        .group_by(*pair)
        .order_by(func.count().desc(), *pair)
    )
    rows: Sequence[Any] = session.execute(statement).all()
    places = find_places(session, {row[0] for row in rows})
    townships = find_township_names(session, {row[3] for row in rows})
    return [
        WaitingQuestion(
            place=places[place_id],
            kind=PlaceKind(kind),
            name=folded,
            township=township,
            township_name=townships.get(township, ""),
            qualifier=qualifier,
            reason=reason,
            rows=count,
            examples=tuple(_from_plain(plain).draft.text for plain in drafts),
        )
        for place_id, kind, folded, township, qualifier, reason, count, drafts in rows
    ]


def count_waiting(session: Session, counties: Sequence[str]) -> int:
    """How many rows of counties (six digits or their beginning) wait for an answer."""
    within = or_(*(ImportWaiting.county.startswith(county) for county in counties))
    return int(session.execute(select(func.count()).where(within)).scalar_one())


def answer_question(
    session: Session,
    number: str,
    township: str,
    actor: Actor,
    *,
    is_one: bool,
    qualifier: str = "",
) -> Decisions:
    """Decide whether the doors of a township belong to a place, and store the waiting rows.

    Args:
        number: the place's public id.
        township: 12 digits, as the question has them.
        is_one: the place extends to that township; otherwise a separate place is registered.
        qualifier: the question's, for natural villages.

    Raises:
        PlaceNotFound: there is no such place.
        Conflict: no row waits for this answer, or the register has since decided otherwise.
    """
    place = get_place(session, number)
    lock_places(session, place.county)
    waiting = _lock_waiting_rows(session, place.id, township, qualifier)
    if not waiting:
        raise Conflict(
            f"no row waits for {place.name} ({number}) in {township}",
            hint="list the open questions with `menpai placenames namesakes`",
            zh="没有行等着这个回答，可能已经有人定了。",
        )
    first = waiting[0]
    written = min(_name_of(_from_plain(one.draft), first) for one in waiting)
    name = place.name if is_one else written  # it may have been renamed since
    new = NewPlace(PlaceKind(first.kind), name, place.county, township, qualifier, first.source)
    if not _is_already_decided(session, place, new, is_one=is_one):
        if is_one:
            extend_place(session, place.id, new, actor, note=f"{actor} 认定为同一处")
        else:
            add_places(session, [new], actor)
    rows = [_from_plain(one.draft) for one in waiting]
    drafts = place_addresses(session, [row.draft for row in rows], actor)
    placed = [
        PlacedRow(row.number, row.code, draft, row.text)
        for row, draft in zip(rows, drafts, strict=True)
    ]
    decisions = store_rows(session, placed, actor)
    digests = [one.digest for one in waiting]
    session.execute(delete(ImportWaiting).where(ImportWaiting.digest.in_(digests)))
    return decisions


def _is_already_decided(
    session: Session, place: PlaceRow, asked: NewPlace, *, is_one: bool
) -> bool:
    """Whether the register already has the answer; False if the township has no such place.

    Raises:
        Conflict: the register has another answer.
    """
    key = place.county, class_of(asked.kind), fold_place(asked.kind, asked.name)
    there = [
        row
        for row in find_namesakes(session, place.county, [key]).get(key, ())
        for one in row.townships
        if row.key == key and (one.code, one.qualifier) == (asked.township, asked.qualifier)
    ]
    if not there:
        return False
    if (place.id in {row.id for row in there}) is is_one:
        return True
    (other, *_) = there
    hint = f"menpai placenames divide {place.number} --township {asked.township}"
    if is_one:
        hint = f"menpai placenames merge {other.number} --into {place.number}"
    raise Conflict(
        f"{other.name} ({other.number}) lies in {asked.township} by now",
        hint=f"decide that first: `{hint}`; then answer again",
        zh=f"登记里已经有{other.name}（{other.number}）在这个乡镇、街道，与这个回答不一致。"
        "请先请系统管理员办理合并或拆分，再来定。",
    )


def _lock_waiting_rows(
    session: Session, place_id: int, township: str, qualifier: str
) -> list[ImportWaiting]:
    statement = (
        select(ImportWaiting)
        .where(
            ImportWaiting.place_id == place_id,
            ImportWaiting.township == township,
            ImportWaiting.qualifier == qualifier,
        )
        .order_by(ImportWaiting.source, ImportWaiting.row_number)
        .with_for_update()
    )
    return list(session.scalars(statement))


def _name_of(row: PlacedRow, asked: ImportWaiting) -> str:
    """The name of the place in question as a row writes it."""
    from_elements = row.draft.elements
    fields = (
        from_elements.thoroughfare,
        from_elements.estate,
        from_elements.natural_village,
        from_elements.devzone,
        from_elements.community,
    )
    return next((name for name in fields if name and asked.folded in name), asked.folded)


def _to_plain(row: PlacedRow) -> dict[str, Any]:
    draft = row.draft
    return {
        "number": row.number,
        "code": row.code,
        "text": row.text,
        "county": draft.county,
        "division_id": draft.division_id,
        "division_code": draft.division_code,
        "elements": elements_to_plain(draft.elements),
        "point": [draft.point.lon, draft.point.lat] if draft.point else None,
        "point_note": draft.point_note,
        "source": draft.source,
        "source_id": draft.source_id,
        "is_sample": draft.is_sample,
        "identifiers": [list(pair) for pair in draft.identifiers],
    }


def _from_plain(plain: dict[str, Any]) -> PlacedRow:
    point = plain["point"]
    draft = AddressDraft(
        county=plain["county"],
        division_id=plain["division_id"],
        division_code=plain["division_code"],
        elements=elements_from_plain(plain["elements"]),
        point=Point(*point) if point else None,
        point_note=plain["point_note"],
        source=plain["source"],
        source_id=plain["source_id"],
        is_sample=plain["is_sample"],
        identifiers=tuple((scheme, value) for scheme, value in plain["identifiers"]),
    )
    return PlacedRow(plain["number"], plain["code"], draft, plain["text"])
