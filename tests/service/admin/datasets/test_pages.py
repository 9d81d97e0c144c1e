"""Datasets at the desk: registered field by field, approved by another, filled, withdrawn."""

from collections.abc import Iterator

import pytest

from service.auth.permissions import Role
from service.core.settings import Settings
from service.datasets.queries import find_shown_fields
from tests.factories.datasets import make_draft_dataset, make_submitted_dataset
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import COUNTIES, Office, insert_account, opened_office
from tests.factories.staff import SignedIn, open_browser, sign_in

OWN = COUNTIES["own"]
FIELD = {
    "field_name": "built_in",
    "label": "建成年份",
    "value_type": "year",
    "field_class": "public",
}
FLOORS = {
    "field_name": "floors",
    "label": "层数",
    "value_type": "integer",
    "field_class": "public",
    "minimum": "1",
    "maximum": "99",
    "unit": "层",
}


@pytest.fixture
def office() -> Iterator[Office]:
    with opened_office() as made:
        yield made


def enter(office: Office, role: Role = Role.OFFICER, division: str = OWN) -> SignedIn:
    name = f"one-{role}-{division or 'all'}"
    with office.database.session() as session:
        insert_account(session, name, role, division)
    settings = Settings(public_url=PUBLIC_URL)
    return sign_in(office.database, name, open_browser(office.database, settings))


def register(officer: SignedIn, **more: str) -> str:
    fields = {"name": "演示：基本情况", "owner": "示例住建局", "division": OWN} | more
    answer = officer.post("/admin/datasets/new", **fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def upload(officer: SignedIn, path: str, name: str, content: str) -> str:
    answer = officer.browser.post(
        f"{path}/rows", data={"form_token": officer.form_token}, files={"file": (name, content)}
    )
    return answer.text


def test_from_a_name_to_what_residents_see(office: Office) -> None:
    officer, approver = enter(office), enter(office, Role.APPROVER)
    path = register(officer, standard="GB/T 39609-2020", retention_days="3650")
    for fields in (FIELD, FLOORS):
        assert officer.post(f"{path}/fields", **fields).status_code == 303
    rows = f"地址编码,建成年份,层数\n{office.codes['own']},1998,6\n1234,1998,6\n"
    page = upload(officer, path, "rows.csv", rows)
    assert "新增 1 行，变更 0 行，未变 0 行，拒收 1 行" in page
    assert "不是地址编码" in page
    assert "未变 1 行" in upload(officer, path, "rows.csv", rows)
    assert officer.post(f"{path}/submit").status_code == 303
    assert "请本区划有审批权限的同事办理" in officer.get(path).text
    assert "数据集" in approver.get("/admin").text
    page = approver.get(path).text
    assert "等待审批" in page
    assert "加一个字段" not in page
    assert approver.post(f"{path}/approve").status_code == 303
    with office.database.reading() as session:
        shown = find_shown_fields(session, [office.codes["own"]])[office.codes["own"]]
    assert [f"{one.label} {one.value}" for one in shown] == ["建成年份 1998", "层数 6层"]
    assert "示例住建局" in officer.get("/admin/datasets").text
    assert officer.post(f"{path}/withdraw", reason="停用").status_code == 303
    assert "已撤下" in officer.get(path).text
    assert "演示：基本情况" not in officer.get("/admin/datasets").text
    assert "演示：基本情况" in officer.get("/admin/datasets?ended=1").text


def test_the_refused_rows_are_taken_along_without_their_values(office: Office) -> None:
    officer = enter(office)
    path = register(officer)
    officer.post(f"{path}/fields", **FIELD)
    page = upload(officer, path, "rows.csv", f"code,built_in\n{office.codes['own']},13800138000\n")
    assert "写着手机号码" in page
    assert "13800138000" not in page
    (file,) = [part.split('"')[0] for part in page.split('href="') if "/pushes/" in part][:1]
    content = officer.get(file).content.decode("utf-8-sig")
    assert content.splitlines()[0] == "行号,列,问题,改法"
    assert "13800138000" not in content


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (FIELD | {"label": "户主姓名"}, "涉及个人，不能公开"),
        (FIELD | {"value_type": "text"}, "文字不能公开"),
        (FLOORS | {"maximum": ""}, "要写明最小值和最大值"),
        (FIELD | {"value_type": "choice", "words": "住宅、张三"}, "像是人名"),
        (FIELD | {"field_name": "Year"}, "小写英文字母"),
        (FIELD | {"for_officer": "1"}, "公开的字段不用再选角色"),
    ],
)
def test_a_refused_field_is_told_in_its_form(
    office: Office, fields: dict[str, str], said: str
) -> None:
    officer = enter(office)
    path = register(officer)
    answer = officer.post(f"{path}/fields", **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert "还没有字段" in officer.get(path).text


def test_a_field_is_replaced_by_its_name_and_taken_out(office: Office) -> None:
    officer = enter(office)
    path = register(officer)
    officer.post(f"{path}/fields", **FIELD)
    officer.post(f"{path}/fields", **FIELD | {"label": "竣工年份"})
    page = officer.get(path).text
    assert "竣工年份" in page
    assert "建成年份</span>" not in page
    assert officer.post(f"{path}/fields/remove", field_name="built_in").status_code == 303
    assert "还没有字段" in officer.get(path).text
    hidden = FIELD | {"field_class": "internal", "for_grid_worker": "1", "value_type": "text"}
    assert officer.post(f"{path}/fields", **hidden).status_code == 303
    assert "网格员" in officer.get(path).text


def test_whose_dataset_it_is(office: Office) -> None:
    officer = enter(office)
    foreign = f"/admin/datasets/{make_draft_dataset(office, 'foreign')['number']}"
    assert officer.get(foreign).status_code == 404
    everywhere = enter(office, division="")
    path = register(everywhere, division="", name="演示：全省")
    page = officer.get(path)
    assert page.status_code == 200
    assert "加一个字段" not in page.text
    assert officer.post(f"{path}/withdraw", reason="停用").status_code == 403
    own = f"/admin/datasets/{make_submitted_dataset(office, 'own')['number']}"
    approver = enter(office, Role.APPROVER)
    assert approver.post(f"{own}/send-back", reason="缺依据").status_code == 303
    assert "已退回：缺依据" in officer.get(own).text
    assert enter(office, Role.CREW).get("/admin/datasets").status_code == 403


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("rows.pdf", "x", "请上传"),
        ("rows.csv", "code,业主\n", "不是这个数据集的字段"),
        ("rows.csv", "", ""),
    ],
)
def test_a_file_that_cannot_be_stored_is_refused(
    office: Office, name: str, content: str, said: str
) -> None:
    officer = enter(office)
    path = register(officer)
    officer.post(f"{path}/fields", **FIELD)
    page = upload(officer, path, name, content)
    assert said in page
    assert "还没有推送过" in officer.get(path).text
