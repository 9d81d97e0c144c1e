"""Which addresses a program may be shown by a resident: those that its grants reach."""

from address_model.below_door import lies_below_door
from address_model.elements import elements_to_plain
from address_model.sensitivity import FieldClass
from service.addresses.queries import AddressRow
from service.auth.grants import Program
from service.auth.permissions import Permission


def may_receive(program: Program, address: AddressRow) -> bool:
    """Whether a grant covers the division of an address, and goes as deep.

    A resident agrees for themselves, and cannot give a program more than its grants.
    """
    deep = lies_below_door(address.level, elements_to_plain(address.elements))
    viewer = program.viewer(Permission.ADDRESSES_TOKEN)
    return FieldClass.PUBLIC in viewer.classes_in(address.division_code, is_deep=deep)
