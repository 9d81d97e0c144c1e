"""Caches name dictionaries in memory, one per county, until the change feed invalidates them."""

from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.name_dictionary import NameDictionary, build_dictionary
from service.changes.events import Action, Subject
from service.changes.queries import ChangesForgotten, get_last_position, list_changes
from service.core.epochs import EpochCache
from service.matching.queries.places import CountyPlaces
from service.placenames.queries import list_places

_MOST_CHANGES = 1000
_NEW_TEXT = (Action.NEW, Action.CORRECTED)
_STREETS = text(
    "with recursive found(street) as ("
    "select min(street) from address where county = :county and street > '' union all "
    "select (select min(street) from address where county = :county and street > found.street) "
    "from found where found.street is not null) "
    "select street from found where street is not null"
)
"""A loose index scan: the cost grows with the names, not with the addresses."""
_NEWEST_PLACE = text("select max(id) from place_township")
"""Also sees places entered by the current transaction, before they are in the feed."""
_NEWER_PLACES = text("select distinct county from place_township where id > :than")
_COUNTIES = text("select county from code_space where counter > 0 order by county")


@dataclass
class Dictionaries:
    """The dictionaries of one database at a position of its change feed; thread-safe."""

    position: int = -1
    names: EpochCache[str, NameDictionary] = field(default_factory=EpochCache)
    places: EpochCache[str, CountyPlaces] = field(default_factory=EpochCache)
    counties: EpochCache[None, tuple[str, ...]] = field(default_factory=EpochCache)
    newest_place: int = 0
    lock: Lock = field(default_factory=Lock)

    def catch_up(self, session: Session) -> None:
        """Drop entries changed since the last call; cheap if nothing has changed."""
        newest = session.scalar(_NEWEST_PLACE) or 0
        if newest != self.newest_place:
            with self.lock:
                if newest < self.newest_place:  # another transaction was rolled back
                    self.places.drop_all()
                newer = session.execute(_NEWER_PLACES, {"than": self.newest_place}).scalars()
                for county in newer:
                    self.places.drop(county)
                self.newest_place = newest
        last = get_last_position(session)
        if last == self.position:
            return
        with self.lock:
            # None if there are too many changes since the last call, or they are unknown
            changes, moved = None, last - self.position
            if self.position >= 0 and 0 < moved <= _MOST_CHANGES:
                with suppress(ChangesForgotten):
                    changes = list_changes(session, after=self.position, limit=moved)
            if changes is None:
                self.names.drop_all()
                self.places.drop_all()
            for change in changes or ():
                # Street names come from the texts of addresses, which seldom change.
                county = change.division[:6]
                if change.subject == Subject.ADDRESS and change.action in _NEW_TEXT:
                    self.names.drop(county)
                elif change.subject in (Subject.PLACE_NAME, Subject.DIVISION):
                    self.places.drop(county)
            self.counties.drop(None)
            self.position = last

    def of_county(self, session: Session, county: str) -> NameDictionary:
        """The dictionary of a county, built on first use."""
        held = self.names.find(county)
        if held is None:
            epoch = self.names.epoch(county)
            held = build_dictionary(session.execute(_STREETS, {"county": county}).scalars())
            self.names.keep(county, held, epoch)
        return held

    def places_of(self, session: Session, county: str) -> CountyPlaces:
        """The places of a county, read on first use."""
        held = self.places.find(county)
        if held is None:
            epoch = self.places.epoch(county)
            held = CountyPlaces(list_places(session, county))
            self.places.keep(county, held, epoch)
        return held

    def list_counties(self, session: Session) -> tuple[str, ...]:
        """The counties that have issued codes."""
        held = self.counties.find(None)
        if held is None:
            epoch = self.counties.epoch(None)
            held = tuple(session.execute(_COUNTIES).scalars())
            self.counties.keep(None, held, epoch)
        return held


_held: dict[str, Dictionaries] = {}


def dictionaries_of(session: Session) -> Dictionaries:
    """The dictionaries of the session's database, up to date with its change feed."""
    url = str(session.get_bind().engine.url)
    held = _held.setdefault(url, Dictionaries())
    held.catch_up(session)
    return held
