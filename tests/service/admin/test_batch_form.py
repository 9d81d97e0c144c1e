"""The form of a new batch: designs, choices, and what is refused."""

import pytest
from sqlalchemy import select, text

from address_model.tables import AuditEntry, PlateBatchItem
from service.batches.queries.batches import list_batches
from service.core.database import Database
from tests.service.admin.bureau import COUNTY, choose, enter, press


def test_the_form_sent_twice_is_one_batch_and_a_list_of_codes_is_read_as_printed(
    street: Database,
) -> None:
    officer = enter(street, "officer")
    with street.reading() as session:
        codes = session.execute(text("select code from address order by code")).scalars().all()
    printed = " ".join(codes[0][n : n + 4] for n in (0, 4, 8, 12))
    first = choose(officer, codes=f"{printed} {codes[1]}")
    assert choose(officer, codes=f"{printed} {codes[1]}") == first
    page = officer.get(first).text
    assert "2 块" in page
    assert press(officer, first, "submit") == 303
    assert "已批准" in officer.get(first).text  # two plates need no colleague
    answer = officer.post(
        "/admin/batches/new", name="x", request_key="k", division=COUNTY, codes="门牌"
    )
    assert answer.status_code == 422
    assert "编码是 16 位数字" in answer.text
    assert 'value="x"' in answer.text  # the form as it was filled in
    assert ">门牌</textarea>" in answer.text


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"name": ""}, 422, "请填批次名称"),
        ({"division": "杭州"}, 404, "没有名为“杭州”的区划"),
        ({"division": "330106000000"}, 403, "不在您负责的区划内"),
        ({"sheet": "own", "width": "一米"}, 422, "板宽要填毫米数"),
        ({"codes": "3301020000000098"}, 409, "没有选出地址"),
        ({"street": "没有这条街"}, 409, "没有选出地址"),
        ({"reprint_reason": "褪色"}, 409, "没有选出地址"),
    ],
)
def test_a_choice_that_is_refused_comes_back_with_its_form_and_leaves_nothing(
    street: Database, fields: dict[str, str], status: int, said: str
) -> None:
    officer = enter(street, "officer")
    asked = {"name": "某批", "request_key": "k", "division": COUNTY, "margin": "17"} | fields
    answer = officer.post("/admin/batches/new", **asked)
    assert answer.status_code == status
    assert said in answer.text
    assert 'value="17"' in answer.text
    assert all(f'value="{value}"' in answer.text for value in fields.values() if value in asked)
    with street.reading() as session:
        assert list_batches(session) == []
        assert session.scalars(select(PlateBatchItem.code)).all() == []
        assert not [a for a in session.scalars(select(AuditEntry.action)) if "batches" in a]
    assert choose(officer, "k")  # the key was not used up


def test_designs_are_shown_in_the_form(street: Database) -> None:
    officer = enter(street, "officer")
    assert 'src="/admin/batches/designs/medium.png"' in officer.get("/admin/batches/new").text
    drawn = officer.get("/admin/batches/designs/small.png")
    assert drawn.headers["content-type"] == "image/png"
    assert officer.get("/admin/batches/designs/none.png").status_code == 404
