"""The kinds of address that a service can be for, told by the deepest element."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from address_model.elements import Elements


class AddressKind(StrEnum):
    """What a plate stands at; a floor counts as a room."""

    NUMBER = "number"
    BUILDING = "building"
    UNIT = "unit"
    ROOM = "room"
    ESTATE = "estate"
    THING = "thing"


ADDRESS_KIND_NAMES: Mapping[AddressKind, str] = MappingProxyType(
    {
        AddressKind.NUMBER: "门牌",
        AddressKind.BUILDING: "楼牌",
        AddressKind.UNIT: "单元牌",
        AddressKind.ROOM: "户牌",
        AddressKind.ESTATE: "小区、院落牌",
        AddressKind.THING: "设施牌",
    }
)
_DEEPEST_FIRST = (AddressKind.THING, AddressKind.ROOM, AddressKind.UNIT, AddressKind.BUILDING)


def kind_of(elements: Elements) -> AddressKind:
    """The kind of an address; one without a number of any kind is an estate's."""
    for kind in _DEEPEST_FIRST:
        if getattr(elements, kind) is not None:
            return kind
        if kind is AddressKind.ROOM and elements.floor is not None:
            return kind
    return AddressKind.ESTATE if elements.number is None else AddressKind.NUMBER
