"""The posts that sheets name: which area and role a row means, and who holds it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.tables import Duty
from service.areas.commands.lock import LOAD_LOCK
from service.areas.queries import AreaKey, list_area_keys
from service.areas.rows import ListedDuty, ListedHandover
from service.changes import commands as changes
from service.changes.commands import Action, ChangeNote, Subject
from service.core.records import Record
from service.core.sheets import RowFault


class PostRefused(Exception):
    """A row of a sheet that cannot be carried out; the fault says why."""

    def __init__(self, row: int, column: str, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.fault = RowFault(row, column, reason, hint)


@dataclass(frozen=True, slots=True)
class Posts:
    """Areas by code, and the duties in them by area and role."""

    areas: dict[str, list[AreaKey]]
    duties: dict[tuple[int, str], list[Duty]]

    def find_area(self, item: ListedDuty | ListedHandover) -> AreaKey:
        """The area a row names.

        Raises:
            PostRefused: there is none, or several kinds of area share the code.
        """
        found = self.areas.get(item.area, [])
        found = [area for area in found if item.area_kind in ("", area.kind)]
        if not found:
            hint = "load the areas first, or correct the code"
            raise PostRefused(item.row, "area", f"there is no area {item.area}", hint)
        if len(found) > 1:
            kinds = ", ".join(area.kind for area in found)
            hint = "add a column area_kind that says which is meant"
            raise PostRefused(item.row, "area", f"{item.area} is the code of {kinds}", hint)
        return found[0]

    def held(self, area_id: int, role: str) -> list[Duty]:
        """The duties of a role in an area, past and to come."""
        return self.duties.setdefault((area_id, role), [])


def open_posts(session: Session, codes: Iterable[str]) -> Posts:
    """Read the areas, and the duties in those of these codes; the duties are locked.

    Of two sheets that fill one vacant post the second waits for the first, and sees whom it named.
    """
    session.execute(select(func.pg_advisory_xact_lock(LOAD_LOCK)))
    areas = list_area_keys(session)
    ids = [area.id for code in set(codes) for area in areas.get(code, [])]
    duties: dict[tuple[int, str], list[Duty]] = {}
    statement = select(Duty).where(Duty.area_id.in_(ids)).order_by(Duty.id).with_for_update()
    for duty in session.scalars(statement):
        duties.setdefault((duty.area_id, duty.role), []).append(duty)
    return Posts(areas, duties)


def is_held_on(duty: Duty, day: date) -> bool:
    """Whether a duty runs on a day."""
    return duty.valid_from <= day and (duty.valid_to is None or duty.valid_to >= day)


def record_of(duty: Duty) -> Record:
    """A duty as it stands, for whoever saw another."""
    days = f"{duty.valid_from} – {duty.valid_to or '…'}"
    hidden = "暂停公示" if duty.hidden_at else ""
    facts = {"姓名": duty.display_name, "电话": duty.phone, "起止": days, "公示": hidden}
    return Record("duties", f"duty {duty.id}", f"责任 {duty.id}", duty.version, facts)


def announce(session: Session, duty: Duty, action: Action, division: str) -> None:
    """Tell the feed that a duty changed; pages that show it are made anew."""
    changes.record(session, [ChangeNote(Subject.DUTY, str(duty.id), action, division)])
