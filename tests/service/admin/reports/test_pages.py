"""What residents report, as an officer, a crew and whoever answers for the area work on it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from address_model.reports import ReportKind, ReportState
from address_model.tables import AddressArea
from address_model.work import WorkKind
from service.admin.reports.waiting_work import list_waiting_reports
from service.auth.permissions import Role
from service.auth.queries import get_account
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import now_utc
from service.core.database import Database
from service.plates.queries import get_plate
from service.reports.commands import raise_overdue
from service.reports.queries import ReportRow, get_report
from service.worklists.commands import open_item
from service.worklists.drafts import WorkDraft
from tests.database import migrated_database
from tests.factories.areas import make_area, make_duty
from tests.factories.batches import make_member
from tests.factories.divisions import make_place
from tests.factories.plates import make_plates
from tests.factories.reports import make_report
from tests.factories.staff import SignedIn, make_account, sign_in

COUNTY = "330102000000"
REPAIRED = "门牌已经修好。"


class Street:
    """Doors of 河坊街 with their plates, an officer, and a grid worker who answers for them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.session() as session:
            place = make_place(session)
        for name, role in (("wang", Role.OFFICER), ("zhao", Role.GRID_WORKER)):
            make_account(database, name, (role, COUNTY))
        with database.session() as session:
            self.tokens = make_plates(session, 3, status="in_use", place=place)
            area = make_area(session, division_id=place.ids["330102000000"])
            for token in self.tokens:
                link = {"area_id": area.id, "kind": "grid", "how": "point"}
                session.add(AddressArea(code=get_plate(session, token).code, **link))
            account = get_account(session, "zhao").id
            self.duty = make_duty(session, area, display_name="演示赵", account_id=account).id
        self.desk = sign_in(database, "wang")

    def report(self, door: int = 0, kind: ReportKind = ReportKind.BROKEN) -> str:
        with self.database.session() as session:
            return make_report(session, self.tokens[door], kind).number

    def read(self, number: str) -> ReportRow:
        with self.database.reading() as session:
            return get_report(session, number)


@pytest.fixture(scope="module")
def street() -> Iterator[Street]:
    with migrated_database() as made:
        database = Database(made.app_url)
        yield Street(database)
        database.dispose()


def text_of(signed_in: SignedIn, path: str) -> str:
    answer = signed_in.get(path)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_a_report_goes_to_the_grid_worker_who_answers_it(street: Street) -> None:
    number = street.report()
    assert "河坊街1号" in text_of(street.desk, "/admin/reports?state=received&kind=broken")
    page = text_of(street.desk, f"/admin/reports/{number}")
    assert "zhao" in page
    sent = street.desk.post(f"/admin/reports/{number}/assign", assignee="zhao")
    assert sent.status_code == 303
    assert street.read(number).state is ReportState.ASSIGNED

    phone = sign_in(street.database, "zhao")
    shown = phone.get(f"/crew/{street.tokens[0]}").text
    assert "居民报告：门牌坏了" in shown
    form = re.search(r'action="(/crew/items/\d+)".*?name="seen" value="(\d+)"', shown, re.DOTALL)
    assert form
    assert phone.post(form[1], seen=form[2], outcome=REPAIRED).status_code == 303
    closed = street.read(number)
    assert (closed.state, closed.answer) == (ReportState.DONE, REPAIRED)
    assert "答复“已办”" in text_of(street.desk, f"/admin/reports/{number}")


def test_a_grid_worker_closes_no_other_work(street: Street) -> None:
    token = street.tokens[1]
    with street.database.session() as session:
        code = get_plate(session, token).code
        item = open_item(session, WorkDraft(WorkKind.REPAIR, code, token), ME)
    phone = sign_in(street.database, "zhao")
    assert phone.post(f"/crew/items/{item}", seen=1, outcome="完成").status_code == 403


def test_an_answer_is_ready_words_with_own_ones_behind(street: Street) -> None:
    number = street.report(1)
    words = {"state": "unfounded", "ready": "", "words": ""}
    refused = street.desk.post(f"/admin/reports/{number}/answer", **words)
    assert refused.status_code == 422
    words |= {"ready": "到现场看过，门牌完好，可以扫码。", "words": "谢谢提醒。"}
    assert street.desk.post(f"/admin/reports/{number}/answer", **words).status_code == 303
    answered = street.read(number)
    assert (answered.state, answered.answer) == (
        ReportState.UNFOUNDED,
        "到现场看过，门牌完好，可以扫码。谢谢提醒。",
    )


def test_a_wrong_telephone_is_changed_for_the_sake_of_its_report(street: Street) -> None:
    number = street.report(2, ReportKind.PHONE)
    page = street.desk.get(f"/admin/reports/{number}").text
    link = re.search(rf'href="(/admin/duties/{street.duty}\?report={number})"', page)
    assert link
    form = street.desk.get(link[1]).text
    assert f'name="report" value="{number}"' in form
    sent = street.desk.post(
        f"/admin/duties/{street.duty}/holder",
        display_name="演示赵",
        begins=str(now_utc().date()),
        phone="0571-00000099",
        report=number,
    )
    assert sent.headers["location"] == f"/admin/reports/{number}"
    assert "据此办理：示例网格 1网格员换电话" in text_of(street.desk, f"/admin/reports/{number}")
    duties = street.desk.get(f"/admin/duties/{street.duty}").text
    assert f"居民报告 {number}：电话不通" in duties


def test_an_address_is_moved_for_the_sake_of_a_report(street: Street) -> None:
    number = street.report(2, ReportKind.PLACE)
    code = street.read(number).code
    form = street.desk.get(f"/admin/addresses/{code}?do=move&report={number}").text
    assert f'name="report" value="{number}"' in form
    fields = {"lon": "120.1652", "lat": "30.2402", "crs": "4490", "report": number}
    refused = street.desk.post(f"/admin/addresses/{code}/move", **fields | {"lon": ""})
    assert refused.status_code == 422
    assert "据此办理" not in text_of(street.desk, f"/admin/reports/{number}")
    sent = street.desk.post(f"/admin/addresses/{code}/move", **fields)
    assert sent.headers["location"] == f"/admin/reports/{number}"
    assert "据此办理：移动地址" in text_of(street.desk, f"/admin/reports/{number}")


def test_an_unanswered_report_rises_once_and_stands_on_the_desk_above(street: Street) -> None:
    number = street.report(1, ReportKind.OTHER)
    later = now_utc() + timedelta(minutes=1)
    with street.database.session() as session:
        assert raise_overdue(session, later) >= 1
    with street.database.session() as session:
        assert raise_overdue(session, later - timedelta(minutes=2)) == 0
    assert street.read(number).level == 4
    with street.database.session() as session:
        above = make_member(session, "town", Role.OFFICER, division="330102001000")
        lines = [one for one in list_waiting_reports(session, above) if one.action == "督办"]
    assert [line.detail for line in lines if "升到乡镇（街道）" in line.detail]
    assert "逾期没有答复，升到乡镇" in text_of(street.desk, f"/admin/reports/{number}")
