"""Forms are kept, thrown away and restored; changes of many addresses wait for a second person."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from httpx2 import Response
from sqlalchemy import text

from service.addresses.commands.action_drafts import FilledForm, keep_draft
from service.addresses.queries import get_address
from service.auth.permissions import Role
from service.core.settings import Settings
from tests.factories.batches import make_member
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import insert_account
from tests.factories.staff import SignedIn, open_browser, sign_in
from tests.interleaving import until_somebody_waits
from tests.service.admin.address.conftest import Desk, desk
from tests.service.admin.address.test_pages import words

__all__ = ["desk"]
RETIRED = {"ending": "gone", "other": "", "reason": "整幢拆除", "document": "拆字〔2026〕5号"}


@pytest.fixture
def strict(desk: Desk) -> Desk:
    """The desk where changes of more than two addresses need a second person."""
    settings = Settings(public_url=PUBLIC_URL, address_approval_above=2)
    browser = open_browser(desk.database, settings)
    officer = sign_in(desk.database, "officer", browser)
    return Desk(desk.database, officer, desk.codes, desk.token)


def someone(desk: Desk, name: str, role: Role, county: str = "330102") -> SignedIn:
    with desk.database.session() as session:
        insert_account(session, name, role, county)
    return sign_in(desk.database, name)


def step(person: SignedIn, path: str, name: str, **fields: str) -> Response:
    """Give a step of a draft as its freshly opened page would."""
    page = person.get(path).text
    values = dict(re.findall(r'name="(seen|agreed)" value="([^"]*)"', page))
    return person.post(f"{path}/{name}", **values | fields)


def version(desk: Desk) -> int:
    """The version of the only draft."""
    with desk.database.reading() as session:
        return int(session.scalars(text("select version from action_draft")).one())


def test_a_form_is_kept_found_filled_in_again_and_gone_once_it_is_done(desk: Desk) -> None:
    kept = desk.send("correct", step="keep", text="上城区清波街道河坊街11号", reason="核实中")
    path = kept.headers["location"]
    assert re.fullmatch(r"/admin/drafts/\d+", path)
    assert desk.row().version == 1
    listed = desk.officer.get("/admin/drafts").text
    assert "草稿1件" in words(listed)
    again = re.search(r'href="(/admin/addresses/\d+\?do=correct&amp;draft=\d+)#', listed)
    assert again
    form = desk.officer.get(again[1].replace("&amp;", "&")).text
    assert 'value="上城区清波街道河坊街11号"' in form
    assert 'value="核实中"' in form
    assert "草稿是按第" not in form
    assert desk.send("move", lon="120.1651", lat="30.24", crs="4490").status_code == 303
    moved_on = desk.officer.get(again[1].replace("&amp;", "&")).text
    assert "草稿是按第1版填写的，地址现在是第2版" in words(moved_on)
    assert desk.send("correct", text="上城区清波街道河坊街11号").status_code == 303
    assert "草稿0件" in words(desk.officer.get("/admin/drafts").text)


def test_a_second_form_of_the_same_action_takes_the_place_of_the_first(desk: Desk) -> None:
    first = desk.send("freeze", step="keep", reason="争议")
    second = desk.send("freeze", step="keep", reason="产权争议")
    assert first.headers["location"] == second.headers["location"]
    assert "产权争议" in desk.officer.get(second.headers["location"]).text


def test_the_bin_keeps_a_month_and_gives_back(desk: Desk) -> None:
    path = desk.send("freeze", step="keep", reason="争议").headers["location"]
    assert step(desk.officer, path, "bin").status_code == 303
    assert "回收站1件" in words(desk.officer.get("/admin/drafts").text)
    refused = step(desk.officer, path, "bin")
    assert refused.status_code == 409
    assert "现在是“回收站”" in words(refused.text)
    assert step(desk.officer, path, "restore").status_code == 303
    assert "草稿1件" in words(desk.officer.get("/admin/drafts").text)
    step(desk.officer, path, "bin")
    with desk.database.session() as session:
        session.execute(text("update action_draft set binned_at = binned_at - interval '31 days'"))
    desk.send("retire", step="keep", **RETIRED)
    assert desk.officer.get(path).status_code == 404


def test_a_draft_is_its_authors_alone(desk: Desk) -> None:
    path = desk.send("freeze", step="keep", reason="争议").headers["location"]
    neighbour = someone(desk, "neighbour", Role.OFFICER)
    assert neighbour.get(path).status_code == 404
    assert neighbour.post(f"{path}/bin", seen=1).status_code == 404
    assert "草稿0件" in words(neighbour.get("/admin/drafts").text)


def test_ending_a_house_with_its_rooms_waits_for_a_second_person(strict: Desk) -> None:
    desk = strict
    looked = words(desk.send("retire", step="look", **RETIRED).text)
    assert "涉及5个地址，须由另一位有审批权限的同事同意" in looked
    assert "提交审批" in looked
    path = desk.send("retire", **RETIRED).headers["location"]
    assert re.fullmatch(r"/admin/drafts/\d+", path)
    assert desk.row().status == "active"
    assert "注销（待审批），李娜" in words(desk.page())
    with desk.database.reading() as session:
        ended = text("select count(*) from audit_entry where action = 'addresses:retired'")
        assert session.scalar(ended) == 0  # what was only tried stands in no chain

    own = step(desk.officer, path, "approve")
    assert own.status_code == 403
    viewer = sign_in(desk.database, "viewer")
    assert viewer.post(f"{path}/approve", seen=version(desk)).status_code == 403
    foreigner = someone(desk, "foreigner", Role.APPROVER, "330106")
    assert foreigner.get(path).status_code == 404

    approver = someone(desk, "approver", Role.APPROVER)
    assert "待我审批1件" in words(approver.get("/admin/drafts").text)
    assert "涉及5个地址" in words(approver.get("/admin").text)
    read = words(approver.get(path).text)
    for told in ("事由整幢拆除", "依据拆字〔2026〕5号", "怎样注销房屋已不存在", "状态有效消亡"):
        assert told in read, told
    early = step(desk.officer, path, "carry-out")
    assert "现在是“待审批”" in words(early.text)
    assert step(approver, path, "approve").status_code == 303
    assert "approver于" in words(desk.officer.get(path).text)
    others = approver.post(f"{path}/carry-out", seen=version(desk))
    assert others.status_code == 403  # its author does it
    assert step(desk.officer, path, "carry-out").status_code == 303
    assert desk.row().status == "retired"
    assert "事由：整幢拆除。依据：拆字〔2026〕5号。" in words(desk.page())


def test_what_was_sent_back_goes_to_the_bin_with_the_reason(strict: Desk) -> None:
    path = strict.send("retire", **RETIRED).headers["location"]
    approver = someone(strict, "approver", Role.APPROVER)
    assert "请写明原因" in words(step(approver, path, "send-back").text)
    assert step(approver, path, "send-back", reason="请附拆除公告").status_code == 303
    page = words(strict.officer.get(path).text)
    assert "退回：请附拆除公告" in page
    assert strict.row().status == "active"
    assert step(strict.officer, path, "restore").status_code == 303


def test_an_address_that_changed_after_the_approval_is_not_ended(strict: Desk) -> None:
    path = strict.send("retire", **RETIRED).headers["location"]
    approver = someone(strict, "approver", Role.APPROVER)
    assert step(approver, path, "approve").status_code == 303
    assert strict.send("move", lon="120.1651", lat="30.24", crs="4490").status_code == 303
    assert step(strict.officer, path, "carry-out").status_code == 412
    with strict.database.reading() as session:
        assert get_address(session, strict.codes[0]).status == "active"


def test_a_change_of_few_addresses_needs_nobody(strict: Desk) -> None:
    assert strict.send("retire", 2, **RETIRED).status_code == 303
    assert strict.row(2).status == "retired"


def test_a_form_that_is_sent_twice_at_once_is_kept_once(desk: Desk) -> None:
    form = FilledForm("correct", {"text": "河坊街9号"}, 1)
    with desk.database.session() as session:
        clerk = make_member(session, "clerk-at-two-windows", Role.OFFICER)

    def keep() -> int:
        with desk.database.session() as session:
            return keep_draft(session, get_address(session, desk.codes[0]), form, clerk)

    with ThreadPoolExecutor(1) as other:
        with desk.database.session() as session:
            kept = keep_draft(session, get_address(session, desk.codes[0]), form, clerk)
            again = other.submit(keep)
            until_somebody_waits(desk.database)
        assert again.result() == kept
