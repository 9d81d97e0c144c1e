"""The grid worker's and the community officer's phone: own areas alone, own contact alone."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from address_model.coordinates import Point
from address_model.tables import Division, Duty, StaffAccount
from address_model.work import WorkKind
from service.addresses.commands import enter_addresses
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.linking.commands import link_addresses
from service.plates.commands import issue_plates, open_batch
from service.plates.queries.events import list_events
from service.worklists.commands import open_item
from service.worklists.drafts import WorkDraft
from tests.database import migrated_database
from tests.factories.addresses import make_draft
from tests.factories.areas import box, make_area, make_duty
from tests.factories.divisions import make_place
from tests.factories.hosts import PREFIX
from tests.factories.office import insert_account
from tests.factories.staff import SignedIn, sign_in

COUNTY = "330102000000"


@dataclass(frozen=True)
class Grids:
    """Two grids side by side with four plates each, and the duty of each."""

    database: Database
    own: list[str]
    other: list[str]
    duty: int
    other_duty: int


@pytest.fixture(scope="module")
def grids() -> Iterator[Grids]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            place = make_place(session)
            county = session.scalars(select(Division.id).where(Division.code == COUNTY)).one()
            areas = [
                make_area(
                    session, code=name, name=name, division_id=county,
                    geom=f"SRID=4490;{box(west, 23, west + 1, 25).wkt}",
                )
                for name, west in (("东网格", 17), ("西网格", 16))
            ]  # fmt: skip
            insert_account(session, "wang", Role.GRID_WORKER, COUNTY)
            insert_account(session, "officer", Role.COMMUNITY_OFFICER, COUNTY)
            account = session.scalars(
                select(StaffAccount.id).where(StaffAccount.name == "wang")
            ).one()
            duty = make_duty(session, areas[0], account_id=account)
            other = make_duty(session, areas[1], display_name="演示乙")
            drafts = [
                make_draft(place, str(n), point=Point(lon + n / 10_000, 30.24))
                for lon, numbers in ((120.175, range(1, 5)), (120.165, range(5, 9)))
                for n in numbers
            ]
            codes = [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]
            link_addresses(session, codes)
            batch = open_batch(
                session, name="t", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
            )
            tokens = issue_plates(session, batch, codes, COMMAND_LINE, status="in_use")
            for token, code in zip(tokens[::4], codes[::4], strict=True):
                open_item(session, WorkDraft(WorkKind.REPAIR, code, token, "扶正"), COMMAND_LINE)
            numbers = duty.id, other.id
        yield Grids(database, tokens[:4], tokens[4:], *numbers)
        database.dispose()


@pytest.fixture
def wang(grids: Grids) -> SignedIn:
    return sign_in(grids.database, "wang")


def test_the_first_page_is_the_own_area_with_its_work(grids: Grids, wang: SignedIn) -> None:
    page = wang.get("/crew").text
    assert "东网格" in page
    assert "还是我，确认" in page
    assert f"/crew/{grids.own[0]}" in page
    assert grids.other[0] not in page


def test_the_inspection_list_and_the_round_stay_in_the_own_area(
    grids: Grids, wang: SignedIn
) -> None:
    for path in ("/crew/own/plates", "/crew/own/round", "/crew/own/round?lon=120.1755&lat=30.24"):
        page = wang.get(path).text
        assert all(token in page for token in grids.own), path
        assert not any(token in page for token in grids.other), path
    near = wang.get("/crew/own/round?lon=120.1754&lat=30.24").text
    places = [near.index(f"/crew/{token}") for token in grids.own]
    assert places == sorted(places, reverse=True)  # from the east end back
    assert "再走约" in near


def test_plates_elsewhere_are_not_opened_and_nothing_is_recorded_there(
    grids: Grids, wang: SignedIn
) -> None:
    assert wang.get(f"/crew/{grids.own[1]}").status_code == 200
    assert wang.get(f"/crew/{grids.other[1]}").status_code == 403
    answer = wang.post(f"/crew/{grids.other[1]}", event_id="x1", what="broken")
    assert answer.status_code == 403
    with grids.database.reading() as session:
        assert list_events(session, grids.other[1]) == []


def test_a_plate_of_the_own_area_is_inspected_and_reported_but_not_hung(
    grids: Grids, wang: SignedIn
) -> None:
    token = grids.own[2]
    page = wang.get(f"/crew/{token}?what=broken").text
    assert 'value="broken" required checked' in page
    assert 'value="repaired"' not in page
    for kind, status in (("well", 303), ("broken", 303), ("repaired", 403), ("installed", 403)):
        answer = wang.post(f"/crew/{token}", event_id=f"own-{kind}", what=kind, note="门柱裂")
        assert answer.status_code == status, kind
    with grids.database.reading() as session:
        found = [event.kind for event in list_events(session, token)]
    assert sorted(found) == ["broken", "well"]


def test_nobody_without_an_area_sees_anything(grids: Grids) -> None:
    officer = sign_in(grids.database, "officer")
    page = officer.get("/crew").text
    assert "还没有给您绑定责任区" in page
    assert officer.get(f"/crew/{grids.own[0]}").status_code == 403
    assert officer.get("/crew/own/plates").text.count("/crew/own/plates?") == 0
    for path in ("/admin/addresses", "/admin/plates", "/admin/work-items", "/admin/duties"):
        assert officer.get(path).status_code == 403
    answer = officer.browser.get("/api/v1/addresses?division=330102")
    assert answer.status_code in (401, 403)


def test_the_own_contact_is_confirmed_and_hidden_and_no_other(grids: Grids, wang: SignedIn) -> None:
    refused = wang.post(f"/crew/duties/{grids.other_duty}/hide", seen="1")
    assert refused.status_code == 404
    confirm, hide = (f"/crew/duties/{grids.duty}/{step}" for step in ("confirm", "hide"))
    assert wang.post(confirm, seen="1").headers["location"] == "/crew/own"
    assert "没有确认过" not in wang.get("/crew/own").text
    assert wang.post(hide, seen="1").status_code == 412  # it was confirmed since
    answer = wang.post(hide, seen="2", back=grids.own[0])
    assert answer.headers["location"] == f"/{grids.own[0]}"
    page = wang.get("/crew").text
    assert "居民现在看不到您的姓名和电话" in page
    with grids.database.session() as session:
        held = session.get(Duty, grids.duty)
        assert held is not None
        assert held.hidden_at is not None
        held.hidden_at = None


def test_the_role_counts_as_well_as_the_duty(grids: Grids) -> None:
    with grids.database.session() as session:
        insert_account(session, "moved", Role.GRID_WORKER, "330106000000")
        account = session.scalars(select(StaffAccount.id).where(StaffAccount.name == "moved")).one()
        held = session.get(Duty, grids.other_duty)
        assert held is not None
        held.account_id = account
    moved = sign_in(grids.database, "moved")
    assert "还没有给您绑定责任区" in moved.get("/crew").text
    assert moved.get(f"/crew/{grids.other[0]}").status_code == 403


def test_a_form_of_somebody_else_on_the_same_phone_is_refused(grids: Grids, wang: SignedIn) -> None:
    answer = wang.post(f"/crew/{grids.own[3]}", event_id="o1", what="well", owner="0")
    assert answer.status_code == 403
    with grids.database.reading() as session:
        assert list_events(session, grids.own[3]) == []


def test_what_waited_on_the_phone_counts_from_when_it_was_filled_in(
    grids: Grids, wang: SignedIn
) -> None:
    token = grids.own[3]
    for event_id, at in (("w1", "2099-01-01T00:00:00Z"), ("w2", "gestern")):
        assert wang.post(f"/crew/{token}", event_id=event_id, what="well", at=at).status_code == 303
    with grids.database.reading() as session:
        events = list_events(session, token)
    assert [abs((event.at - event.recorded_at).total_seconds()) < 60 for event in events] == [
        True,
        True,
    ]
