"""Typed positions of addresses: set, withdrawn, kept; and the one that is shown."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.positions import Accuracy, Position, PositionKind, main_entrance
from service.addresses.commands import (
    PointFacts,
    PositionDraft,
    PositionNotFound,
    correct_address,
    enter_addresses,
    freeze_address,
    move_address,
    retire_address,
    set_position,
    set_positions,
    withdraw_position,
)
from service.addresses.queries import ENTRANCE_JOIN, get_address, list_doors_near, list_positions
from service.audit.queries import verify_chain
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database, finish
from service.core.errors import AddressNotFound, Conflict, Outdated
from service.matching.queries import find_nearest
from tests.database import TestDatabase
from tests.factories import make_draft, make_place

OWN = Point(120.165, 30.24)
GATE = Point(120.1655, 30.2402)
BACK = Point(120.1645, 30.2398)


def enter(session: Session, *numbers: str) -> list[str]:
    place = make_place(session)
    drafts = [make_draft(place, number) for number in numbers]
    return [code.digits for code in enter_addresses(session, drafts, ME)]


def entrance(code: str, point: Point = GATE, label: str = "", **more: object) -> PositionDraft:
    position = Position(PositionKind.ENTRANCE, point, Accuracy.HANDHELD, label)
    draft = PositionDraft(code, position, source="外业")
    return replace(draft, **more)  # type: ignore[arg-type]


def test_an_address_is_shown_at_its_entrance_and_keeps_its_own_point(session: Session) -> None:
    (code,) = enter(session, "88")
    own = get_address(session, code).position
    assert own == Position(PositionKind.CENTRE, OWN)
    assert set_position(session, entrance(code), ME) is None
    held = get_address(session, code)
    assert held.point == OWN
    assert held.position == Position(PositionKind.ENTRANCE, GATE, Accuracy.HANDHELD)


def test_a_new_position_ends_the_former_one_and_an_equal_one_writes_nothing(
    session: Session,
) -> None:
    (code,) = enter(session, "88")
    set_position(session, entrance(code), ME)
    again = set_position(session, entrance(code), ME)
    assert again is not None
    assert again.version == 1
    before = set_position(session, entrance(code, BACK), ME)
    assert before is not None
    assert before.point == GATE
    rows = list_positions(session, [code], history=True)[code]
    assert [(row.version, row.point, row.valid_to is None) for row in rows] == [
        (2, BACK, True),
        (1, GATE, False),
    ]
    withdraw_position(session, code, PositionKind.ENTRANCE, ME, reason="封门")
    assert list_positions(session, [code]) == {}
    set_position(session, entrance(code), ME)
    assert list_positions(session, [code])[code][0].version == 3
    assert get_address(session, code).point == OWN


def test_positions_of_several_kinds_and_labels_coexist(session: Session) -> None:
    (code,) = enter(session, "88")
    for kind in (PositionKind.FIRE_ACCESS, PositionKind.GARAGE, PositionKind.STAIRCASE):
        set_position(session, PositionDraft(code, Position(kind, BACK)), ME)
    for label in ("西门", "东门"):
        set_position(session, entrance(code, label=label), ME)
    assert [(row.position.name, row.label) for row in list_positions(session, [code])[code]] == [
        ("入口", "东门"),
        ("入口", "西门"),
        ("楼梯", ""),
        ("车库", ""),
        ("消防", ""),
    ]


numbers = count(1)
labelled = st.lists(
    st.tuples(st.sampled_from(["", "东门", "西门", "B口", "a口"]), st.sampled_from(Accuracy)),
    max_size=4,
    unique_by=lambda one: one[0],
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(labelled)
def test_the_database_chooses_the_entrance_that_the_model_chooses(
    session: Session, found: list[tuple[str, Accuracy]]
) -> None:
    made = session.info.setdefault("place", None) or make_place(session)
    session.info["place"] = made
    draft = make_draft(made, str(next(numbers)))
    code = enter_addresses(session, [draft], ME)[0].digits
    wanted = tuple(
        Position(PositionKind.ENTRANCE, Point(120.165 + n / 1e5, 30.24), grade, label)
        for n, (label, grade) in enumerate(found, start=1)
    )
    set_positions(session, [PositionDraft(code, one) for one in wanted], ME)
    assert get_address(session, code).entrance == main_entrance(wanted)
    plain = f"select entrance.label from address a {ENTRANCE_JOIN} where a.code = :code"  # noqa: S608 - our own text
    main = main_entrance(wanted)
    assert session.scalar(text(plain), {"code": code}) == (main.label if main else None)


def test_a_position_far_off_or_of_a_frozen_or_ended_address_is_refused(session: Session) -> None:
    frozen, gone, lives = enter(session, "1", "2", "3")
    set_position(session, entrance(frozen), ME)
    freeze_address(session, frozen, ME, reason="争议")
    retire_address(session, gone, ME, reason="拆除")
    for code, point in ((frozen, BACK), (gone, GATE), (lives, Point(120.19, 30.24))):
        with pytest.raises(Conflict):
            set_position(session, entrance(code, point), ME)
    with pytest.raises(Conflict):
        withdraw_position(session, frozen, PositionKind.ENTRANCE, ME, reason="x")
    with pytest.raises(Conflict, match="代表点"):
        set_position(session, PositionDraft(lives, Position(PositionKind.CENTRE, GATE)), ME)
    with pytest.raises(Conflict, match="字"):
        set_position(session, entrance(lives, label="门" * 21), ME)
    with pytest.raises(AddressNotFound):
        set_position(session, entrance("3301061234567833"), ME)
    assert list_positions(session, [lives, gone]) == {}


def test_only_a_set_position_is_withdrawn_and_with_a_reason(
    session: Session,
) -> None:
    (code,) = enter(session, "88")
    with pytest.raises(PositionNotFound):
        withdraw_position(session, code, PositionKind.GARAGE, ME, reason="没有")
    set_position(session, entrance(code), ME)
    with pytest.raises(Conflict, match="理由"):
        withdraw_position(session, code, PositionKind.ENTRANCE, ME, reason=" ")


def test_a_caller_with_an_older_version_gets_the_present_one(session: Session) -> None:
    (code,) = enter(session, "88")
    set_position(session, entrance(code), ME, seen=1)
    with pytest.raises(Outdated) as caught:
        set_position(session, entrance(code, BACK), ME, seen=1)
    assert "第 1 版，现在是第 2 版" in caught.value.zh
    assert caught.value.record.facts["入口"].startswith("120.1655")
    set_position(session, entrance(code, BACK), ME, seen=2)
    assert get_address(session, code).position == Position(
        PositionKind.ENTRANCE, BACK, Accuracy.HANDHELD
    )


def test_every_change_is_announced_audited_and_raises_the_version(
    session: Session,
) -> None:
    (code,) = enter(session, "88")
    finish(session)
    version = text("select version from address where code = :code")
    before = session.scalar(version, {"code": code})
    set_position(session, entrance(code), ME)
    withdraw_position(session, code, PositionKind.ENTRANCE, ME, reason="封门")
    finish(session)
    told = "select action from change where key = :code and subject = 'address' order by position"
    assert list(session.scalars(text(told), {"code": code})) == [
        "new",
        "positioned",
        "position_withdrawn",
    ]
    audited = "select action, detail ->> 'reason' from audit_entry where subject = :code"
    assert [tuple(row) for row in session.execute(text(audited), {"code": code})] == [
        ("addresses:set_position", None),
        ("addresses:withdraw_position", "封门"),
    ]
    assert verify_chain(session).is_whole
    assert session.scalar(version, {"code": code}) != before


def test_many_are_set_at_once_each_with_its_outcome(session: Session) -> None:
    one, two = enter(session, "1", "2")
    set_position(session, entrance(one), ME)
    drafts = [
        entrance(one),
        entrance(two),
        entrance(two),
        entrance("3301061234567833"),
        entrance(two, Point(120.25, 30.24), label="远门"),
    ]
    outcomes = set_positions(session, drafts, ME)
    assert outcomes[:2] == ["same", "new"]
    assert [isinstance(one, Conflict) for one in outcomes[2:]] == [True] * 3
    assert [row.label for row in list_positions(session, [two])[two]] == [""]


def test_two_concurrent_changes_of_a_position_are_serialised(fresh_database: TestDatabase) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        (code,) = enter(session, "88")

    def put(n: int) -> None:
        with database.session() as session:
            set_position(session, entrance(code, Point(120.165 + n / 1e5, 30.24)), ME)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(put, range(1, 13)))
    with database.reading() as session:
        rows = list_positions(session, [code], history=True)[code]
        told = session.scalar(text("select count(*) from change where action = 'positioned'"))
        is_whole = verify_chain(session).is_whole
    database.dispose()
    assert [row.version for row in rows] == list(range(12, 0, -1))
    assert [row.valid_to is None for row in rows] == [True, *[False] * 11]
    assert len({row.point for row in rows}) == 12
    assert (told, is_whole) == (12, True)


def test_the_nearest_address_is_found_by_its_entrance_and_once(session: Session) -> None:
    big, small = enter(session, "1", "3")
    move_address(session, small, Point(120.1659, 30.24), ME)
    assert find_nearest(session, GATE)[0].address.code == small
    set_position(session, entrance(big), ME)
    set_position(session, entrance(big, Point(120.16551, 30.2402), label="侧门"), ME)
    near = find_nearest(session, GATE, limit=3)
    assert [one.address.code for one in near] == [big, small]
    assert near[0].metres < 0.1
    assert [door.code for door in list_doors_near(session, GATE)] == [big, big, small]


def test_accuracy_and_source_of_a_point_end_with_the_point(session: Session) -> None:
    place = make_place(session)
    draft = make_draft(place, "88")
    code = enter_addresses(session, [draft], ME)[0].digits
    facts = PointFacts(Accuracy.SURVEYED, "测绘院", "控制点")
    move_address(session, code, BACK, ME, facts=facts)
    (kept,) = correct_address(session, get_address(session, code), replace(draft, point=None), ME)
    held = get_address(session, kept.code)
    assert (held.point, held.point_accuracy, held.point_source) == (
        BACK,
        Accuracy.SURVEYED,
        "测绘院",
    )
    correct_address(session, held, replace(draft, point=BACK), ME)
    assert get_address(session, code).point_accuracy is Accuracy.SURVEYED
    correct_address(session, held, replace(draft, point=GATE), ME)
    held = get_address(session, code)
    assert (held.point_accuracy, held.point_source) == (Accuracy.UNKNOWN, "")
