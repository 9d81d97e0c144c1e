"""The dashboard shows each person what waits for them, and numbers that lead to their rows."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.work import WorkKind
from service.admin.waiting_work import (
    WaitingWork,
    WorkGroup,
    register_waiting_work,
)
from service.auth.permissions import AREA_ROLES, Role
from service.core.actor import COMMAND_LINE
from service.core.clock import today
from service.worklists.commands import open_item
from service.worklists.drafts import WorkDraft
from tests.factories.office import COUNTIES, Office, insert_account
from tests.factories.staff import SignedIn, sign_in

HREF = re.compile(r'href="(/(?:admin|crew)[^"]*)"')


def enter(office: Office, role: Role, division: str = COUNTIES["own"]) -> SignedIn:
    name = f"{role}-{division}"
    with office.database.session() as session:
        insert_account(session, name, role, division)
    return sign_in(office.database, name)


def open_late(session: Session, office: Office) -> None:
    """Open an inspection of the own plate that was due three days ago."""
    due = today() - timedelta(days=3)
    draft = WorkDraft(WorkKind.INSPECT, office.codes["own"], office.plates["own"], due=due)
    open_item(session, draft, COMMAND_LINE)


def links_of(person: SignedIn, path: str = "/admin") -> list[str]:
    answer = person.get(path)
    assert answer.status_code == 200, answer.text
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return [one.replace("&amp;", "&") for one in HREF.findall(main)]


@pytest.mark.parametrize("role", list(Role))
def test_every_link_of_the_dashboard_opens_for_whoever_sees_it(
    fresh_office: Office, role: Role
) -> None:
    with fresh_office.database.session() as session:
        open_late(session, fresh_office)
        session.execute(text("update address set status = 'frozen'"))
    person = enter(fresh_office, role)
    paths = links_of(person)
    assert len(paths) >= (1 if role in (Role.AUDITOR, *AREA_ROLES) else 2)
    for path in paths:
        assert person.get(path).status_code in (200, 303), path


def test_numbers_are_those_of_the_division_and_lead_below_it(fresh_office: Office) -> None:
    province = enter(fresh_office, Role.VIEWER, "330000000000")
    page = province.get("/admin").text
    assert '<a href="/admin?division=330100000000">杭州市</a>' in page
    city = province.get("/admin?division=330100000000").text
    assert '<a href="/admin?division=330102000000">上城区</a>' in city
    assert '<a href="/admin/addresses?division=330106000000">1</a>' in city
    assert '<a href="/admin/plates?division=330102000000&amp;status=in_use">1</a>' in city
    county = province.get("/admin?division=330102000000").text
    assert "西湖区" not in county.partition("昨天以来")[0]
    assert '<a href="/admin?division=330102001000">清波街道</a>' in county


def test_a_county_sees_its_own_and_asks_for_no_other(fresh_office: Office) -> None:
    officer = enter(fresh_office, Role.OFFICER)
    page = officer.get("/admin").text
    assert "<h1>上城区工作台</h1>" in page
    assert fresh_office.codes["foreign"] not in page
    assert "西湖区" not in page
    for division in (COUNTIES["foreign"], "330100000000"):
        assert officer.get(f"/admin?division={division}").status_code == 403


def test_crew_and_auditors_see_no_numbers(fresh_office: Office) -> None:
    for role in (Role.CREW, Role.AUDITOR):
        page = enter(fresh_office, role).get("/admin").text
        assert "地址状态" not in page
        assert "昨天以来" not in page
        assert "待我办理" in page


def test_overdue_work_waits_for_the_officer_and_for_the_crew_it_is_given_to(
    fresh_office: Office,
) -> None:
    crew = enter(fresh_office, Role.CREW)
    stranger = enter(fresh_office, Role.OFFICER, COUNTIES["foreign"])
    with fresh_office.database.session() as session:
        open_late(session, fresh_office)
        session.execute(
            text("update work_item set assignee = :name"), {"name": f"crew-{COUNTIES['own']}"}
        )
    page = crew.get("/admin").text
    assert '<a href="/crew?mine=1">派给我的工单</a>' in page
    assert "1 件待办，其中逾期 1 件" in page
    assert "逾期 3 天" in page
    assert "件待办" not in stranger.get("/admin").text


def test_a_subject_that_registers_is_asked(fresh_office: Office) -> None:
    officer = enter(fresh_office, Role.OFFICER)
    late = WaitingWork(
        WorkGroup.DATA, "试", "早的", "/admin", "看", due=today() - timedelta(days=1)
    )
    never = WaitingWork(WorkGroup.DATA, "试", "没有期限的", "/admin", "看")
    register_waiting_work("test", lambda _session, _member: [never, late])
    try:
        page = officer.get("/admin").text
        assert 0 < page.index("早的") < page.index("没有期限的")
    finally:
        register_waiting_work("test", lambda _session, _member: [])
    assert "没有期限的" not in officer.get("/admin").text


def test_somebody_without_a_role_is_told_what_to_do(fresh_office: Office) -> None:
    person = enter(fresh_office, Role.VIEWER)
    with fresh_office.database.session() as session:
        session.execute(text("delete from role_assignment"))
    assert "请联系本单位管理员授权" in person.get("/admin").text
