import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.codes import SERIALS
from address_model.coordinates import Point
from service.addresses.commands import (
    correct_address,
    enter_addresses,
    issue_codes,
    raise_counters,
)
from service.addresses.queries import find_names, get_address, list_addresses, list_doors_near
from service.changes.queries import list_changes
from service.core.actor import COMMAND_LINE
from service.core.database import finish
from service.core.errors import AddressNotFound, CodeSpaceExhausted, MalformedCode
from tests.factories import make_draft, make_place
from tests.factories.addresses import placed


def test_an_address_is_registered_with_code_name_identifier_and_change(session: Session) -> None:
    place = make_place(session)
    draft = placed(session, make_draft(place, source_id="17"))
    (code,) = enter_addresses(session, [draft], COMMAND_LINE)
    finish(session)
    held = get_address(session, str(code))
    assert held.standard_text == "浙江省杭州市上城区清波街道河坊街88号"
    assert held.elements == draft.elements
    assert held.point == draft.point
    assert held.county == "330102"
    assert find_names(session, [draft.key])[draft.key][0].code == held.code
    changes = list_changes(session, after=0)
    assert ("address", str(code), "new", "330102001000") in [
        (c.subject, c.key, c.action, c.division) for c in changes
    ]


def test_codes_are_in_the_order_of_the_drafts_whatever_their_counties(
    session: Session,
) -> None:
    place = make_place(session)
    drafts = [make_draft(place, str(n), county="330106" if n % 2 else "330102") for n in range(6)]
    codes = enter_addresses(session, drafts, COMMAND_LINE)
    assert [code.county for code in codes] == [draft.county for draft in drafts]
    for code, draft in zip(codes, drafts, strict=True):
        assert get_address(session, str(code)).standard_text == draft.text


def test_a_corrected_text_becomes_a_former_name_that_resolves_to_the_code(
    session: Session,
) -> None:
    place = make_place(session)
    old = placed(session, make_draft(place, "88"))
    (code,) = enter_addresses(session, [old], COMMAND_LINE)
    new = make_draft(place, "90", point=Point(120.166, 30.24))
    correct_address(session, get_address(session, str(code)), new, COMMAND_LINE)
    finish(session)
    held = get_address(session, str(code))
    assert held.standard_text.endswith("河坊街90号")
    assert held.point == Point(120.166, 30.24)
    former = find_names(session, [old.key])[old.key]
    assert [(name.kind, name.code) for name in former] == [("former", str(code))]


def test_a_text_that_goes_and_comes_back_is_current_again(session: Session) -> None:
    place = make_place(session)
    one, two = (placed(session, make_draft(place, number)) for number in ("88", "90"))
    (code,) = enter_addresses(session, [one], COMMAND_LINE)
    for draft in (two, one, two, one):
        correct_address(session, get_address(session, str(code)), draft, COMMAND_LINE)
    names = find_names(session, [one.key])[one.key]
    assert ("standard", None) in [(name.kind, name.valid_to) for name in names]


def test_a_county_without_codes_left_is_reported(session: Session) -> None:
    issue_codes(session, "330999", 1)
    session.execute(
        text("update code_space set counter = :n where county = '330999'"), {"n": SERIALS - 2}
    )
    assert len(issue_codes(session, "330999", 2)) == 2
    with pytest.raises(CodeSpaceExhausted, match="330999"):
        issue_codes(session, "330999", 1)


def test_raising_the_counters_skips_codes_that_may_have_been_issued(session: Session) -> None:
    before = set(map(str, issue_codes(session, "330999", 100)))
    raise_counters(session, 1_000_000, COMMAND_LINE)
    assert not before & set(map(str, issue_codes(session, "330999", 100)))


def test_an_unknown_code_and_a_malformed_one_are_distinguished(session: Session) -> None:
    with pytest.raises(AddressNotFound):
        get_address(session, "3301061234567833")
    with pytest.raises(MalformedCode, match="check digits"):
        get_address(session, "3301061234567893")


@pytest.mark.parametrize(
    ("division", "expected"),
    [("33", 3), ("330100000000", 3), ("330102", 3), ("330102001000", 3), ("330106", 0), ("", 3)],
)
def test_addresses_are_listed_by_division(session: Session, division: str, expected: int) -> None:
    place = make_place(session)
    enter_addresses(session, [make_draft(place, str(n)) for n in range(3)], COMMAND_LINE)
    assert len(list_addresses(session, division=division)) == expected


def test_addresses_are_listed_by_the_beginning_of_their_codes(session: Session) -> None:
    place = make_place(session)
    drafts = [make_draft(place, str(n)) for n in range(3)]
    codes = sorted(map(str, enter_addresses(session, drafts, COMMAND_LINE)))
    for digits in (6, 8, 15, 16):
        begun = codes[1][:digits]
        wanted = [code for code in codes if code.startswith(begun)]
        assert [row.code for row in list_addresses(session, beginning=begun)] == wanted


def test_pages_of_a_list_join_without_gap_or_repetition(session: Session) -> None:
    place = make_place(session)
    codes = enter_addresses(session, [make_draft(place, str(n)) for n in range(7)], COMMAND_LINE)
    seen: list[str] = []
    while page := list_addresses(session, after=seen[-1] if seen else "", limit=3):
        seen += [row.code for row in page]
    assert seen == sorted(map(str, codes))


def test_doors_near_a_point_come_nearest_first_and_once_per_point(session: Session) -> None:
    place = make_place(session)
    points = {"1": 120.1650, "3": 120.1652, "5": 120.1651, "5a": 120.1651}
    drafts = [make_draft(place, n, point=Point(lon, 30.24)) for n, lon in points.items()]
    enter_addresses(session, drafts, COMMAND_LINE)
    doors = list_doors_near(session, Point(120.1650, 30.24))
    assert len(doors) == 3
    assert str(doors[0].elements.number) == "1号"
    assert str(doors[2].elements.number) == "3号"
