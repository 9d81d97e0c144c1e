"""Pages of areas: the list, the form of a new one, one area, and the forms of its border."""

from collections.abc import Callable
from operator import attrgetter
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Query, Request, UploadFile
from fastapi.responses import Response
from shapely.geometry.base import BaseGeometry

from service.admin.address.history import AREA_KINDS
from service.admin.answer import Seen, see_other, show, staff_pages
from service.admin.areas.answer import (
    AREA_WORDS,
    READ,
    WRITE,
    OpenBorder,
    chart_values,
    see_area,
    show_area,
)
from service.admin.areas.chart import ShapeRole, draw_chart, shapes_of
from service.admin.areas.form import BorderAction, BorderForm
from service.admin.areas.preview import preview_edit, read_shown
from service.admin.guards import PickedDivision
from service.admin.scope import scope_of
from service.areas.border_text import read_line
from service.areas.headings import read_kind
from service.areas.queries import list_held_areas, load_duty_register
from service.areas.queries.borders import (
    AreaFilter,
    list_areas,
    list_border_faults,
    list_kinds,
)
from service.auth.guards import staff
from service.auth.members import StaffMember, may, require
from service.core.clock import today
from service.core.database import LARGEST_NUMBER, discard
from service.core.errors import BadRequest, Conflict
from service.core.paging import page_of
from service.core.web import ReadSession, WriteSession
from service.divisions.queries import find_names
from service.linking import commands
from service.linking.commands import AreaEdit, EditTerms, NewArea
from service.tiles.queries import read_extent

router = staff_pages()
Reader = Annotated[StaffMember, staff(READ)]
Writer = Annotated[StaffMember, staff(WRITE)]
After = Annotated[int, Query(ge=0, le=LARGEST_NUMBER)]
PAGE = 60
MOST_DRAWN = 300
"""So many areas are drawn around a new one."""


class BorderUpload(BorderForm):
    """The form of a border, with an optional file of it."""

    file: UploadFile | None = None

    @property
    def shape(self) -> BaseGeometry:
        """What is drawn, as ``take_border`` reads it."""
        file = self.file
        return self.take_border(file.filename if file else None, file.file if file else None)


@router.get("/admin/areas")
def areas(
    request: Request,
    session: ReadSession,
    member: Reader,
    division: PickedDivision,
    *,
    kind: str = "",
    q: Annotated[str, Query(max_length=100)] = "",
    after: After = 0,
) -> Response:
    """Areas of the person's divisions by kind and name, on the map and as a list."""
    reach, day = scope_of(session, member, READ, division), today()
    scopes = (reach.prefix,)
    wanted = AreaFilter(scopes, kind.strip(), q.strip())
    rows = list_areas(session, wanted, day, after=after, limit=PAGE + 1)
    shown, following = page_of(rows, PAGE, attrgetter("id"))
    ids = [one.id for one in shown]
    held = list_held_areas(session, ids=ids)
    above = {one.parent_id for one in held}
    shapes = [
        *shapes_of([one for one in held if one.id not in above], ShapeRole.NEIGHBOUR),
        *shapes_of([one for one in held if one.id in above], ShapeRole.PARENT),
    ]
    fields = {"division": reach.division, "kind": wanted.kind, "q": wanted.text}
    more = urlencode({k: v for k, v in fields.items() if v} | {"after": following or 0})
    return show(
        request,
        member,
        "areas/list.html",
        areas=shown,
        reach=reach,
        wanted=wanted,
        kinds=list_kinds(session),
        names=find_names(session, {one.division for one in shown if one.division}),
        duties=load_duty_register(session, day, only=ids),
        more=more if following else "",
        may_write=may(member, WRITE, reach.division),
        **chart_values(request, draw_chart(shapes)),
        **AREA_WORDS,
    )


@router.get("/admin/areas/new")
def new_area(
    request: Request,
    session: ReadSession,
    member: Writer,
    division: PickedDivision,
    kind: str = "grid",
) -> Response:
    """The form to draw a new area, among those of its kind and division."""
    form = OpenBorder(None, BorderForm(kind=read_kind(kind) or "grid"))
    return _show_new(request, session, member, division, form)


@router.post("/admin/areas/new")
def draw(
    request: Request,
    session: WriteSession,
    member: Writer,
    division: PickedDivision,
    filled: Annotated[BorderUpload, Form()],
) -> Response:
    """Draw a new area, or show what would follow."""
    reach, kind = scope_of(session, member, WRITE, division), read_kind(filled.kind)
    if not kind:
        raise BadRequest("no kind of area", hint="choose one", zh="请选择类别。", field="kind")
    new = NewArea(filled.name, filled.code, kind, reach.division)
    shape = filled.shape

    def edit(terms: EditTerms) -> AreaEdit:
        return commands.draw_area(session, new, shape, terms)

    done, form = _perform(session, member, edit, OpenBorder(None, filled))
    if form.preview:
        return _show_new(request, session, member, division, form)
    return see_other(f"/admin/areas/{done.after[-1].id}")


@router.get("/admin/areas/{number}")
def area(request: Request, session: ReadSession, member: Reader, number: int) -> Response:
    """One area: its border, addresses, contacts, neighbours, former borders and faults."""
    return show_area(request, session, member, see_area(session, member, number))


@router.get("/admin/areas/{number}/{action}")
def border_form(
    request: Request, session: ReadSession, member: Writer, number: int, action: BorderAction
) -> Response:
    """The page of an area with the form of an action."""
    held = see_area(session, member, number)
    require(member, WRITE, held.division)
    form = OpenBorder(action, BorderForm())
    return show_area(request, session, member, held, form)


@router.post("/admin/areas/{number}/{action}")
def edit_border(
    request: Request,
    session: WriteSession,
    member: Writer,
    number: int,
    action: BorderAction,
    *,
    seen: Seen,
    filled: Annotated[BorderUpload, Form()],
) -> Response:
    """Edit the border of an area, or show what would follow; the neighbours must be own ones."""
    held = see_area(session, member, number)
    require(member, WRITE, held.division)

    def edit(terms: EditTerms) -> AreaEdit:
        if action is BorderAction.REDRAW:
            return commands.redraw_border(session, held.id, filled.shape, terms)
        if action is BorderAction.SPLIT:
            new = NewArea(filled.name, filled.code)
            line, smaller = read_line(filled.line), filled.keeps == "smaller"
            return commands.split_area(session, held.id, line, new, terms, keeps_smaller=smaller)
        if action is BorderAction.MERGE:
            return commands.merge_areas(session, held.id, filled.other, terms)
        return commands.end_area(session, held.id, terms)

    _, form = _perform(session, member, edit, OpenBorder(action, filled), seen)
    if form.preview:
        again = see_area(session, member, number)
        return show_area(request, session, member, again, form)
    over = action is BorderAction.END
    return see_other("/admin/areas" if over else f"/admin/areas/{held.id}")


def _perform(
    session: WriteSession,
    member: StaffMember,
    edit: Callable[[EditTerms], AreaEdit],
    form: OpenBorder,
    seen: int | None = None,
) -> tuple[AreaEdit, OpenBorder]:
    """Do an edit; if only its result is asked for, read that and undo it.

    Raises:
        Conflict: it is to be stored, and is not what was shown.
        NotAllowed: it changes an area outside of the person's divisions.
    """
    filled, day = form.filled, today()
    if not filled.looks and filled.looked != filled.fingerprint:
        raise Conflict(
            "this is not what was shown",
            hint="look at the result again",
            zh="内容和您看过的结果不一样，请重新看结果再确认。",
        )
    shown = None if filled.looks else read_shown(filled.shown)
    done = edit(EditTerms(member.actor, day, seen, shown, filled.reason.strip()))
    for one in (*done.before, *done.after):
        require(member, WRITE, one.division)
    if not filled.looks:
        return done, form
    preview = preview_edit(session, done, day)
    discard(session)
    before = list_border_faults(session, done.before, day)
    return done, OpenBorder(form.action, filled, preview, len(before))


def _show_new(
    request: Request,
    session: ReadSession,
    member: StaffMember,
    division: str,
    form: OpenBorder,
) -> Response:
    reach = scope_of(session, member, WRITE, division)
    wanted = AreaFilter((reach.prefix,), form.filled.kind)
    rows = list_areas(session, wanted, today(), limit=MOST_DRAWN)
    held = list_held_areas(session, ids=[one.id for one in rows])
    shapes, focus = shapes_of(held, ShapeRole.NEIGHBOUR), []
    if form.preview:
        shapes, focus = list(form.preview.shapes), [one.shape for one in form.preview.focus]
    chart = draw_chart(shapes, focus)
    return show(
        request,
        member,
        "areas/new.html",
        form=form,
        reach=reach,
        kinds=dict.fromkeys([*AREA_KINDS, *list_kinds(session)]),
        **chart_values(request, chart, read_extent(session, [reach.prefix]), "border"),
        **AREA_WORDS,
    )
