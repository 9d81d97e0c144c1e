"""Files of areas at the desk: a layer is checked, then stored; what is taken along comes back."""

import re
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from sqlalchemy import text

from service.areas.features import read_features
from tests.factories.areas import box, collection
from tests.factories.office import COUNTIES, Office
from tests.factories.staff import SignedIn
from tests.service.admin.areas.conftest import area_of
from tests.service.admin.areas.test_pages import hidden


def send(clerk: SignedIn, content: bytes | str, name: str = "网格.geojson", **fields: str) -> str:
    data = {"form_token": clerk.form_token, "step": "look", "kind": "grid"} | fields
    body = content.encode() if isinstance(content, str) else content
    files = {"file": (name, BytesIO(body), "application/octet-stream")}
    return clerk.browser.post("/admin/areas/files", data=data, files=files).text


def counts(page: str) -> dict[str, int]:
    found = re.findall(r"<li>(新增|改动|不变|撤销|不能登记) <b>(\d+)</b>", page)
    return {name: int(count) for name, count in found}


def test_a_layer_is_checked_and_stored_after_it_was_shown(office: Office, clerk: SignedIn) -> None:
    layer = collection(
        (box(16, 24, 17, 24.9), {"名称": "一网格"}),
        (box(16, 24.9, 17, 25), {"名称": "新网格"}),
        (box(18, 24, 18.5, 26), {"名称": "外县网格"}),
        (box(0, 0, 1, 1), {"名称": ""}),
    )
    page = send(clerk, layer)
    assert counts(page) == {"新增": 1, "改动": 1, "不变": 0, "撤销": 0, "不能登记": 2}
    assert "不在您负责的区划内" in page
    with office.database.reading() as session:
        assert session.scalar(text("select count(*) from area where name = '新网格'")) == 0
    kept = hidden(page, "kept")
    fields = {"step": "store", "kind": "grid", "kept": kept, "division": COUNTIES["own"]}
    done = clerk.post("/admin/areas/files", **fields)
    assert "已经登记" in done.text
    assert counts(done.text)["新增"] == 1
    made, changed = area_of(office, "新网格"), area_of(office, "一网格")
    assert made.division == COUNTIES["own"]
    assert changed.parent == "清河坊社区"  # a layer without that column does not take it away
    assert changed.shape.equals(box(16, 24, 17, 24.9))
    assert area_of(office, "外县网格").shape.equals(box(18, 24, 19, 26))


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "zip"])
def test_what_is_taken_along_comes_back_unchanged(
    office: Office, clerk: SignedIn, ending: str, tmp_path: Path
) -> None:
    answer = clerk.get(f"/admin/area-files?format={ending}")
    assert answer.status_code == 200
    assert unquote(answer.headers["content-disposition"]).endswith(f"责任区-上城区.{ending}")
    file = tmp_path / f"areas.{ending}"
    file.write_bytes(answer.content)
    found = {one.row.values["name"] for one in read_features(file).listed}
    assert found == {"清河坊社区", "一网格", "二网格", "三网格"}  # none of another county
    page = send(clerk, answer.content, f"areas.{ending}")
    assert counts(page) == {"新增": 0, "改动": 0, "不变": 4, "撤销": 0, "不能登记": 0}
    assert "没有要登记的" in page
    with office.database.reading() as session:
        asked = text("select actor, detail from audit_entry where action = 'areas:export'")
        (entry,) = session.execute(asked).all()
    assert (entry.actor, entry.detail["count"]) == ("staff:li.na", 4)


def test_a_complete_layer_ends_what_it_does_not_have(office: Office, clerk: SignedIn) -> None:
    layer = collection((box(16, 24, 17, 25), {"名称": "一网格"}))
    page = send(clerk, layer, complete="1")
    assert counts(page)["撤销"] == 2
    assert area_of(office, "二网格").valid_to is None


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("", "空.geojson", "GeoJSON"),
        ("{}", "坏.geojson", "GeoJSON"),
        ("PK", "坏.zip", "ZIP"),
        ("x", "表.xlsx", ""),
        ("SQLite", "坏.gpkg", ""),
    ],
)
def test_what_is_no_layer_is_refused_in_chinese(
    clerk: SignedIn, content: str, name: str, said: str
) -> None:
    page = send(clerk, content, name)
    assert 'class="problem" role="alert"' in page
    (fault,) = re.findall(r'<p class="problem" role="alert">([^<]+)', page)[:1]
    assert said in fault
    assert re.search("[\u4e00-\u9fff]", fault)


def test_a_layer_of_somebody_else_and_no_file_are_refused(clerk: SignedIn) -> None:
    for kept in ("", "../x.gpkg", f"{'0' * 64}.gpkg"):
        answer = clerk.post("/admin/areas/files", step="store", kept=kept, division=COUNTIES["own"])
        assert answer.status_code == 422
        assert "请重新上传" in answer.text
    answer = clerk.post("/admin/areas/files", step="look", division=COUNTIES["own"])
    assert "请选择要上传的文件" in answer.text
    assert clerk.get("/admin/area-files?format=exe").status_code == 422
