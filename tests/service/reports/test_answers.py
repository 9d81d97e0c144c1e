from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.reports import Feedback, ReportKind, ReportState
from address_model.tables import AuditEntry
from service.audit.commands import write_pending
from service.auth.permissions import Role
from service.core.actor import Actor
from service.core.clock import now_utc
from service.core.database import Database
from service.core.errors import BadRequest, Conflict, Outdated
from service.core.files import FileStore
from service.reports.commands import answer_report, assign_report, clear_reports, give_feedback
from service.reports.queries import (
    ReportNotFound,
    ReportRow,
    get_report,
    list_figures,
    list_joined,
)
from service.worklists.queries import get_item
from tests.database import TestDatabase
from tests.factories import make_plates
from tests.factories.office import COUNTIES, insert_account
from tests.factories.reports import make_report
from tests.interleaving import Step, interleave_everywhere
from tests.town import Town

OFFICER = Actor("staff", "officer")
DONE = (ReportState.DONE, "已换上新门牌")


def one(session: Session) -> str:
    (token,) = make_plates(session, status="in_use")
    return token


def item_state(session: Session, report: ReportRow) -> tuple[str, str]:
    assert report.work_item is not None
    item = get_item(session, report.work_item)
    return item.state, item.outcome


def test_an_answer_reaches_all_who_said_the_same_and_ends_the_work(session: Session) -> None:
    token = one(session)
    head, double = make_report(session, token), make_report(session, token)
    report = answer_report(session, head.number, DONE, OFFICER)
    assert (report.state, report.answer, report.closed_by) == ("done", DONE[1], str(OFFICER))
    (joined,) = list_joined(session, head.number)
    assert (joined.number, joined.state, joined.answer) == (double.number, "done", DONE[1])
    assert item_state(session, report) == ("done", DONE[1])


def test_the_work_goes_on_while_another_report_waits(session: Session) -> None:
    token = one(session)
    broken, phone = make_report(session, token), make_report(session, token, ReportKind.PHONE)
    report = answer_report(session, broken.number, DONE, OFFICER)
    assert item_state(session, report)[0] == "open"
    report = answer_report(session, phone.number, (ReportState.UNFOUNDED, "电话能打通"), OFFICER)
    assert report.state is ReportState.UNFOUNDED
    assert item_state(session, report)[0] == "done"


def test_an_answer_has_words_and_is_given_once_by_whoever_saw_the_report(session: Session) -> None:
    filed = make_report(session, one(session))
    for words in ("", "  ", "长" * 301):
        with pytest.raises(BadRequest):
            answer_report(session, filed.number, (ReportState.DONE, words), OFFICER)
    with pytest.raises(BadRequest):
        answer_report(session, filed.number, (ReportState.ASSIGNED, "好"), OFFICER)
    seen = get_report(session, filed.number).version
    answer_report(session, filed.number, DONE, OFFICER, seen=seen)
    with pytest.raises(Outdated):
        answer_report(session, filed.number, DONE, OFFICER, seen=seen)
    with pytest.raises(Conflict):
        answer_report(session, filed.number, DONE, OFFICER)
    with pytest.raises(ReportNotFound):
        answer_report(session, "0000000000", DONE, OFFICER)


def test_a_double_is_answered_with_its_head(session: Session) -> None:
    token = one(session)
    make_report(session, token)
    double = make_report(session, token)
    with pytest.raises(Conflict, match="joined"):
        answer_report(session, double.number, DONE, OFFICER)


def test_giving_out_the_work_gives_out_its_reports(session: Session) -> None:
    insert_account(session, "li", Role.CREW, COUNTIES["own"])
    token = one(session)
    broken, phone = make_report(session, token), make_report(session, token, ReportKind.PHONE)
    report = assign_report(session, broken.number, "li", OFFICER)
    assert report.state is ReportState.ASSIGNED
    assert get_report(session, phone.number).state is ReportState.ASSIGNED
    assert get_report(session, make_report(session, token).number).state is ReportState.ASSIGNED
    assert report.work_item is not None
    assert get_item(session, report.work_item).assignee == "li"
    assert assign_report(session, broken.number, "", OFFICER).state is ReportState.RECEIVED


def test_unsolved_opens_the_work_again_one_level_up_once(session: Session) -> None:
    filed = make_report(session, one(session))
    with pytest.raises(Conflict):
        give_feedback(session, filed.number, filed.follow, Feedback.UNSOLVED)
    first = answer_report(session, filed.number, DONE, OFFICER)
    report = give_feedback(session, filed.number, filed.follow, Feedback.UNSOLVED)
    assert (report.state, report.level, report.answer) == ("received", 4, DONE[1])
    assert report.work_item != first.work_item
    assert item_state(session, report)[0] == "open"
    assert give_feedback(session, filed.number, filed.follow, Feedback.UNSOLVED) == report
    answer_report(session, filed.number, (ReportState.DONE, "又修了一次"), OFFICER)
    again = give_feedback(session, filed.number, filed.follow, Feedback.UNSOLVED)
    assert (again.state, again.level) == ("done", 4)


def test_feedback_needs_the_follow_token(session: Session) -> None:
    filed = make_report(session, one(session))
    answer_report(session, filed.number, DONE, OFFICER)
    with pytest.raises(ReportNotFound):
        give_feedback(session, filed.number, "00000000", Feedback.USEFUL)
    report = give_feedback(session, filed.number, filed.follow, Feedback.USEFUL)
    assert (report.feedback, report.state) == ("useful", "done")
    with pytest.raises(Conflict):
        give_feedback(session, filed.number, filed.follow, Feedback.UNSOLVED)


def test_words_and_photo_are_destroyed_when_their_time_is_over(
    session: Session, tmp_path: Path
) -> None:
    files, token = FileStore(str(tmp_path)), one(session)
    filed = make_report(session, token, text="牌子裂了", photo="report-photos/x.jpg")
    kept = make_report(session, token, ReportKind.OTHER, text="还没办")
    answer_report(session, filed.number, DONE, OFFICER)
    assert clear_reports(session, files, now_utc() - timedelta(days=1)) == 0
    assert clear_reports(session, files, now_utc() + timedelta(days=1)) == 1
    assert clear_reports(session, files, now_utc() + timedelta(days=1)) == 0
    report = get_report(session, filed.number)
    assert (report.text, report.photo, report.answer) == ("", "", DONE[1])
    assert report.cleared_at is not None
    assert get_report(session, kept.number).text == "还没办"


def test_the_trail_never_holds_what_the_resident_wrote(session: Session) -> None:
    filed = make_report(session, one(session), text="牌子裂了")
    answer_report(session, filed.number, DONE, OFFICER)
    give_feedback(session, filed.number, filed.follow, Feedback.USEFUL)
    write_pending(session)
    trail = [e for e in session.query(AuditEntry) if e.action.startswith("reports:")]
    assert [entry.action for entry in trail] == [
        "reports:file",
        "reports:answer",
        "reports:feedback",
    ]
    assert not any("牌子裂了" in str(entry.detail) for entry in trail)
    assert not any(filed.follow in f"{entry.subject}{entry.detail}" for entry in trail)


def test_figures_count_by_county_and_kind(session: Session) -> None:
    token = one(session)
    filed = make_report(session, token)
    make_report(session, token, ReportKind.PHONE)
    answer_report(session, filed.number, DONE, OFFICER)
    session.execute(text("update report set closed_at = received_at + interval '36 hours' "
                         "where closed_at is not null"))  # fmt: skip
    now = now_utc()
    broken, phone = list_figures(session, now - timedelta(days=1), now + timedelta(days=1))
    assert (broken.county, broken.kind, broken.received, broken.closed) == (
        "330102",
        "broken",
        1,
        1,
    )
    assert broken.median_days == pytest.approx(1.5)
    assert (phone.kind, phone.closed, phone.median_days) == ("phone", 0, None)
    assert (
        list_figures(session, now + timedelta(days=1), datetime.max.replace(tzinfo=now.tzinfo))
        == []
    )


def test_two_residents_and_an_officer_at_once_leave_one_work_item(
    fresh_database: TestDatabase,
) -> None:
    database = Database(fresh_database.app_url)
    town = Town.make(database)
    numbers: list[str] = []

    def make() -> tuple[Step, Step]:
        (code,) = town.enter()
        token = town.hang(code)
        with database.session() as session:
            numbers.append(make_report(session, token).number)
        return (
            lambda s: answer_report(s, numbers[-1], DONE, OFFICER),
            lambda s: make_report(s, token).number,
        )

    for answered, filed in interleave_everywhere(database, make):
        assert (answered.refused, filed.refused) == (None, None)
        with database.reading() as session:
            head, late = get_report(session, numbers[-1]), get_report(session, str(filed.result))
            assert head.state is ReportState.DONE
            # It was answered with its head, or waits with open work of its own.
            assert (late.state is ReportState.DONE) == (late.joined_to == head.number)
            assert item_state(session, late)[0] == ("open" if late.is_open else "done")
    database.dispose()


def test_the_same_report_twice_at_once_joins(fresh_database: TestDatabase) -> None:
    database = Database(fresh_database.app_url)
    town = Town.make(database)

    def make() -> tuple[Step, Step]:
        token = town.hang(*town.enter())
        return (lambda s: make_report(s, token).number,) * 2

    for outcomes in interleave_everywhere(database, make):
        with database.reading() as session:
            rows = [get_report(session, str(one.result)) for one in outcomes]
        assert len({row.work_item for row in rows}) == 1
        assert sorted(bool(row.joined_to) for row in rows) == [False, True]
    database.dispose()
