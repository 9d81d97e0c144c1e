"""What lies in an address repeats its elements, and takes the new ones when they change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.elements import Elements, Numbered, local_text
from address_model.parent_change import follow_parent

DOOR = Elements(thoroughfare="河坊街", number=Numbered("2", "号"))
OTHER = Elements(thoroughfare="中山路", number=Numbered("8", "号"))


def inside(door: Elements, **levels: Numbered) -> Elements:
    return door._replace(**levels)  # type: ignore[arg-type]


ESTATE = Elements(estate="示例大厦")
HOUSE, SECOND = Numbered("1", "幢"), Numbered("2", "幢")
FOUR = Numbered("4", "号")
ROOM = Numbered("101", "室")
TOWER = DOOR._replace(estate="示例大厦")
CASES = [
    (inside(DOOR, building=HOUSE, room=ROOM), DOOR, OTHER, "中山路8号1幢101室"),
    (inside(DOOR, room=ROOM), DOOR, inside(DOOR, building=HOUSE), "河坊街2号1幢101室"),
    (inside(DOOR, building=HOUSE, room=ROOM), inside(DOOR, building=HOUSE), DOOR, "河坊街2号101室"),
    (
        inside(DOOR, building=Numbered("1", "栋"), room=ROOM),
        inside(DOOR, building=HOUSE),
        inside(DOOR, building=Numbered("3", "幢")),
        "河坊街2号3幢101室",
    ),
    # A level that the child has of its own, or is too shallow for, is not taken.
    (inside(DOOR, building=SECOND), DOOR, inside(DOOR, building=HOUSE), "河坊街2号2幢"),
    (inside(DOOR, building=HOUSE), DOOR, inside(DOOR, room=ROOM), "河坊街2号1幢"),
    # A building of an estate keeps the gate it names, and none if it names none.
    (inside(TOWER, building=HOUSE), TOWER, TOWER._replace(number=FOUR), "河坊街4号示例大厦1幢"),
    (inside(ESTATE, building=HOUSE), TOWER, TOWER._replace(number=FOUR), "示例大厦1幢"),
    (
        inside(OTHER, building=HOUSE)._replace(estate="示例大厦"),
        TOWER,
        TOWER._replace(number=FOUR, estate="示例公寓"),
        "中山路8号示例公寓1幢",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("child", "before", "after", "text"), CASES)
def test_what_repeats_the_parent_follows_it(
    child: Elements, before: Elements, after: Elements, text: str
) -> None:
    assert local_text(follow_parent(child, before, after)) == text


@given(
    before=st.sampled_from((DOOR, OTHER, TOWER)),
    after=st.sampled_from((DOOR, OTHER)),
    house=st.integers(1, 9),
    room=st.integers(101, 120),
)
def test_a_change_and_its_reverse_leave_a_room_as_it_was(
    before: Elements, after: Elements, house: int, room: int
) -> None:
    levels = {"building": Numbered(str(house), "幢"), "room": Numbered(str(room), "室")}
    child = inside(before, **levels)
    moved = follow_parent(child, before, after)
    assert moved == inside(after, **levels)
    assert follow_parent(moved, after, before) == child
