from collections.abc import Iterable
from itertools import count, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.coordinates import Point
from address_model.doors import Doors
from address_model.namesakes import Judgement, Outcome, Place, Township, WantedPlace, judge_name
from address_model.places import PlaceKind

TOWNS = {
    "泗门镇": Township("330281101000", "泗门镇"),
    "临山镇": Township("330281102000", "临山镇"),
    "稠城街道": Township("330782001000", "稠城街道"),
    "北苑街道": Township("330782002000", "北苑街道"),
    "福田街道": Township("330782003000", "福田街道"),
    "甲乙镇": Township("甲乙镇", "甲乙镇"),
    "丙丁街道": Township("丙丁街道", "丙丁街道"),
    "": Township(),
}
HERE, FAR = Point(120.1, 30.1), Point(120.2, 30.1)  # almost 10 km apart


def doors(numbers: Iterable[int], point: Point | None = None) -> Doors:
    made = Doors()
    for number in numbers:
        made.add(f"n{number}号", point)
    return made


def wanted(
    town: str,
    numbers: Iterable[int],
    *,
    kind: PlaceKind = PlaceKind.STREET,
    qualifier: str = "",
    point: Point | None = None,
) -> WantedPlace:
    return WantedPlace(kind, TOWNS[town], qualifier, doors(numbers, point))


def judge(
    name: str, wants: Iterable[WantedPlace], held: list[Place] | None = None
) -> dict[str, Judgement]:
    """Outcomes by the township's name and the qualifier."""
    fresh = count(-1, -1)
    found = judge_name(name, held or [], wants, lambda ref: Doors(), lambda: next(fresh))
    names = {town.code: name for name, town in TOWNS.items()}
    return {f"{names[code]}{qualifier}": one for (_, code, qualifier), one in found.items()}


def outcomes(found: dict[str, Judgement]) -> dict[str, str]:
    return {town: str(one.outcome) for town, one in found.items()}


def test_a_name_in_two_towns_is_two_places_whatever_their_numbers() -> None:
    found = judge("人民路", [wanted("泗门镇", [16]), wanted("临山镇", [18])])
    assert outcomes(found) == {"泗门镇": "new", "临山镇": "new"}
    assert found["泗门镇"].ref != found["临山镇"].ref


def test_a_town_and_a_subdistrict_are_two_places() -> None:
    found = judge("人民路", [wanted("泗门镇", [16]), wanted("稠城街道", [18])])
    assert len({one.ref for one in found.values()}) == 2


def test_subdistricts_whose_numbers_are_disjoint_are_one_place_with_a_note() -> None:
    wants = [wanted("稠城街道", [1, 3]), wanted("北苑街道", [5]), wanted("福田街道", [7])]
    found = judge("丹溪北路", wants)
    assert outcomes(found) == {"稠城街道": "new", "北苑街道": "joined", "福田街道": "joined"}
    assert len({one.ref for one in found.values()}) == 1
    assert found["北苑街道"].reason


def test_subdistricts_that_share_a_number_wait() -> None:
    found = judge("丹溪北路", [wanted("稠城街道", [1, 3]), wanted("北苑街道", [3, 5])])
    assert outcomes(found) == {"稠城街道": "new", "北苑街道": "waiting"}
    assert found["北苑街道"].ref == found["稠城街道"].ref


def test_subdistricts_whose_doors_lie_far_apart_wait() -> None:
    wants = [wanted("稠城街道", [1], point=HERE), wanted("北苑街道", [3], point=FAR)]
    assert outcomes(judge("丹溪北路", wants))["北苑街道"] == "waiting"
    wants = [wanted("稠城街道", [1], point=HERE), wanted("北苑街道", [3], point=HERE)]
    assert outcomes(judge("丹溪北路", wants))["北苑街道"] == "joined"


@pytest.mark.parametrize("name", ["329国道", "江东公路", "03省道", "G329"])
def test_a_road_that_runs_through_is_one_in_towns_too(name: str) -> None:
    found = judge(name, [wanted("泗门镇", [1]), wanted("临山镇", [3])])
    assert outcomes(found) == {"泗门镇": "new", "临山镇": "joined"}
    found = judge(name, [wanted("泗门镇", [1]), wanted("临山镇", [1])])
    assert outcomes(found)["临山镇"] == "waiting"


def test_natural_villages_of_one_name_in_two_communities_are_two() -> None:
    wants = [
        wanted("泗门镇", [1], kind=PlaceKind.VILLAGE, qualifier=qualifier)
        for qualifier in ("湖北", "谢家路")
    ]
    found = judge("上张", wants)
    assert len({one.ref for one in found.values()}) == 2
    unnamed = judge("上张", [*wants, wanted("泗门镇", [5], kind=PlaceKind.VILLAGE)])
    assert outcomes(unnamed)["泗门镇"] == "unclear"


def test_people_cannot_tell_a_village_from_its_community() -> None:
    wants = [
        wanted("泗门镇", [1], kind=PlaceKind.COMMUNITY),
        wanted("泗门镇", [2], kind=PlaceKind.VILLAGE),
    ]
    fresh = count(-1, -1)
    found = judge_name("湖北", [], wants, lambda _: Doors(), lambda: next(fresh))
    assert len({one.ref for one in found.values()}) == 1


def test_a_place_without_township_takes_in_a_subdistrict_and_asks_about_a_town() -> None:
    def loose() -> list[Place]:
        return [Place(9, PlaceKind.STREET, [Township()])]

    assert outcomes(judge("人民路", [wanted("稠城街道", [1])], loose())) == {"稠城街道": "joined"}
    assert outcomes(judge("人民路", [wanted("泗门镇", [1])], loose())) == {"泗门镇": "waiting"}


@pytest.mark.parametrize("other", ["泗门镇", "稠城街道", "丙丁街道"])
def test_a_township_that_no_list_knows_waits_beside_another(other: str) -> None:
    """It may be the former name of the other, so neither one place nor two is safe."""
    found = judge("人民路", [wanted("甲乙镇", [1]), wanted(other, [3])])
    assert sorted(outcomes(found).values()) == ["new", "waiting"]
    alone = judge("人民路", [wanted("甲乙镇", [1])])
    assert outcomes(alone) == {"甲乙镇": "new"}
    held = [Place(9, PlaceKind.STREET, [TOWNS["甲乙镇"]])]
    again = judge("人民路", [wanted("甲乙镇", [5]), wanted(other, [7])], held)
    assert outcomes(again) == {"甲乙镇": "held", other: "waiting"}


def test_a_list_without_township_means_the_only_place_of_the_name() -> None:
    one = [wanted("泗门镇", [16]), wanted("", [20])]
    assert outcomes(judge("人民路", one)) == {"泗门镇": "new", "": "held"}
    two = [wanted("泗门镇", [16]), wanted("临山镇", [16]), wanted("", [20])]
    assert outcomes(judge("人民路", two))[""] == "unclear"


def test_the_order_of_a_list_changes_nothing() -> None:
    wants = [
        wanted("稠城街道", [1, 3]),
        wanted("北苑街道", [3, 5]),
        wanted("泗门镇", [1]),
        wanted("", [9]),
    ]
    found = [outcomes(judge("人民路", order)) for order in permutations(wants)]
    assert all(one == found[0] for one in found)


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(TOWNS)), st.sets(st.integers(1, 9), min_size=1)),
        min_size=1,
        max_size=5,
        unique_by=lambda pair: pair[0],
    )
)
def test_no_two_townships_of_one_place_share_a_door(pairs: list[tuple[str, set[int]]]) -> None:
    found = judge("人民路", [wanted(town, numbers) for town, numbers in pairs])
    placed: dict[int, set[int]] = {}
    for town, numbers in pairs:
        judgement = found[town]
        if town and judgement.outcome in (Outcome.NEW, Outcome.JOINED, Outcome.HELD):
            assert not placed.setdefault(judgement.ref, set()) & numbers
            placed[judgement.ref] |= numbers
