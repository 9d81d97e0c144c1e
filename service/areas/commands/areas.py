"""Loads areas: changes become versions; loading a file again changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.orm import Session

from address_model.tables import Area, Division
from service.areas.commands.lock import lock_loads
from service.areas.queries import HeldArea, list_held_areas
from service.areas.rows import AS_IT_STANDS, ListedArea
from service.areas.shapes import normalise
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.core.actor import Actor
from service.core.errors import Outdated
from service.core.sheets import RowFault

_COPIED = (
    "kind", "code", "name", "parent_id", "division_id", "geom", "is_sample", "changed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BorderEdit:
    """A changed border in degrees; None ``before`` means new, None ``after`` means ended."""

    area_id: int
    kind: str
    before: BaseGeometry | None
    after: BaseGeometry | None


@dataclass
class LoadedAreas:
    """The result of a load: counts, changed borders, and the faults of refused features."""

    new: int = 0
    changed: int = 0
    same: int = 0
    ended: int = 0
    edits: list[BorderEdit] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """The ids of an area's parent and division."""

    parent_id: int | None
    division_id: int | None


class _AreaRefused(Exception):
    """An area cannot be stored; carries the fault."""

    def __init__(self, fault: RowFault) -> None:
        super().__init__(fault.reason)
        self.fault = fault


def load_areas(
    session: Session,
    listed: Sequence[ListedArea],
    actor: Actor,
    today: date,
    *,
    end_missing: bool = False,
) -> LoadedAreas:
    """Store the areas of a file; features that cannot be stored are refused one by one.

    An area is identified by kind and code. A change of name, parent, division or border makes a
    version; the former one is kept with its last day. Duties and links stay with the area.

    Args:
        today: the day a change begins, unless the file gives an earlier one.
        end_missing: the file is complete for its kinds and divisions, so areas of these that it
            does not contain end yesterday.
    """
    report = store_areas(session, listed, today, end_missing=end_missing)
    if report.new or report.changed or report.ended:
        counts = {"new": report.new, "changed": report.changed, "ended": report.ended}
        audit.record(session, actor=actor, action="areas:load", subject="areas", **counts)
    return report


def store_areas(
    session: Session, listed: Sequence[ListedArea], today: date, *, end_missing: bool = False
) -> LoadedAreas:
    """As ``load_areas``, for a command that writes the audit entry itself."""
    lock_loads(session)
    load = _Load(session, listed, today)
    for item in _parents_first(listed):
        try:
            load.store(item)
        except _AreaRefused as refused:
            load.report.faults.append(refused.fault)
    if end_missing:
        load.end_missing(listed)
    return load.report


class _Load:
    """A running load: the present register, and the report."""

    def __init__(self, session: Session, listed: Sequence[ListedArea], today: date) -> None:
        self.session = session
        self.today = today
        self.report = LoadedAreas()
        self.held = {(area.kind, area.code): area for area in list_held_areas(session)}
        self.parents = {area.id: area.parent_id for area in self.held.values()}
        self.ids: dict[str, dict[str, int]] = {}
        for (kind, code), area in self.held.items():
            self.ids.setdefault(code, {})[kind] = area.id
        codes = {_twelve(item.division) for item in listed}
        newest_last = (
            select(Division.code, Division.id)
            .where(Division.code.in_(codes), Division.code_system == "nbs")
            .order_by(Division.edition)
        )
        self.divisions: dict[str, int] = dict(session.execute(newest_last).all())

    def store(self, item: ListedArea) -> None:
        """Store one area: as new, as changed, or not at all if it is the same."""
        place = self._place(item)
        held = self.held.get((item.kind, item.code))
        if held is not None:
            self._compare(item, held, place)
            return
        values = _values(item, place) | {
            "kind": item.kind,
            "code": item.code,
            "is_sample": item.is_sample,
            "valid_from": item.valid_from or self.today,
            "valid_to": item.valid_to,
        }
        area_id = self.session.execute(insert(Area).values(values).returning(Area.id)).scalar_one()
        self.ids.setdefault(item.code, {})[item.kind] = area_id
        self.parents[area_id] = place.parent_id
        self.report.new += 1
        self.report.edits.append(BorderEdit(area_id, item.kind, None, item.shape))
        self._announce(item.kind, item.code, Action.NEW)

    def end_missing(self, listed: Sequence[ListedArea]) -> None:
        """End the areas of the file's kinds and divisions that it does not contain."""
        named = {(item.kind, item.code) for item in listed}
        scopes = {(item.kind, _twelve(item.division)) for item in listed}
        for key, held in self.held.items():
            if key in named or (held.kind, held.division) not in scopes or self._is_over(held):
                continue
            self._write(held.id, {"valid_to": self.today - timedelta(days=1)})
            self.report.ended += 1
            self.report.edits.append(BorderEdit(held.id, held.kind, held.shape, None))
            self._announce(held.kind, held.code, Action.ENDED)

    def _place(self, item: ListedArea) -> _Place:
        own = self.ids.get(item.code, {}).get(item.kind)
        division_id = self.divisions.get(_twelve(item.division))
        if item.division and division_id is None:
            hint = "find its 12 digits with `menpai divisions find NAME`"
            raise _refusal(item, "division", f"there is no division {item.division}", hint)
        if not item.parent:
            return _Place(None, division_id)
        above = {kind: id_ for kind, id_ in self.ids.get(item.parent, {}).items() if id_ != own}
        if not above:
            hint = "load the parent first or in the same file, or correct the code"
            raise _refusal(item, "parent", f"there is no area {item.parent} above it", hint)
        present = self.parents.get(own or 0)  # of several with this code, the one it hangs on
        above = {kind: id_ for kind, id_ in above.items() if id_ == present} or above
        if len(above) > 1:
            reason = f"{item.parent} is the code of several areas ({', '.join(above)})"
            raise _refusal(item, "parent", reason, "give the parent a code of its own")
        [parent_id] = above.values()
        ancestor: int | None = parent_id
        while ancestor is not None and ancestor != own:
            ancestor = self.parents.get(ancestor)
        if ancestor is not None:
            reason = f"{item.parent} is already below {item.name}"
            raise _refusal(item, "parent", reason, "correct one of the two parents")
        return _Place(parent_id, division_id)

    def _compare(self, item: ListedArea, held: HeldArea, place: _Place) -> None:
        before = normalise(held.shape)
        moved = shapely.to_wkb(before) != shapely.to_wkb(item.shape)
        hangs = (held.name, held.parent_id, held.division_id)
        renamed = hangs != (item.name, place.parent_id, place.division_id)
        over, was_over = self._is_over(item), self._is_over(held)
        if not (moved or renamed) and held.valid_to == item.valid_to:
            self.report.same += 1
            return
        try:
            require_seen(self.session, held.record, item.version)
        except Outdated as error:
            raise _refusal(item, "version", error.zh, AS_IT_STANDS) from error
        values = _values(item, place) | {"valid_to": item.valid_to}
        if (moved or renamed or was_over) and held.valid_from <= self.today:
            begins = self.today  # or the file's day, if later than that of the present version
            if item.valid_from is not None and item.valid_from > held.valid_from:
                begins = item.valid_from
            if begins > self.today:
                hint = f"load the file on {begins}, or clear the day to change it today"
                reason = f"{item.name} is in force, and its change begins only later"
                raise _refusal(item, "valid_from", reason, hint)
            values["valid_from"] = begins
            self._keep_version(held, begins)
        self._write(held.id, values)
        self.parents[held.id] = place.parent_id
        self.report.changed += 1
        if moved or over != was_over:
            old, new = None if was_over else before, None if over else item.shape
            self.report.edits.append(BorderEdit(held.id, item.kind, old, new))
        self._announce(item.kind, item.code, Action.CHANGED)

    def _keep_version(self, held: HeldArea, begins: date) -> None:
        """Keep the present version as a copy that ended the day before ``begins``.

        A version that did not last a day is not kept.
        """
        if begins <= held.valid_from:
            return
        # Kind, code and first day are unique, so change the present row before copying it.
        present = Area.id == held.id
        self.session.execute(update(Area).where(present).values(valid_from=begins))
        last = min(held.valid_to or date.max, begins - timedelta(days=1))
        own = {"valid_from": held.valid_from, "valid_to": last, "succeeded_by": held.id}
        kept = (*(getattr(Area, name) for name in _COPIED), Area.version - 1)
        copied = (*kept, *map(literal, own.values()))
        columns = [*_COPIED, "version", *own]
        self.session.execute(insert(Area).from_select(columns, select(*copied).where(present)))

    def _write(self, area_id: int, values: dict[str, object]) -> None:
        values = values | {"changed_at": func.clock_timestamp()}
        self.session.execute(update(Area).where(Area.id == area_id).values(values))

    def _is_over(self, area: ListedArea | HeldArea) -> bool:
        return area.valid_to is not None and area.valid_to < self.today

    def _announce(self, kind: str, code: str, action: Action) -> None:
        changes.announce(self.session, Subject.AREA, action, [f"{kind}:{code}"])


def _parents_first(listed: Sequence[ListedArea]) -> list[ListedArea]:
    """The areas of a file with parents before their children; cycles keep their order."""
    by_code: dict[str, list[ListedArea]] = {}
    for item in listed:
        by_code.setdefault(item.code, []).append(item)
    ordered: dict[int, ListedArea] = {}
    for item in listed:
        chain = [item]
        while chain[-1].parent and len(chain) <= len(listed):
            climbed = {one.row for one in chain}
            above = [a for a in by_code.get(chain[-1].parent, []) if a.row not in climbed]
            if not above or above[0].row in ordered:
                break
            chain.append(above[0])
        for one in reversed(chain):
            ordered.setdefault(one.row, one)
    return list(ordered.values())


def _values(item: ListedArea, place: _Place) -> dict[str, object]:
    return {
        "name": item.name,
        "parent_id": place.parent_id,
        "division_id": place.division_id,
        "geom": func.ST_GeomFromWKB(shapely.to_wkb(item.shape), 4490),
    }


def _refusal(item: ListedArea, column: str, reason: str, hint: str) -> _AreaRefused:
    return _AreaRefused(RowFault(item.row, column, reason, hint))


def _twelve(division: str) -> str:
    return division.ljust(12, "0") if division else ""
