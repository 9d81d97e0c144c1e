"""A clerk imports a list at the desk: uploads it, says what its columns are, checks, stores."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from httpx2 import Response
from sqlalchemy import text

from address_model.shipped import data_folder
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.errors import Busy
from service.core.settings import Settings
from service.core.sheets import open_rows
from service.divisions.commands import load_shipped
from service.imports.uploads import taking
from tests.database import migrated_database
from tests.factories.hosts import PUBLIC_URL
from tests.factories.lists import texts
from tests.factories.office import insert_account
from tests.factories.staff import SignedIn, open_browser, sign_in

HEADINGS = "社区,街路巷,门牌号,备注\n"
GOOD = "清河坊社区,河坊街,88号,沿街\n清河坊社区,河坊街,90号,\n"
COUNTY = "330102000000"
_HEADING = 'name="heading" type="text" value="([^"]*)"'
_SYSTEM = '(?s)name="crs".*?value="([^"]*)" selected'
_SHEET = "<option selected>([^<]*)<"


@pytest.fixture(scope="module")
def register() -> Iterator[Database]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            load_shipped(session, data_folder(), COMMAND_LINE)
            insert_account(session, "clerk", Role.OFFICER, COUNTY)
            insert_account(session, "neighbour", Role.OFFICER, "330106000000")
            insert_account(session, "reader", Role.VIEWER, COUNTY)
        yield database
        database.dispose()


def enter(database: Database, home: Path, name: str = "clerk") -> SignedIn:
    settings = Settings(home=home, public_url=PUBLIC_URL)
    return sign_in(database, name, open_browser(database, settings))


def send(
    person: SignedIn, content: str | bytes, name: str = "清波街道登记表.csv", division: str = COUNTY
) -> Response:
    data = content if isinstance(content, bytes) else content.encode()
    return person.browser.post(
        "/admin/imports",
        data={"form_token": person.form_token, "division": division},
        files={"file": (name, BytesIO(data), "text/csv")},
    )


def upload(person: SignedIn, content: str | bytes, **fields: str) -> str:
    answer = send(person, content, **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def declare(person: SignedIn, path: str, then: str = "check", **fields: object) -> Response:
    """Send the form of declarations with these changes to what its page shows."""
    page = person.get(path).text
    shown = {
        name: found[1] if (found := re.search(pattern, page)) else ""
        for name, pattern in (("heading", _HEADING), ("crs", _SYSTEM), ("sheet", _SHEET))
    }
    return person.post(f"{path}/reading", then=then, **shown | fields)


def test_a_list_is_uploaded_checked_and_stored(register: Database, tmp_path: Path) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, HEADINGS + GOOD + "清河坊社区,,号,\n")
    page = clerk.get(path).text
    assert "识别" in page
    assert "3 行" in page
    assert "河坊街" in page
    assert "没有认出、不会入库的列：备注" not in page  # a remark is known, and not stored
    assert declare(clerk, path).status_code == 303
    page = clerk.get(path).text
    assert "新增 <b>2</b>" in page
    assert "错误 <b>1</b>" in page
    assert "可入库 2 条" in page
    assert not [one for one in texts(register) if "河坊街" in one]
    assert clerk.post(f"{path}/store").status_code == 303
    page = clerk.get(path).text
    assert "已入库" in page
    assert [one for one in texts(register) if "河坊街" in one] == [
        "浙江省杭州市上城区清河坊社区河坊街88号",
        "浙江省杭州市上城区清河坊社区河坊街90号",
    ]
    assert "给新增的 2 个地址做门牌" in page
    assert "清波街道登记表.csv" in clerk.get("/admin/imports").text


def test_new_addresses_lead_to_a_batch_of_their_codes(register: Database, tmp_path: Path) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, HEADINGS + "清河坊社区,高银街,1号,\n")
    declare(clerk, path)
    clerk.post(f"{path}/store")
    number = path.rpartition("/")[2]
    form = clerk.get(f"/admin/batches/new?import={number}").text
    with register.reading() as session:
        code = session.scalar(
            text("select code from address where standard_text like '%高银街1号'")
        )
    assert f">{code}</textarea>" in form
    assert 'value="清波街道登记表"' in form
    assert f'value="{COUNTY}"' in form


def test_a_list_imported_twice_changes_nothing(register: Database, tmp_path: Path) -> None:
    clerk = enter(register, tmp_path)
    for _ in range(2):
        path = upload(clerk, HEADINGS + "清河坊社区,大井巷,1号,\n")
        declare(clerk, path)
        clerk.post(f"{path}/store")
    page = clerk.get(path).text
    assert "相同 <b>1</b>" in page
    assert "新增 <b>0</b>" in page


def test_refused_rows_are_a_workbook_that_can_be_corrected_and_sent_again(
    register: Database, tmp_path: Path
) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, HEADINGS + "清河坊社区,十五奎巷,15号,\n清河坊社区,十五奎巷,门口,\n")
    declare(clerk, path)
    page = clerk.get(f"{path}?show=error").text
    assert "<mark>门口</mark>" in page
    assert "门牌号：" in page
    assert "“门口”不是" in page or "「门口」不是" in page
    answer = clerk.get(f"{path}/errors.xlsx")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    book = tmp_path / "errors.xlsx"
    book.write_bytes(answer.content)
    with open_rows(book) as rows:
        (row,) = list(rows)
    assert row.values["导入原行号"] == "3"
    assert row.values["导入问题列"] == "门牌号"
    again = upload(clerk, book.read_bytes(), name="清波街道登记表-问题行.xlsx")
    declare(clerk, again)
    page = clerk.get(again).text
    assert "错误 <b>1</b>" in page
    assert "导入原行号" not in page.partition("列的对应")[0]
    assert 'value="清波街道登记表"' in page  # the same source


def test_rows_of_other_divisions_are_refused(register: Database, tmp_path: Path) -> None:
    clerk = enter(register, tmp_path)
    rows = "西湖区,文三路,90号\n上城区,中山南路,77号\n"
    path = upload(clerk, "县,街路巷,门牌号\n" + rows)
    declare(clerk, path)
    page = clerk.get(path).text
    assert "错误 <b>1</b>" in page
    assert "新增 <b>1</b>" in page
    assert "地址不在本次导入的区划内" in page
    assert "--" not in page.partition("<main")[2]


def test_an_address_of_another_county_is_not_changed_by_its_code(
    register: Database, tmp_path: Path
) -> None:
    neighbour = enter(register, tmp_path, "neighbour")
    theirs = upload(neighbour, "县,街路巷,门牌号\n西湖区,文二路,1号\n", division="330106000000")
    declare(neighbour, theirs)
    neighbour.post(f"{theirs}/store")
    with register.reading() as session:
        code = session.scalar(text("select code from address where code like '330106%'"))
    clerk = enter(register, tmp_path)
    path = upload(clerk, f"地址编码,县,街路巷,门牌号\n{code},上城区,文二路,1号\n")
    declare(clerk, path)
    page = clerk.get(path).text
    assert "冲突 <b>1</b>" in page
    assert "登记在别的区划" in page
    assert "没有可以入库的行" in page


def test_columns_that_are_not_known_are_said_by_the_clerk(
    register: Database, tmp_path: Path
) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, "所在社区名,哪条路,几号\n清河坊社区,察院前巷,5号\n")
    page = clerk.get(path).text
    assert "没有一列是地址" in page
    assert declare(clerk, path, field=["community", "thoroughfare", ""]).status_code == 303
    page = clerk.get(path).text
    assert "「几号」一列像是地址的一部分" in page
    declare(clerk, path, field=["community", "thoroughfare", "number"])
    assert "新增 <b>1</b>" in clerk.get(path).text


def test_a_workbook_of_two_lists_asks_which_and_where_its_headings_are(
    register: Database, tmp_path: Path
) -> None:
    clerk = enter(register, tmp_path)
    head = ["社区", "街路巷", "门牌号"]
    first = [["2026 年登记表"], head, ["清河坊社区", "元宝街", "18号"]]
    second = [head, ["清河坊社区", "望仙桥", "2号"], ["清河坊社区", "望仙桥", "4号"]]
    file = tmp_path / "两张表.xlsx"
    write_sheets(file, {"一": first, "二": second})
    path = upload(clerk, file.read_bytes(), name=file.name)
    assert "有几个工作表都像地址清单" in clerk.get(path).text
    declare(clerk, path, sheet="二", heading="")
    assert "新增 <b>2</b>" in clerk.get(path).text
    declare(clerk, path, sheet="一", heading="1")
    page = clerk.get(path).text
    assert "第 2 行" in page
    assert "新增 <b>1</b>" in page
    declare(clerk, path, sheet="一", heading="第二行")
    page = clerk.get(path).text
    assert "不是标题所在的行号" in page
    assert 'value="第二行"' in page


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("", "空.csv", "这个文件是空的"),
        ("你好", "说明.docx", "另存为 .xlsx"),
        ("不是工作簿", "登记表.xlsx", "Excel 文件打不开"),
        ("地址\n" + "某路1号\n" * 4001, "太长.csv", "超过 4,000 行"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_chinese_and_not_kept(
    register: Database, tmp_path: Path, content: str, name: str, said: str
) -> None:
    clerk = enter(register, tmp_path)
    answer = send(clerk, content, name=name)
    assert answer.status_code == 422
    assert said in answer.text
    assert name not in clerk.get("/admin/imports").text
    assert not (tmp_path / "files").exists()


def test_points_in_the_system_that_the_heading_names(register: Database, tmp_path: Path) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, "地址,百度经度,百度纬度\n上城区四宜路9号,120.175,30.24\n")
    assert "百度（BD-09）</dd>" in clerk.get(path).text
    declare(clerk, path, crs="4490")
    assert "请改选坐标系" in clerk.get(path).text
    declare(clerk, path, crs="bd09")
    assert "新增 <b>1</b>" in clerk.get(path).text


def test_an_import_is_seen_in_its_divisions_alone(register: Database, tmp_path: Path) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, HEADINGS + "清河坊社区,吴山路,1号,\n", name="只给上城.csv")
    neighbour = enter(register, tmp_path, "neighbour")
    assert neighbour.get(path).status_code == 404
    assert "只给上城" not in neighbour.get("/admin/imports").text
    assert send(neighbour, GOOD).status_code == 403
    assert enter(register, tmp_path, "reader").get("/admin/imports").status_code == 403


def test_a_list_that_is_given_up_leaves_no_file_and_is_not_stored(
    register: Database, tmp_path: Path
) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, HEADINGS + "清河坊社区,严官巷,1号,\n")
    declare(clerk, path)
    assert clerk.post(f"{path}/abandon").status_code == 303
    page = clerk.get(path).text
    assert "已放弃" in page
    assert clerk.post(f"{path}/store", seen=clerk_version(register, path)).status_code == 409
    assert not [one for one in (tmp_path / "files").rglob("*") if one.is_file()]


def test_a_list_that_stops_midway_says_how_far_it_came_and_goes_on(
    register: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, HEADINGS + "清河坊社区,孝子坊,1号,\n")
    declare(clerk, path)
    with monkeypatch.context() as broken:
        broken.setattr(taking, "import_addresses", stop)
        assert clerk.post(f"{path}/store").status_code == 303
    page = clerk.get(path).text
    assert "入库没有做完" in page
    assert "已登记 0 个地址" in page
    clerk.post(f"{path}/check")
    clerk.post(f"{path}/store")
    assert "已入库" in clerk.get(path).text


def stop(*_: object, **__: object) -> None:
    raise Busy("another import holds the county", zh="另一份清单正在入库。")


def clerk_version(database: Database, path: str) -> int:
    with database.reading() as session:
        found = text("select version from list_upload where id = :id")
        return int(session.execute(found, {"id": path.rpartition("/")[2]}).scalar_one())


def write_sheets(file: Path, sheets: dict[str, list[list[str]]]) -> None:
    book = xlsxwriter.Workbook(str(file))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.close()
