"""Enters places that addresses count along, and adds townships to them."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from psycopg.errors import LockNotAvailable
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from address_model.heritage.catalogue import PlaceNameRecord
from address_model.pinyin import plain_pinyin
from address_model.places import SETTLEMENTS, PlaceKind, class_of, fold_place
from address_model.tables import Division, PlaceName, PlaceTownship
from service.audit import commands as audit
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.actor import Actor
from service.core.clock import today
from service.core.database import Database
from service.core.errors import Busy
from service.placenames.pinyin_reading import with_reading
from service.placenames.queries import PlaceRow, find_namesakes

COUNTY_LOCK = 0x6D656E70
"""Namespace of the advisory lock of a county's places; the key is its six digits."""

HOLD_TIMEOUT = "60s"
"""How long an import waits for another one in the same county."""

SERIAL_MARGIN = 10_000
"""By how much the serials of places are raised after a restore."""

_TAKE_SERIALS = text(
    "insert into place_space (county, counter) values (:county, :n) on conflict (county) "
    "do update set counter = place_space.counter + excluded.counter returning counter"
)


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place to enter; ``township`` has 12 digits, is empty, or a name unknown to all lists."""

    kind: PlaceKind
    name: str
    county: str
    township: str
    qualifier: str
    source: str

    @property
    def division(self) -> str:
        """The 12-digit code of the smallest known division that contains it."""
        return self.township if self.township.isdigit() else self.county.ljust(12, "0")


def raise_versions(session: Session, ids: Collection[int]) -> None:
    """Raise the versions of places after a change of their townships or numbering."""
    written = update(PlaceName).where(PlaceName.id.in_(ids))
    session.execute(written.values(changed_at=func.clock_timestamp()))


def lock_places(session: Session, county: str) -> None:
    """Take the county's place lock until the transaction ends."""
    session.execute(
        text("select pg_advisory_xact_lock(:key, :county)"),
        {"key": COUNTY_LOCK, "county": int(county)},
    )


@contextmanager
def hold_counties(database: Database, counties: Sequence[str]) -> Iterator[None]:
    """Hold the place locks of counties during the block, across transactions.

    Raises:
        Busy: another import holds one of them for longer than a minute.
    """
    with database.engine.connect() as opened:
        connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(
            text("select set_config('lock_timeout', :t, false)"), {"t": HOLD_TIMEOUT}
        )
        try:
            for county in sorted(counties):
                values = {"key": COUNTY_LOCK, "county": int(county)}
                connection.execute(text("select pg_advisory_lock(:key, :county)"), values)
            yield
        except OperationalError as error:
            if not isinstance(error.orig, LockNotAvailable):
                raise
            raise Busy(
                "another import of one of these counties is running", hint="wait until it has ended"
            ) from error
        finally:
            connection.execute(text("select pg_advisory_unlock_all()"))
            connection.execute(text("reset lock_timeout"))


def add_places(session: Session, places: Sequence[NewPlace], actor: Actor) -> list[int]:
    """Enter places of one county; existing names without addresses become these places.

    Returns their keys in the order of the places. The caller holds the county's lock.
    """
    if not places:
        return []
    county = places[0].county
    adopted = _find_unplaced(session, county, places)
    divisions = find_division_ids(session, {place.division for place in places})
    fresh = [place for place, held in zip(places, adopted, strict=True) if held is None]
    numbers: list[str] = []
    made: list[int] = []
    if fresh:
        last = session.execute(_TAKE_SERIALS, {"county": county, "n": len(fresh)}).scalar_one()
        numbers = [f"{county}-{last - len(fresh) + n:06d}" for n in range(1, len(fresh) + 1)]
        values = [
            _values(place, number, divisions[place.division])
            for place, number in zip(fresh, numbers, strict=True)
        ]
        statement = insert(PlaceName).returning(PlaceName.id, sort_by_parameter_order=True)
        made = list(session.execute(statement, values).scalars())
    for held in filter(None, adopted):
        session.execute(update(PlaceName).where(PlaceName.id == held[0]).values(county=county))
    entered = iter(zip(made, numbers, strict=True))
    held_or_new = [held or next(entered) for held in adopted]
    rows = [_township(id_, place) for (id_, _), place in zip(held_or_new, places, strict=True)]
    session.execute(insert(PlaceTownship), rows)
    codes = [number for _, number in held_or_new]
    changes.announce(session, Subject.PLACE_NAME, Action.PLACED, codes)
    audit.record_codes(session, actor=actor, action="place_names:enter", codes=codes)
    return [id_ for id_, _ in held_or_new]


def extend_place(
    session: Session, place_id: int, place: NewPlace, actor: Actor, *, note: str
) -> None:
    """Add a township to a place; one without a known township gets this one.

    It lies there under its own name, even if a list calls it by a former one. The caller holds
    the county's lock.
    """
    number, name = session.execute(
        select(PlaceName.number, PlaceName.standard_name).where(PlaceName.id == place_id)
    ).one()
    loose = (
        PlaceTownship.place_id == place_id,
        PlaceTownship.valid_to.is_(None),
        PlaceTownship.township.in_(("", place.township)),
    )
    session.execute(update(PlaceTownship).where(*loose).values(valid_to=today()))
    there = _township(place_id, replace(place, name=name), note=note)
    session.execute(insert(PlaceTownship), [there])
    raise_versions(session, [place_id])
    changes.announce(session, Subject.PLACE_NAME, Action.EXTENDED, [number])
    audit.record(
        session,
        actor=actor,
        action="place_names:extend",
        subject=number,
        township=place.township,
        qualifier=place.qualifier,
        note=note,
    )


def find_twin(session: Session, record: PlaceNameRecord) -> PlaceRow | None:
    """The one existing place that a name to be loaded denotes, or None.

    Only places entered by an import count; a loaded one has its own number.
    """
    county = record.division[:6]
    if record.kind not in set(PlaceKind) or record.status != "current" or county.endswith("00"):
        return None
    kind = PlaceKind(record.kind)
    key = (county, class_of(kind), fold_place(kind, record.standard_name))
    fits = [
        row
        for row in find_namesakes(session, county, [key]).get(key, ())
        if row.name == record.standard_name
        and row.number.startswith(f"{county}-")
        and any(_may_lie(record.division, row.kind, one.code) for one in row.townships)
    ]
    return fits[0] if len(fits) == 1 else None


def raise_place_serials(session: Session) -> None:
    """Raise every county's place serial, after a restore."""
    session.execute(text("update place_space set counter = counter + :by"), {"by": SERIAL_MARGIN})


def _township(place_id: int, place: NewPlace, *, note: str = "") -> dict[str, object]:
    return {
        "place_id": place_id,
        "county": place.county,
        "kind": place.kind,
        "folded": fold_place(place.kind, place.name),
        "township": place.township,
        "qualifier": place.qualifier,
        "note": note,
        "valid_from": today(),
    }


def _find_unplaced(
    session: Session, county: str, places: Sequence[NewPlace]
) -> list[tuple[int, str] | None]:
    """For each place, the one existing name that it has and no address counts along yet, or None.

    For a settlement it must lie in the township, for a street or estate in the county.
    """
    statement = (
        select(
            PlaceName.id,
            PlaceName.number,
            PlaceName.standard_name,
            PlaceName.kind,
            Division.code.label("division"),
        )
        .join(Division, Division.id == PlaceName.division_id)
        .where(
            PlaceName.status == "current",
            PlaceName.county == "",
            PlaceName.kind.in_(PlaceKind),
            Division.code.startswith(county),
        )
    )
    unplaced: Sequence[Any] = session.execute(statement).all()
    found: list[tuple[int, str] | None] = []
    for place in places:
        fits = [
            row
            for row in unplaced
            if row.standard_name == place.name
            and class_of(row.kind) == class_of(place.kind)
            and _may_lie(row.division, place.kind, place.township)
        ]
        found.append((fits[0].id, fits[0].number) if len(fits) == 1 else None)
    return found


def _may_lie(division: str, kind: PlaceKind, township: str) -> bool:
    """Whether a name of this division may be a place of that township."""
    named = division[6:9] != "000"
    if not named or not township:
        return kind not in SETTLEMENTS
    return division[:9] == township[:9]


def find_division_ids(session: Session, codes: set[str]) -> dict[str, int]:
    """The keys of divisions by their 12-digit codes, of the newest edition of the nbs lists."""
    statement = (
        select(Division.code, Division.id, Division.code_system)
        .where(Division.code.in_(codes))
        .order_by(Division.edition)
    )
    rows: Sequence[Any] = session.execute(statement).all()
    return {row.code: row.id for row in rows if row.code_system == "nbs"}


def find_ended_divisions(session: Session, codes: set[str]) -> set[str]:
    """Those of some divisions (12 digits) that have ended."""
    statement = select(Division.code).where(
        Division.code.in_(codes), Division.valid_to.is_not(None)
    )
    return set(session.scalars(statement))


def _values(place: NewPlace, number: str, division_id: int) -> dict[str, object]:
    kind = "village" if place.kind in SETTLEMENTS else place.kind
    record = with_reading(
        PlaceNameRecord(number, place.name, kind, place.division, source=place.source)
    )
    return {
        "number": number,
        "standard_name": place.name,
        "specific": record.specific,
        "generic": record.generic,
        "kind": place.kind,
        "kind_source": "menpai",
        "pinyin": record.pinyin,
        "pinyin_plain": plain_pinyin(record.pinyin),
        "pinyin_source": record.pinyin_source,
        "needs_review": record.needs_review,
        "division_id": division_id,
        "county": place.county,
        "source": place.source,
    }
