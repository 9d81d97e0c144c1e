"""What is wrong with a form is said in the form, in Chinese, and what was typed stays."""

import re
from collections.abc import Iterator

import pytest

from scripts.prose import HAN
from tests.factories.office import Office, opened_office
from tests.factories.staff import SignedIn
from tests.service.admin.route_samples import ROUTES, fill_path, sign_in_everything

PROBLEM = re.compile(
    r'<(?:p class="problem" role="alert"|strong class="fault" id="[^"]+")>([^<]+)</'
)
POSTS = [
    path
    for method, path, _ in ROUTES
    if method == "POST" and path.startswith(("/admin", "/crew")) and "sign-" not in path
]


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with opened_office() as made:
        yield made


@pytest.fixture(scope="module")
def person(office: Office) -> SignedIn:
    """Somebody who may do everything everywhere."""
    return sign_in_everything(office)


def test_a_name_that_is_taken_is_said_at_its_field_and_the_rest_of_the_form_stays(
    person: SignedIn,
) -> None:
    answer = person.post(
        "/admin/accounts/new",
        name="everything",
        display_name="李四",
        role="crew",
        division="330102",
    )
    assert answer.status_code == 409
    assert PROBLEM.findall(answer.text) == ["没有办理，请改正标出的内容。"]
    assert 'id="name-fault">已有名为「everything」的账号；请换一个名称。<' in answer.text
    assert 'value="李四"' in answer.text
    assert re.search(r'<option value="crew" selected>', answer.text)
    assert "新建账号</h1>" in answer.text


def test_an_unknown_division_is_said_at_the_division(person: SignedIn) -> None:
    answer = person.post("/admin/accounts/new", name="li-si", role="crew", division="没有这个区")
    assert answer.status_code == 404
    assert re.search(r'id="division-fault">[^<]*没有这个区', answer.text)
    assert 'value="li-si"' in answer.text


def test_an_empty_field_is_named_by_its_label(person: SignedIn) -> None:
    answer = person.post("/admin/accounts/new", display_name="李四")
    assert answer.status_code == 422
    assert '<small class="wrong" id="name-fault">请填写账号</small>' in answer.text
    assert '<small class="wrong" id="role-fault">请选择角色</small>' in answer.text


def test_a_form_sent_by_no_page_of_ours_gets_the_plain_page(person: SignedIn) -> None:
    answer = person.browser.post("/admin/accounts/new", data={"name": "x"})
    assert answer.status_code == 403
    assert "页面已过期" in answer.text


@pytest.mark.parametrize("path", POSTS)
def test_no_form_answers_a_fault_in_english_or_on_a_page_without_navigation(
    office: Office, person: SignedIn, path: str
) -> None:
    answer = person.post(fill_path(office, path, "own"))
    if answer.status_code < 400:
        return
    said = PROBLEM.findall(answer.text) or re.findall(r'<p class="soft">([^<]+)</p>', answer.text)
    assert said, answer.text
    for text in said:
        assert HAN.search(text), text
        assert not re.search(r"[a-z]{3,} [a-z]{3,}", text), text
    assert 'class="subjects"' in answer.text or path.startswith("/crew")
