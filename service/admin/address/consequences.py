"""What an action on an address brings with it: what is now, and what would be, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from address_model.coordinates import distance_m
from address_model.lifecycle import (
    ADDRESS_STATUS_NAMES,
    PLATE_STATUS_NAMES,
    AddressStatus,
    PlateStatus,
)
from address_model.work import WORK_KIND_NAMES, WorkKind
from service.addresses.queries import AddressRow, find_addresses, find_successors, get_address
from service.admin.address.queries.facts import Extent, list_tokens, measure_extent
from service.core.web import ReadSession


@dataclass(frozen=True, slots=True)
class AddressStanding:
    """An address with what hangs on it, at one moment.

    ``child`` is the address that was its first child before the action, as it is now, with the
    ``parent`` that it has now.
    """

    address: AddressRow
    extent: Extent
    heirs: tuple[AddressRow, ...] = ()
    child: AddressRow | None = None
    parent: AddressRow | None = None


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text that an action changes."""

    code: str
    before: str
    after: str
    version: int


@dataclass(frozen=True, slots=True)
class ActionEffect:
    """One row of the table: the subject, what it is now, what it would be ("" if not known yet)."""

    subject: str
    now: str
    then: str = ""

    @property
    def changes(self) -> bool:
        """Whether it would change."""
        return bool(self.then) and self.then != self.now


def take_standing(
    session: ReadSession, code: str, before: AddressStanding | None = None
) -> AddressStanding:
    """The address as the transaction sees it; ``before`` is how it was before the action."""
    extent = measure_extent(session, code, list_tokens(session, code))
    heirs = tuple(find_successors(session, [code]).get(code, ()))
    first = before.extent.first if before else None
    child = get_address(session, first.code) if first else None
    parent = get_address(session, child.parent_code) if child and child.parent_code else None
    return AddressStanding(get_address(session, code), extent, heirs, child, parent)


def list_text_changes(session: ReadSession, before: Sequence[AddressRow]) -> list[TextChange]:
    """The texts that an action has changed, as the transaction sees them, in its order."""
    now = find_addresses(session, [row.code for row in before])
    return [
        TextChange(row.code, row.standard_text, now[row.code].standard_text, row.version)
        for row in before
        if now[row.code].standard_text != row.standard_text
    ]


def list_consequences(
    now: AddressStanding, then: AddressStanding | None = None
) -> list[ActionEffect]:
    """What is there, and beside it what would be after the action, if that is known."""
    rows = [
        ("地址", now.address.standard_text, then and then.address.standard_text),
        ("状态", _status(now), then and _status(then)),
        ("位置", _point(now.address), then and _point(then.address, now.address)),
        ("下级地址", _children(now), then and _children_after(now, then)),
        ("门牌", _plates(now.extent.own_plates), then and _plates_after(now, then)),
        ("下级门牌", _plates(now.extent.inner_plates), then and _inner_after(now, then)),
        ("待办工单", _work(now.extent.open_work), then and _work(then.extent.open_work)),
    ]
    return [ActionEffect(subject, before, after or "") for subject, before, after in rows]


def _status(standing: AddressStanding) -> str:
    name = ADDRESS_STATUS_NAMES[AddressStatus(standing.address.status)]
    heirs = "、".join(row.standard_text for row in standing.heirs)
    return f"{name}，由{heirs}接续" if heirs else name


def _point(address: AddressRow, before: AddressRow | None = None) -> str:
    """Where an address lies, and how far it moved from where it lay ``before``."""
    if address.point is None:
        return "没有登记"
    place = f"{address.point.lon:.6f}, {address.point.lat:.6f}"
    if before is None or before.point is None or before.point == address.point:
        return place
    return f"{place}，移动 {distance_m(before.point, address.point):.1f} 米"


def _children(standing: AddressStanding) -> str:
    extent = standing.extent
    if extent.first is None:
        return "没有"
    deeper = f"（连同再下级共 {extent.below} 个）" if extent.below > extent.children else ""
    return f"{extent.children} 个{deeper}，如{extent.first.standard_text}"


def _children_after(now: AddressStanding, then: AddressStanding) -> str:
    first, child = now.extent.first, then.child
    if first is None or child is None:
        return _children(then)
    follows = child.standard_text != first.standard_text
    if child.parent_code == now.address.code:
        return _children(then) + ("：文字随着改，编码不变" if follows else "")
    if then.parent is None:
        return "编码和文字不变，不再挂在本地址下"
    texts = f"文字随着改，如{child.standard_text}；编码不变" if follows else "编码和文字不变"
    return f"改挂到{then.parent.standard_text}下，{texts}"


def _inner_after(now: AddressStanding, then: AddressStanding) -> str:
    first, child = now.extent.first, then.child
    if not now.extent.inner_plates or first is None or child is None:
        return _plates(now.extent.inner_plates)
    if child.standard_text != first.standard_text:
        return "随下级地址；牌面文字不符的，开更换工单；已出文件、没有制作的，须重新出文件"
    if child.parent_code != now.address.code:
        return "不变，随下级地址"
    return _plates(then.extent.inner_plates)


def _plates_after(now: AddressStanding, then: AddressStanding) -> str:
    """The plates after an action, and those of them whose text it leaves behind."""
    told = [_plates(then.extent.own_plates)]
    if ended := max(0, now.extent.drawn - then.extent.drawn):
        told.append(f"牌面已出文件的 {ended} 块不再制作，须重新出文件")
    for status in PlateStatus:
        count = then.extent.outdated.get(status, 0)
        if status is PlateStatus.TO_MAKE and count:
            told.append(f"其中牌面已出文件 {count} 块，文字不符，须重新出文件")
        elif count:
            told.append(f"{PLATE_STATUS_NAMES[status]}的 {count} 块文字不符，要更换")
    return "；".join(told)


def _plates(counts: dict[str, int]) -> str:
    found = [
        f"{PLATE_STATUS_NAMES[status]} {counts[status]} 块"
        for status in PlateStatus
        if status in counts
    ]
    return "，".join(found) or "没有"


def _work(counts: dict[str, int]) -> str:
    found = [f"{WORK_KIND_NAMES[kind]} {counts[kind]} 件" for kind in WorkKind if kind in counts]
    return "，".join(found) or "没有"
