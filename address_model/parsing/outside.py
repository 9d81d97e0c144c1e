"""Whether a text lies in a province that the register does not hold."""

from address_model.gazetteer import Gazetteer
from address_model.parsing.result import Parse


def find_outside(reading: Parse, gazetteer: Gazetteer) -> str:
    """Return the province that a text names or implies outside the register, or nothing.

    上海市普陀区 lies in 上海市, never in 舟山, and 南昌市西湖区 in 江西省.
    """
    province = reading.place.province
    return province if province and province not in gazetteer.provinces else ""
