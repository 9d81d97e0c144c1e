"""The pages of areas: lists, one area, and editing a border by plain forms."""

import re
from html import unescape

import pytest
from httpx2 import Response
from sqlalchemy import text

from service.admin.areas.form import BorderForm
from service.areas.border_text import write_shape
from tests.factories.areas import box
from tests.factories.office import COUNTIES, Office
from tests.factories.staff import SignedIn, sign_in
from tests.service.admin.areas.conftest import add_contact, area_of

MOVED = write_shape(box(16, 24.98, 18, 26))


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return unescape(found[1])


def store(clerk: SignedIn, path: str, looked: str, **fields: object) -> Response:
    """Confirm what a page has shown as the result of a form."""
    told = {name: hidden(looked, name) for name in ("shown", "looked")}
    return clerk.post(path, **fields | told | {"step": "store"})


def areas_of(office: Office, code: str) -> set[str]:
    """The areas that an address is linked to."""
    asked = "select r.code from address_area l join area r on r.id = l.area_id where l.code = :code"
    with office.database.reading() as session:
        return set(session.scalars(text(asked), {"code": code}))


def test_areas_are_listed_by_kind_and_name_within_the_own_divisions(clerk: SignedIn) -> None:
    page = clerk.get("/admin/areas").text
    assert re.findall(r'<th scope="row"[^>]*><a href="/admin/areas/\d+">([^<]+)', page) == [
        "清河坊社区",
        "一网格",
        "三网格",
        "二网格",
    ]
    assert "外县网格" not in page
    assert "没有公示" in page
    assert page.count('<path class="neighbour"') == 3  # the sketch below the map
    assert "二网格" not in clerk.get("/admin/areas?kind=community").text
    assert "清河坊社区</a></th>" not in clerk.get("/admin/areas?q=网格").text.replace(" ", "")
    assert "没有这样的责任区" in clerk.get("/admin/areas?q=%25").text
    assert clerk.get(f"/admin/areas?division={COUNTIES['foreign']}").status_code == 403


def test_the_list_goes_on_page_by_page(clerk: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.admin.areas.pages.PAGE", 3)
    page = clerk.get("/admin/areas").text
    (more,) = re.findall(r'href="(/admin/areas\?[^"]*after=\d+)"', page)
    rest = clerk.get(unescape(more)).text
    assert re.findall(r'data-label="名称"><a[^>]*>([^<]+)', rest) == ["二网格"]


def test_the_page_of_an_area_says_what_lies_in_it_and_beside_it(
    office: Office, clerk: SignedIn
) -> None:
    add_contact(office, "一网格", "演示甲")
    one = area_of(office, "一网格")
    page = clerk.get(f"/admin/areas/{one.id}").text
    for said in ("演示甲", "河坊街88号", "二网格", "三网格", "与同级之间没有重叠", "公示中"):
        assert said in page, said
    assert office.codes["own"] in clerk.get(f"/admin/addresses?area={one.id}").text
    two = area_of(office, "二网格")
    assert office.codes["own"] not in clerk.get(f"/admin/addresses?area={two.id}").text
    above = clerk.get(f"/admin/areas/{area_of(office, '清河坊社区').id}").text
    assert above.count('href="/admin/areas/') > 3
    assert clerk.get(f"/admin/areas/{area_of(office, '外县网格').id}").status_code == 404


def test_a_border_is_moved_after_its_result_was_shown(office: Office, clerk: SignedIn) -> None:
    add_contact(office, "三网格", "演示乙")
    north, code = area_of(office, "三网格"), office.codes["own"]
    assert areas_of(office, code) == {"清河坊社区", "一网格"}
    path = f"/admin/areas/{north.id}/redraw"
    form = clerk.get(path).text
    assert 'data-borders="{' in form.replace("&#34;", '"')
    fields = {"seen": north.version, "border": MOVED, "reason": "清政发〔2026〕8号"}
    looked = clerk.post(path, **fields, step="look")
    assert looked.status_code == 200
    for said in (
        "1 个地址换责任区",
        "一网格 → 三网格 1 个",
        "河坊街88号",
        "演示乙",
        "改后没有重叠",
    ):
        assert said in looked.text, said
    assert areas_of(office, code) == {"清河坊社区", "一网格"}  # nothing is stored
    other = fields | {"border": write_shape(box(16, 24.9, 18, 26))}
    refused = store(clerk, path, looked.text, **other)  # drawn on after the look
    assert refused.status_code == 409
    assert "重新看结果" in refused.text
    done = store(clerk, path, looked.text, **fields)
    assert done.headers["location"] == f"/admin/areas/{north.id}"
    assert areas_of(office, code) == {"清河坊社区", "三网格"}
    assert area_of(office, "一网格").shape.equals(box(16, 24, 17, 24.98))
    page = clerk.get(f"/admin/areas/{north.id}").text
    assert "（图上的虚线）" in page
    assert re.search("li.na 改界线：清政发〔2026〕8号 <span[^>]*>一起改动：一网格、二网格", page)
    assert '<path class="former"' in page


def test_a_border_is_stored_only_as_it_was_shown(office: Office, clerk: SignedIn) -> None:
    north, one = area_of(office, "三网格"), area_of(office, "一网格")
    path = f"/admin/areas/{north.id}/redraw"
    fields = {"seen": north.version, "border": MOVED, "step": "store"}
    refused = clerk.post(path, **fields)
    assert refused.status_code == 409
    assert "重新看结果" in refused.text
    looked = clerk.post(path, **fields | {"step": "look"}).text
    with office.database.session() as session:
        session.execute(text("update area set name = name where id = :id"), {"id": one.id})
    refused = store(clerk, path, looked, **fields)
    assert refused.status_code == 409
    assert "30.2498" in refused.text  # what was drawn stays in the form
    assert area_of(office, "三网格").version == north.version


def test_ground_of_another_division_is_not_taken(office: Office, clerk: SignedIn) -> None:
    two, foreign = area_of(office, "二网格"), area_of(office, "外县网格")
    path = f"/admin/areas/{two.id}/redraw"
    border = write_shape(box(17, 24, 18.2, 25))
    form = BorderForm(border=border, shown=f"{foreign.id}:{foreign.version}")
    for step in ("look", "store"):
        fields = {"border": border, "shown": form.shown, "looked": form.fingerprint}
        answer = clerk.post(path, seen=two.version, step=step, **fields)
        assert answer.status_code == 403
    assert area_of(office, "外县网格").version == foreign.version
    answer = clerk.post(f"/admin/areas/{foreign.id}/end", seen=foreign.version, step="look")
    assert answer.status_code == 404


def test_an_area_is_split_merged_and_ended(office: Office, clerk: SignedIn) -> None:
    north = area_of(office, "三网格")
    path = f"/admin/areas/{north.id}"
    fields = {"seen": north.version, "line": "120.17,30.2499\n120.17,30.2601", "name": "四网格"}
    looked = clerk.post(f"{path}/split", **fields, step="look").text
    assert "新增" in looked
    assert store(clerk, f"{path}/split", looked, **fields).status_code == 303
    fourth = area_of(office, "四网格")
    assert fourth.parent == "清河坊社区"
    north = area_of(office, "三网格")
    fields = {"seen": north.version, "other": str(fourth.id)}
    looked = clerk.post(f"{path}/merge", **fields, step="look").text
    assert "撤销" in looked
    assert store(clerk, f"{path}/merge", looked, **fields).status_code == 303
    assert "已撤销" in clerk.get(f"/admin/areas/{fourth.id}").text
    north = area_of(office, "三网格")
    looked = clerk.post(f"{path}/end", seen=north.version, step="look").text
    assert "空白" in looked
    done = store(clerk, f"{path}/end", looked, seen=north.version)
    assert done.headers["location"] == "/admin/areas"
    assert "三网格" not in clerk.get("/admin/areas").text


def test_a_new_area_is_drawn(office: Office, clerk: SignedIn) -> None:
    form = clerk.get("/admin/areas/new?kind=grid").text
    assert "一网格" in form
    border = write_shape(box(16.5, 24.5, 17.5, 25.5))
    fields = {"kind": "grid", "name": "中网格", "border": border, "division": COUNTIES["own"]}
    looked = clerk.post("/admin/areas/new", **fields, step="look")
    assert looked.status_code == 200
    done = store(clerk, "/admin/areas/new", looked.text, **fields)
    made = area_of(office, "中网格")
    assert done.headers["location"] == f"/admin/areas/{made.id}"
    assert (made.parent, made.division) == ("清河坊社区", COUNTIES["own"])
    fields["border"] = write_shape(box(16.1, 24.1, 16.2, 24.2))
    again = clerk.post("/admin/areas/new", **fields, step="look")
    assert again.status_code == 409
    assert "已经用过" in again.text


@pytest.mark.parametrize(
    ("action", "fields", "said"),
    [
        ("redraw", {"border": ""}, "还没有画"),
        ("redraw", {"border": "120,30\n121,31"}, "不是 GeoJSON"),
        ("redraw", {"border": "120,30\n120.01,30.01\n120.01,30\n120,30.01"}, "界线"),
        ("split", {"line": "120.165,30.251\n120.165,30.252", "name": "四"}, "没有把责任区分成两块"),
        ("split", {"line": "120.17,30.2\n120.17,30.3", "name": ""}, "请填写"),
        ("merge", {"other": "0"}, "没有这个责任区"),
    ],
)
def test_what_cannot_be_done_is_said_in_the_form(
    office: Office, clerk: SignedIn, action: str, fields: dict[str, str], said: str
) -> None:
    north = area_of(office, "三网格")
    path = f"/admin/areas/{north.id}/{action}"
    answer = clerk.post(path, seen=north.version, step="look", **fields)
    assert answer.status_code in (404, 422)
    assert said in answer.text
    assert 'class="problem" role="alert"' in answer.text
    assert area_of(office, "三网格").version == north.version


def test_a_border_comes_as_a_file_too(office: Office, clerk: SignedIn) -> None:
    north = area_of(office, "三网格")
    path = f"/admin/areas/{north.id}/redraw"
    fields = {"seen": str(north.version), "step": "look", "form_token": clerk.form_token}
    files = {"file": ("a.geojson", f'{{"type":"FeatureCollection","features":[{{"type":"Feature",'
             f'"properties":{{}},"geometry":{MOVED}}}]}}', "application/geo+json")}  # fmt: skip
    looked = clerk.browser.post(path, data=fields, files=files)
    assert looked.status_code == 200
    assert "1 个地址换责任区" in looked.text
    assert "30.2498" in looked.text  # stands in the form now
    files = {"file": ("a.geojson", '{"type":"FeatureCollection","features":[]}', "text/plain")}
    refused = clerk.browser.post(path, data=fields, files=files)
    assert refused.status_code == 422
    assert "这里只要一个" in refused.text


def test_who_may_only_look_has_no_forms(office: Office) -> None:
    viewer = sign_in(office.database, "wang")
    one = area_of(office, "一网格")
    page = viewer.get(f"/admin/areas/{one.id}").text
    assert f"/admin/areas/{one.id}/redraw" not in page
    assert viewer.get(f"/admin/areas/{one.id}/redraw").status_code == 403
    assert viewer.get("/admin/areas/new").status_code == 403
    assert "/admin/areas/new" not in viewer.get("/admin/areas").text
