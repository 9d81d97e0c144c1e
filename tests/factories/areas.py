"""Areas and duties around 河坊街."""

from datetime import date

from sqlalchemy import func
from sqlalchemy.orm import Session

from address_model.tables import Area, Duty

SQUARE = "POLYGON((120.1 30.2, 120.2 30.2, 120.2 30.3, 120.1 30.3, 120.1 30.2))"


def make_area(
    session: Session, kind: str = "grid", name: str = "示例网格 1", **more: object
) -> Area:
    """An area that covers 河坊街."""
    values: dict[str, object] = {
        "kind": kind,
        "code": name,
        "name": name,
        "geom": func.ST_Multi(func.ST_GeomFromText(SQUARE, 4490)),
        "valid_from": date(2026, 1, 1),
    }
    area = Area(**values | more)
    session.add(area)
    session.flush()
    return area


def make_duty(session: Session, area: Area, role: str = "grid_worker", **more: object) -> Duty:
    """A published, valid duty."""
    values: dict[str, object] = {
        "area_id": area.id,
        "role": role,
        "display_name": "演示甲",
        "phone": "0571-00000001",
        "publish": True,
        "valid_from": date(2026, 1, 1),
    }
    duty = Duty(**values | more)
    session.add(duty)
    session.flush()
    return duty
