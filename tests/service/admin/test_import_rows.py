"""Refused rows of a list are corrected in place, until none is left."""

import re
from pathlib import Path

from sqlalchemy import text

from service.core.database import Database
from tests.factories.lists import texts
from tests.factories.uploads import HEADINGS, correct, declare, enter, upload


def test_forty_of_two_thousand_rows_are_bad_and_none_is_left(
    register: Database, tmp_path: Path
) -> None:
    clerk = enter(register, tmp_path)
    bad = dict.fromkeys(range(50, 2001, 50), "对面")
    lines = [f"清河坊社区,龙井路,{bad.get(n, f'{n}号')},\n" for n in range(1, 2001)]
    path = upload(clerk, HEADINGS + "".join(lines))
    declare(clerk, path)
    page = clerk.get(path).text
    assert "错误 <b>40</b>" in page
    shown = re.findall(r'name="row" value="(\d+)"><input type="hidden" name="column"', page)
    assert [int(number) - 1 for number in shown] == list(bad)
    half = {(int(number), "门牌号"): f"{int(number) - 1}号" for number in shown[:20]}
    assert correct(clerk, path, half).status_code == 303
    page = clerk.get(path).text
    assert "错误 <b>20</b>" in page
    assert "可入库 1,980 条" in page
    clerk.post(f"{path}/store")
    page = clerk.get(path).text
    assert "没有入库的 20 行在下面" in page
    rest = {(int(number), "门牌号"): f"{int(number) - 1}号" for number in shown[20:]}
    assert correct(clerk, path, rest).status_code == 303
    page = clerk.get(path).text
    assert "错误 <b>0</b>" in page
    assert "可入库 20 条" in page
    clerk.post(f"{path}/store")
    page = clerk.get(path).text
    assert "新增 2,000，变更 0，相同 0" in page
    assert "给新增的 2,000 个地址做门牌" in page
    found = [one for one in texts(register) if "龙井路" in one]
    assert len(found) == len(set(found)) == 2000


def test_a_row_shows_its_cells_with_the_faulty_one_framed(
    register: Database, tmp_path: Path
) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, HEADINGS + "清河坊社区,虎跑路,7号,\n清河坊社区,虎跑路,门口,沿街\n")
    declare(clerk, path)
    page = clerk.get(f"{path}/rows/3").text
    framed = re.search(r'<p class="field wrong">.*?</p>', page, re.DOTALL)
    assert framed
    assert 'value="门口" maxlength="300" aria-invalid="true"' in framed[0]
    assert "门口" in framed[0]
    assert page.count('class="field wrong"') == 1
    assert 'value="沿街"' in page
    good = clerk.get(f"{path}/rows/2").text
    assert "可以入库" in good
    assert 'value="虎跑路"' in good
    assert clerk.get(f"{path}/rows/4").status_code == 404


def test_a_correction_that_does_not_help_says_why_and_is_kept(
    register: Database, tmp_path: Path
) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, HEADINGS + "清河坊社区,满觉陇路,门口,\n")
    declare(clerk, path)
    correct(clerk, path, {(2, "门牌号"): "隔壁"})
    page = clerk.get(path).text
    assert "错误 <b>1</b>" in page
    assert 'value="隔壁"' in page
    correct(clerk, path, {(2, "门牌号"): "9号"})
    clerk.post(f"{path}/check")
    assert "新增 <b>1</b>" in clerk.get(path).text


def test_good_rows_are_corrected_and_rows_taken_out(register: Database, tmp_path: Path) -> None:
    clerk = enter(register, tmp_path)
    lines = "清河坊社区,灵隐路,1号,\n清河坊社区,灵隐路,3号,\n清河坊社区,灵隐路,某处,\n"
    path = upload(clerk, HEADINGS + lines)
    declare(clerk, path)
    correct(clerk, path, {(3, "门牌号"): "5号"})
    assert clerk.post(f"{path}/rows", drop=4).status_code == 303
    page = clerk.get(path).text
    assert "错误 <b>0</b>" in page
    assert "新增 <b>2</b>" in page
    clerk.post(f"{path}/store")
    found = {one.rpartition("灵隐路")[2] for one in texts(register) if "灵隐路" in one}
    assert found == {"1号", "5号"}
    with register.reading() as session:
        version = session.scalar(
            text("select version from list_upload where id = :id"), {"id": path.rpartition("/")[2]}
        )
    fields = {"row": 2, "column": "门牌号", "value": "7号", "seen": version}
    answer = clerk.post(f"{path}/rows", **fields)
    assert answer.status_code == 422
    assert "已经入库，请在它的地址页上更正" in answer.text


def test_a_masked_number_is_written_anew_and_never_kept(register: Database, tmp_path: Path) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, HEADINGS + "清河坊社区,杨公堤张三13805710000,门口,\n")
    declare(clerk, path)
    answer = correct(clerk, path, {(2, "门牌号"): "9号"})
    assert answer.status_code == 422
    assert "号码已经隐去" in answer.text
    correct(clerk, path, {(2, "门牌号"): "9号", (2, "街路巷"): "杨公堤"})
    assert "新增 <b>1</b>" in clerk.get(path).text
    with register.reading() as session:
        kept = session.scalars(text("select cast(cells as text) from list_upload_row")).all()
    assert not [one for one in kept if "13805710000" in one]


def test_two_clerks_at_one_list_see_each_others_corrections(
    register: Database, tmp_path: Path
) -> None:
    clerk, other = enter(register, tmp_path), enter(register, tmp_path)
    path = upload(clerk, HEADINGS + "清河坊社区,梅家坞路,甲,\n清河坊社区,梅家坞路,乙,\n")
    declare(clerk, path)
    seen = re.search(r'name="seen" value="(\d+)"', other.get(path).text)
    assert seen
    correct(clerk, path, {(2, "门牌号"): "1号"})
    fields = {"row": 3, "column": "门牌号", "value": "3号", "seen": seen[1]}
    answer = other.post(f"{path}/rows", **fields)
    assert answer.status_code == 412
    assert "在您看过以后改过" in answer.text
