"""Units are opened, corrected and closed; their numbers stay for ever."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.units import UnitKind, make_unit_number, serial_of
from service.audit.queries import AuditFilter, list_entries
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import today
from service.core.database import finish
from service.core.errors import BadRequest, Conflict, DivisionNotFound, Outdated
from service.organisations import commands
from service.organisations.commands import UnitDraft
from service.organisations.queries import (
    UnitNotFound,
    find_units,
    get_unit,
    list_posts,
    list_units,
)
from tests.factories import make_place
from tests.factories.units import make_post, make_unit

COUNTY, TOWNSHIP, OTHER = "330102000000", "330102001000", "330106000000"
OFFICE = UnitDraft("清波街道办事处", UnitKind.TOWNSHIP_OFFICE, phone="0571 87654321")


@pytest.fixture
def place(session: Session) -> Session:
    """The divisions."""
    make_place(session)
    return session


def test_a_unit_gets_a_number_of_its_county_that_is_never_used_again(place: Session) -> None:
    made = commands.open_unit(place, OFFICE, TOWNSHIP, ME)
    assert (made.number, made.name, made.phone) == ("U3301020001", OFFICE.name, "0571-87654321")
    assert (made.division, made.valid_from, made.valid_to) == (TOWNSHIP, today(), None)
    commands.close_unit(place, made.number, today(), ME)
    assert make_unit(place, "湖滨派出所", COUNTY).number == "U3301020002"
    assert make_unit(place, "西湖派出所", OTHER).number == "U3301060001"
    assert get_unit(place, " u3301020001 ").name == OFFICE.name


@pytest.mark.parametrize("serial", [0, 10_000])
def test_a_number_has_four_digits_behind_the_county(serial: int) -> None:
    assert serial_of(make_unit_number(COUNTY, 9999)) == 9999
    assert serial_of("3301020001") == 0
    with pytest.raises(ValueError, match="serial"):
        make_unit_number(COUNTY, serial)


@pytest.mark.parametrize(
    ("draft", "division", "error"),
    [
        (UnitDraft("所", UnitKind.OTHER), COUNTY, BadRequest),
        (UnitDraft("长" * 61, UnitKind.OTHER), COUNTY, BadRequest),
        (UnitDraft("派出所", UnitKind.OTHER, phone="110"), COUNTY, BadRequest),
        (UnitDraft("派出所", UnitKind.OTHER), "990000000000", DivisionNotFound),
        (UnitDraft("派出所", UnitKind.OTHER, "U9999990001"), COUNTY, UnitNotFound),
        (UnitDraft("派出所", UnitKind.OTHER, "U3301060001"), COUNTY, Conflict),
        (UnitDraft("清波街道 办事处", UnitKind.OTHER), TOWNSHIP, Conflict),
    ],
)
def test_what_cannot_be_a_unit_is_refused(
    place: Session, draft: UnitDraft, division: str, error: type[Exception]
) -> None:
    make_unit(place, "清波街道 办事处", TOWNSHIP)
    make_unit(place, "西湖区民政局", OTHER)
    with pytest.raises(error):
        commands.open_unit(place, draft, division, ME)


def test_units_are_listed_by_division_from_the_widest_and_page_by_page(place: Session) -> None:
    station = make_unit(place)
    bureau = make_unit(place, "上城区公安分局", COUNTY)
    make_unit(place, "西湖区公安分局", OTHER)
    gone = make_unit(place, "老派出所", TOWNSHIP)
    commands.close_unit(place, gone.number, today() - timedelta(days=1), ME)

    def names(**wanted: object) -> list[str]:
        rows = list_units(place, living_on=today(), **wanted)  # type: ignore[arg-type]
        return [row.name for row in rows]

    assert names(scopes=("330102",)) == [bureau.name, station.name]
    assert names(scopes=()) == []
    assert names(after=f"{bureau.division}{bureau.number}", limit=1) == [station.name]
    assert [row.name for row in list_units(place, scopes=("330102001",))] == [
        station.name,
        gone.name,
    ]
    assert find_units(place, [station.id, 0]) == {station.id: station}


def test_a_correction_keeps_the_division_and_raises_the_version(place: Session) -> None:
    bureau = make_unit(place, "上城区公安分局", COUNTY, kind=UnitKind.PUBLIC_SECURITY)
    station = make_unit(place)
    draft = UnitDraft("清波派出所", UnitKind.POLICE_STATION, bureau.number, "0571-87650000")
    done = commands.correct_unit(place, station.number, draft, ME, seen=station.version)
    assert (done.name, done.parent, done.parent_name) == (draft.name, bureau.number, bureau.name)
    assert (done.division, done.version) == (station.division, station.version + 1)
    with pytest.raises(Outdated) as stale:
        commands.correct_unit(place, station.number, draft, ME, seen=station.version)
    assert "清波派出所" in stale.value.zh
    [below] = list_units(place, parent=bureau.number)
    assert below.number == station.number


def test_a_unit_does_not_stand_above_itself(place: Session) -> None:
    city = make_unit(place, "杭州市公安局", "330100000000")
    county = make_unit(place, "上城区公安分局", COUNTY, parent=city.number)
    for above, own in ((city, city), (county, city)):
        draft = UnitDraft(own.name, own.kind, above.number)
        with pytest.raises(Conflict):
            commands.correct_unit(place, own.number, draft, ME)
    again = make_unit(place, "上城区公安分局二处", COUNTY, parent=county.number)
    draft = UnitDraft(county.name, county.kind, again.number)
    with pytest.raises(Conflict, match="above itself"):
        commands.correct_unit(place, county.number, draft, ME)


def test_a_unit_closes_when_nothing_hangs_on_it(place: Session) -> None:
    bureau = make_unit(place, "上城区公安分局", COUNTY)
    station = make_unit(place, parent=bureau.number)
    make_post(place, bureau)
    with pytest.raises(Conflict, match="stand below"):
        commands.close_unit(place, bureau.number, today(), ME)
    with pytest.raises(BadRequest, match="first day"):
        commands.close_unit(place, station.number, date(2025, 12, 31), ME)
    eve = today() - timedelta(days=1)
    commands.close_unit(place, station.number, eve, ME)
    done = commands.close_unit(place, bureau.number, today(), ME)
    assert done.valid_to == today()
    assert [post.valid_to for post in list_posts(place, bureau.id)] == [today()]
    with pytest.raises(Conflict, match="ended"):
        commands.close_unit(place, station.number, today(), ME)
    with pytest.raises(Conflict, match="ended"):
        make_unit(place, "新派出所", TOWNSHIP, parent=station.number)


def test_every_change_is_audited_and_told(place: Session) -> None:
    unit = make_unit(place)
    make_post(place, unit)
    commands.close_unit(place, unit.number, today(), ME)
    finish(place)
    told = place.execute(
        text("select action, division from change where subject = 'unit' order by position")
    ).all()
    assert [tuple(row) for row in told] == [("new", TOWNSHIP)]
    acts = [one.action for one in list_entries(place, AuditFilter(subject=unit.number))]
    assert acts == ["units:close", "units:open_post", "units:open"]
