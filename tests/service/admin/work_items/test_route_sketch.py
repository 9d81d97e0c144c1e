from address_model.coordinates import Point
from service.admin.work_items.route_sketch import EDGE, HEIGHT, WIDTH, draw_route

HERE = Point(120.165, 30.24)


def test_stops_lie_within_the_drawing_north_up_with_their_numbers() -> None:
    found = draw_route([(1, HERE), (2, Point(120.165, 30.241)), (5, Point(120.167, 30.24))])
    assert found is not None
    south, north, east = found.stops
    assert [stop.place for stop in found.stops] == [1, 2, 5]
    assert north.y < south.y == east.y
    assert south.x == north.x < east.x
    for stop in found.stops:
        assert EDGE <= stop.x <= WIDTH - EDGE
        assert EDGE <= stop.y <= HEIGHT - EDGE


def test_stops_at_one_spot_are_not_drawn() -> None:
    assert draw_route([]) is None
    assert draw_route([(1, HERE), (2, HERE)]) is None
