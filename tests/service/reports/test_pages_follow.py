"""The sender of a report reads the answer, and says whether it helped."""

import pytest

from address_model.reports import ReportState
from service.core.actor import Actor
from service.reports.commands import answer_report
from tests.factories.reported_street import Street, hidden

OFFICER = Actor("staff", "officer")


def test_the_follower_reads_the_answer_and_says_whether_it_helped(street: Street) -> None:
    path = f"/report/{street.plates[0]}"
    form = hidden(street.web.get(f"{path}?kind=broken").text)
    sent = street.web.post(path, data=form)
    assert sent.status_code == 303, sent.text[-900:]
    link = sent.headers["location"].removesuffix("&new=1")
    assert "已收到" in street.web.get(link).text
    (report,) = street.reports()
    with street.database.session() as session:
        answer_report(session, report.number, (ReportState.DONE, "换上了新门牌"), OFFICER)
    page = street.web.get(link)
    assert "换上了新门牌" in page.text
    assert "没解决" in page.text
    said = hidden(page.text) | {"said": "unsolved"}
    back = street.web.post(f"/reports/{report.number}", data=said)
    assert back.status_code == 303
    assert "已经转到上一级" in street.web.get(back.headers["location"]).text
    assert street.reports()[0].level == 4


@pytest.mark.parametrize(
    ("answer", "english", "chinese"),
    [
        ("已经换上新门牌。", "<dd>A new plate has been put up.</dd>", ""),
        ("门牌已经修好。电线也换了。", "The plate has been repaired.", "电线也换了。"),
        ("换上了新门牌", "", "换上了新门牌"),
    ],
)
def test_ready_words_of_an_answer_are_english_for_readers_of_english(
    street: Street, answer: str, english: str, chinese: str
) -> None:
    path = f"/report/{street.plates[0]}"
    sent = street.web.post(path, data=hidden(street.web.get(f"{path}?kind=broken").text))
    (report,) = street.reports()
    with street.database.session() as session:
        answer_report(session, report.number, (ReportState.DONE, answer), OFFICER)
    link = sent.headers["location"].removesuffix("&new=1")
    page = street.web.get(f"{link}&lang=en").text
    assert english in page
    assert not chinese or f'<span lang="zh-CN">{chinese}</span>' in page
    assert answer in street.web.get(link).text


def test_a_wrong_number_and_a_wrong_code_look_the_same(street: Street) -> None:
    path = f"/report/{street.plates[0]}"
    form = hidden(street.web.get(f"{path}?kind=broken").text)
    street.web.post(path, data=form)
    (report,) = street.reports()
    asked = street.web.get(f"/reports/{report.number}")
    nobody = street.web.get("/reports/0000000000")
    assert asked.status_code == nobody.status_code == 200
    assert asked.text.replace(report.number, "") == nobody.text.replace("0000000000", "")
    wrong = street.web.get(f"/reports/{report.number}?t=00000000")
    unknown = street.web.get("/reports/0000000000?t=00000000")
    assert wrong.status_code == unknown.status_code == 404
    assert wrong.text.replace(report.number, "") == unknown.text.replace("0000000000", "")
    statuses = [street.web.get("/reports/0000000000?t=1").status_code for _ in range(30)]
    assert statuses[-1] == 429
