from address_model.lifecycle import (
    ADDRESS_STATUS_NAMES,
    ADDRESS_TRANSITIONS,
    PLATE_STATUS_NAMES,
    PLATE_TRANSITIONS,
    AddressStatus,
    PlateStatus,
    may_address_become,
    may_plate_become,
)


def test_every_state_has_transitions_and_a_name() -> None:
    assert set(ADDRESS_TRANSITIONS) == set(ADDRESS_STATUS_NAMES) == set(AddressStatus)
    assert set(PLATE_TRANSITIONS) == set(PLATE_STATUS_NAMES) == set(PlateStatus)


def test_a_retired_address_never_comes_back() -> None:
    assert not any(may_address_become(AddressStatus.RETIRED, after) for after in AddressStatus)


def test_a_void_plate_never_comes_back() -> None:
    assert not any(may_plate_become(PlateStatus.VOID, after) for after in PlateStatus)


def test_a_plate_comes_into_use_by_being_installed() -> None:
    assert may_plate_become(PlateStatus.TO_INSTALL, PlateStatus.IN_USE)
    assert not may_plate_become(PlateStatus.TO_MAKE, PlateStatus.IN_USE)
