"""A division is picked level by level, within the person's own, and nobody types a code."""

import re

import pytest
from sqlalchemy import text

from service.admin.scope import pick_division
from service.auth.permissions import Role
from service.core.database import Database
from tests.factories.office import insert_account
from tests.factories.staff import SignedIn, sign_in

CITY, COUNTY, TOWN = "330100000000", "330102000000", "330102001000"
OTHER_TOWN = "330102003000"
LISTS = ("addresses", "plates", "work-items", "work-items/far")
SELECT = re.compile(r'<select name="division">(.*?)</select>', re.S)
CHOSEN = re.compile(r'<option value="(\d*)" selected>')


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ([], ""),
        ([""], ""),
        (["上城区"], "上城区"),
        ([CITY, COUNTY, TOWN], TOWN),
        ([CITY, COUNTY, ""], COUNTY),
        ([CITY, "", TOWN], CITY),
        (["", TOWN], ""),
        ([CITY, "330106000000", TOWN], "330106000000"),
        ([COUNTY, OTHER_TOWN, "330102001052"], OTHER_TOWN),
    ],
)
def test_the_fields_of_a_pick_list_mean_the_narrowest_that_lies_in_all(
    sent: list[str], meant: str
) -> None:
    assert pick_division(sent) == meant


@pytest.fixture(scope="module")
def people(register: Database) -> dict[str, SignedIn]:
    with register.session() as session:
        insert_account(session, "province", Role.OFFICER, "330000000000")
        insert_account(session, "manager", Role.ADMINISTRATOR, CITY)
        insert_account(session, "everywhere", Role.OFFICER, "")
        insert_account(session, "two", Role.OFFICER, COUNTY)
        session.execute(
            text(
                "insert into role_assignment (account_id, role, division) "
                "select id, 'officer', '330206000000' from staff_account where name = 'two'"
            )
        )
    names = ("clerk", "province", "manager", "everywhere", "two")
    return {name: sign_in(register, name) for name in names}


def lists_of(page: str) -> list[list[str]]:
    return [re.findall(r'<option value="(\d*)"', one) for one in SELECT.findall(page)]


@pytest.mark.parametrize("subject", LISTS)
def test_every_list_offers_the_parts_and_opens_the_next_level(
    people: dict[str, SignedIn], subject: str
) -> None:
    clerk = people["clerk"]
    first = clerk.get(f"/admin/{subject}").text
    (towns,) = lists_of(first)
    assert TOWN in towns
    assert all(code.startswith("330102") for code in towns if code)
    asked = f"/admin/{subject}?division={COUNTY}&division={TOWN}"
    narrowed = clerk.get(asked).text
    towns, communities = lists_of(narrowed)
    assert CHOSEN.findall(narrowed)[0] == TOWN
    assert len(communities) > 3
    assert all(code.startswith(TOWN[:9]) for code in communities if code)


def test_a_change_of_a_wider_level_drops_the_narrower(people: dict[str, SignedIn]) -> None:
    page = people["clerk"].get(
        f"/admin/addresses?division={COUNTY}&division={OTHER_TOWN}&division=330102001052"
    )
    assert CHOSEN.findall(page.text)[0] == OTHER_TOWN


def test_the_province_picks_city_county_town_and_community(people: dict[str, SignedIn]) -> None:
    person, path = people["province"], ["330000000000"]
    for wanted in (CITY, COUNTY, TOWN, "330102001052"):
        asked = "&".join(f"division={code}" for code in path)
        page = person.get(f"/admin/addresses?{asked}").text
        assert wanted in lists_of(page)[-1]
        path.append(wanted)
    assert CHOSEN.findall(page) == [CITY, COUNTY, TOWN]


def test_whoever_has_several_divisions_picks_one_first(people: dict[str, SignedIn]) -> None:
    page = people["two"].get("/admin/addresses?division=330206000000").text
    own, towns = lists_of(page)
    assert own == [COUNTY, "330206000000"]
    assert all(code.startswith("330206") for code in towns if code)


def test_everywhere_begins_with_the_provinces(people: dict[str, SignedIn]) -> None:
    page = people["everywhere"].get("/admin/addresses").text
    assert "330000000000" in lists_of(page)[0]
    page = people["everywhere"].get("/admin/addresses?division=330000000000&division=").text
    assert CITY in lists_of(page)[1]


def test_forms_that_send_are_led_to_a_page_and_back(people: dict[str, SignedIn]) -> None:
    manager = people["manager"]
    form = manager.get("/admin/accounts/new").text
    path = f"/admin/divisions?division={CITY}&amp;need=accounts:manage&amp;to=/admin/accounts/new"
    assert f'href="{path}"' in form
    page = manager.get(path.replace("&amp;", "&")).text
    assert f"division={COUNTY}&amp;need=accounts:manage" in page
    page = manager.get(
        f"/admin/divisions?division={COUNTY}&need=accounts:manage&to=/admin/accounts/new"
    ).text
    assert f'href="/admin/accounts/new?division={COUNTY}"' in page
    form = manager.get(f"/admin/accounts/new?division={COUNTY}").text
    assert CHOSEN.findall(form)[0] == COUNTY


def test_an_account_gets_the_division_that_was_picked(
    people: dict[str, SignedIn], register: Database
) -> None:
    manager = people["manager"]
    fields = {"name": "picked", "role": "crew", "division": [CITY, COUNTY, ""]}
    assert (
        manager.browser.post(
            "/admin/accounts/new", data=fields | {"form_token": manager.form_token}
        ).status_code
        == 200
    )
    with register.reading() as session:
        held = (
            session.execute(
                text(
                    "select r.division from role_assignment r join staff_account a "
                    "on a.id = r.account_id where a.name = 'picked'"
                )
            )
            .scalars()
            .all()
        )
    assert held == [COUNTY]


@pytest.mark.parametrize(
    "to", ["https://evil.example", "//evil.example", "/", "/admin/x?y", "/admin/\\e"]
)
def test_the_page_leads_back_to_our_own_pages_only(people: dict[str, SignedIn], to: str) -> None:
    page = people["clerk"].browser.get("/admin/divisions", params={"to": to}).text
    assert f'href="/admin?division={COUNTY}"' in page
    assert "evil" not in page


def test_a_division_or_permission_that_is_not_ones_own_is_refused(
    people: dict[str, SignedIn],
) -> None:
    clerk = people["clerk"]
    assert clerk.get("/admin/divisions?division=330106000000").status_code == 403
    assert clerk.get("/admin/divisions?need=accounts:manage").status_code == 403
    assert clerk.get("/admin/divisions?need=nothing").status_code == 422
