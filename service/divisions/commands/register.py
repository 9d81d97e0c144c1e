"""Loads divisions, boundaries and published changes; loading is idempotent."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from address_model.tables import Division, DivisionChange
from service.audit import commands as audit
from service.changes import commands as changes
from service.changes.commands import Action, ChangeNote, Subject
from service.core.actor import Actor
from service.divisions.commands.lock import lock_divisions
from service.divisions.queries import DECIDED, find_decisions
from service.divisions.sources import (
    ListedChange,
    ListedDivision,
    read_boundaries,
    read_changes,
    read_divisions,
)

NBS_EDITION = "2023"
MCA_EDITION = "2026-09"
_COMPARED = ("level", "name", "parent_id", "urban_rural")


@dataclass(frozen=True, slots=True)
class LoadedDivisions:
    """The result of a load: the numbers of new, changed and unchanged rows."""

    new: int = 0
    changed: int = 0
    same: int = 0


def load_shipped(session: Session, folder: Path, actor: Actor) -> dict[str, LoadedDivisions]:
    """Load the shipped lists of both code systems, the boundaries and the history.

    Args:
        folder: the shipped ``data`` folder, containing ``divisions`` and ``boundaries``.
    """
    lists, shapes = folder / "divisions", folder / "boundaries"
    report = {
        "nbs 2023": load_divisions(
            session, read_divisions(lists / "zj_divisions_2023.csv.gz"), "nbs", NBS_EDITION
        ),
        "mca 2026": load_divisions(
            session, read_divisions(lists / "zj_mca_2026_to_town.csv.gz"), "mca", MCA_EDITION
        ),
    }
    bounded = 0
    for level in ("province", "city", "county"):
        path = shapes / f"zj_{level}_tianditu_wgs84.geojson.gz"
        bounded += load_boundaries(session, read_boundaries(path))
    report["boundaries"] = LoadedDivisions(changed=bounded)
    history = read_changes(lists / "zj_history_changes_1980_2026.json")
    report["history"] = load_changes(session, history)
    if any(item.new or item.changed for item in report.values()):
        detail = {name: item.new + item.changed for name, item in report.items()}
        audit.record(session, actor=actor, action="divisions:load", subject="zj", **detail)
    return report


def load_divisions(
    session: Session, listed: Iterable[ListedDivision], code_system: str, edition: str
) -> LoadedDivisions:
    """Insert or update the divisions of one code system and edition.

    Names from local decisions are kept.
    """
    lock_divisions(session)
    statement = select(
        Division.code, Division.id, *(getattr(Division, name) for name in _COMPARED)
    ).where(Division.code_system == code_system, Division.edition == edition)
    known = {row.code: row for row in session.execute(statement)}
    ids = {code: row.id for code, row in known.items()}
    settled = {one.new_code for one in find_decisions(session)}
    new = changed = same = 0
    notes: list[ChangeNote] = []
    by_level: dict[int, list[ListedDivision]] = {}
    for item in listed:
        by_level.setdefault(item.level, []).append(item)
    for level in sorted(by_level):
        fresh = [item for item in by_level[level] if item.code not in known]
        if fresh:
            edited = {"code_system": code_system, "edition": edition}
            rows = [{"code": item.code} | edited | _values(item, ids) for item in fresh]
            stored = session.execute(insert(Division).returning(Division.code, Division.id), rows)
            ids |= dict(stored.all())
        new += len(fresh)
        notes += [_note(item, Action.NEW) for item in fresh]
        for item in by_level[level]:
            held = known.get(item.code)
            if held is None:
                continue
            values = _values(item, ids) | ({"name": held.name} if item.code in settled else {})
            if all(getattr(held, name) == value for name, value in values.items()):
                same += 1
                continue
            session.execute(update(Division).where(Division.id == held.id).values(values))
            changed += 1
            is_renamed = held.name != values["name"]
            notes.append(_note(item, Action.RENAMED if is_renamed else Action.CHANGED))
    changes.record(session, notes)
    return LoadedDivisions(new, changed, same)


def load_boundaries(session: Session, shapes: Iterable[tuple[str, str]]) -> int:
    """Store boundaries (GeoJSON, degrees, EPSG:4490) that differ; return how many."""
    lock_divisions(session)
    bounded: set[str] = set()
    count = 0
    for code, geometry in shapes:
        shape = func.ST_Multi(func.ST_SetSRID(func.ST_GeomFromGeoJSON(geometry), 4490))
        statement = (
            update(Division)
            .where(
                Division.code == code.ljust(12, "0"),
                Division.geom.is_(None) | ~func.ST_OrderingEquals(Division.geom, shape),
            )
            .values(geom=shape)
            .returning(Division.code)
        )
        codes = session.scalars(statement).all()
        bounded.update(codes)
        count += len(codes)
    changes.announce(session, Subject.DIVISION, Action.BOUNDED, sorted(bounded))
    return count


def load_changes(session: Session, listed: list[ListedChange]) -> LoadedDivisions:
    """Replace the published history if it differs; local decisions are kept."""
    lock_divisions(session)
    published = DivisionChange.kind.not_in(DECIDED)
    columns = [getattr(DivisionChange, one.name) for one in fields(ListedChange)]
    held = Counter(ListedChange(*row) for row in session.execute(select(*columns).where(published)))
    wanted = Counter(listed)
    if held == wanted:
        return LoadedDivisions(same=len(listed))
    session.execute(delete(DivisionChange).where(published))
    if listed:
        session.execute(insert(DivisionChange), [asdict(item) for item in listed])
    new, gone = (wanted - held).total(), (held - wanted).total()
    return LoadedDivisions(new=max(0, new - gone), changed=gone, same=(held & wanted).total())


def _values(item: ListedDivision, ids: dict[str, int]) -> dict[str, object]:
    """The listed values of a division by ``_COMPARED``; ``ids`` has the id of its parent."""
    values = (item.level, item.name, ids.get(item.parent_code), item.urban_rural)
    return dict(zip(_COMPARED, values, strict=True))


def _note(item: ListedDivision, action: Action) -> ChangeNote:
    return ChangeNote(Subject.DIVISION, item.code, action)
