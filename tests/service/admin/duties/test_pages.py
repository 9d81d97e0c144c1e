"""The roster in the browser: found, changed, noted; by list too; due ones on the dashboard."""

import re
from io import BytesIO

import pytest
from openpyxl import Workbook
from sqlalchemy import select, text

from address_model.tables import AuditEntry, Division, Duty
from service.auth.permissions import Role
from service.core.clock import today
from tests.factories.areas import make_area, make_duty
from tests.factories.office import COUNTIES, Office, insert_account
from tests.factories.staff import SignedIn, sign_in


@pytest.fixture
def clerk(fresh_office: Office) -> SignedIn:
    """An officer of the own county, whose grid has 演示甲 since January; so has the foreign one."""
    with fresh_office.database.session() as session:
        for side, code in COUNTIES.items():
            county = session.scalars(select(Division.id).where(Division.code == code)).one()
            grid = make_area(session, code=f"G-{side}", name=f"网格 {side}", division_id=county)
            make_duty(session, grid, organisation=f"街道 {side}")
        insert_account(session, "clerk", Role.OFFICER, COUNTIES["own"])
        insert_account(session, "reader", Role.VIEWER, COUNTIES["own"])
        insert_account(session, "worker", Role.GRID_WORKER, COUNTIES["own"])
    return sign_in(fresh_office.database, "clerk")


def duty_of(office: Office, area: str = "网格 own", name: str = "演示甲") -> int:
    with office.database.reading() as session:
        statement = text(
            "select d.id from duty d join area a on a.id = d.area_id "
            "where a.name = :area and d.display_name = :name"
        )
        return int(session.execute(statement, {"area": area, "name": name}).scalar_one())


def audited(office: Office) -> list[str]:
    with office.database.reading() as session:
        wanted = AuditEntry.action.startswith("duties:")
        found = select(AuditEntry.action).where(wanted).order_by(AuditEntry.position)
        return list(session.scalars(found))


def test_the_roster_shows_the_own_division_and_who_reads_it_is_noted(
    fresh_office: Office, clerk: SignedIn
) -> None:
    page = clerk.get("/admin/duties").text
    assert "网格 own" in page
    assert "网格 foreign" not in page
    assert "没有确认过" in page
    assert audited(fresh_office) == ["duties:read"]
    assert clerk.get("/admin/duties?q=no-such").text.count("没有在任的责任人") == 1


def test_who_may_only_read_gets_no_forms(fresh_office: Office, clerk: SignedIn) -> None:
    number = duty_of(fresh_office)
    page = sign_in(fresh_office.database, "reader").get(f"/admin/duties/{number}").text
    assert "演示甲" in page
    assert f'action="/admin/duties/{number}' not in page


def test_every_form_of_a_duty_is_done_and_told_in_its_history(
    fresh_office: Office, clerk: SignedIn
) -> None:
    number = duty_of(fresh_office)
    path = f"/admin/duties/{number}"
    steps = [
        ("confirm", {}),
        ("hide", {"reason": "本人要求"}),
        ("show", {}),
        ("publication", {}),
        ("publication", {"publish": "yes"}),
        ("last-day", {"last": "2099-12-31"}),
        ("account", {"account": "worker"}),
        ("stand-in", {"display_name": "演示顶", "phone": "0571-00000009"}
         | {"valid_from": "2099-01-01", "valid_to": "2099-01-05"}),
        ("holder", {"display_name": "演示乙", "begins": "2099-06-01", "phone": "0571-00000008"}),
    ]  # fmt: skip
    for step, fields in steps:
        answer = clerk.post(f"{path}/{step}", **fields)
        assert answer.status_code == 303, (step, answer.text)
    told = re.findall(r"<p>clerk (.+?)</p>", clerk.get(path).text)
    assert told == [
        "换人，接任的是演示乙，2099-06-01起",
        "安排演示顶顶班，2099-01-01至2099-01-05",
        "绑定账号“worker”",
        "到期日由“无”改为“2099-12-31”",
        "公布",
        "不再公布",
        "恢复公示",
        "暂停公示：本人要求",
        "确认无误",
    ]
    assert "演示乙" in clerk.get(path).text


@pytest.mark.parametrize(
    ("step", "fields", "said"),
    [
        ("holder", {"display_name": "演示乙", "begins": "明天"}, "不是日期"),
        ("holder", {"display_name": "13800000000", "begins": "2099-01-01"}, "不能公示"),
        ("holder", {"display_name": "演示乙", "begins": "2099-01-01", "phone": "12"}, "电话"),
        ("stand-in", {"display_name": "演示顶", "valid_from": "2099-01-01"}, "最后一天|截止|哪天"),
        ("last-day", {"last": "2025-01-01"}, "早于起始日"),
        ("account", {"account": "clerk"}, "没有相应的角色"),
    ],
)
def test_what_does_not_fit_stands_again_in_its_form(
    fresh_office: Office, clerk: SignedIn, step: str, fields: dict[str, str], said: str
) -> None:
    number = duty_of(fresh_office)
    answer = clerk.post(f"/admin/duties/{number}/{step}", **fields)
    assert answer.status_code in (409, 422)
    shown = re.sub(r"<[^>]+>", " ", answer.text)
    assert re.search(said, shown), shown
    assert [one for one in audited(fresh_office) if one != "duties:read"] == []


def test_a_foreign_duty_is_as_if_it_were_not_there(fresh_office: Office, clerk: SignedIn) -> None:
    number = duty_of(fresh_office, "网格 foreign")
    assert clerk.get(f"/admin/duties/{number}").status_code == 404
    assert clerk.post(f"/admin/duties/{number}/confirm", seen="1").status_code == 404


def test_what_is_due_stands_on_the_dashboard_and_leads_to_its_rows(
    fresh_office: Office, clerk: SignedIn
) -> None:
    home = clerk.get("/admin").text
    path = f"/admin/duties?division={COUNTIES['own']}&amp;show=unconfirmed"
    assert path in home
    assert "1 人 90 天以上没有确认" in home
    listed = clerk.get(path.replace("&amp;", "&")).text
    number = duty_of(fresh_office)
    assert f'action="/admin/duties/{number}/confirm"' in listed
    answer = clerk.post(f"/admin/duties/{number}/confirm", seen="1", back="show=unconfirmed")
    assert answer.headers["location"] == "/admin/duties?show=unconfirmed"
    assert "没有确认姓名和电话" not in clerk.get("/admin").text


LIST = (
    "责任区编码\t角色\t姓名\t交接日期\t电话\n"
    "G-own\t网格员\t演示乙\t{day}\t0571-00000008\n"
    "G-foreign\t网格员\t演示乙\t{day}\t\n"
    "没有的\t网格员\t演示丙\t{day}\t\n"
    "G-own\t网格员\t演示丁\t昨天\t0571-00000007\n"
)


def test_a_list_is_looked_at_first_and_then_carried_out(
    fresh_office: Office, clerk: SignedIn
) -> None:
    rows = LIST.format(day=today())
    page = clerk.post("/admin/duties/handover", division=COUNTIES["own"], rows=rows)
    assert page.status_code == 200, page.text
    assert "换人 <b>1</b> 个" in page.text
    assert "有问题的行 <b>3</b> 行" in page.text
    refused = re.findall(r'data-label="问题">(.+?)</td>', page.text)
    assert len(refused) == 3
    assert not any(re.search("[a-z]{4,} [a-z]{2,}", one) for one in refused), refused
    assert audited(fresh_office) == []
    carried = re.search(r'<input type="hidden" name="rows" value="(.+?)">', page.text, re.DOTALL)
    assert carried
    fields = {"division": COUNTIES["own"], "rows": carried[1]}
    done = clerk.post("/admin/duties/handover/store", **fields)
    assert "已经办理" in done.text
    assert audited(fresh_office) == ["duties:hand_over"]
    assert "演示乙" in clerk.get("/admin/duties").text
    again = clerk.post("/admin/duties/handover/store", **fields)
    assert "早已是这样 <b>1</b> 个" in again.text
    with fresh_office.database.reading() as session:
        assert session.scalars(select(Duty.display_name).order_by(Duty.id)).all() == [
            "演示甲",
            "演示甲",
            "演示乙",
        ]


def test_a_workbook_with_a_title_is_read(fresh_office: Office, clerk: SignedIn) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2026年网格员调整名单"])
    sheet.append(["网格编码", "岗位", "接任人", "交接日期"])
    sheet.append(["G-own", "网格员", "演示乙", str(today())])
    out = BytesIO()
    book.save(out)
    answer = clerk.browser.post(
        "/admin/duties/handover",
        data={"form_token": clerk.form_token, "division": COUNTIES["own"]},
        files={"file": ("名单.xlsx", out.getvalue(), "application/octet-stream")},
    )
    assert "换人 <b>1</b> 个" in answer.text


@pytest.mark.parametrize(("rows", "said"), [("", "名单"), ("姓名\n张三", "责任区|没有列")])
def test_a_list_that_cannot_be_read_is_said_so(clerk: SignedIn, rows: str, said: str) -> None:
    answer = clerk.post("/admin/duties/handover", division=COUNTIES["own"], rows=rows)
    assert answer.status_code == 422
    assert re.search(said, answer.text)
