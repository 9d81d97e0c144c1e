"""What a grant would let a program read: how many addresses, and one of them as it gets it."""

import json
from dataclasses import dataclass

from address_model.lifecycle import AddressStatus
from address_model.sensitivity import Audience, Viewer
from service.addresses.json_view import show_columns
from service.addresses.queries import count_in_sight, list_columns
from service.auth.grants import Grant
from service.auth.permissions import Permission
from service.core.database import Session

READING = frozenset(
    {Permission.ADDRESSES_READ, Permission.ADDRESSES_RESOLVE, Permission.CHANGES_READ}
)
"""The permissions by which addresses are read."""

MOST_COUNTED = 100_000
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class SampleAnswer:
    """``count`` addresses, or more if it is cut; ``text`` is one answer as JSON, "" without any."""

    count: int
    is_cut: bool
    text: str


def find_sample(session: Session, grant: Grant) -> SampleAnswer | None:
    """What the program would read by a grant; None if that is no address at all."""
    if not grant.permissions & READING:
        return None
    viewer = Viewer(Audience.CLIENT, reaches=(grant.reach,))
    count = count_in_sight(session, viewer, most=MOST_COUNTED + 1)
    found = list_columns(session, status=AddressStatus.ACTIVE, viewer=viewer, limit=_LOOKED_AT)
    text = ""
    if found:
        deepest = max(found, key=lambda one: len(one.elements))
        answer = show_columns(deepest, viewer, ())
        text = json.dumps(answer, ensure_ascii=False, indent=2)
    return SampleAnswer(min(count, MOST_COUNTED), count > MOST_COUNTED, text)
