from address_model.address_kinds import AddressKind
from service.service_items.register import MOST_SHOWN, OfferedService, ServiceRegister

HERE, DOOR = "330102001000", AddressKind.NUMBER


def names(register: ServiceRegister, division: str = HERE, kind: str = DOOR) -> list[str]:
    return [one.name for one in register.of(division, kind)]


def test_a_division_has_its_own_services_and_those_of_all_above() -> None:
    codes = {"处处": "", "省": "330000000000", "县": "330102000000", "街道": HERE}
    codes |= {"邻县": "330106000000", "邻街": "330102002000"}
    offered = [OfferedService(n, code, name) for n, (name, code) in enumerate(codes.items())]
    register = ServiceRegister(offered)
    assert names(register) == ["处处", "省", "县", "街道"]
    assert names(register, "330106001000") == ["处处", "省", "邻县"]
    assert names(register, "") == ["处处"]


def test_a_service_for_some_kinds_of_address_is_shown_at_no_other() -> None:
    offered = OfferedService(1, HERE, "住户", kinds=(AddressKind.ROOM, AddressKind.UNIT))
    register = ServiceRegister([offered])
    assert names(register) == []
    assert names(register, kind=AddressKind.ROOM) == ["住户"]


def test_the_first_by_rank_are_shown() -> None:
    offered = [OfferedService(n, HERE, str(n), rank=100 - n) for n in range(20)]
    expected = [str(n) for n in range(19, 19 - MOST_SHOWN, -1)]
    assert names(ServiceRegister(offered)) == expected
