from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.address_kinds import AddressKind
from address_model.tables import AuditEntry
from service.changes.queries import list_changes
from service.core.actor import COMMAND_LINE as ME
from service.core.database import finish
from service.core.errors import BadRequest, Conflict, DivisionNotFound, Outdated
from service.service_items.commands import (
    add_service_item,
    correct_service_item,
    load_service_items,
    withdraw_service_item,
)
from service.service_items.item_file import ListedService
from service.service_items.queries import (
    ServiceItemNotFound,
    get_service_item,
    list_service_items,
    load_service_register,
)
from tests.factories.divisions import make_place
from tests.factories.services import RESIDENCE

TODAY = date(2026, 12, 1)
COUNTY, TOWNSHIP = "330102000000", "330102001000"


def add(session: Session, division: str = COUNTY, **changes: object) -> int:
    draft = replace(RESIDENCE, **changes)  # type: ignore[arg-type]
    number = add_service_item(session, division, draft, ME, TODAY)
    finish(session)
    return number


def shown(session: Session, day: date = TODAY, kind: str = AddressKind.NUMBER) -> list[str]:
    """What a scan shows, from the whole register and from that of one division alike."""
    whole = load_service_register(session, day).of(TOWNSHIP, kind)
    assert load_service_register(session, day, TOWNSHIP).of(TOWNSHIP, kind) == whole
    return [one.name for one in whole]


def test_an_item_is_shown_told_and_audited_until_it_is_withdrawn(session: Session) -> None:
    number = add(session)
    assert shown(session) == [RESIDENCE.name]
    correct_service_item(session, number, replace(RESIDENCE, name="新名"), ME, seen=1)
    finish(session)
    assert shown(session) == ["新名"]
    withdraw_service_item(session, number, "停办", ME, seen=2)
    finish(session)
    assert shown(session) == []
    told = [
        (one.subject, one.key, one.action, one.version) for one in list_changes(session, after=0)
    ]
    assert told[-3:] == [
        ("service_item", str(number), action, version)
        for version, action in enumerate(("new", "changed", "withdrawn"), start=1)
    ]
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.position.desc()).limit(3))
    withdrawn, corrected, added = entries
    assert [one.action for one in (added, corrected, withdrawn)] == [
        "service_items:add",
        "service_items:correct",
        "service_items:withdraw",
    ]
    assert corrected.detail["before"] == {"name": RESIDENCE.name}
    assert withdrawn.detail["reason"] == "停办"


def test_the_days_of_an_item_decide(session: Session) -> None:
    add(session, valid_from=TODAY + timedelta(1), valid_to=TODAY + timedelta(2))
    days = [shown(session, TODAY + timedelta(n)) for n in range(4)]
    assert days == [[], [RESIDENCE.name], [RESIDENCE.name], []]


def test_an_item_for_homes_is_not_shown_at_doors(session: Session) -> None:
    add(session, kinds=(AddressKind.ROOM,))
    assert shown(session) == []
    assert shown(session, kind=AddressKind.ROOM) == [RESIDENCE.name]


def test_a_stale_correction_and_one_of_a_withdrawn_item_are_refused(session: Session) -> None:
    number = add(session)
    with pytest.raises(Outdated) as stale:
        correct_service_item(session, number, RESIDENCE, ME, seen=7)
    assert RESIDENCE.name in (stale.value.zh or "")
    withdraw_service_item(session, number, "停办", ME, seen=1)
    finish(session)
    with pytest.raises(Conflict):
        correct_service_item(session, number, RESIDENCE, ME, seen=2)
    with pytest.raises(Conflict):
        withdraw_service_item(session, number, "停办", ME, seen=2)
    with pytest.raises(ServiceItemNotFound):
        withdraw_service_item(session, number + 1, "停办", ME, seen=1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"link": "", "phone": ""}, "link"),
        ({"link": "http://a.cn"}, "link"),
        ({"link": "https://service.example.org/{code}"}, "link"),
        ({"phone": "110"}, "phone"),
        ({"phone": "5711234"}, "phone"),
        ({"valid_from": TODAY, "valid_to": TODAY - timedelta(1)}, "valid_to"),
    ],
)
def test_what_residents_may_not_be_shown_is_refused(
    session: Session, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        add(session, COUNTY, **changes)
    assert refused.value.field == field
    assert list_service_items(session, "", TODAY) == []


def test_a_phone_is_kept_as_it_is_dialled(session: Session) -> None:
    number = add(session, phone="（0571）8765 4321")
    assert get_service_item(session, number).phone == "0571-87654321"


def test_a_list_has_what_is_inherited_and_what_lies_below_in_pages(session: Session) -> None:
    for division in ("", "330000000000", COUNTY, TOWNSHIP, "330106000000"):
        add(session, division, name=division or "处处")
    expected = ["处处", "330000000000", COUNTY, TOWNSHIP]
    found, after = [], ""
    while rows := list_service_items(session, COUNTY, TODAY, after=after, limit=2):
        found += [row.name for row in rows]
        after = rows[-1].cursor
    assert found == expected
    assert len(list_service_items(session, "", TODAY)) == 5
    assert list_service_items(session, COUNTY, TODAY, ended=True) == []


def test_an_item_that_is_over_is_listed_among_the_ended(session: Session) -> None:
    add(session, valid_from=date(2026, 1, 1), valid_to=date(2026, 11, 30))
    assert list_service_items(session, COUNTY, TODAY) == []
    (row,) = list_service_items(session, COUNTY, TODAY, ended=True)
    assert not row.holds_on(TODAY)
    assert row.holds_on(date(2026, 11, 30))


def test_a_file_is_loaded_once(session: Session) -> None:
    make_place(session)
    listed = [ListedService(COUNTY, RESIDENCE), ListedService("", RESIDENCE)]
    assert load_service_items(session, listed, ME, TODAY) == 2
    assert load_service_items(session, listed, ME, TODAY) == 0
    with pytest.raises(DivisionNotFound):
        load_service_items(session, [ListedService("999999000000", RESIDENCE)], ME, TODAY)
