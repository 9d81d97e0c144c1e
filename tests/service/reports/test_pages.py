"""Residents report a plate, over HTTP."""

import re
from html import unescape
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select, text

from address_model.tables import Report, RequestCount
from service.core.files import open_files
from service.plates.queries import get_plate
from service.reports.photos import remove_forgotten_photos
from tests.factories.hosts import PUBLIC_URL
from tests.factories.reported_street import Street, hidden


def picture(*, place: bool = True) -> bytes:
    """A photo as a phone takes it, with the place in its EXIF."""
    out, image = BytesIO(), Image.new("RGB", (400, 300), "blue")
    exif = Image.Exif()
    exif[0x010F] = "PHONE-MAKER"
    image.save(out, "JPEG", exif=exif if place else None)
    return out.getvalue()


def test_two_taps_send_a_report(street: Street) -> None:
    token = street.plates[0]
    assert f'href="/report/{token}"' in street.web.get(f"/{token}").text
    first = street.web.get(f"/report/{token}")
    assert first.text.count('class="lead"') == 5
    assert "<script" not in first.text
    second = street.web.get(f"/report/{token}?kind=broken")
    assert "门牌坏了" in second.text
    sent = street.web.post(f"/report/{token}", data=hidden(second.text))
    assert sent.status_code == 303
    shown = street.web.get(sent.headers["location"])
    (report,) = street.reports()
    assert report.kind == "broken"
    assert report.number in shown.text
    assert sent.headers["location"].startswith(f"/reports/{report.number}?t=")
    for answer in (first, second, sent, shown):
        assert answer.headers["cache-control"] == "private, no-store"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert "set-cookie" not in answer.headers


def test_words_are_shown_as_they_will_be_kept_before_they_are_sent(street: Street) -> None:
    path = f"/report/{street.plates[0]}"
    form = hidden(street.web.get(f"{path}?kind=wrong").text)
    look = street.web.post(path, data=form | {"words": "  应该是\u202e <b>东门</b> "})
    assert look.status_code == 200
    assert "应该是 &lt;b&gt;东门&lt;/b&gt;" in look.text
    assert street.reports() == []
    shown = hidden(look.text)
    back = street.web.post(path, data=shown | {"step": "change"})
    assert "应该是 &lt;b&gt;东门&lt;/b&gt;</textarea>" in back.text
    assert street.reports() == []
    assert street.web.post(path, data=shown | {"step": "send"}).status_code == 303
    (report,) = street.reports()
    assert report.text == "应该是 <b>东门</b>"


@pytest.mark.parametrize("step", ["", "send"])
def test_numbers_and_names_are_refused_and_named(street: Street, step: str) -> None:
    path = f"/report/{street.plates[0]}"
    form = hidden(street.web.get(f"{path}?kind=other").text) | {"step": step}
    refused = street.web.post(path, data=form | {"words": "我叫王小明，打13812345678"})
    assert refused.status_code == 400
    assert "请去掉“我叫王小明”" in refused.text
    assert "请去掉“13812345678”" in refused.text
    assert street.web.post(path, data=form | {"words": "坏" * 201}).status_code == 400
    english = street.web.post(f"{path}?lang=en", data=form | {"words": "call 13812345678"})
    assert "no telephone numbers" in english.text
    assert street.reports() == []


def test_a_photo_loses_what_the_phone_wrote_into_it(street: Street) -> None:
    path = f"/report/{street.plates[0]}"
    form = hidden(street.web.get(f"{path}?kind=broken").text)
    files = {"picture": ("a.jpg", picture(), "image/jpeg")}
    look = street.web.post(path, data=form, files=files)
    assert "一张，拍摄地点和时间已去掉" in look.text
    again = [street.web.post(path, data=hidden(look.text) | {"step": "send"}) for _ in range(2)]
    assert [one.status_code for one in again] == [303, 303]
    assert again[0].headers["location"] == again[1].headers["location"]
    (report,) = street.reports()
    store = open_files(street.settings)
    kept = store.read(report.photo)
    assert report.photo_bytes == len(kept)
    assert b"PHONE-MAKER" not in kept
    assert not Image.open(BytesIO(kept)).getexif()
    assert street.web.get(f"/{report.photo}").status_code == 404
    with street.database.reading() as session:
        assert remove_forgotten_photos(session, store) == 0


def test_a_photo_belongs_to_one_report_and_a_wrong_one_is_said(street: Street) -> None:
    path = f"/report/{street.plates[0]}"
    form = hidden(street.web.get(f"{path}?kind=broken").text)
    broken = street.web.post(path, data=form, files={"picture": ("a.jpg", b"no", "image/jpeg")})
    assert (broken.status_code, "这张照片打不开" in broken.text) == (400, True)
    look = street.web.post(path, data=form, files={"picture": ("a.jpg", picture(), "image/jpeg")})
    assert look.status_code == 200, re.findall(r"<p>(.*?)</p>", look.text)
    sent = hidden(look.text) | {"step": "send"}
    assert street.web.post(path, data=sent).status_code == 303
    for wrong in (sent | {"once": "z" * 22}, sent | {"photo": "photos/../x", "once": "y" * 22}):
        answer = street.web.post(path, data=wrong)
        assert (answer.status_code, "照片放得太久" in answer.text) == (400, True)
    assert len(street.reports()) == 1


def test_forgotten_photos_are_deleted(street: Street) -> None:
    store = open_files(street.settings)
    old = f"report-photos/2026010100-{'0' * 32}.jpg"
    store.write(old, b"x")
    with street.database.reading() as session:
        assert remove_forgotten_photos(session, store) == 1
    assert not store.exists(old)


def test_photos_are_bounded(street: Street) -> None:
    path = f"/report/{street.plates[1]}"
    form = hidden(street.web.get(f"{path}?kind=broken").text)
    answers = [
        street.web.post(path, data=form, files={"picture": ("a.jpg", picture(), "image/jpeg")})
        for _ in range(4)
    ]
    assert [one.status_code for one in answers] == [200, 200, 200, 400]
    assert "现在不能收照片" in answers[-1].text


def test_an_address_is_reported_from_its_public_page(street: Street) -> None:
    with street.database.reading() as session:
        code = get_plate(session, street.plates[0]).code
    assert f'href="/report/a/{code}"' in street.web.get(f"/a/{code}").text
    form = hidden(street.web.get(f"/report/a/{code}?kind=place").text)
    assert street.web.post(f"/report/a/{code}", data=form).status_code == 303
    (report,) = street.reports()
    assert (report.token, report.code) == (None, code)


def test_another_site_sends_nothing(street: Street) -> None:
    path = f"/report/{street.plates[0]}"
    form = hidden(street.web.get(f"{path}?kind=broken").text)
    for header in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert street.web.post(path, data=form, headers=header).status_code == 403
    assert street.reports() == []


def test_elder_view_and_english_stay_on_the_way(street: Street) -> None:
    token = street.plates[0]
    for query, word in (("?v=elder", "发送"), ("?lang=en", "Send"), ("?v=elder&lang=en", "Send")):
        chosen = street.web.get(f"/report/{token}{query}").text
        link = unescape(re.findall(r'class="lead" href="([^"]+)"', chosen)[0])
        page = street.web.get(link).text
        assert word in page
        action = unescape(re.findall(r'action="([^"]+)"', page)[0])
        sent = street.web.post(action, data=hidden(page)).headers["location"]
        assert all(part in sent for part in query[1:].split("&"))
        assert street.web.get(sent).status_code == 200
    assert [one.language for one in street.reports()] == ["zh", "en", "en"]


def test_unknown_plates_ended_ones_and_kinds_that_are_none(street: Street) -> None:
    token = street.plates[2]
    assert street.web.get("/report/0000000000").status_code == 404
    assert street.web.get("/report/xyz").status_code == 404
    assert street.web.get("/report/a/123").status_code == 404
    assert street.web.post("/report/0000000000", data={"kind": "broken"}).status_code == 404
    assert street.web.get(f"/report/{token}?kind=nonsense").text.count('class="lead"') == 5
    missing = street.web.post(f"/report/{token}", data={"kind": "nonsense"})
    assert (missing.status_code, "请先选" in missing.text) == (400, True)
    with street.database.session() as session:
        session.execute(text("update plate set status = 'void' where token = :t"), {"t": token})
    ended = street.web.get(f"/report/{token}")
    assert (ended.status_code, "已经停用" in ended.text) == (409, True)
    assert street.web.post(f"/report/{token}", data={"kind": "broken"}).status_code == 409
    assert "/report/" not in street.web.get(f"/{token}").text
    assert street.reports() == []


def test_too_many_are_told_where_else_to_say_it(street: Street) -> None:
    path = f"/report/{street.plates[0]}"
    statuses = []
    for _ in range(8):
        form = hidden(street.web.get(f"{path}?kind=broken").text)
        answer = street.web.post(path, data=form)
        statuses.append(answer.status_code)
    assert statuses == [303] * 6 + [429] * 2
    assert "12345" in answer.text
    assert int(answer.headers["retry-after"]) > 0


def test_nothing_of_the_sender_is_kept(street: Street) -> None:
    marks = {
        "User-Agent": "AGENT-7731",
        "Cookie": "c=COOKIE-7731",
        "Referer": f"{PUBLIC_URL}/R7731",
    }
    path = f"/report/{street.plates[0]}"
    form = hidden(street.web.get(f"{path}?kind=broken").text)
    street.web.post(path, data=form | {"words": "裂了"}, headers=marks)
    street.web.post(path, data=form | {"words": "裂了", "step": "send"}, headers=marks)
    with street.database.reading() as session:
        rows = [str(row.__dict__) for row in session.scalars(select(Report))]
        counts = [(one.kind, one.who) for one in session.scalars(select(RequestCount))]
    assert rows
    assert not any("7731" in row or "testclient" in row for row in rows)
    kinds = {kind for kind, _ in counts}
    assert {"report", "report_plate", "report_grid", "report_all"} <= kinds
    assert not any(b"testclient" in who for _, who in counts)
