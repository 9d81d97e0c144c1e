"""The story of a report: who did what about it, as Chinese sentences."""

from dataclasses import dataclass
from datetime import datetime

from service.admin.address.history import HistoryNames
from service.admin.address.queries.facts import find_display_names
from service.admin.reports.words import tell_act
from service.audit.queries import AuditFilter, list_entries
from service.core.actor import Actor
from service.core.database import Session


@dataclass(frozen=True, slots=True)
class ReportAct:
    """One act about a report, and who did it; nobody knows which resident it was."""

    at: datetime
    who: str
    told: str


def read_acts(session: Session, number: str) -> list[ReportAct]:
    """What was done about a report, newest first."""
    entries = [
        one
        for one in list_entries(session, AuditFilter(subject=number))
        if one.action.startswith("reports:")
    ]
    people = find_display_names(session, {Actor.parse(one.actor).name for one in entries})
    names = HistoryNames(people, {})
    return [
        ReportAct(
            one.at,
            names.person(one.actor),
            tell_act(one.action, one.detail),
        )
        for one in entries
    ]
