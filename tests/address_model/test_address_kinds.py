import pytest

from address_model.address_kinds import ADDRESS_KIND_NAMES, AddressKind, kind_of
from address_model.elements import Elements, Numbered

DOOR = Numbered("88", "号")
ONE = Numbered("1", "幢")


@pytest.mark.parametrize(
    ("elements", "kind"),
    [
        ({"number": DOOR}, AddressKind.NUMBER),
        ({"number": DOOR, "building": ONE}, AddressKind.BUILDING),
        ({"building": ONE, "unit": ONE}, AddressKind.UNIT),
        ({"building": ONE, "unit": ONE, "room": ONE}, AddressKind.ROOM),
        ({"building": ONE, "floor": ONE}, AddressKind.ROOM),
        ({"estate": "章安佳苑"}, AddressKind.ESTATE),
        ({"number": DOOR, "thing": Numbered("1012", "号路灯")}, AddressKind.THING),
    ],
)
def test_the_deepest_element_tells_the_kind(elements: dict[str, object], kind: AddressKind) -> None:
    place = Elements("浙江省", "杭州市", "上城区", "清波街道", thoroughfare="河坊街")
    assert kind_of(place._replace(**elements)) is kind  # type: ignore[arg-type]


def test_every_kind_has_a_name() -> None:
    assert set(ADDRESS_KIND_NAMES) == set(AddressKind)
