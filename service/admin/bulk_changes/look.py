"""What a change of many addresses would do: counts, the first of them, what hangs on them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from address_model.lifecycle import ADDRESS_STATUS_NAMES, AddressStatus
from service.addresses.queries import find_addresses
from service.admin.bulk_changes.form import ChosenAddresses
from service.approvals.policies import may_go_on_alone
from service.approvals.queries import count_alone_today, find_author
from service.bulk_changes.commands import change_addresses, digest_change, list_own_changes
from service.bulk_changes.order import ChangeOrder
from service.bulk_changes.queries import APPROVAL, BulkExtent, measure_extent
from service.core.actor import Actor
from service.core.database import Session

TRIED = 20
"""So many addresses are changed to see what becomes of them, and taken back."""


@dataclass(frozen=True, slots=True)
class TriedAddress:
    """One of the first addresses: its text and state, what it would be, or why it stays."""

    code: str
    before: str
    after: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class ChangeLook:
    """What a change would do; ``following`` lie in others of the list and follow them."""

    count: int
    following: int
    states: Mapping[str, int]
    extent: BulkExtent
    tried: Sequence[TriedAddress]
    digest: str
    needs_second: bool


def look_ahead(
    session: Session,
    order: ChangeOrder,
    chosen: ChosenAddresses,
    actor: Actor,
    *,
    approval_above: int,
) -> ChangeLook:
    """Try the first addresses; the caller takes everything back."""
    rows = chosen.rows
    own = list_own_changes(session, order, rows)
    extent = measure_extent(session, [row.code for row in rows])
    codes = {row.code for row in own}
    first = [row for row in rows if row.code in codes][:TRIED]
    outcome = change_addresses(session, order, [(row.code, row.version) for row in first], actor)
    left, now = dict(outcome.left), find_addresses(session, [row.code for row in first])
    tried: list[TriedAddress] = []
    for row in first:
        is_usual = now[row.code].status == AddressStatus.ACTIVE
        state = (
            "" if is_usual else f"（{ADDRESS_STATUS_NAMES[AddressStatus(now[row.code].status)]}）"
        )
        after = f"{now[row.code].standard_text}{state}"
        tried.append(TriedAddress(row.code, row.standard_text, after, left.get(row.code, "")))
    before = count_alone_today(session, APPROVAL, find_author(session, actor))
    states = Counter(ADDRESS_STATUS_NAMES[AddressStatus(row.status)] for row in rows)
    return ChangeLook(
        len(rows),
        len(rows) - len(own),
        states,
        extent,
        tried,
        digest_change(order, rows),
        not may_go_on_alone(before, len(rows), approval_above),
    )
