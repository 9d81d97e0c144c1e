"""The page of an area, also while its border is edited."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from service.admin.address.answer import ROLE_NAMES
from service.admin.address.history import AREA_KINDS
from service.admin.answer import show
from service.admin.areas.chart import HEIGHT, WIDTH, AreaChart, draw_chart
from service.admin.areas.facts import MOST_FORMER, read_facts
from service.admin.areas.form import ACTIONS, LOOK, STORE, BorderAction, BorderForm
from service.admin.areas.preview import BorderPreview
from service.admin.map.frame import ANYWHERE, MapFrame, map_values
from service.areas.border_faults import FaultKind
from service.areas.border_text import write_shape
from service.areas.queries import HeldArea
from service.areas.queries.borders import AreaNotFound, get_held_area
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.web import ReadSession, settings_of
from service.tiles.grid import Bounds

READ, WRITE = Permission.AREAS_READ, Permission.AREAS_WRITE
NO_FEATURES = '{"type":"FeatureCollection","features":[]}'
FAULT_NAMES = {
    FaultKind.OVERLAP: "重叠",
    FaultKind.GAP: "空白",
    FaultKind.OUTSIDE: "超出上级",
}
POST_STATES = {
    "shown": "公示中",
    "hidden": "本人要求不公示",
    "ended": "已到期",
    "to come": "未到任",
    "not published": "不公示",
    "stood in for": "有人代班",
}
AREA_WORDS: dict[str, Any] = {
    "area_kinds": AREA_KINDS,
    "roles": ROLE_NAMES,
    "fault_names": FAULT_NAMES,
    "post_states": POST_STATES,
    "most_former": MOST_FORMER,
    "step_look": LOOK,
    "step_store": STORE,
    "width": WIDTH,
    "height": HEIGHT,
}
_EDITED: Mapping[BorderAction | None, str] = {
    BorderAction.REDRAW: "border",
    BorderAction.SPLIT: "line",
    BorderAction.MERGE: "other",
}
"""The field that is filled in on the map, by action."""


@dataclass(frozen=True, slots=True)
class OpenBorder:
    """The form of an action on the page, as it is filled in, and what would follow, if known.

    ``action`` is None for a new area; ``faults_before`` is how many faults there are now.
    """

    action: BorderAction | None
    filled: BorderForm
    preview: BorderPreview | None = None
    faults_before: int = 0


def see_area(session: ReadSession, member: StaffMember, number: int) -> HeldArea:
    """An area in the person's divisions.

    Raises:
        AreaNotFound: there is none, or it lies elsewhere.
    """
    area = get_held_area(session, number)
    if not may(member, READ, area.division):
        raise AreaNotFound("no area in your divisions has this number")
    return area


def show_area(
    request: Request,
    session: ReadSession,
    member: StaffMember,
    area: HeldArea,
    form: OpenBorder | None = None,
) -> Response:
    """The page of an area, with the open form of an action."""
    facts = read_facts(session, member, area)
    shapes, focus = facts.shapes, [area.shape]
    if form and form.preview:
        shapes, focus = form.preview.shapes, [one.shape for one in form.preview.focus]
    if form and form.action is BorderAction.REDRAW and not form.filled.border:
        form.filled.border = write_shape(area.shape)
    edits = _EDITED.get(form.action, "") if form else ""
    return show(
        request,
        member,
        "areas/area.html",
        area=area,
        facts=facts,
        home=f"/admin/areas/{area.id}",
        record=area.record,
        actions=ACTIONS if may(member, WRITE, area.division) and not facts.is_over else {},
        form=form,
        **chart_values(request, draw_chart(shapes, focus), edits=edits),
        **AREA_WORDS,
    )


def chart_values(
    request: Request, chart: AreaChart | None, bounds: Bounds | None = None, edits: str = ""
) -> dict[str, Any]:
    """The values of a page with a chart of areas, whose map fills the field ``edits``.

    Without any area the map shows ``bounds``, if it is for drawing.
    """
    frame = None
    if chart is not None or edits:
        here = chart.bounds if chart else bounds or ANYWHERE
        frame = MapFrame(here, borders=chart.features if chart else NO_FEATURES, edits=edits)
    return {"chart": chart} | map_values(settings_of(request), frame)
