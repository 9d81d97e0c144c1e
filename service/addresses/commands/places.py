"""Assigns places to addresses: judged under the county's lock, then registered."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.doors import Doors
from address_model.elements import elements_from_plain
from address_model.lifecycle import GONE
from address_model.namesakes import Outcome, Place, Township, judge_name
from address_model.places import fold_place
from address_model.tables import Address
from service.addresses.drafts import AddressDraft
from service.addresses.place_index import (
    PlaceCollector,
    PlaceIndex,
    PlaceQuestion,
    wanted_of,
)
from service.core.actor import Actor
from service.core.errors import Conflict
from service.placenames.commands import NewPlace, add_places, extend_place, lock_places
from service.placenames.queries import (
    PlaceKey,
    PlaceRow,
    find_asked,
    find_namesakes,
    find_township_names,
)


def place_addresses(
    session: Session,
    drafts: Sequence[AddressDraft],
    actor: Actor,
    *,
    leaving: Sequence[str] = (),
    holds_places: bool = False,
) -> list[AddressDraft]:
    """Give drafts their places; drafts that already have places are unchanged.

    Missing places are registered. The counties are locked in order until the transaction ends,
    unless the caller ``holds_places``. ``leaving`` are the codes of addresses that the drafts
    change: their current positions are ignored.

    Raises:
        Conflict: a place cannot be distinguished from a namesake.
    """
    collected = PlaceCollector()
    for draft in drafts:
        if not draft.is_placed:
            collected.add(draft)
    index = PlaceIndex()
    for county in collected.counties():
        if not holds_places:
            lock_places(session, county)
        judge_places(session, collected, county, index, leaving=leaving)
        source = next(draft.source for draft in drafts if draft.county == county)
        enter_places(session, collected, county, index, actor, source=source)
    placed: list[AddressDraft] = []
    for draft in drafts:
        found = draft if draft.is_placed else index.assign(draft)
        if isinstance(found, PlaceQuestion):
            raise Conflict(
                f"{draft.text}：{found.reason}",
                hint="find the pair with `menpai placenames namesakes`, or name the township",
                zh=f"{draft.text}：{found.reason}。请写明乡镇（街道）。",
            )
        placed.append(found)
    return placed


def judge_places(
    session: Session,
    collected: PlaceCollector,
    county: str,
    index: PlaceIndex,
    *,
    leaving: Sequence[str] = (),
) -> None:
    """Judge all place names of a list in one county; nothing is written.

    The caller holds the county's lock, except in a dry run.
    """
    names = dict(collected.of_county(county))
    held = find_namesakes(session, county, list(names))
    asked = find_asked(session, {row.id for rows in held.values() for row in rows})
    codes = {code for slots in names.values() for _, code, _ in slots}
    townships = find_township_names(session, codes)

    def read(place_id: int) -> Doors:
        return read_doors(session, place_id, leaving=leaving)

    for key, slots in names.items():
        rows = _list_candidates(held.get(key, []), key, {code for _, code, _ in slots})
        places: list[Place] = []
        for row in rows:
            lies = [Township(one.code, one.name) for one in row.townships]
            qualifier = next((one.qualifier for one in row.townships if one.qualifier), "")
            there = Place(row.id, row.kind, lies, qualifier, asked=asked.get(row.id, {}))
            places.append(there)
        wanted = wanted_of(slots, townships)
        judged = judge_name(key[2], places, wanted, read, index.next_ref)
        index.judged[key] = judged
        index.current |= {row.id: (row.kind, row.name) for row in rows if _is_former(row, key)}
        if any(one.outcome is Outcome.UNCLEAR for one in judged.values()):
            for place in places:
                place.doors = place.doors or read(place.ref)
            index.candidates[key] = places


def enter_places(
    session: Session,
    collected: PlaceCollector,
    county: str,
    index: PlaceIndex,
    actor: Actor,
    *,
    source: str,
) -> None:
    """Store the judgements of one county: new places, and new townships of existing ones."""
    new: dict[int, NewPlace] = {}
    joined: list[tuple[int, NewPlace, str]] = []
    for key, slots in collected.of_county(county):
        for slot in slots:
            judgement = index.judged[key][slot]
            kind, township, qualifier = slot
            place = NewPlace(kind, collected.names[key], county, township, qualifier, source)
            if judgement.outcome is Outcome.NEW:
                new[judgement.ref] = place
            elif judgement.outcome is Outcome.JOINED:
                joined.append((judgement.ref, place, judgement.reason))
    ids = add_places(session, list(new.values()), actor)
    index.ids |= dict(zip(new, ids, strict=True))
    for ref, place, note in joined:
        extend_place(session, index.ids.get(ref, ref), place, actor, note=note)


def read_doors(session: Session, place_id: int, *, leaving: Sequence[str] = ()) -> Doors:
    """The doors of the living addresses on a place, without ``leaving``."""
    statement = select(
        Address.place_id,
        Address.second_place_id,
        Address.elements,
        func.ST_X(Address.geom),
        func.ST_Y(Address.geom),
    ).where(
        or_(Address.place_id == place_id, Address.second_place_id == place_id),
        Address.status.not_in(GONE),
        Address.code != func.all(list(leaving)),
    )
    doors = Doors()
    for first, second, plain, lon, lat in session.execute(statement):
        draft = AddressDraft("", 0, "", elements_from_plain(plain))
        point = None if lon is None else Point(lon, lat)
        for counting, ref in zip(draft.countings, (first, second), strict=False):
            if ref == place_id:
                doors.add(counting.door, point)
    return doors


def _list_candidates(
    rows: Sequence[PlaceRow], key: PlaceKey, townships: set[str]
) -> Sequence[PlaceRow]:
    """The places that a list with these townships ("" if it names none) may refer to.

    If a place currently has the name, places formerly so called count only in their own townships.
    """
    if all(_is_former(row, key) for row in rows):
        return rows
    return [
        row
        for row in rows
        if not _is_former(row, key)
        or "" in townships
        or any(one.code in ("", *townships) for one in row.townships)
    ]


def _is_former(row: PlaceRow, key: PlaceKey) -> bool:
    return fold_place(row.kind, row.name) != key[2]
