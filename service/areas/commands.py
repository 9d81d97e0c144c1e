"""Loads areas and duties; the same file again changes nothing."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.tables import Area, Division, Duty
from service.audit import commands as audit
from service.changes import commands as changes
from service.core.actor import Actor
from service.core.errors import BadRequest

SAMPLE_MARK = "示例数据"
SAMPLE_NAMES = ("演示", "示例")


@dataclass(frozen=True, slots=True)
class ListedArea:
    """An area as a file names it; ``geometry`` is GeoJSON in degrees, EPSG:4490."""

    kind: str
    code: str
    name: str
    parent: str
    division: str
    geometry: str
    is_sample: bool
    valid_from: date | None


@dataclass(frozen=True, slots=True)
class ListedDuty:
    """A duty as a file names it; ``area`` is the code of its area."""

    area: str
    role: str
    display_name: str
    organisation: str
    phone: str
    publish: bool
    is_sample: bool
    valid_from: date
    valid_to: date | None
    confirmed_at: date | None


def read_areas(text: str) -> list[ListedArea]:
    """Read areas from a GeoJSON FeatureCollection."""
    return [_listed_area(feature) for feature in json.loads(text)["features"]]


def read_duties(rows: Iterable[Mapping[str, str]]) -> list[ListedDuty]:
    """Read duties from table rows with the headings of ``data/demo/duties.csv``."""
    return [
        ListedDuty(
            area=row["area"],
            role=row["role"],
            display_name=row["display_name"],
            organisation=row.get("organisation", ""),
            phone=row["phone"],
            publish=row["publish"].lower() in ("yes", "true", "1", "是"),
            is_sample=row["display_name"].startswith(SAMPLE_NAMES),
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=_date(row.get("valid_to", "")),
            confirmed_at=_date(row.get("confirmed_at", "")),
        )
        for row in rows
    ]


def load_areas(session: Session, listed: Iterable[ListedArea], actor: Actor) -> int:
    """Insert the areas that are not known yet (by kind and code); return how many.

    Areas are inserted in file order, so a parent stands before its children.
    """
    known = {(a.kind, a.code): a.id for a in session.scalars(select(Area))}
    by_code = {code: key for (_, code), key in known.items()}
    count = 0
    for item in listed:
        if (item.kind, item.code) in known:
            continue
        area = Area(
            kind=item.kind,
            code=item.code,
            name=item.name,
            parent_id=by_code.get(item.parent),
            division_id=_division_id(session, item.division),
            geom=func.ST_Multi(func.ST_SetSRID(func.ST_GeomFromGeoJSON(item.geometry), 4490)),
            is_sample=item.is_sample,
            valid_from=item.valid_from or func.current_date(),
        )
        session.add(area)
        session.flush()
        by_code[item.code] = area.id
        changes.record(session, [changes.ChangeNote("area", item.code, "new", item.division)])
        count += 1
    if count:
        audit.record(session, actor=actor, action="areas:load", subject="areas", count=count)
    return count


def load_duties(session: Session, listed: Iterable[ListedDuty], actor: Actor) -> int:
    """Insert the duties that are not known yet (area, role, name, from); return how many.

    Raises:
        BadRequest: a duty names an area that is not there.
    """
    areas = dict(session.execute(select(Area.code, Area.id)).all())
    known = set(
        session.execute(select(Duty.area_id, Duty.role, Duty.display_name, Duty.valid_from)).all()
    )
    fresh = []
    for item in listed:
        if item.area not in areas:
            raise BadRequest(
                f"a duty names the area {item.area!r}, which is not in the register",
                mend="load the areas first, or correct the column 'area'",
            )
        if (areas[item.area], item.role, item.display_name, item.valid_from) not in known:
            fresh.append(_duty(areas[item.area], item))
    session.add_all(fresh)
    if fresh:
        audit.record(session, actor=actor, action="duties:load", subject="duties", count=len(fresh))
        changes.record(session, [changes.ChangeNote("duty", "*", "loaded")])
    return len(fresh)


def _listed_area(feature: dict[str, Any]) -> ListedArea:
    properties = feature["properties"]
    return ListedArea(
        kind=properties["kind"],
        code=properties.get("code") or properties["name"],
        name=properties["name"],
        parent=properties.get("parent") or "",
        division=properties.get("division") or "",
        geometry=json.dumps(feature["geometry"]),
        is_sample=properties.get("note") == SAMPLE_MARK,
        valid_from=_date(properties.get("valid_from") or ""),
    )


def _duty(area_id: int, item: ListedDuty) -> Duty:
    return Duty(
        area_id=area_id,
        role=item.role,
        display_name=item.display_name,
        organisation=item.organisation,
        phone=item.phone,
        publish=item.publish,
        is_sample=item.is_sample,
        valid_from=item.valid_from,
        valid_to=item.valid_to,
        confirmed_at=item.confirmed_at,
    )


def _division_id(session: Session, code: str) -> int | None:
    if not code:
        return None
    return session.scalar(
        select(Division.id)
        .where(Division.code == code, Division.code_system == "nbs")
        .order_by(Division.edition.desc())
    )


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
