"""Edits of borders on the real register: what is stored, who is told, and what must not be."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import AddressArea, AuditEntry
from service.areas.border_faults import FaultKind
from service.areas.commands.areas import load_areas
from service.areas.queries import HeldArea, list_area_keys, list_held_areas
from service.areas.queries.borders import AreaNotFound, list_border_faults, list_former
from service.changes.queries import list_changes
from service.core.actor import COMMAND_LINE, Actor
from service.core.database import Database
from service.core.errors import BadRequest, Conflict, Outdated
from service.linking.commands import (
    AreaEdit,
    EditTerms,
    NewArea,
    assign_area,
    draw_area,
    end_area,
    link_register,
    load_and_link,
    merge_areas,
    redraw_border,
    split_area,
)
from tests.factories.addresses import enter_at
from tests.factories.areas import box, make_listed
from tests.service.linking.test_linking import joined, links

TODAY = date(2026, 11, 23)
YESTERDAY = TODAY - timedelta(days=1)
LI_NA = Actor("staff", "li.na")
TERMS = EditTerms(LI_NA, TODAY, reason="清政发〔2026〕8号")
C1 = make_listed("C1", box(0, 0, 2, 2), kind="community", valid_from=YESTERDAY)
LISTED = [
    C1,
    make_listed("西", box(0, 0, 1, 1), 2, parent="C1", valid_from=YESTERDAY),
    make_listed("东", box(1, 0, 2, 1), 3, parent="C1", valid_from=YESTERDAY),
    make_listed("北", box(0, 1, 2, 2), 4, parent="C1", valid_from=YESTERDAY),
]


@pytest.fixture
def town(register: Database) -> Database:
    """Three grids of one community over sixty addresses."""
    points = np.random.default_rng(3).uniform(0, 2, (60, 2)).round(2)
    with register.session() as session:
        enter_at(session, [tuple(point) for point in points.tolist()])
    load_and_link(register, LISTED, COMMAND_LINE, today=YESTERDAY)
    return register


def grid(session: Session, code: str) -> HeldArea:
    (key,) = list_area_keys(session)[code]
    (held,) = list_held_areas(session, ids=[key.id])
    return held


def do(database: Database, edit: Callable[[Session], AreaEdit]) -> AreaEdit:
    with database.session() as session:
        return edit(session)


def test_a_shared_border_moves_for_both_and_the_addresses_follow(town: Database) -> None:
    with town.reading() as session:
        position = list_changes(session, after=0, limit=1000)[-1].position
        north, before = grid(session, "北"), links(session)
    done = do(town, lambda s: redraw_border(s, north.id, box(0, 0.8, 2, 2), TERMS))
    with town.reading() as session:
        assert grid(session, "西").shape.equals(box(0, 0, 1, 0.8))
        assert grid(session, "东").shape.equals(box(1, 0, 2, 0.8))
        assert links(session) == joined(session)
        moved = {code for code, _ in before ^ links(session)}
        (former,) = list_former(session, north.id)
        assert (former.shape, former.valid_to) == (north.shape, YESTERDAY)
        told = list_changes(session, after=position, limit=1000)
        assert {c.key for c in told if c.subject == "area"} == {"grid:北", "grid:西", "grid:东"}
        assert {c.key for c in told if c.subject == "address_area"} == moved
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.position.desc())).all()
        (entry,) = [one for one in last if one.action == "areas:redraw"]
        assert (entry.actor, entry.subject) == ("staff:li.na", "grid:北")
        assert entry.detail["reason"] == TERMS.reason
        assert list_border_faults(session, done.after, TODAY) == []
    assert 0 < len(moved) == done.links.touched
    assert {one.code for one in done.before} == {"西", "东", "北"}


def test_a_split_keeps_the_code_on_one_side_and_a_merge_undoes_it(town: Database) -> None:
    line = shapely.LineString([(120.01, 30.0099), (120.01, 30.0201)])
    with town.reading() as session:
        north = grid(session, "北")
    do(town, lambda s: split_area(s, north.id, line, NewArea("北二"), TERMS))
    with town.reading() as session:
        other = grid(session, "北二")
        assert (other.parent, other.kind, other.valid_from) == ("C1", "grid", TODAY)
        assert {round(one.shape.area * 1e4, 6) for one in (grid(session, "北"), other)} == {1}
        assert links(session) == joined(session)
    do(town, lambda s: merge_areas(s, north.id, other.id, TERMS))
    with town.reading() as session:
        assert grid(session, "北").shape.symmetric_difference(north.shape).area < 1e-12
        assert grid(session, "北二").valid_to == YESTERDAY
        assert links(session) == joined(session)


def test_what_lies_in_a_split_or_merged_community_hangs_on_the_right_one(town: Database) -> None:
    line = shapely.LineString([(119.99, 30.01), (120.03, 30.01)])
    with town.reading() as session:
        whole = grid(session, "C1")
    do(town, lambda s: split_area(s, whole.id, line, NewArea("C2"), TERMS))
    with town.reading() as session:
        sides = {grid(session, code).parent for code in ("西", "东")}
        assert len(sides) == 1
        assert {grid(session, "北").parent} | sides == {"C1", "C2"}
        other = grid(session, "C2")
    do(town, lambda s: merge_areas(s, whole.id, other.id, TERMS))
    with town.reading() as session:
        assert {grid(session, code).parent for code in ("西", "东", "北")} == {"C1"}


def test_a_new_area_takes_its_ground_and_finds_its_parent(town: Database) -> None:
    new = NewArea("中", kind="grid")
    done = do(town, lambda s: draw_area(s, new, box(0.5, 0.5, 1.5, 1.5), TERMS))
    with town.reading() as session:
        assert grid(session, "中").parent == "C1"
        assert links(session) == joined(session)
        assert list_border_faults(session, done.after, TODAY) == []
    assert len(done.before) == 3
    with pytest.raises(Conflict, match="is taken"):
        do(town, lambda s: draw_area(s, new, box(5, 5, 6, 6), TERMS))
    with pytest.raises(BadRequest):
        do(town, lambda s: draw_area(s, NewArea(" ", kind="grid"), box(5, 5, 6, 6), TERMS))


def test_an_ended_area_leaves_a_gap_and_no_links_and_cannot_be_edited(town: Database) -> None:
    with town.reading() as session:
        north, whole = grid(session, "北"), grid(session, "C1")
    with pytest.raises(Conflict, match="lie in it"):
        do(town, lambda s: end_area(s, whole.id, TERMS))
    do(town, lambda s: end_area(s, north.id, TERMS))
    with town.reading() as session:
        assert links(session) == joined(session)
        (fault,) = list_border_faults(session, [grid(session, "西")], TODAY)
        assert fault.kind is FaultKind.GAP
        assert fault.shape.symmetric_difference(box(0, 1, 2, 2)).area < 1e-12
    with pytest.raises(Conflict, match="has ended"):
        do(town, lambda s: redraw_border(s, north.id, box(0, 1, 2, 3), TERMS))
    with pytest.raises(AreaNotFound):
        do(town, lambda s: end_area(s, 999_999, TERMS))


def test_addresses_put_there_by_hand_follow_a_merge_and_leave_an_ended_area(town: Database) -> None:
    with town.session() as session:
        code = min(one for one, area in links(session) if area == grid(session, "西").id)
        assign_area(session, code, "北", kind="grid", reason="门朝北", actor=LI_NA, today=TODAY)
        ids = {name: grid(session, name).id for name in ("西", "东", "北")}
    do(town, lambda s: merge_areas(s, ids["东"], ids["北"], TERMS))
    with town.reading() as session:
        assert (code, ids["东"]) in links(session)
        how = select(AddressArea.how).where(
            AddressArea.code == code, AddressArea.area_id == ids["东"]
        )
        assert session.scalars(how).one() == "hand"
    done = link_register(town, LI_NA, today=TODAY)
    assert (done.added, done.removed) == (0, 0)
    do(town, lambda s: end_area(s, ids["东"], TERMS))
    with town.reading() as session:
        assert links(session) == joined(session)
        assert (code, ids["西"]) in links(session)


def test_what_was_changed_or_not_shown_is_refused_and_leaves_nothing(town: Database) -> None:
    with town.reading() as session:
        north, west, east = (grid(session, code) for code in ("北", "西", "东"))
        before = links(session)
    shape = box(0, 0.8, 2, 2)
    terms = EditTerms(LI_NA, TODAY, seen=north.version - 1)
    with pytest.raises(Outdated):
        do(town, lambda s: redraw_border(s, north.id, shape, terms))
    for shown in ({}, {west.id: west.version}, {west.id: west.version, east.id: east.version + 1}):
        terms = EditTerms(LI_NA, TODAY, seen=north.version, shown=shown)
        with pytest.raises(Conflict, match="not shown"):
            do(town, lambda s, terms=terms: redraw_border(s, north.id, shape, terms))  # type: ignore[misc]
    with pytest.raises(Conflict, match="the same"):
        do(town, lambda s: redraw_border(s, north.id, north.shape, TERMS))
    with pytest.raises(Conflict, match="one kind"):
        do(town, lambda s: merge_areas(s, north.id, grid(s, "C1").id, TERMS))
    with town.reading() as session:
        assert links(session) == before
        assert [grid(session, one.code) for one in (north, west, east)] == [north, west, east]
    shown = {west.id: west.version, east.id: east.version}
    terms = EditTerms(LI_NA, TODAY, seen=north.version, shown=shown)
    do(town, lambda s: redraw_border(s, north.id, shape, terms))


def test_a_load_keeps_the_parent_of_several_of_one_code(session: Session) -> None:
    load_areas(session, LISTED, COMMAND_LINE, TODAY)
    beat = make_listed("C1", box(0, 0, 2, 2), 9, kind="police_beat")
    done = load_areas(session, [*LISTED, beat], COMMAND_LINE, TODAY)
    assert (done.new, done.faults) == (1, [])
