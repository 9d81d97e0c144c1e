"""Reads what officers type into the forms of an address: texts, degrees, days, other addresses."""

from datetime import date

from address_model.codes import InvalidCode, format_code, parse_code
from address_model.coordinates import CoordinateSystem
from service.addresses.drafts import AddressDraft
from service.addresses.queries import AddressRow, find_addresses
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.database import Database
from service.core.web import ReadSession
from service.imports import written_address
from service.imports.points import PointFault, read_degrees
from service.imports.written_address import AddressRefused, WrittenPoint, say_fault
from service.matching.queries import resolve

SYSTEMS = {
    CoordinateSystem.CGCS2000: "CGCS2000（国家大地坐标）",
    CoordinateSystem.WGS84: "WGS84（手机、GPS）",
    CoordinateSystem.GCJ02: "GCJ-02（高德、腾讯地图）",
    CoordinateSystem.BD09: "BD-09（百度地图）",
}
MOST_CANDIDATES = 3


class Refused(Exception):
    """A field of the form cannot be taken as it is typed; says which, and why in Chinese."""

    def __init__(self, field: str, text: str) -> None:
        """``field`` is the name of the form field."""
        super().__init__(text)
        self.field = field
        self.text = text


def read_text(database: Database, text: str, source: str = "officer") -> AddressDraft:
    """The one draft of a typed address, read as a row of an import.

    Raises:
        Refused: it is not one address of the register's area.
    """
    if not text.strip():
        raise Refused("text", "请填写正确的地址。")
    try:
        return written_address.read_address(database, text, source)
    except AddressRefused as fault:
        raise Refused(fault.field, fault.zh) from None


def read_point(
    database: Database, address: AddressRow, typed: tuple[str, str], system: str
) -> AddressDraft:
    """The address at a typed point, which must lie in its county.

    Raises:
        Refused: the degrees cannot be read, or lie elsewhere.
    """
    degrees = read_degrees(*(cell.strip() for cell in typed))
    if degrees is None:
        raise Refused("lon", "请填写经度和纬度。")
    if isinstance(degrees, PointFault):
        fault = degrees.of_row(1, cell=typed[degrees.field == "lat"])
        raise Refused(degrees.field, say_fault(fault))
    if system not in set(CoordinateSystem):
        raise Refused("crs", "请选择坐标系。")
    point = WrittenPoint(*degrees, CoordinateSystem(system))
    try:
        return written_address.read_point(database, address, point)
    except AddressRefused as fault:
        raise Refused(fault.field, fault.zh) from None


def read_day(field: str, typed: str) -> date | None:
    """A day as typed, None if empty.

    Raises:
        Refused: it is no day.
    """
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise Refused(field, "请按 2026-12-01 的样子填写日期。") from None


def find_other(
    session: ReadSession, member: StaffMember, typed: str, permission: Permission
) -> AddressRow:
    """The address that an officer names by code or text, in the own divisions.

    Raises:
        Refused: there is none, or it is not clear which.
    """
    written = typed.strip()
    if not written:
        raise Refused("other", "请填写地址或 16 位地址编码。")
    try:
        code = parse_code(written).digits
    except InvalidCode:
        code = ""
    if code:
        found = find_addresses(session, [code]).get(code)
        if found is None:
            raise Refused("other", "没有这个地址编码，请对照门牌逐位核对。")
    elif written.isascii():
        raise Refused("other", "地址编码有 16 位数字，其中有一位不对，请对照门牌逐位核对。")
    else:
        answer = resolve(session, written)
        found = answer.address
        near = [candidate.address for candidate in answer.candidates[:MOST_CANDIDATES]]
        if found is None and not near:
            raise Refused("other", f"没有找到地址“{written}”，请写完整，或填 16 位地址编码。")
        if found is None:
            names = "；".join(f"{one.standard_text} {format_code(one.code)}" for one in near)
            raise Refused("other", f"“{written}”不止一种可能，请填编码：{names}")
    if not may(member, permission, found.division_code):
        raise Refused("other", f"“{written}”不在您负责的区划内。")
    return found
