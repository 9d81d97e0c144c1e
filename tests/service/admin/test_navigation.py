"""From every page one gets on: unknown pages, faults and signing in stay in the frame."""

import pytest

from service.admin.navigation import current_entry
from service.core.database import Database
from tests.factories.staff import open_browser, sign_in
from tests.service.admin.route_samples import ROUTES

FOOT = ('href="/"', 'href="/heritage"', 'href="/privacy"')


@pytest.mark.parametrize("path", ["/admin/nothing", "/admin/batches/7/nothing", "/admin/a/b/c"])
def test_an_unknown_page_is_told_in_the_frame_with_the_search_field(
    register: Database, path: str
) -> None:
    answer = sign_in(register, "clerk").get(path)
    assert answer.status_code == 404
    assert 'role="search"' in answer.text
    assert 'href="/admin/addresses"' in answer.text
    assert "<h1>没有这个页面</h1>" in answer.text
    assert 'aria-current="page"' not in answer.text or path.startswith("/admin/batches")
    assert all(link in answer.text for link in FOOT)
    assert "tel:110" not in answer.text


@pytest.mark.parametrize("path", ["/admin/nothing", "/admin/imports/rules", "/admin/plates?q=1"])
def test_whoever_is_signed_out_comes_back_to_the_page_after_signing_in(
    register: Database, path: str
) -> None:
    answer = open_browser(register).get(path)
    assert answer.status_code == 303
    away = answer.headers["location"]
    form = open_browser(register).get(away).text
    asked = path.replace("?", "?")
    assert f'name="next" value="{asked}"' in form
    assert all(link in form for link in FOOT)


WITHOUT_ENTRY = ("/admin/sign-in", "/admin/password", "/admin/second-factor")
NO_PAGES = (
    "/admin/divisions",
    "/admin/address-files",
    "/admin/address-points",
    "/admin/area-files",
)


def test_every_page_of_a_subject_is_marked_in_the_menu() -> None:
    lost = [
        path
        for method, path, _ in ROUTES
        if method == "GET"
        and path.startswith("/admin/")
        and not path.startswith((*WITHOUT_ENTRY, *NO_PAGES, "/admin/tiles", "/admin/{"))
        and current_entry(path) is None
    ]
    assert lost == []
    found = current_entry("/admin/grants/7")
    assert found is not None
    assert found.title == "部门接入"


def test_the_foot_of_every_desk_page_leads_to_the_other_pages(register: Database) -> None:
    page = sign_in(register, "clerk").get("/admin").text
    foot = page.partition('<footer class="foot">')[2]
    assert all(link in foot for link in FOOT)


def test_the_home_page_of_residents_leads_to_the_desk_and_the_catalogue(register: Database) -> None:
    page = open_browser(register).get("/").text
    assert 'href="/admin"' in page
    assert 'href="/heritage"' in page


def test_keys_reach_the_search_field_and_the_text(register: Database) -> None:
    page = sign_in(register, "clerk").get("/admin").text
    assert '<a class="skip" href="#main">' in page
    assert 'accesskey="s"' in page
    assert 'accesskey="1"' in page
