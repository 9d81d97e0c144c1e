"""Renames a place: the name changes at once, addresses and plates follow in a run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.lifecycle import GONE
from address_model.places import PlaceKind, class_of, fold_place, is_generic
from service.addresses.commands import follow_places
from service.audit.policies import require_seen
from service.core.actor import Actor
from service.core.errors import BadRequest, Conflict
from service.divisions.commands import DecisionNotice
from service.naming.queries import Confusable, list_confusable
from service.placenames.commands import hold_names, lock_places, write_new_name
from service.placenames.queries import (
    PlaceRow,
    find_guarded,
    find_namesakes,
    get_place,
    get_record,
)
from service.plates.commands import follow_addresses
from service.plates.queries import count_to_replace
from service.runs.commands import ChunkOrder, resume_run, start_run
from service.runs.queries import UNFINISHED, find_open_run

KIND = "rename_place"
RENAMED_AT_ONCE = 500
"""Addresses per chunk: with their plates a few seconds of work."""

_ALONG = text(
    "select code from address where (place_id = :place or second_place_id = :place) "
    "and status <> all(:gone) order by code"
)


@dataclass(frozen=True, slots=True)
class Renaming:
    """A place under its new name, and the run in which its addresses follow.

    ``alike`` are names it may be confused with; they do not prevent it.
    """

    place: PlaceRow
    before: str
    run_id: int
    alike: tuple[Confusable, ...] = ()


@dataclass(frozen=True, slots=True)
class Renamed:
    """The result of one chunk of addresses; ``plates`` are to be replaced."""

    addresses: int
    frozen: tuple[str, ...]
    conflicts: tuple[str, ...]
    plates: int


class NameProtected(Conflict):
    """This name is on a heritage list."""


def rename_place(
    session: Session,
    number: str,
    name: str,
    notice: DecisionNotice,
    actor: Actor,
    *,
    plan: str = "",
    seen: int | None = None,
) -> Renaming:
    """Rename a place (更名) and start the run in which its addresses and plates follow.

    Codes and keys stay; the old name and every old text still lead to it. Called again, an
    interrupted renaming continues, and includes addresses that are no longer frozen. ``plan`` is
    the document of protective measures that a listed name needs (《地名管理条例》 Art. 25).
    ``seen`` is the version the caller saw; None skips the check.

    Raises:
        Outdated: the place has changed since.
        PlaceNotFound: there is no such place.
        BadRequest: the name is empty, or has blanks in it.
        NameProtected: it needs a plan; ``note_refused_name`` keeps the attempt.
        Conflict: it is a division's, another place of its township has the name, or an earlier
            renaming is not finished.
    """
    if not name or any(char.isspace() for char in name):
        raise BadRequest("a place has a name without blanks", hint="write the name in full")
    found = get_place(session, number)
    lock_places(session, found.county)
    hold_names(session, [found.number])
    place = get_place(session, number)
    require_seen(session, place.record, seen)
    running = find_open_run(session, KIND, {"place": place.number})
    if name == place.name:
        if running is None:
            return Renaming(place, name, _start(session, place, notice, actor))
        if running.state not in UNFINISHED:
            resume_run(session, running.id, actor)
        return Renaming(place, str(running.parameters["before"]), running.id)
    if running is not None:
        raise Conflict(
            f"run {running.id} is still renaming {place.number} to {place.name}",
            hint=f"wait until it has ended: `menpai runs show {running.id}`",
        )
    _require_nameable(session, place, name, plan)
    township = place.townships[0].code if place.townships else ""
    scope = township or place.county.ljust(12, "0")
    found_alike = list_confusable(session, name, place.kind, scope)
    own = f" {place.number}"
    alike = tuple(one for one in found_alike if not one.known_as.endswith(own))
    write_new_name(session, place, name, notice, actor, plan=plan)
    run_id = _start(session, place, notice, actor)
    return Renaming(replace(place, name=name), place.name, run_id, alike)


def rename_addresses(
    session: Session, codes: Sequence[str], actor: Actor, *, source: str
) -> Renamed:
    """Rename one chunk of the addresses along a place; their plates follow."""
    done = follow_places(session, codes, actor, source=source)
    follow_addresses(session, done.before, actor)
    changed = [row.code for row in done.before]
    plates = count_to_replace(session, changed)
    return Renamed(len(changed), done.frozen, done.conflicts, plates)


def _require_nameable(session: Session, place: PlaceRow, name: str, plan: str) -> None:
    if place.kind is PlaceKind.COMMUNITY or get_record(session, place.number).is_division:
        raise Conflict(
            f"{place.name} is the name of a division",
            hint="rename that: `menpai divisions rename CODE NAME --source NOTICE`",
        )
    if place.kind is PlaceKind.ESTATE and is_generic(name):
        raise Conflict(f"{name} is a generic term of many estates", hint="give it a specific name")
    guarded = {} if plan else find_guarded(session, {place.number: place.name})
    if guarded:
        raise NameProtected(guarded[place.number], hint="name the document of its measures: --plan")
    key = (place.county, class_of(place.kind), fold_place(place.kind, name))
    here = {(one.code, one.qualifier) for one in place.townships}
    for row in find_namesakes(session, place.county, [key]).get(key, ()):
        shared = [one for one in row.townships if (one.code, one.qualifier) in here]
        if row.id != place.id and row.key == key and shared:
            where = shared[0].name or "the county"
            raise Conflict(
                f"{name} is the name of {row.number} in {where} already", hint="give another name"
            )


def _start(session: Session, place: PlaceRow, notice: DecisionNotice, actor: Actor) -> int:
    codes = list(session.scalars(_ALONG, {"place": place.id, "gone": [str(one) for one in GONE]}))
    parts = [codes[at : at + RENAMED_AT_ONCE] for at in range(0, len(codes), RENAMED_AT_ONCE)]
    chunks = [ChunkOrder(1, len(part), {"codes": part}) for part in parts]
    about: dict[str, object] = {
        "place": place.number,
        "before": place.name,
        "source": notice.source,
        "division": place.county,
    }
    return start_run(session, KIND, chunks, actor, parameters=about)
