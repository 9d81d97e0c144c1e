"""Who may see what: the table of fields, and answers without what their viewer may not see."""

from dataclasses import dataclass
from typing import Any

import pytest

from address_model.below_door import lies_below_door
from address_model.elements import Elements, Numbered
from address_model.nested_records import PARTS
from address_model.sensitivity import (
    ANYBODY,
    FIELDS,
    RESIDENT,
    SEEN,
    Audience,
    FieldClass,
    Reach,
    Viewer,
    cut_at_door,
    mask,
    mask_record,
)

STAFF = Viewer(Audience.STAFF, ("330102",))
CLIENT = Viewer(Audience.CLIENT)
HERE, ELSEWHERE = "330102001000", "330106001000"
SCAN = {
    "code": "3301020000000012",
    "grid": "示例网格 3",
    "contacts": [{"role": "grid_worker", "phone": "0571-00000001"}],
    "story": {"name": "河坊街", "path": "/heritage/ZJH-0087"},
}
ADDRESS: dict[str, Any] = {
    "code": "3301020000000012",
    "status_reason": "更正",
    "positions": [{"kind": "centre", "source": "测绘院"}],
}


@dataclass(frozen=True, slots=True)
class Card:
    code: str
    grid: str = ""
    contacts: tuple[str, ...] = ()


def test_a_contact_is_for_whoever_stands_before_the_plate_and_for_no_other() -> None:
    assert mask(SCAN, "scan", RESIDENT) == SCAN
    for viewer in (ANYBODY, CLIENT):
        shown = mask(SCAN, "scan", viewer)
        assert set(shown) == {"code", "story"}
        assert shown["story"] == SCAN["story"]


def test_what_offices_keep_is_for_departments_and_for_no_resident() -> None:
    assert mask(ADDRESS, "address", CLIENT) is ADDRESS
    for viewer in (ANYBODY, RESIDENT):
        assert mask(ADDRESS, "address", viewer) == {"code": ADDRESS["code"]}


def test_what_is_hidden_in_a_record_within_a_record_is_left_out_there() -> None:
    position = ADDRESS["positions"][0]
    assert mask({"geometry": None, **position}, "position", RESIDENT) == {
        "geometry": None,
        "kind": "centre",
    }


def test_staff_sees_all_in_its_division_and_outside_what_anybody_sees() -> None:
    assert mask(SCAN, "scan", STAFF, division=HERE) == SCAN
    assert mask(ADDRESS, "address", STAFF, division=HERE) == ADDRESS
    assert set(mask(SCAN, "scan", STAFF, division=ELSEWHERE)) == {"code", "story"}
    assert set(mask(ADDRESS, "address", STAFF, division=ELSEWHERE)) == {"code"}


@pytest.mark.parametrize("viewer", [ANYBODY, RESIDENT, CLIENT, STAFF])
def test_a_field_that_nobody_has_classed_is_shown_to_nobody(viewer: Viewer) -> None:
    assert "password" not in mask(SCAN | {"password": "1"}, "scan", viewer, division=HERE)


def test_a_hidden_field_of_a_record_is_as_if_nothing_were_known() -> None:
    card = Card("3301020000000012", "示例网格 3", ("演示甲",))
    assert mask_record(card, "card", RESIDENT) is card
    assert mask_record(card, "card", ANYBODY) == Card("3301020000000012")


def test_a_field_without_a_default_cannot_be_hidden_in_silence() -> None:
    @dataclass(frozen=True)
    class Bare:
        contacts: tuple[str, ...]

    with pytest.raises(TypeError, match=r"card\.contacts"):
        mask_record(Bare(("演示甲",)), "card", ANYBODY)


def test_every_class_is_seen_by_somebody_and_the_public_ones_by_all() -> None:
    assert set().union(*SEEN.values()) == set(FieldClass)
    assert all(FieldClass.PUBLIC in classes for classes in SEEN.values())
    assert [one for one, seen in SEEN.items() if FieldClass.CONTACT in seen] == [
        Audience.RESIDENT,
        Audience.STAFF,
    ]


def test_every_record_within_a_record_has_its_own_table() -> None:
    for kind, parts in PARTS.items():
        assert set(parts) <= set(FIELDS[kind]), kind
        assert set(parts.values()) <= set(FIELDS), kind


def test_what_lies_in_a_home_is_cut_at_its_door() -> None:
    home = Elements(
        thoroughfare="河坊街",
        number=Numbered("88", "号"),
        unit=Numbered("2", "单元"),
        room=Numbered("501", "室"),
    )
    door = home._replace(unit=None, room=None)
    assert cut_at_door(home) == cut_at_door(door) == door
    in_home = home._replace(thing=Numbered("", "充电桩"))
    assert cut_at_door(in_home) == door
    on_stairs = door._replace(floor=Numbered("3", "层"), thing=Numbered("", "AED"))
    assert cut_at_door(on_stairs) == on_stairs


def test_by_its_grants_a_viewer_sees_what_they_say_and_outside_them_nothing() -> None:
    public = frozenset({FieldClass.PUBLIC})
    both = SEEN[Audience.CLIENT]
    viewer = Viewer(
        Audience.CLIENT,
        reaches=(Reach("3301", public, is_deep=False), Reach("330102", both, is_deep=True)),
    )
    assert viewer.classes_in(HERE) == viewer.classes_in(HERE, is_deep=True) == both
    assert viewer.classes_in(ELSEWHERE) == public
    assert viewer.classes_in(ELSEWHERE, is_deep=True) == frozenset()
    assert viewer.classes_in("330203001000") == frozenset()
    assert mask(ADDRESS, "address", viewer, division="330203001000") == {}
    assert mask(ADDRESS, "address", viewer, division=ELSEWHERE) == {"code": ADDRESS["code"]}
    assert mask(ADDRESS, "address", viewer, division=HERE, is_deep=True) is ADDRESS
    assert not viewer.stops_at_the_door
    assert Viewer(Audience.CLIENT, reaches=()).classes_in(HERE) == frozenset()


def test_a_thing_lies_below_the_door_only_if_it_stands_in_a_home() -> None:
    assert [lies_below_door(level, {}) for level in ("number", "building", "unit", "room")] == [
        *(False, False),
        *(True, True),
    ]
    assert not lies_below_door("thing", {"floor": {}, "thing": {}})
    assert lies_below_door("thing", {"room": {}, "thing": {}})
