import random

from address_model.coordinates import Point, distance_m
from address_model.facility_kinds import FacilityKind
from service.service_items.nearby import (
    AED_FIRST_M,
    MOST_NEARBY,
    REACH_M,
    FacilityRegister,
    KnownFacility,
    NearFacility,
)
from tests.factories.services import known

HERE = Point(120.165, 30.24)
A_HUNDRED_M = 0.00104
"""Degrees of longitude at this latitude."""

TOILET, HALL, CARE, AED = (
    FacilityKind.TOILET,
    FacilityKind.CULTURE_HALL,
    FacilityKind.ELDER_CARE,
    FacilityKind.AED,
)


def near(*facilities: KnownFacility, area_ids: str = "") -> list[int]:
    found = FacilityRegister(facilities).near("9", HERE, area_ids)
    return [one.facility.id for one in found]


def at(hundreds: float) -> float:
    return HERE.lon + hundreds * A_HUNDRED_M


def test_the_nearest_of_each_kind_is_shown_and_nothing_beyond_a_kilometre() -> None:
    assert near(
        known(1, TOILET, at(3)),
        known(2, TOILET, at(-2)),
        known(3, HALL, at(1)),
        known(4, CARE, at(10.2)),
    ) == [3, 2]


def test_an_aed_within_500_metres_stands_first() -> None:
    hall = known(1, HALL, at(0.5))
    assert near(hall, known(2, AED, at(4.9))) == [2, 1]
    assert near(hall, known(2, AED, at(5.2))) == [1, 2]
    assert AED_FIRST_M < REACH_M


def test_what_is_in_the_community_is_near_however_far_and_without_a_point() -> None:
    far, lost = known(1, HALL, at(80), "7"), known(2, CARE, None, "7")
    assert near(far, lost) == []
    assert near(far, lost, area_ids="3,7") == [1, 2]
    (found,) = FacilityRegister([lost]).near("9", None, "7")
    assert found.metres is None


def test_a_facility_at_the_address_itself_is_here() -> None:
    (found,) = FacilityRegister([known(9, HALL, HERE.lon)]).near("9", HERE, "")
    assert found == NearFacility(known(9, HALL, HERE.lon), 0.0, is_here=True)


def test_five_at_most() -> None:
    every = [known(n, kind, at(n / 10)) for n, kind in enumerate(FacilityKind)]
    assert len(near(*every)) == MOST_NEARBY


def test_no_facilities_is_nothing_near() -> None:
    assert FacilityRegister([]).near("9", HERE, "7") == ()


def test_the_cells_find_what_a_comparison_with_all_finds() -> None:
    drawn = random.Random(1)
    kinds = list(FacilityKind)
    facilities = [
        KnownFacility(
            n,
            drawn.choice(kinds),
            "",
            "",
            "",
            Point(120 + drawn.random() / 5, 30 + drawn.random() / 5),
        )
        for n in range(600)
    ]
    register = FacilityRegister(facilities)
    for _ in range(200):
        here = Point(120 + drawn.random() / 5, 30 + drawn.random() / 5)
        best: dict[str, float] = {}
        for one in facilities:
            metres = distance_m(here, one.point or here)
            if metres <= REACH_M:
                best[one.kind] = min(metres, best.get(one.kind, REACH_M))
        found = {one.facility.kind: one.metres or 0.0 for one in register.near("", here, "")}
        assert len(found) == min(len(best), MOST_NEARBY)
        assert all(abs(best[kind] - metres) < 1 for kind, metres in found.items())
