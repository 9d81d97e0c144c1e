"""Lists of addresses by state and missing point are read by an index, not looked through."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.plates.queries import address_lists
from service.plates.queries.address_lists import AddressFilter, list_in_street_order
from tests.factories.streets import enter_doors

DOORS = [f"河坊街{number}号" for number in range(1, 9)]


@pytest.mark.parametrize(
    ("change", "wanted", "index"),
    [
        ("status = 'frozen'", AddressFilter(status="frozen"), "ix_address_unusual_status"),
        ("geom = null", AddressFilter(without_point=True), "ix_address_without_point"),
    ],
)
def test_the_only_one_of_its_kind_is_found_at_once(
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
    wanted: AddressFilter,
    index: str,
) -> None:
    codes = enter_doors(session, DOORS)
    statement = f"update address set {change} where code = :c"  # noqa: S608 - our own words
    session.execute(text(statement), {"c": codes[6]})
    monkeypatch.setattr(address_lists, "SCANNED", 2)
    page = list_in_street_order(session, wanted)
    assert ([row.code for row in page.rows], page.is_cut) == ([codes[6]], False)
    session.execute(text("set local enable_seqscan = off; set local enable_sort = off"))
    window = address_lists._window_of(wanted, "")  # noqa: SLF001
    plan = session.execute(text(f"explain {window}"), {"status": "frozen", "most": 3}).scalars()
    assert index in "\n".join(plan)


def test_active_addresses_are_looked_for_in_a_window(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = enter_doors(session, DOORS)
    change = text("update address set status = 'frozen' where code = any(:codes)")
    session.execute(change, {"codes": codes[:5]})
    monkeypatch.setattr(address_lists, "SCANNED", 3)
    page = list_in_street_order(session, AddressFilter(status="active"))
    assert (page.rows, page.is_cut) == ([], True)
    page = list_in_street_order(session, AddressFilter(status="active"), after=page.following)
    assert [row.code for row in page.rows] == [codes[5]]
