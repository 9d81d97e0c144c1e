"""The form of a change of many addresses, read into what is to be done and to which."""

from dataclasses import dataclass, field, replace

from pydantic import BaseModel, Field

from service.addresses.queries import AddressRow, find_addresses
from service.admin.address.end_actions import ENDINGS
from service.admin.address.field_reader import Refused, read_day
from service.areas.border_text import read_border
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.bulk_changes.order import ELEMENT_NAMES, BulkAction, ChangeOrder
from service.core.database import LARGEST_NUMBER, Session
from service.core.errors import MenpaiError
from service.divisions.queries import list_divisions

WRITE = Permission.ADDRESSES_WRITE
MOST_CHOSEN = 10_000
WAYS = {name: title for name, title in ENDINGS.items() if name != "successor"}
_MOST_DIVISIONS = 1000
_COUNTY = 6


class BulkForm(BaseModel):
    """The fields as typed: which addresses (of a search, a list of codes, a polygon), and what.

    ``agreed`` is the digest of what the look showed.
    """

    q: str = ""
    state: str = ""
    no_point: str = ""
    no_plate: str = ""
    suspect: str = ""
    upload: int = Field(0, ge=0, le=LARGEST_NUMBER)
    codes: str = Field("", max_length=400_000)
    polygon: str = Field("", max_length=60_000)
    action: str = Field("", max_length=20)
    target: str = Field("", max_length=12)
    element: str = Field("", max_length=20)
    value: str = Field("", max_length=60)
    ending: str = Field("", max_length=20)
    reason: str = Field("", max_length=200)
    document: str = Field("", max_length=200)
    dated: str = Field("", max_length=20)
    agreed: str = Field("", max_length=64)
    step: str = ""

    def require_seen(self, digest: str) -> None:
        """Refuse to begin what is not what the look showed.

        Raises:
            Refused: the addresses, their versions or the form are others.
        """
        if digest != self.agreed:
            raise Refused("", "看过以后，名单、地址或填写的内容变了，请重新看结果。")


@dataclass(frozen=True, slots=True)
class ChosenAddresses:
    """The addresses that are meant: those that the person may change, and how many others.

    ``is_cut`` says that there are more than ``MOST_CHOSEN``.
    """

    title: str
    rows: list[AddressRow] = field(default_factory=list)
    outside: int = 0
    unknown: int = 0
    is_cut: bool = False

    @property
    def division(self) -> str:
        """The smallest division (12 digits) that contains them all, "" for the country."""
        codes = {row.division_code for row in self.rows}
        for width in (12, 9, 6, 4, 2):
            if len({code[:width] for code in codes}) == 1:
                return next(iter(codes))[:width].ljust(12, "0")
        return ""

    def require_some(self) -> None:
        """Refuse a choice of none, or of too many.

        Raises:
            Refused: it is.
        """
        if self.is_cut:
            raise Refused("", f"超过 {MOST_CHOSEN:,} 个地址，请缩小范围，分几次办理。")
        if not self.rows:
            raise Refused("", "没有可以办理的地址。")


def keep_own(
    session: Session, member: StaffMember, codes: list[str], title: str
) -> ChosenAddresses:
    """The addresses of codes, those left out that the person may not change."""
    held = find_addresses(session, codes[:MOST_CHOSEN])
    rows = [held[code] for code in codes if code in held]
    own = [row for row in rows if may(member, WRITE, row.division_code)]
    unknown = len(codes[:MOST_CHOSEN]) - len(rows)
    cut = len(codes) > MOST_CHOSEN
    return ChosenAddresses(title, own, len(rows) - len(own), unknown, is_cut=cut)


def read_polygon(typed: str) -> str:
    """The polygon that was drawn or typed, as WKT: GeoJSON, or a corner a line.

    Raises:
        Refused: it is none.
    """
    try:
        drawn = read_border(typed)
    except MenpaiError as fault:
        raise Refused("polygon", fault.page_text) from None
    return str(drawn.wkt)


def read_order(form: BulkForm) -> ChangeOrder:
    """What is to be done.

    Raises:
        Refused: the action is not chosen, or lacks something.
    """
    if form.action not in set(BulkAction):
        raise Refused("action", "请选择怎样办理。")
    action, reason = BulkAction(form.action), form.reason.strip()
    if not reason and action is not BulkAction.UNFREEZE:
        raise Refused("reason", "请填写事由，会写进每个地址的沿革。")
    day = read_day("dated", form.dated)
    if day and not form.document.strip():
        raise Refused("document", "填了日期，请写明是哪份文件。")
    order = ChangeOrder(action, reason, form.document.strip(), day.isoformat() if day else "")
    if action is BulkAction.RETIRE:
        if form.ending not in WAYS:
            raise Refused("ending", "请选择怎样注销。")
        return replace(order, invalid=form.ending == "invalid")
    if action is BulkAction.DIVISION:
        if not form.target:
            raise Refused("target", "请选择改到哪个乡镇（街道）、村（社区）。")
        return replace(order, division=form.target)
    if action is BulkAction.ELEMENT:
        if form.element not in ELEMENT_NAMES:
            raise Refused("element", "请选择改哪一项。")
        value = "".join(form.value.split())
        return replace(order, element=form.element, value=value)
    return order


def list_targets(session: Session, member: StaffMember, division: str) -> dict[str, str]:
    """The townships and communities of a county that addresses can move to, by code."""
    if len(division.rstrip("0")) < _COUNTY - 1 or not division:
        return {}
    county = division[:_COUNTY].ljust(12, "0")
    found: dict[str, str] = {}
    for town in list_divisions(session, parent=county, limit=_MOST_DIVISIONS):
        if may(member, WRITE, town.code):
            found[town.code] = town.name
        for village in list_divisions(session, parent=town.code, limit=_MOST_DIVISIONS):
            if may(member, WRITE, village.code):
                found[village.code] = f"{town.name} {village.name}"
    return found
