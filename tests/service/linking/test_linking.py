"""Linking on the real register: all, some, after border edits; and its report."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest
import shapely
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from address_model.tables import AddressArea, AuditEntry
from service.areas.commands.areas import load_areas, store_areas
from service.changes.queries import list_changes
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.linking.commands import (
    LinkCounts,
    bulk,
    forget_covers,
    link_addresses,
    link_register,
    load_and_link,
    relink_edits,
)
from service.linking.queries import build_report, list_area_ids
from tests.factories.addresses import enter_at
from tests.factories.areas import box, make_listed

TODAY = date(2026, 11, 23)
G1 = make_listed("G1", box(0, 0, 1, 1))
G2 = make_listed("G2", box(1, 0, 2, 1), row=2)
C1 = make_listed("C1", box(0, 0, 2, 1), row=3, kind="community")
JOIN = text(
    "select a.code, r.id from address a join area r on ST_Covers(r.geom, a.geom) "
    "where r.succeeded_by is null and (r.valid_to is null or r.valid_to >= :day)"
)


def links(session: Session) -> set[tuple[str, int]]:
    rows = session.execute(select(AddressArea.code, AddressArea.area_id))
    return {(code, area) for code, area in rows}


def written_at(session: Session) -> dict[tuple[str, int], datetime]:
    rows = session.execute(select(AddressArea.code, AddressArea.area_id, AddressArea.linked_at))
    return {(code, area): linked for code, area, linked in rows}


def joined(session: Session, day: date = TODAY) -> set[tuple[str, int]]:
    """The pairs of PostGIS's own join."""
    return {(code, area) for code, area in session.execute(JOIN, {"day": day})}


def scatter(count: int) -> list[tuple[float, float]]:
    """Points over both grids and a little beyond, some upon the borders."""
    rng = np.random.default_rng(count)
    return [(round(x, 1), round(y, 1)) for x, y in rng.uniform(-0.2, 2.2, (count, 2))]


def test_the_whole_register_gets_the_pairs_of_the_postgis_join_and_a_second_run_writes_nothing(
    register: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 64)
    with register.session() as session:
        enter_at(session, scatter(300))
        load_areas(session, [G1, G2, C1], COMMAND_LINE, TODAY)
    advanced: list[int] = []
    done = link_register(register, COMMAND_LINE, today=TODAY, advance=advanced.append)
    with register.reading() as session:
        assert links(session) == joined(session)
        first = written_at(session)
        told = len(list_changes(session, after=0, limit=1000))
    assert (done.addresses, done.added, done.removed) == (300, len(first), 0)
    assert sum(advanced) == 300
    assert len(advanced) == 5
    again = link_register(register, COMMAND_LINE, today=TODAY)
    assert (again.added, again.removed, again.same) == (0, 0, len(first))
    with register.reading() as session:
        assert written_at(session) == first
        assert len(list_changes(session, after=0, limit=1000)) == told


def test_a_border_edit_relinks_only_what_it_touched(register: Database) -> None:
    with register.session() as session:
        enter_at(session, scatter(400))
    load_and_link(register, [G1, G2, C1], COMMAND_LINE, today=TODAY)
    with register.reading() as session:
        before = written_at(session)
        position = list_changes(session, after=0, limit=1000)[-1].position
    edited = replace(G1, shape=box(0, 0, 0.95, 1)), replace(G2, shape=box(0.95, 0, 2, 1))
    done = load_and_link(register, edited, COMMAND_LINE, today=TODAY + timedelta(days=1))
    with register.reading() as session:
        after = written_at(session)
        assert set(after) == joined(session)
        kept = set(before) & set(after)
        assert {pair: before[pair] for pair in kept} == {pair: after[pair] for pair in kept}
        moved = {code for code, _ in set(before) ^ set(after)}
        told = list_changes(session, after=position, limit=1000)
        assert {c.key for c in told if c.subject == "address_area"} == moved
    assert 0 < len(moved) == done.links.touched < 40
    assert done.links.addresses < 60  # not the 400 of the register were looked at


def test_an_area_that_ends_takes_its_links_along_and_a_new_one_brings_its_own(
    register: Database,
) -> None:
    with register.session() as session:
        enter_at(session, scatter(50))
    load_and_link(register, [G1, G2], COMMAND_LINE, today=TODAY)
    later = TODAY + timedelta(days=1)
    load_and_link(
        register, [replace(G1, valid_to=TODAY), make_listed("G3", box(0, 0, 1, 1), row=2)],
        COMMAND_LINE, today=later,
    )  # fmt: skip
    with register.reading() as session:
        assert links(session) == joined(session, later)
        codes = {row.code: row.id for row in session.execute(text("select code, id from area"))}
        linked = {area for _, area in links(session)}
    assert codes["G1"] not in linked
    assert {codes["G2"], codes["G3"]} <= linked


def test_a_dry_run_reports_and_stores_nothing(register: Database) -> None:
    with register.session() as session:
        enter_at(session, scatter(20))
    done = load_and_link(register, [G1, G2], COMMAND_LINE, today=TODAY, dry_run=True)
    assert done.areas.new == 2
    assert done.links.added > 0
    with register.reading() as session:
        assert links(session) == set()
        assert session.scalar(text("select count(*) from area")) == 0


def test_many_changed_borders_are_linked_by_chunks_with_the_same_pairs(
    register: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.linking.commands.area_load.MANY", 1)
    with register.session() as session:
        enter_at(session, scatter(80))
    load_and_link(register, [G1, G2], COMMAND_LINE, today=TODAY)
    with register.reading() as session:
        assert links(session) == joined(session)


@pytest.mark.parametrize("few", [0, 200], ids=["by cell cover", "by the database"])
def test_addresses_just_entered_or_moved_get_the_same_pairs_either_way(
    session: Session, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "FEW", few)
    load_areas(session, [G1, G2, C1], COMMAND_LINE, TODAY)
    codes = enter_at(session, scatter(40))
    counts = link_addresses(session, codes, today=TODAY)
    assert links(session) == joined(session)
    assert counts.added == len(joined(session))
    session.execute(
        text("update address set geom = ST_SetSRID(ST_MakePoint(120.015, 30.005), 4490) "
             "where code = any(:codes)"), {"codes": codes[:5]},
    )  # fmt: skip
    link_addresses(session, codes[:5], today=TODAY)
    assert links(session) == joined(session)
    assert link_addresses(session, [], today=TODAY) == LinkCounts()
    forget_covers()


def test_an_address_that_lost_its_point_loses_its_links(session: Session) -> None:
    load_areas(session, [G1], COMMAND_LINE, TODAY)
    codes = enter_at(session, [(0.5, 0.5), (0.6, 0.5)])
    link_addresses(session, codes, today=TODAY)
    session.execute(text("update address set geom = null where code = :code"), {"code": codes[0]})
    link_addresses(session, codes, today=TODAY)
    assert {code for code, _ in links(session)} == {codes[1]}


def test_an_edit_without_any_address_in_it_writes_and_tells_nothing(session: Session) -> None:
    enter_at(session, [(0.5, 0.5)])
    done = load_areas(session, [make_listed("G9", box(10, 10, 11, 11))], COMMAND_LINE, TODAY)
    counts = relink_edits(session, done.edits, COMMAND_LINE, today=TODAY)
    assert (counts.addresses, counts.added, counts.touched) == (0, 0, 0)
    assert (
        session.scalars(select(AuditEntry).where(AuditEntry.action == "areas:relink")).all() == []
    )
    forget_covers()


def test_a_border_written_from_another_corner_moves_nobody(session: Session) -> None:
    """As when the grids of one community hang on another: their ground stays."""
    first = load_areas(session, [G1], COMMAND_LINE, TODAY)
    codes = enter_at(session, [(0.5, 0.5)])
    relink_edits(session, first.edits, COMMAND_LINE, today=TODAY)
    (edit,) = first.edits
    assert edit.after is not None
    corners = shapely.get_coordinates(edit.after)[:-1]
    turned = shapely.Polygon(np.roll(corners, 1, axis=0))
    again = replace(edit, before=edit.after, after=turned)
    counts = relink_edits(session, [again], COMMAND_LINE, today=TODAY)
    assert (counts.addresses, counts.touched) == (0, 0)
    assert {code for code, _ in links(session)} == set(codes)
    forget_covers()


def test_who_stores_a_border_does_not_hold_up_who_links_to_the_area(register: Database) -> None:
    """Else each would wait for the other: the one for the lock of links, the other for the area."""
    load_and_link(register, [G1], COMMAND_LINE, today=TODAY - timedelta(days=1))
    with register.session() as session:
        codes = enter_at(session, [(0.5, 0.5)])
    moved = replace(G1, shape=box(0, 0, 1, 0.9))
    with register.session() as edit, register.session() as entry:
        store_areas(edit, [moved], TODAY)
        entry.execute(text("set local lock_timeout = '3s'"))
        assert link_addresses(entry, codes, today=TODAY).added == 1
    forget_covers()


def test_nothing_of_an_area_is_copied_so_its_new_name_shows_at_once(session: Session) -> None:
    load_areas(session, [G1], COMMAND_LINE, TODAY)
    [code] = enter_at(session, [(0.5, 0.5)])
    link_addresses(session, [code], today=TODAY)
    before = list_area_ids(session, [code])
    load_areas(session, [replace(G1, name="renamed")], COMMAND_LINE, TODAY + timedelta(days=1))
    assert list_area_ids(session, [code]) == before


def test_the_report_counts_and_names_addresses_in_no_area_and_in_two(session: Session) -> None:
    load_areas(session, [G1, replace(G2, shape=box(0.9, 0, 2, 1)), C1], COMMAND_LINE, TODAY)
    codes = enter_at(session, [(0.5, 0.5), (0.95, 0.5), (1.5, 0.5), (5, 5), (6, 6)])
    link_addresses(session, codes, today=TODAY)
    session.execute(text("update address set geom = null where code = :code"), {"code": codes[4]})
    report = build_report(session, TODAY)
    assert (report.addresses, report.without_point) == (5, 1)
    community, grid = report.kinds
    assert (grid.kind, grid.areas, grid.linked, grid.by_hand) == ("grid", 2, 3, 0)
    assert (grid.outside_count, grid.outside) == (1, (codes[3],))
    assert (grid.doubled_count, grid.doubled) == (1, (codes[1],))
    assert (community.doubled_count, community.outside_count) == (0, 1)
    assert [one.kind for one in build_report(session, TODAY, kind="grid").kinds] == ["grid"]
