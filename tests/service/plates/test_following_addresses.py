"""Table: state of a plate × what befalls its address → the plate, its open work, what a scan says.

None of the combinations is left out: states and events come from the tables of the model.
"""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.elements import Numbered
from address_model.inspections import Finding
from address_model.lifecycle import AddressStatus, PlateStatus
from address_model.plate_standing import CONSEQUENCES, Standing
from address_model.work import WorkKind
from service.addresses import commands as addresses
from service.addresses.queries import get_address
from service.core.actor import Actor
from service.core.database import Database
from service.core.errors import Conflict
from service.plates.commands import (
    confirm_plate,
    follow_addresses,
    install_plate,
    note_printed,
    report_plate,
    settle_page,
    take_down_plate,
)
from service.plates.queries import get_plate
from service.plates.queries.locked_plates import find_unsettled_plate, see_plate
from service.scans.card import CardState
from service.scans.queries.cards import find_card
from service.worklists.commands import open_item
from service.worklists.drafts import WorkDraft
from service.worklists.queries import list_items_of
from tests.database import TestDatabase
from tests.factories import make_draft, make_place, make_plates, make_visit
from tests.service.plates.address_events import EVENTS, NOT_HUNG, Outcome, Scene, retire

P, W, C = PlateStatus, WorkKind, CardState
ME = Actor("staff", "officer")


def stage(session: Session, status: PlateStatus) -> tuple[Scene, str]:
    """A plate in a state, with the work that is usually open about it."""
    place = make_place(session)
    (token,) = make_plates(session, status=str(status), place=place)
    code = get_plate(session, token).code
    usual = W.INSPECT
    if status in NOT_HUNG:
        usual = W.INSTALL
    elif status is P.REPLACED:
        usual = W.REPAIR
    if status is not P.VOID:
        open_item(session, WorkDraft(usual, code, token), ME)
    return Scene(session, place, code), token


def open_work(session: Session, token: str) -> frozenset[WorkKind]:
    return frozenset(WorkKind(i.kind) for i in list_items_of(session, token, state="open"))


def look(session: Session, token: str) -> Outcome:
    card = find_card(session, token)
    assert card
    return get_plate(session, token).status, open_work(session, token), card.state


@pytest.mark.parametrize("status", PlateStatus)
@pytest.mark.parametrize("event", EVENTS)
def test_a_plate_follows_its_address(session: Session, event: str, status: PlateStatus) -> None:
    befall, expected = EVENTS[event]
    scene, token = stage(session, status)
    befall(scene)
    assert look(session, token) == expected[status]
    follow_addresses(session, [scene.address], ME)
    assert look(session, token) == expected[status]
    assert find_unsettled_plate(session) == ""


def test_the_table_names_every_state_and_every_end_of_an_address() -> None:
    assert {s: set(states) for s, states in CONSEQUENCES.items()} == {
        standing: set(PlateStatus) for standing in Standing
    }
    assert all(set(expected) == set(PlateStatus) for _, expected in EVENTS.values())
    names = ("待建", "冻结", "待替换", "替换", "消亡", "无效")
    assert set(names) <= set(EVENTS)
    assert len(names) == len(AddressStatus) - 1, "only 有效 is no event: it is 解冻"


def test_what_its_file_says_counts_however_late_it_is_made(session: Session) -> None:
    scene, token = stage(session, P.TO_MAKE)
    note_printed(session, {token: "河坊街1号"})
    scene.number("9")
    assert look(session, token)[1:] == (frozenset({W.INSTALL}), C.OTHER_TEXT)
    note_printed(session, {token: "河坊街9号"})
    assert look(session, token)[2] is C.NOT_YET


def test_a_plate_with_another_text_is_hung_only_by_who_has_seen_that(session: Session) -> None:
    scene, token = stage(session, P.TO_INSTALL)
    scene.number("9")
    with pytest.raises(Conflict, match="文字不符：牌上是“河坊街1号”，地址现在是“河坊街9号”"):
        install_plate(session, token, make_visit(), ME)
    event = install_plate(session, token, make_visit(accepts_text=True), ME)
    assert event.detail == {"printed": "河坊街1号"}
    assert look(session, token) == ("in_use", frozenset({W.REPLACE}), C.OTHER_TEXT)
    scene.number("1")
    assert look(session, token) == ("in_use", frozenset(), C.IN_USE)


def test_the_plate_of_an_ended_address_is_taken_down_or_not_found(session: Session) -> None:
    scene, token = stage(session, P.IN_USE)
    with pytest.raises(Conflict, match="仍然有效"):
        take_down_plate(session, token, make_visit(), ME)
    retire(scene)
    with pytest.raises(Conflict, match="已终止"):
        confirm_plate(session, token, make_visit(), ME)
    report_plate(session, token, Finding.BROKEN, make_visit(), ME)
    assert look(session, token)[:2] == ("damaged", frozenset({W.TAKE_DOWN}))
    report_plate(session, token, Finding.LOST, make_visit(), ME)
    assert look(session, token)[:2] == ("lost", frozenset())
    visit = make_visit()
    taken = take_down_plate(session, token, visit, ME)
    assert take_down_plate(session, token, visit, ME) == taken
    assert see_plate(session, token).reason == "地址已终止（消亡）：拆除，门牌已取下"


def test_work_moves_with_its_address_to_another_division(session: Session) -> None:
    scene, token = stage(session, P.TO_INSTALL)
    county = get_address(session, scene.code).division_code[:6] + "000000"
    row = session.execute(text("select id from division where code = :c"), {"c": county}).one()
    draft = replace(make_draft(scene.place, "1"), division_id=row.id, division_code=county)
    draft = replace(draft, elements=draft.elements._replace(township=""))
    before = addresses.correct_address(session, scene.address, draft, ME)
    follow_addresses(session, before, ME)
    assert [item.division for item in list_items_of(session, token)] == [county]


def test_a_register_from_before_is_settled_once(session: Session) -> None:
    scene, token = stage(session, P.IN_USE)
    addresses.retire_address(session, scene.code, ME, reason="拆除")
    assert find_unsettled_plate(session) == token
    assert settle_page(session, ME) == (1, token)
    assert settle_page(session, ME, after=token) == (0, "")
    assert find_unsettled_plate(session) == ""


def test_a_bound_blank_plate_has_no_text_that_could_differ(session: Session) -> None:
    scene, token = stage(session, P.IN_USE)
    session.execute(text("update plate set printed_text = ''"))
    scene.number("9")
    assert look(session, token) == ("in_use", frozenset({W.INSPECT}), C.IN_USE)


def test_the_room_of_a_number_with_a_quantifier_is_compared_as_it_stands(session: Session) -> None:
    scene, token = stage(session, P.IN_USE)
    scene.number("1", number=Numbered("1", "弄"))
    assert look(session, token)[2] is C.OTHER_TEXT


def test_who_hangs_and_who_retires_at_once_leave_nothing_hung_unseen(
    fresh_database: TestDatabase,
) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        tokens = make_plates(session, 12)
        codes = [get_plate(session, token).code for token in tokens]
    start = threading.Barrier(2)
    refused: list[str] = []

    def hang() -> None:
        for token in tokens:
            start.wait()
            try:
                with database.session() as session:
                    install_plate(session, token, make_visit(), ME)
            except Conflict as error:
                refused.append(error.detail)

    def end() -> None:
        for code in codes:
            start.wait()
            with database.session() as session:
                before = addresses.retire_address(session, code, ME, reason="拆除")
                follow_addresses(session, [before], ME)

    workers = [threading.Thread(target=work) for work in (hang, end)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with database.reading() as session:
        found = [(get_plate(session, t).status, open_work(session, t)) for t in tokens]
        assert find_unsettled_plate(session) == ""
    database.dispose()
    assert set(found) <= {
        ("in_use", frozenset({W.TAKE_DOWN})),
        ("to_install", frozenset()),
    }
    assert sum(status == "to_install" for status, _ in found) == len(refused)
