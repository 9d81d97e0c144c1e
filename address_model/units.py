"""Units (单位) of the five levels: their kinds, and the numbers they are known by."""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class UnitKind(StrEnum):
    """What kind of office a unit is."""

    CIVIL_AFFAIRS = "civil_affairs"
    PUBLIC_SECURITY = "public_security"
    POLICE_STATION = "police_station"
    TOWNSHIP_OFFICE = "township_office"
    COMMITTEE = "committee"
    GRID = "grid"
    PLANNING = "planning"
    HOUSING = "housing"
    DATA = "data"
    OTHER = "other"


UNIT_KIND_NAMES: Mapping[UnitKind, str] = MappingProxyType(
    {
        UnitKind.CIVIL_AFFAIRS: "民政部门",
        UnitKind.PUBLIC_SECURITY: "公安局、分局",
        UnitKind.POLICE_STATION: "派出所",
        UnitKind.TOWNSHIP_OFFICE: "乡镇政府、街道办",
        UnitKind.COMMITTEE: "村委会、居委会",
        UnitKind.GRID: "网格",
        UnitKind.PLANNING: "自然资源和规划部门",
        UnitKind.HOUSING: "住房城乡建设部门",
        UnitKind.DATA: "数据管理部门",
        UnitKind.OTHER: "其他单位",
    }
)

_NUMBER = re.compile(r"U(\d{6})(\d{4})")


def make_unit_number(division: str, serial: int) -> str:
    """The number of a unit: U, the county at entry (six digits) and a serial of four digits.

    It stays for ever, also when the division is renamed or merged.

    Raises:
        ValueError: the serial is not 1 to 9999.
    """
    if not 1 <= serial <= 9999:
        raise ValueError(f"no unit has the serial {serial}")
    return f"U{division[:6]}{serial:04d}"


def serial_of(number: str) -> int:
    """The serial in the number of a unit; 0 if it is no such number."""
    found = _NUMBER.fullmatch(number)
    return int(found[2]) if found else 0
