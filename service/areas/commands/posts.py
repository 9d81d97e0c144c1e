"""The posts of a sheet: the area and role that a row names, and their duties."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import Duty
from service.areas.commands.lock import lock_loads
from service.areas.queries import AreaKey, list_area_keys
from service.areas.rows import ListedDuty, ListedHandover
from service.changes import commands as changes
from service.changes.commands import Action, ChangeNote, Subject
from service.core.records import Record
from service.core.sheets import RowFault


class PostRefused(Exception):
    """A row of a sheet cannot be carried out; carries the fault."""

    def __init__(self, row: int, column: str, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.fault = RowFault(row, column, reason, hint)


@dataclass(frozen=True, slots=True)
class Posts:
    """Areas by code, and the duties in them by area and role."""

    areas: dict[str, list[AreaKey]]
    duties: dict[tuple[int, str], list[Duty]]

    def find_area(self, item: ListedDuty | ListedHandover) -> AreaKey:
        """The area that a row names.

        Raises:
            PostRefused: there is none, or areas of several kinds have the code.
        """
        found = self.areas.get(item.area, [])
        found = [area for area in found if item.area_kind in ("", area.kind)]
        if not found:
            hint = "load the areas first, or correct the code"
            raise PostRefused(item.row, "area", f"there is no area {item.area}", hint)
        if len(found) > 1:
            kinds = ", ".join(area.kind for area in found)
            hint = "add a column area_kind"
            raise PostRefused(item.row, "area", f"{item.area} is the code of {kinds}", hint)
        return found[0]

    def held(self, area_id: int, role: str) -> list[Duty]:
        """The past, present and future duties of a role in an area."""
        return self.duties.setdefault((area_id, role), [])


def open_posts(session: Session, codes: Iterable[str]) -> Posts:
    """Load the areas, and lock and load the duties in areas with these codes.

    Loads are serialised, so that two sheets cannot fill the same vacant post.
    """
    lock_loads(session)
    areas = list_area_keys(session)
    ids = [area.id for code in set(codes) for area in areas.get(code, [])]
    duties: dict[tuple[int, str], list[Duty]] = {}
    statement = select(Duty).where(Duty.area_id.in_(ids)).order_by(Duty.id).with_for_update()
    for duty in session.scalars(statement):
        duties.setdefault((duty.area_id, duty.role), []).append(duty)
    return Posts(areas, duties)


def is_held_on(duty: Duty, day: date) -> bool:
    """Whether a duty is valid on a day."""
    return duty.valid_from <= day and (duty.valid_to is None or duty.valid_to >= day)


def record_of(duty: Duty) -> Record:
    """The current state of a duty, for a caller that saw an older version."""
    days = f"{duty.valid_from} – {duty.valid_to or '…'}"
    hidden = "暂停公示" if duty.hidden_at else ""
    facts = {"姓名": duty.display_name, "电话": duty.phone, "起止": days, "公示": hidden}
    return Record("duties", f"duty {duty.id}", f"责任 {duty.id}", duty.version, facts)


def announce(session: Session, duty: Duty, action: Action, division: str = "") -> None:
    """Announce a change of a duty; cached pages that show it are invalidated.

    ``division`` is where one lay that is deleted.
    """
    changes.record(session, [ChangeNote(Subject.DUTY, str(duty.id), action, division)])
