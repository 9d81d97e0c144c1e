from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from address_model.walking_order import Stop, order_by_nearest, order_by_street

TOWNSHIP = "330102001000"


def stop(
    number: int,
    door: str,
    *,
    street: str = "河坊街",
    grid: str = "一",
    room: str = "",
    lon: float = 0,
) -> Stop:
    elements = Elements(
        thoroughfare=street,
        number=Numbered(door, "号") if door else None,
        room=Numbered(room, "室") if room else None,
    )
    point = Point(120 + lon / 96_000, 30) if lon else None
    return Stop.at(number, grid, TOWNSHIP, elements, point)


def walked(stops: list[Stop]) -> list[int]:
    return [one.number for one in order_by_street(stops)]


def test_a_street_is_walked_up_its_odd_side_and_back_on_the_even_one() -> None:
    stops = [stop(n, str(n)) for n in (1, 2, 3, 4, 5, 10)]
    for mixed in permutations(stops):
        assert walked(list(mixed)) == [1, 3, 5, 10, 4, 2]


def test_rooms_behind_one_door_stay_in_their_order_on_both_sides() -> None:
    stops = [stop(1, "2", room="102"), stop(2, "2", room="101"), stop(3, "4", room="1")]
    assert walked(stops) == [3, 2, 1]


def test_grids_and_streets_are_walked_as_wholes_and_what_has_no_grid_last() -> None:
    stops = [
        stop(1, "1", grid=""),
        stop(2, "1", grid="二"),
        stop(3, "2", grid="一", street="中山路"),
        stop(4, "1", grid="一"),
        stop(5, "2", grid="一"),
        stop(6, "", grid="一"),
    ]
    order = walked(stops)
    assert order[-1] == 1
    assert order.index(6) + 1 == order.index(4)
    by_grid = [next(s.grid for s in stops if s.number == number) for number in order]
    assert by_grid == ["一"] * 4 + ["二", ""]


def test_the_nearest_is_next_from_the_first_door_or_from_where_one_stands() -> None:
    stops = [stop(1, "1", lon=10), stop(2, "3", lon=90), stop(3, "5", lon=30), stop(4, "7")]
    assert [one.number for one in order_by_nearest(stops)] == [1, 3, 2, 4]
    here = Point(120 + 100 / 96_000, 30)
    assert [one.number for one in order_by_nearest(stops, here)] == [2, 3, 1, 4]
    assert order_by_nearest([]) == []


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 500)), max_size=30))
def test_every_stop_is_walked_once_in_either_order(drawn: list[tuple[int, int]]) -> None:
    stops = [stop(n, str(door) if door else "", lon=lon) for n, (door, lon) in enumerate(drawn)]
    for order in (order_by_street(stops), order_by_nearest(stops)):
        assert sorted(one.number for one in order) == list(range(len(stops)))
