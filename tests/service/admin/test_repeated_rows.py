"""A row that names an address again is shown as a repetition, never as registered."""

from pathlib import Path

import pytest

from service.core.database import Database
from tests.factories.lists import texts
from tests.factories.uploads import HEADINGS, declare, enter, upload


def rows_of(street: str) -> list[str]:
    return [f"清河坊社区,{street},{number}号,\n" for number in (1, 3, 5)]


@pytest.mark.parametrize(("repeated", "street"), [(1, "高银街"), (2, "灵隐路"), (3, "梅家坞路")])
def test_a_repeated_row_names_the_row_that_it_repeats(
    register: Database, tmp_path: Path, repeated: int, street: str
) -> None:
    clerk = enter(register, tmp_path)
    rows = rows_of(street)
    path = upload(clerk, HEADINGS + "".join(rows) + rows[repeated - 1])
    declare(clerk, path)
    first = repeated + 1  # below the headings
    page = clerk.get(path).text
    assert "有 1 行与前面的行重复" in page
    assert f'{path}/rows/5">第 5 行</a>（与第 {first} 行）' in page
    assert "与本清单" in clerk.get(f"{path}?show=same").text
    row = clerk.get(f"{path}/rows/5").text
    assert f'{path}/rows/{first}">第 {first} 行</a>重复' in row
    assert "与登记的相同" not in row
    assert "与本清单" not in clerk.get(f"{path}/rows/{first}").text
    clerk.post(f"{path}/store")
    assert len([one for one in texts(register) if street in one]) == 3
    row = clerk.get(f"{path}/rows/5").text
    assert f'{path}/rows/{first}">第 {first} 行</a>重复' in row


def test_a_registered_row_is_no_repetition(register: Database, tmp_path: Path) -> None:
    clerk = enter(register, tmp_path)
    for remark in ("", "甲"):
        path = upload(clerk, HEADINGS + f"清河坊社区,大井巷,1号,{remark}\n")
        declare(clerk, path)
        page = clerk.get(path).text
        assert "与前面的行重复" not in page
        clerk.post(f"{path}/store")


def test_a_corrected_repetition_is_told_no_more(register: Database, tmp_path: Path) -> None:
    clerk = enter(register, tmp_path)
    path = upload(clerk, HEADINGS + rows_of("河坊街")[0] * 2)
    declare(clerk, path)
    assert "有 1 行与前面的行重复" in clerk.get(path).text
    assert clerk.post(f"{path}/rows", row=3, column="门牌号", value="7号").status_code == 303
    page = clerk.get(path).text
    assert "新增 <b>2</b>" in page
    assert "与前面的行重复" not in page
