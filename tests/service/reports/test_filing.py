import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from address_model.reports import ReportKind
from address_model.tables import AddressArea, Report, WorkItem
from address_model.work import WorkKind
from service.addresses.commands import retire_address
from service.core.actor import COMMAND_LINE
from service.core.errors import PlateNotFound
from service.plates.commands import ReplacementRequest, install_plate, replace_plate
from service.plates.queries import get_plate
from service.reports.commands import ReportLimitReached, file_report
from service.reports.drafts import FOLLOW_LENGTH, ReportDraft, ReportLimits, hash_follow
from service.reports.policies import NotReportable
from service.reports.queries import find_followed, get_report, list_reports_of
from service.worklists.queries import get_item, list_items_of
from tests.factories import make_area, make_plates
from tests.factories.hosts import PREFIX
from tests.factories.plates import make_visit
from tests.factories.reports import FREELY, make_report

ONCE = "a-form-drawn-once-only"


def count(session: Session, table: type[Report | WorkItem]) -> int:
    return len(session.execute(select(table)).all())


def test_a_report_opens_work_in_its_grid_and_says_nothing_of_its_sender(session: Session) -> None:
    (token,) = make_plates(session, status="in_use")
    grid, code = make_area(session), get_plate(session, token).code
    session.add(AddressArea(code=code, area_id=grid.id, kind="grid", how="point"))
    session.flush()
    filed = make_report(session, token, text="牌子裂了", language="en")
    report = get_report(session, filed.number)
    assert (report.kind, report.state, report.text) == ("broken", "received", "牌子裂了")
    assert (report.area_id, report.division, report.language) == (grid.id, "330102001000", "en")
    assert report.work_item is not None
    item = get_item(session, report.work_item)
    assert (item.kind, item.token, item.area) == (WorkKind.REPORT, token, "示例网格 1")
    assert item.reason == f"居民报告 {filed.number}：门牌坏了"  # never the words of the resident
    assert item.opened_by == "resident:?"


def test_only_number_and_follow_token_together_find_a_report(session: Session) -> None:
    first, second = (
        make_report(session, token) for token in make_plates(session, 2, status="in_use")
    )
    assert len(first.follow) == FOLLOW_LENGTH
    typed = f" {first.follow[:4]} {first.follow[4:].lower()}"
    found = find_followed(session, first.number, typed)
    assert found is not None
    assert found.number == first.number
    assert find_followed(session, first.number, second.follow) is None
    assert find_followed(session, second.number, first.follow) is None
    assert find_followed(session, first.number, "") is None
    stored = session.scalar(select(Report.follow_hash).where(Report.number == first.number))
    assert stored == hash_follow(first.follow)
    assert first.follow not in stored


def test_a_form_sent_twice_makes_one_report(session: Session) -> None:
    (token,) = make_plates(session, status="in_use")
    draft = ReportDraft(ReportKind.PHONE, ONCE, token)
    assert file_report(session, draft, FREELY) == file_report(session, draft, FREELY)
    assert count(session, Report) == count(session, WorkItem) == 1


def test_a_number_that_is_taken_is_drawn_again(session: Session) -> None:
    first, second = make_plates(session, 2, status="in_use")
    draft = ReportDraft(ReportKind.PHONE, ONCE, first)
    other = make_report(session, second)
    taken = draft.credentials().number
    session.execute(text("update report set number = :n where number = :o"),
                    {"n": taken, "o": other.number})  # fmt: skip
    session.expire_all()
    assert file_report(session, draft, FREELY) == draft.credentials(1)


def test_the_same_report_joins_the_one_that_is_open(session: Session) -> None:
    (token,) = make_plates(session, status="in_use")
    head, double = make_report(session, token), make_report(session, token)
    other = make_report(session, token, ReportKind.PHONE)
    rows = [get_report(session, one.number) for one in (head, double, other)]
    assert [row.joined_to for row in rows] == ["", head.number, ""]
    assert len({row.work_item for row in rows}) == 1
    assert rows[0].work_item is not None
    assert len(list_reports_of(session, rows[0].work_item)) == 3


def test_an_address_is_reported_without_a_plate(session: Session) -> None:
    (token,) = make_plates(session, status="in_use")
    code = get_plate(session, token).code
    filed = file_report(session, ReportDraft(ReportKind.PLACE, ONCE, code=code), FREELY)
    report = get_report(session, filed.number)
    assert (report.token, report.code, report.door) == ("", code, "河坊街1号")
    (item,) = list_items_of(session, code)
    assert (item.subject, item.key) == ("address", code)


def test_nothing_is_reported_where_nobody_can_go(session: Session) -> None:
    (token,) = make_plates(session, status="to_make")
    code = get_plate(session, token).code
    with pytest.raises(NotReportable):
        make_report(session, token)
    session.execute(text("update plate set status = 'in_use'"))
    retire_address(session, code, COMMAND_LINE, reason="拆除")
    with pytest.raises(NotReportable):
        make_report(session, token)
    with pytest.raises(NotReportable):
        file_report(session, ReportDraft(ReportKind.PLACE, ONCE, code=code), FREELY)
    with pytest.raises(PlateNotFound):
        make_report(session, "0000000000")
    assert count(session, Report) == 0


def test_a_plate_is_heard_a_few_times_an_hour(session: Session) -> None:
    first, second = make_plates(session, 2, status="in_use")
    limits = ReportLimits(2, 100, 100)
    for kind in (ReportKind.BROKEN, ReportKind.PHONE):
        file_report(session, ReportDraft(kind, kind + ONCE, first), limits)
    with pytest.raises(ReportLimitReached):
        file_report(session, ReportDraft(ReportKind.OTHER, ONCE, first), limits)
    assert file_report(session, ReportDraft(ReportKind.OTHER, ONCE, second), limits)


def test_a_flooded_grid_still_hears_of_plates_that_nobody_reported(session: Session) -> None:
    first, second, third = make_plates(session, 3, status="in_use")
    limits = ReportLimits(100, 2, 100)
    for once in ("1" * 20, "2" * 20):
        file_report(session, ReportDraft(ReportKind.BROKEN, once, first), limits)
    with pytest.raises(ReportLimitReached):
        file_report(session, ReportDraft(ReportKind.PHONE, "3" * 20, first), limits)
    for token in (second, third):
        assert file_report(session, ReportDraft(ReportKind.PHONE, token + ONCE, token), limits)


def test_all_together_are_limited(session: Session) -> None:
    first, second = make_plates(session, 2, status="in_use")
    limits = ReportLimits(100, 100, 1)
    file_report(session, ReportDraft(ReportKind.BROKEN, ONCE, first), limits)
    with pytest.raises(ReportLimitReached):
        file_report(session, ReportDraft(ReportKind.BROKEN, ONCE + "2", second), limits)


def test_a_new_plate_ends_the_work_of_the_report_on_the_old_one(session: Session) -> None:
    (token,) = make_plates(session, status="in_use")
    report = get_report(session, make_report(session, token).number)
    order = ReplacementRequest("破损", PREFIX, approval_above=100)
    newer = replace_plate(session, token, order, make_visit(), COMMAND_LINE).successor
    set_state = text("update plate set status = 'to_install' where token = :token")
    session.execute(set_state, {"token": newer})
    assert newer is not None
    install_plate(session, newer, make_visit(), COMMAND_LINE)
    assert report.work_item is not None
    item = get_item(session, report.work_item)
    assert (item.state, item.outcome) == ("done", "已换新牌")
