"""A clerk imports a list at the desk: uploads it, says what its columns are, checks, stores."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from service.core.database import Database
from service.core.sheets import open_rows
from tests.factories.lists import texts
from tests.factories.uploads import (
    COUNTY,
    GOOD,
    HEADINGS,
    declare,
    enter,
    send,
    upload,
    write_sheets,
)


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
    assert f'href="/admin/addresses/{code}"' in clerk.get(f"{path}?show=new").text
    assert 'value="清波街道登记表"' in form
    assert "新增的 1 个地址" in form
    assert 'name="street"' not in form
    assert f'value="{COUNTY}"' in form


def test_the_addresses_of_a_list_are_listed_alone(register: Database, tmp_path: Path) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, HEADINGS + "清河坊社区,后市街,1号,\n清河坊社区,后市街,3号,\n")
    declare(clerk, path)
    assert "upload=" not in clerk.get(path).text
    clerk.post(f"{path}/store")
    link = re.search(r'href="(/admin/addresses[^"]*upload=\d+)"', clerk.get(path).text)
    assert link
    listed = clerk.get(link[1].replace("&amp;", "&")).text
    assert set(re.findall(r"[^>]*号</a>", listed)) == {
        "浙江省杭州市上城区清河坊社区后市街1号</a>",
        "浙江省杭州市上城区清河坊社区后市街3号</a>",
    }
    assert clerk.get("/admin/addresses?upload=999999").status_code == 404


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
    assert "没有要入库的行" in page


def test_a_fault_of_no_column_is_one_of_the_address(register: Database, tmp_path: Path) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, "社区,街路巷,门牌号\n清河坊社区,高银街,\n")
    declare(clerk, path)
    page = clerk.get(path).text
    assert "地址：<mark>（空）</mark>" in page
    assert "没有门牌号，也没有楼幢、小区或自然村" in page


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
        ("", "空.csv", "文件是空的"),
        ("你好", "说明.docx", "不是表格"),
        ("不是工作簿", "登记表.xlsx", "不是 Excel 文件"),
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
