"""What waits for a person: each subject of the desk registers who reads its part.

A provider reads with few, bounded statements and returns few lines: the dashboard asks all of them
each time that it is opened. ``service.admin.pages`` registers them beside their pages.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from service.auth.members import StaffMember
from service.core.database import Session


class WorkGroup(StrEnum):
    """The headings under which waiting work is shown, in this order."""

    APPROVAL = "审批"
    DATA = "数据"
    PLATES = "门牌"
    FIELD = "现场"
    AUDIT = "审计"


@dataclass(frozen=True, slots=True)
class WaitingWork:
    """One line: ``title`` leads to ``path``, ``action`` says what is done there.

    ``since`` is when it began to wait, ``due`` the last day for it, None if there is none. ``who``
    is the display name of whoever it comes from.
    """

    group: WorkGroup
    kind: str
    title: str
    path: str
    action: str
    detail: str = ""
    who: str = ""
    since: datetime | None = None
    due: date | None = None


Provider = Callable[[Session, StaffMember], Iterable[WaitingWork]]
"""Reads what waits for a person; nothing for those whom the subject does not concern."""

_providers: dict[str, Provider] = {}


def register_waiting_work(subject: str, provider: Provider) -> None:
    """Make the dashboard ask a provider; a subject registers one, and again puts it in place."""
    _providers[subject] = provider


def list_waiting_work(session: Session, member: StaffMember) -> dict[WorkGroup, list[WaitingWork]]:
    """What waits for a person by group, in order; what is due first stands first in its group."""
    found = [line for provider in _providers.values() for line in provider(session, member)]
    grouped = {group: [line for line in found if line.group is group] for group in WorkGroup}
    for lines in grouped.values():
        lines.sort(key=lambda line: line.due or date.max)
    return {group: lines for group, lines in grouped.items() if lines}
