"""What is to be done to many addresses, and what became of each."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from service.addresses.cited_document import CitedDocument


class BulkAction(StrEnum):
    """What can be done to many addresses at once."""

    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    RETIRE = "retire"
    DIVISION = "division"
    ELEMENT = "element"


ACTION_NAMES = dict(
    zip(BulkAction, ("冻结", "解冻", "注销", "改区划", "改地址中的一项"), strict=True)
)
ELEMENT_NAMES = {
    "thoroughfare": "街路巷",
    "estate": "小区",
    "natural_village": "自然村",
    "devzone": "开发区",
    "parent_place": "所在道路（写在前面的）",
}
"""The elements that can be changed at once; empty takes the element away."""

REWRITING = (BulkAction.DIVISION, BulkAction.ELEMENT)
"""What changes texts: the buildings and rooms of an address follow it."""


@dataclass(frozen=True, slots=True)
class ChangeOrder:
    """One action with what it needs; ``invalid`` is a way of retiring (登记无效)."""

    action: BulkAction
    reason: str = ""
    document: str = ""
    dated: str = ""
    invalid: bool = False
    division: str = ""
    element: str = ""
    value: str = ""

    @property
    def cited(self) -> CitedDocument:
        """The document it rests on."""
        return CitedDocument(self.document, date.fromisoformat(self.dated) if self.dated else None)

    @property
    def plain(self) -> dict[str, object]:
        """As JSON values."""
        return asdict(self)


def order_from(plain: Mapping[str, object]) -> ChangeOrder:
    """An order from its JSON values."""
    values = dict(plain) | {"action": BulkAction(str(plain["action"]))}
    return ChangeOrder(**values)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class ChangeOutcome:
    """What became of some addresses: the codes that were changed, and the others with why."""

    done: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()
