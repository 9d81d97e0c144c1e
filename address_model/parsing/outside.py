"""Whether a text lies in a province that the register does not hold."""

from functools import lru_cache

from address_model.divisions import PROVINCE
from address_model.gazetteer import Gazetteer
from address_model.parsing.result import Parse


def find_outside(reading: Parse, gazetteer: Gazetteer) -> str:
    """Return the province that a text names or implies outside the register, or nothing.

    上海市普陀区 lies in 上海市, never in 舟山, and 南昌市西湖区 in 江西省.
    """
    province = reading.place.province
    return province if province and province not in _provinces(gazetteer) else ""


@lru_cache(maxsize=4)
def _provinces(gazetteer: Gazetteer) -> frozenset[str]:
    held = gazetteer.divisions.values()
    return frozenset(division.name for division in held if division.level == PROVINCE)
