"""Reports move with the work about them, in the same transaction."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.inspections import Finding
from address_model.report_answers import RENEWED, REPAIRED, VISITED
from address_model.reports import ReportKind, ReportState
from address_model.work import WorkKind
from service.auth.permissions import Role
from service.core.actor import Actor
from service.core.errors import Conflict
from service.plates.commands import (
    ReplacementRequest,
    install_plate,
    repair_plate,
    replace_plate,
    report_plate,
    void_plate,
)
from service.reports.commands import answer_report, assign_report, join_report
from service.reports.queries import ReportRow, get_report
from service.worklists.commands import cancel_item, finish_item, reopen_item
from service.worklists.queries import find_open_item, get_item
from tests.factories.hosts import PREFIX
from tests.factories.office import insert_account
from tests.factories.plates import make_plates, make_visit, move_to_township
from tests.factories.reports import make_report

OFFICER = Actor("staff", "officer")
SOUND = "到现场看过，门牌完好，可以扫码。"
RECEIVED = text("update plate set status = 'to_install' where token = :token")


def state_of(session: Session, number: str) -> tuple[ReportState, str]:
    report = get_report(session, number)
    return report.state, report.answer


def work_of(report: ReportRow) -> int:
    assert report.work_item
    return report.work_item


@pytest.fixture
def token(session: Session) -> str:
    return make_plates(session, 1, status="in_use")[0]


def test_a_new_plate_answers_what_was_said_about_the_old_one(session: Session, token: str) -> None:
    broken = make_report(session, token).number
    phone = make_report(session, token, ReportKind.PHONE).number
    report_plate(session, token, Finding.BROKEN, make_visit(), OFFICER)
    assert state_of(session, broken)[0] is ReportState.RECEIVED

    order = ReplacementRequest("破损", PREFIX, is_trial=False, approval_above=10)
    newer = str(replace_plate(session, token, order, make_visit(), OFFICER).successor)
    session.execute(RECEIVED, {"token": newer})
    install_plate(session, newer, make_visit(), OFFICER)
    assert state_of(session, broken) == (ReportState.DONE, RENEWED.zh)
    # the telephone is as wrong as before: its work has ended, and the desk has to answer
    assert state_of(session, phone) == (ReportState.RECEIVED, "")
    assert get_item(session, work_of(get_report(session, phone))).state == "done"


def test_a_repaired_plate_answers_that_it_was_broken_and_nothing_else(
    session: Session, token: str
) -> None:
    broken = make_report(session, token).number
    wrong = make_report(session, token, ReportKind.WRONG).number
    item = work_of(get_report(session, broken))
    repair_plate(session, token, make_visit(), OFFICER)
    assert state_of(session, broken) == (ReportState.DONE, REPAIRED.zh)
    assert state_of(session, wrong) == (ReportState.RECEIVED, "")
    assert get_item(session, item).state == "open"


def test_the_work_of_the_last_report_that_a_repair_answers_is_done(
    session: Session, token: str
) -> None:
    broken = make_report(session, token).number
    repair_plate(session, token, make_visit(), OFFICER)
    item = get_item(session, work_of(get_report(session, broken)))
    assert (item.state, item.outcome) == ("done", "已修复")


@pytest.mark.parametrize(
    ("outcome", "state", "answer"),
    [
        (REPAIRED.zh, ReportState.DONE, REPAIRED.zh),
        (f"{REPAIRED.zh}：房东在家，姓王", ReportState.DONE, REPAIRED.zh),
        (
            SOUND,
            ReportState.UNFOUNDED,
            SOUND,
        ),
        ("王大爷 13800000000 说不用修", ReportState.DONE, VISITED.zh),
    ],
)
def test_the_outcome_of_the_work_becomes_plain_words_without_its_note(
    session: Session, token: str, outcome: str, state: ReportState, answer: str
) -> None:
    first = make_report(session, token).number
    double = make_report(session, token).number
    finish_item(session, work_of(get_report(session, first)), outcome, OFFICER)
    assert {state_of(session, one) for one in (first, double)} == {(state, answer)}


def test_work_given_out_taken_back_and_cancelled_moves_its_reports(
    session: Session, token: str
) -> None:
    insert_account(session, "li", Role.CREW, "330102000000")
    number = make_report(session, token).number
    assign_report(session, number, "li", OFFICER)
    assert state_of(session, number)[0] is ReportState.ASSIGNED
    assign_report(session, number, "", OFFICER)
    assert state_of(session, number)[0] is ReportState.RECEIVED
    first = work_of(assign_report(session, number, "li", OFFICER))
    cancel_item(session, first, "另有安排", OFFICER)
    assert state_of(session, number) == (ReportState.RECEIVED, "")

    again = assign_report(session, number, "li", OFFICER)
    assert again.state is ReportState.ASSIGNED
    assert work_of(again) != first
    item = find_open_item(session, token, WorkKind.REPORT)
    assert item is not None
    assert (item.id, item.assignee) == (work_of(again), "li")


def test_a_voided_plate_leaves_its_reports_to_the_desk(session: Session, token: str) -> None:
    number = make_report(session, token).number
    void_plate(session, token, "重复", make_visit(), OFFICER)
    assert state_of(session, number) == (ReportState.RECEIVED, "")
    answer_report(session, number, (ReportState.DONE, "重复的门牌已经注销。"), OFFICER)
    assert state_of(session, number) == (ReportState.DONE, "重复的门牌已经注销。")


def test_work_that_is_opened_again_takes_its_answers_back(session: Session, token: str) -> None:
    number = make_report(session, token).number
    item = work_of(get_report(session, number))
    finish_item(session, item, REPAIRED.zh, OFFICER)
    reopen_item(session, item, "没有办好", OFFICER)
    report = get_report(session, number)
    assert (report.state, report.answer, report.closed_at) == (ReportState.RECEIVED, "", None)


def test_a_joined_report_is_answered_with_the_other_and_its_own_work_ends(
    session: Session,
) -> None:
    here, beside = make_plates(session, 2, status="in_use")
    first, second = (make_report(session, one).number for one in (here, beside))
    third = make_report(session, beside).number
    own = work_of(get_report(session, second))
    join_report(session, second, first, OFFICER)
    assert get_item(session, own).state == "cancelled"
    assert {get_report(session, one).joined_to for one in (second, third)} == {first}
    with pytest.raises(Conflict):
        join_report(session, first, second, OFFICER)
    with pytest.raises(Conflict):
        answer_report(session, third, (ReportState.DONE, "已经办好。"), OFFICER)
    answer_report(session, first, (ReportState.DONE, "已经办好。"), OFFICER)
    found = {state_of(session, one) for one in (first, second, third)}
    assert found == {(ReportState.DONE, "已经办好。")}


def test_an_open_report_moves_with_its_address_and_a_closed_one_when_opened_again(
    session: Session, token: str
) -> None:
    number = make_report(session, token).number
    report = get_report(session, number)
    move_to_township(session, report.code, "330106001000")
    assert get_report(session, number).division == "330106001000"
    finish_item(session, work_of(report), VISITED.zh, OFFICER)
    move_to_township(session, report.code, report.division)
    assert get_report(session, number).division == "330106001000"
    reopen_item(session, work_of(report), "还没修", OFFICER)
    assert get_report(session, number).division == report.division
