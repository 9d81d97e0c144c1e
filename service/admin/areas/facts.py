"""What the page of an area says of it, gathered for the template."""

from dataclasses import dataclass
from datetime import datetime

from address_model.ground_area import square_metres
from service.admin.address.queries.facts import find_display_names
from service.admin.areas.chart import ChartShape, ShapeRole, faults_of, shapes_of
from service.admin.audit_names import ACTS
from service.areas.border_faults import BorderFault
from service.areas.queries import (
    HeldArea,
    ListedPost,
    PostFilter,
    list_held_areas,
    list_posts,
)
from service.areas.queries.borders import (
    FormerArea,
    list_border_faults,
    list_former,
    list_neighbours,
)
from service.audit.queries import AuditFilter, list_entries
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.actor import Actor, name_actor
from service.core.clock import today
from service.core.web import ReadSession
from service.divisions.queries import find_names
from service.linking.queries import count_linked
from service.plates.queries.address_lists import (
    AddressFilter,
    ListedAddress,
    list_in_street_order,
)

MOST_ACTS = 20
MOST_FORMER = 5
"""At most so many former borders are drawn."""

_MOST_ADDRESSES = 10


@dataclass(frozen=True, slots=True)
class AreaAct:
    """What was done to an area, by whom and why; ``also`` are others whose border moved with it."""

    at: datetime
    act: str
    who: str
    reason: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """Everything on the page of an area but the open form; ``former`` with their square metres."""

    is_over: bool
    m2: float
    division: str
    above: HeldArea | None
    within: list[HeldArea]
    touching: list[HeldArea]
    former: list[tuple[FormerArea, float]]
    acts: list[AreaAct]
    faults: list[BorderFault]
    posts: list[ListedPost]
    addresses: list[ListedAddress]
    linked: int
    shapes: tuple[ChartShape, ...]


def read_facts(session: ReadSession, member: StaffMember, area: HeldArea) -> AreaFacts:
    """Read what the page shows of an area; a person sees what the permissions allow."""
    day = today()
    is_over = area.valid_to is not None and area.valid_to < day
    former = list_former(session, area.id)
    near = list_neighbours(session, area.kind, area.shape, day)
    near = [one for one in near if one.id != area.id]
    faults = [] if is_over else list_border_faults(session, [area], day)
    above = list_held_areas(session, ids=[area.parent_id] if area.parent_id else [])
    posts: list[ListedPost] = []
    if may(member, Permission.DUTIES_READ, area.division):
        posts = list_posts(session, PostFilter(area_id=area.id), day)
    addresses: list[ListedAddress] = []
    if may(member, Permission.ADDRESSES_READ, area.division):
        wanted = AddressFilter(area=area.id)
        addresses = list_in_street_order(session, wanted, limit=_MOST_ADDRESSES).rows
    return AreaFacts(
        is_over,
        square_metres(area.shape),
        find_names(session, [area.division]).get(area.division, area.division),
        above[0] if above else None,
        list_held_areas(session, parents=[area.id], living_on=day),
        [one for one in near if one.shape.intersects(area.shape)],
        [(one, square_metres(one.shape)) for one in former],
        list_acts(session, area),
        faults,
        posts,
        addresses,
        count_linked(session, area.id),
        (
            *shapes_of(above, ShapeRole.PARENT),
            *shapes_of(near, ShapeRole.NEIGHBOUR),
            *shapes_of([area], ShapeRole.OWN),
            *(ChartShape(ShapeRole.FORMER, "", one.shape) for one in former[:MOST_FORMER]),
            *faults_of(faults),
        ),
    )


def list_acts(session: ReadSession, area: HeldArea) -> list[AreaAct]:
    """The edits of an area itself, newest first."""
    entries = list_entries(session, AuditFilter(subject=area.key), limit=MOST_ACTS)
    people = {Actor.parse(one.actor).name for one in entries}
    names = find_display_names(session, people)
    return [
        AreaAct(
            one.at,
            ACTS.get(one.action.partition(":")[2], ""),
            name_actor(one.actor, names),
            str(one.detail.get("reason", "")),
            tuple(str(key).partition(":")[2] for key in found)
            if isinstance(found := one.detail.get("areas"), list)
            else (),
        )
        for one in entries
    ]
