"""Edits of borders at the desk: draw, redraw, split, merge and end areas, and relink what moved.

Each takes the lock of areas, judges what then stands, and stores the edited area together with
every neighbour that it changes, the links of the addresses in between, and one audit entry. To look
at the result first, a caller rolls the transaction back.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from service.areas import borders
from service.areas.commands.areas import store_areas
from service.areas.commands.lock import lock_loads
from service.areas.queries import HeldArea, list_area_keys, list_held_areas
from service.areas.queries.borders import get_held_area, list_neighbours
from service.areas.rows import LONGEST_NAME, ListedArea
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.core.errors import BadRequest, Conflict
from service.linking.commands.area_edit import AreaEdit, EditTerms, NewArea
from service.linking.commands.bulk import relink_edits
from service.linking.commands.overrides import follow_merger

PARENT_KINDS = {"grid": "community", "micro_grid": "grid"}
"""The kind of area that a new one of a kind lies in: the one around it becomes its parent."""


def draw_area(session: Session, new: NewArea, shape: BaseGeometry, terms: EditTerms) -> AreaEdit:
    """Enter a new area; ground that it takes leaves its neighbours of the same kind.

    Raises:
        Conflict: its code is taken, or a neighbour was not shown.
        Swallowed: nothing would be left of a neighbour.
    """
    lock_loads(session)
    near = list_neighbours(session, new.kind, shape, terms.today)
    kind = PARENT_KINDS.get(new.kind)
    around = list_neighbours(session, kind, shape, terms.today) if kind else []
    inner = shapely.point_on_surface(shape)
    parent = next((one for one in around if one.shape.covers(inner)), None)
    guides = [parent.shape] if parent else []
    edited = borders.redraw(shape, None, {one.id: one.shape for one in near}, guides)
    division = new.division
    if parent and parent.division.startswith(division.rstrip("0") or ""):
        division = parent.division
    drawn = _list_new(session, replace(new, division=division), edited.drawn, parent)
    moved = [_list(one, edited.others[one.id]) for one in near if one.id in edited.others]
    return _store(session, "draw", [drawn, *moved], near, terms)


def redraw_border(
    session: Session, area_id: int, shape: BaseGeometry, terms: EditTerms
) -> AreaEdit:
    """Give an area a new border; its neighbours of the same kind follow where they shared it.

    Raises:
        AreaNotFound, Conflict: there is none, it has ended, or a neighbour was not shown.
        Swallowed: nothing would be left of a neighbour.
    """
    area = _hold(session, area_id, terms)
    around = shapely.union(area.shape, shape)
    near = list_neighbours(session, area.kind, around, terms.today)
    others = {one.id: one.shape for one in near if one.id != area.id}
    parents = list_held_areas(session, ids=[area.parent_id] if area.parent_id else [])
    edited = borders.redraw(shape, area.shape, others, [one.shape for one in parents])
    if edited.drawn.equals(area.shape):
        raise Conflict("the border is the same", hint="move a corner", zh="界线没有变。")
    moved = [_list(one, edited.others[one.id]) for one in near if one.id in edited.others]
    return _store(session, "redraw", [_list(area, edited.drawn), *moved], near, terms)


def split_area(
    session: Session,
    area_id: int,
    line: BaseGeometry,
    new: NewArea,
    terms: EditTerms,
    *,
    keeps_smaller: bool = False,
) -> AreaEdit:
    """Divide an area along a line: one side keeps code and contacts, the other is a new area.

    What lies mostly in the other side (a grid of a community) then hangs on the new area.

    Args:
        keeps_smaller: the smaller side keeps the code; else the larger one.

    Raises:
        AreaNotFound, Conflict: there is none, it has ended, or the new code is taken.
        BorderRefused: the line does not divide it in two.
    """
    area = _hold(session, area_id, terms)
    kept, other = borders.split(area.shape, line)
    if keeps_smaller:
        kept, other = other, kept
    parents = list_held_areas(session, ids=[area.parent_id] if area.parent_id else [])
    told = replace(new, kind=area.kind, division=area.division)
    made = _list_new(session, told, other, parents[0] if parents else None)
    made = replace(made, is_sample=area.is_sample)
    within = list_held_areas(session, parents=[area.id], living_on=terms.today)
    moved = [
        _list(one, one.shape, made.code)
        for one in within
        if other.covers(shapely.point_on_surface(one.shape))
    ]
    return _store(session, "split", [_list(area, kept), made, *moved], [area, *within], terms)


def merge_areas(session: Session, area_id: int, other_id: int, terms: EditTerms) -> AreaEdit:
    """Join a neighbour to an area: the first keeps its code and contacts, the other ends.

    Addresses that were put into the other by hand follow, and so does what lies in it.

    Raises:
        AreaNotFound, Conflict: there is none, it has ended, or they are of different kinds.
        BorderRefused: they share no border.
    """
    area, other = (
        _hold(session, area_id, terms),
        _hold(session, other_id, replace(terms, seen=None)),
    )
    if area.kind != other.kind or area.id == other.id:
        raise Conflict(
            "only two areas of one kind can be merged",
            hint="choose a neighbour of the same kind",
            zh="只能合并两个同类的责任区。",
        )
    whole = _list(area, borders.merge(area.shape, other.shape))
    within = list_held_areas(session, parents=[other.id], living_on=terms.today)
    moved = [_list(one, one.shape, area.code) for one in within]
    ended = replace(_list(other, other.shape), valid_to=terms.today - timedelta(days=1))
    known = [area, other, *within]
    return _store(session, "merge", [whole, ended, *moved], known, terms, heir=area.id)


def end_area(session: Session, area_id: int, terms: EditTerms) -> AreaEdit:
    """End an area from today on; its ground lies in none until another is drawn over it.

    Raises:
        AreaNotFound, Conflict: there is none, it has ended, or others lie in it.
    """
    area = _hold(session, area_id, terms)
    within = list_held_areas(session, parents=[area.id], living_on=terms.today)
    if within:
        names = "、".join(one.name for one in within[:3])
        raise Conflict(
            f"{len(within)} areas lie in it, such as {names}",
            hint="end or merge these first",
            zh=f"下面还有 {len(within)} 个责任区（{names} 等），请先撤销或合并它们。",
        )
    ended = replace(_list(area, area.shape), valid_to=terms.today - timedelta(days=1))
    return _store(session, "end", [ended], [area], terms)


def _hold(session: Session, area_id: int, terms: EditTerms) -> HeldArea:
    """The area as it stands under the lock of areas, if it is in force and as it was shown."""
    lock_loads(session)
    area = get_held_area(session, area_id)
    require_seen(session, area.record, terms.seen)
    if area.valid_to is not None and area.valid_to < terms.today:
        raise Conflict(f"{area.name} has ended", hint="see the list", zh=f"{area.name}已经撤销。")
    return area


def _list(area: HeldArea, shape: BaseGeometry, parent: str | None = None) -> ListedArea:
    """An area with a border, and another parent if one is given, as a load takes it."""
    return ListedArea(
        row=area.id,
        kind=area.kind,
        code=area.code,
        name=area.name,
        shape=shape,
        parent=area.parent if parent is None else parent,
        division=area.division,
        is_sample=area.is_sample,
        valid_to=area.valid_to,
    )


def _list_new(
    session: Session, new: NewArea, shape: BaseGeometry, parent: HeldArea | None
) -> ListedArea:
    name = new.name.strip()
    code = new.code.strip() or name
    if not name or len(name) > LONGEST_NAME or len(code) > LONGEST_NAME:
        raise BadRequest(
            f"a name has 1 to {LONGEST_NAME} characters",
            hint="fill it in",
            zh=f"请填写新责任区的名称，不超过 {LONGEST_NAME} 个字。",
            field="name",
        )
    if any(one.kind == new.kind for one in list_area_keys(session).get(code, [])):
        raise Conflict(
            f"the code {code} is taken",
            hint="choose another",
            zh=f"编码或名称“{code}”已经用过，请另取一个。",
            field="code" if new.code.strip() else "name",
        )
    return ListedArea(
        row=0,
        kind=new.kind,
        code=code,
        name=name,
        shape=shape,
        parent=parent.code if parent else "",
        division=new.division,
    )


def _store(
    session: Session,
    act: str,
    listed: Sequence[ListedArea],
    known: Sequence[HeldArea],
    terms: EditTerms,
    *,
    heir: int = 0,
) -> AreaEdit:
    """Store what an edit makes of the areas that are ``known``, the edited one first, and relink.

    Addresses that were put by hand into an area that ends follow to the ``heir``, if there is one.
    """
    keys = [f"{item.kind}:{item.code}" for item in listed]
    before = [one for one in known if one.key in keys]
    for one in before:
        if one.key == keys[0]:
            continue  # judged when it was locked
        if terms.shown is not None and terms.shown.get(one.id) != one.version:
            raise Conflict(
                f"{one.name} is changed too, and was not shown as it is now",
                hint="look at the result again",
                zh=f"还会改动“{one.name}”，它不在您看过的结果里，或者后来改过：请重新看结果。",
            )
    stored = store_areas(session, listed, terms.today)
    if stored.faults:
        raise BadRequest(stored.faults[0].reason, hint=stored.faults[0].hint)
    if heir:
        ended = [edit.area_id for edit in stored.edits if edit.after is None]
        follow_merger(session, ended, heir)
    links = relink_edits(session, stored.edits, terms.actor, today=terms.today)
    facts = {"reason": terms.reason, "areas": keys[1:], "addresses": links.touched}
    audit.record(
        session,
        actor=terms.actor,
        action=f"areas:{act}",
        subject=keys[0],
        **{name: value for name, value in facts.items() if value},
    )
    ids = {one.id for one in before} | {edit.area_id for edit in stored.edits}
    after = list_held_areas(session, ids=sorted(ids), living_on=terms.today)
    return AreaEdit(tuple(before), tuple(after), links)
