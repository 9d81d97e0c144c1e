"""Shows the page of an address, with or without the open form of an action."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import Response

from address_model.codes import format_code
from address_model.lifecycle import ADDRESS_STATUS_NAMES, GONE, PLATE_STATUS_NAMES, AddressStatus
from address_model.positions import PositionKind
from address_model.work import WORK_KIND_NAMES, WORK_STATE_NAMES
from service.addresses.commands.renumberings import MOST_RENUMBERED, NUMBERED
from service.addresses.queries import AddressRow, PositionRow, get_address, list_positions
from service.addresses.queries.action_drafts import DRAFT_STATE_NAMES, list_pending_drafts
from service.admin.address.action_form import READ, WRITE, ActionForm, ActionKind
from service.admin.address.actions import ACTIONS, NAME_CHOICES, list_actions
from service.admin.address.building_action import RoomTable
from service.admin.address.consequences import (
    AddressStanding,
    TextChange,
    list_consequences,
    take_standing,
)
from service.admin.address.end_actions import ENDINGS, MOST_PARTS
from service.admin.address.facts import LEVEL_NAMES, list_history, read_facts
from service.admin.address.field_reader import SYSTEMS
from service.admin.address.history import AREA_KINDS, NAME_KINDS
from service.admin.address.position_actions import ACCURACIES, POSITION_KINDS
from service.admin.answer import show
from service.admin.map.frame import ANYWHERE, MapFrame, map_values
from service.admin.plates.pages import TONES
from service.auth.members import StaffMember, may
from service.core.errors import AddressNotFound, MalformedCode
from service.core.web import ReadSession, settings_of
from service.tiles.queries import read_extent

STATUS_TONES = {
    AddressStatus.ACTIVE: "good",
    AddressStatus.FROZEN: "warn",
    AddressStatus.TO_REPLACE: "warn",
} | dict.fromkeys(GONE, "bad")
MOST_TEXTS = 30
"""At most so many changed texts are listed before an action is done."""

ROLE_NAMES = {
    "grid_worker": "网格员",
    "community_officer": "社区民警",
    "police_station": "派出所",
    "community_office": "社区",
}


@dataclass(frozen=True, slots=True)
class OpenForm:
    """The form of an action on the page, as filled in, with its fault or what would follow.

    ``fault_field`` is the field that the fault stands at, "" for the form as a whole; ``texts`` are
    those that would change. ``size`` is how many addresses it touches, if a second person is to
    agree; ``kept_at`` the version of the address when the draft that fills it was kept.
    ``table`` are the rooms of a building.
    """

    kind: ActionKind
    filled: ActionForm
    fault: str = ""
    fault_field: str = ""
    then: AddressStanding | None = None
    texts: Sequence[TextChange] = ()
    size: int = 0
    kept_at: int = 0
    table: RoomTable | None = None

    @property
    def versions(self) -> str:
        """The versions of the addresses whose texts would change, as the form sends them back."""
        return ",".join(f"{one.code}:{one.version}" for one in self.texts[:MOST_RENUMBERED])

    @property
    def first_texts(self) -> list[TextChange]:
        """The first of the changed texts, doors before rooms."""
        ordered = sorted(self.texts, key=lambda one: (len(one.before), one.before))
        return ordered[:MOST_TEXTS]


def blank_form(address: AddressRow, spot: PositionRow | None = None) -> ActionForm:
    """The form of an action as it opens: the present text and number are filled in.

    ``spot`` is the position that is to be moved or withdrawn.
    """
    number = getattr(address.elements, address.level, None) if address.level in NUMBERED else None
    position = {"spot": str(PositionKind.ENTRANCE)}
    if spot is not None:
        position = {
            "spot": str(spot.kind),
            "label": spot.label,
            "lon": f"{spot.point.lon:.6f}",
            "lat": f"{spot.point.lat:.6f}",
            "accuracy": str(spot.accuracy),
        }
    return ActionForm(
        seen=address.version,
        text=address.standard_text,
        parts=f"{address.standard_text}\n",
        numbers=f"{number} " if number else "",
        **position,
    )


def find_spot(session: ReadSession, address: AddressRow, named: str) -> PositionRow | None:
    """The position of a kind and name (``entrance:东门``), if the address has it."""
    rows = list_positions(session, [address.code]).get(address.code, [])
    return next((row for row in rows if f"{row.kind}:{row.label}" == named), None)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the lists of a page go on: the history after a cursor, the children after a code."""

    history: str = ""
    inner: str = ""


def see_address(session: ReadSession, member: StaffMember, code: str) -> AddressRow:
    """The address of a code in the person's divisions.

    Raises:
        AddressNotFound: there is none, or it lies elsewhere.
    """
    try:
        address = get_address(session, code)
    except MalformedCode:
        raise AddressNotFound("no address has this code") from None
    if not may(member, READ, address.division_code):
        raise AddressNotFound("no address in your divisions has this code")
    return address


def show_address(
    request: Request,
    session: ReadSession,
    member: StaffMember,
    address: AddressRow,
    form: OpenForm | None = None,
    *,
    places: Places = Places(),
    problem: str = "",
    status: int = HTTPStatus.OK,
) -> Response:
    """The page; ``problem`` is a fault of something that has no form."""
    may_write = may(member, WRITE, address.division_code)
    history, older = list_history(session, address, after=places.history)
    shown = read_facts(session, member, address, inner_after=places.inner)
    now = take_standing(session, address.code) if form else None
    return show(
        request,
        member,
        "addresses/address.html",
        status_code=status,
        address=address,
        home=f"/admin/addresses/{address.code}",
        record=address.record,
        code=format_code(address.code),
        state=ADDRESS_STATUS_NAMES[AddressStatus(address.status)],
        state_tone=STATUS_TONES.get(AddressStatus(address.status), ""),
        shown=shown,
        within={code for _, code in shown.path if code and may(member, READ, code)},
        actions=list_actions(address) if may_write else [],
        form=form,
        consequences=list_consequences(now, form.then) if form and now else [],
        history=history,
        older=older,
        is_first=not places.history,
        spots={f"{e.kind}:{e.label}": e.position.name + e.label for e in shown.entrances},
        problem=problem,
        pending=list_pending_drafts(session, address.code),
        **map_values(settings_of(request), _map_of(session, address, form)),
        **_WORDS,
    )


def _map_of(session: ReadSession, address: AddressRow, form: OpenForm | None) -> MapFrame | None:
    """The map around an address; in the forms that set a point, it can be chosen there.

    An address without a point has a map in that form only, of its division.
    """
    picks = form is not None and form.kind.name in ("move", "entrance")
    if address.point is None and not picks:
        return None
    around = None if address.point else read_extent(session, [address.division_code])
    return MapFrame(around or ANYWHERE, here=address.point, picks=picks)


_WORDS: dict[str, object] = {
    "address_states": ADDRESS_STATUS_NAMES,
    "address_tones": STATUS_TONES,
    "levels": LEVEL_NAMES,
    "plate_states": PLATE_STATUS_NAMES,
    "plate_tones": TONES,
    "name_kinds": NAME_KINDS,
    "name_choices": NAME_CHOICES,
    "area_kinds": AREA_KINDS,
    "roles": ROLE_NAMES,
    "work_kinds": WORK_KIND_NAMES,
    "work_states": WORK_STATE_NAMES,
    "systems": SYSTEMS,
    "position_kinds": POSITION_KINDS,
    "accuracies": ACCURACIES,
    "endings": ENDINGS,
    "spaced": format_code,
    "kinds": ACTIONS,
    "draft_states": DRAFT_STATE_NAMES,
    "heirs": {"": "不归入，编码和文字不变"}
    | {str(place): f"第 {place} 个新地址，文字随着改" for place in range(1, MOST_PARTS + 1)},
    "most_texts": MOST_TEXTS,
}
