"""Reads what the crew page of a plate shows."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from address_model.coordinates import Point, distance_m
from address_model.elements import Elements
from address_model.inspections import EVENT_NAMES, PlateEventKind
from address_model.lifecycle import ENDED, PlateStatus
from address_model.report_answers import ReadyAnswer, list_answers
from address_model.reports import KIND_NAMES
from address_model.work import WORK_KIND_NAMES, WorkKind
from service.admin.crew.choices import state_words
from service.admin.plates.queries import PlateWarning, find_warning
from service.core.errors import PlateNotFound
from service.plates.photos import digest_of
from service.plates.queries import PlateRow, find_plate, list_plates_of
from service.plates.queries.events import EventRow, find_event, list_events
from service.plates.queries.locked_plates import LockedPlate
from service.reports.queries import ReportRow, list_reports_of
from service.worklists.queries import WorkFilter, WorkRow, list_items, list_items_of

SHOWN_EVENTS = 5
SHOWN_NEAR = 30
MOST_COMPARED = 1000
"""So many items are compared by their distance from the phone."""


@dataclass(frozen=True, slots=True)
class EventView:
    """An event with its Chinese name and the digest of its photo."""

    name: str
    event: EventRow
    photo: str

    @classmethod
    def of(cls, event: EventRow) -> "EventView":
        """The view of an event."""
        return cls(EVENT_NAMES[PlateEventKind(event.kind)], event, digest_of(event.photo))

    @property
    def metres(self) -> int | None:
        """Distance from the registered point in whole metres, or None."""
        return None if self.event.distance_m is None else round(self.event.distance_m)


@dataclass(frozen=True, slots=True)
class CrewTask:
    """An open work item of the plate, with the Chinese name of its kind.

    ``reports`` are what residents said that it is about, ``answers`` what fits as its outcome.
    """

    kind: str
    item: WorkRow
    reports: tuple[ReportRow, ...] = ()
    answers: tuple[ReadyAnswer, ...] = ()

    @property
    def report_kinds(self) -> dict[str, str]:
        """The names of the kinds of reports."""
        return {str(kind): name for kind, name in KIND_NAMES.items()}


@dataclass(frozen=True, slots=True)
class PlateView:
    """A plate as a crew sees it: state, warning, open work, recent events.

    ``done`` is the event recorded just now, ``next`` the work item to suggest after it.
    """

    state: str
    tone: str
    elements: Elements | None
    warning: PlateWarning | None
    work: list[CrewTask]
    events: list[EventView]
    done: EventView | None
    next: WorkRow | None


def read_plate_view(session: Session, held: LockedPlate, done: str) -> PlateView:
    """Read the view of a plate; ``done`` is the id of the event recorded just now, or ""."""
    state, tone = state_words(PlateStatus(held.status))
    row = find_plate(session, held.token)
    work = list_items_of(session, held.token, state="open")
    event = find_event(session, held.token, done[:64]) if done else None
    following = None
    if event and (last := next(iter(list_items_of(session, held.token)), None)):
        # The item after this plate's last one in the list of its grid, else of its township. After
        # the last item the list starts over, with those that were skipped.
        near = WorkFilter(last.division, last.area_id)
        walks = last.area_id is not None
        items = list_items(session, near, by_street=walks, after=last.cursor, limit=2)
        items += list_items(session, near, by_street=walks, limit=2)
        following = next((item for item in items if item.key != held.token), None)
    return PlateView(
        state=state,
        tone=tone,
        elements=row.elements if row else None,
        warning=find_warning(session, held),
        work=[read_task(session, item) for item in work],
        events=[EventView.of(e) for e in list_events(session, held.token, limit=SHOWN_EVENTS)],
        done=EventView.of(event) if event else None,
        next=following,
    )


def read_task(session: Session, item: WorkRow) -> CrewTask:
    """A work item as a crew sees it, with what residents said."""
    name = WORK_KIND_NAMES[WorkKind(item.kind)]
    if item.kind != WorkKind.REPORT:
        return CrewTask(name, item)
    reports = list_reports_of(session, item.id, is_open=True)
    answers = list_answers(*(one.kind for one in reports))
    return CrewTask(name, item, tuple(reports), tuple(answers))


def list_nearest(session: Session, wanted: WorkFilter, here: Point) -> list[WorkRow]:
    """The open work nearest to a point, of the ``MOST_COMPARED`` items due first."""
    items = list_items(session, wanted, limit=MOST_COMPARED)
    located = [(distance_m(here, item.point), item) for item in items if item.point]
    return [item for _, item in sorted(located, key=lambda one: one[0])[:SHOWN_NEAR]]


def list_plates_at(session: Session, code: str) -> list[tuple[PlateRow, str, str]]:
    """The live plates of an address with state name and colour, the newest first.

    If none is live, the ended ones: one may still hang there.

    Raises:
        PlateNotFound: the address has no plate.
    """
    found = list_plates_of(session, code)
    if not found:
        raise PlateNotFound(f"the address {code} has no plate")
    live = [plate for plate in found if plate.status not in ENDED]
    return [(plate, *state_words(PlateStatus(plate.status))) for plate in live or found]
