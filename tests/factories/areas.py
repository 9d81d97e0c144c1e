"""Areas and duties around 河坊街."""

import json
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func
from sqlalchemy.orm import Session

from address_model.tables import Area, Duty
from service.areas.rows import ListedArea
from service.areas.shapes import normalise

SQUARE = "POLYGON((120.1 30.2, 120.2 30.2, 120.2 30.3, 120.1 30.3, 120.1 30.2))"

BOW_TIE = shapely.Polygon([(120, 30), (120.01, 30.01), (120.01, 30), (120, 30.01)])
"""A border that crosses itself."""


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


def box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """A rectangle in hundredths of a degree from 120° E, 30° N, as areas are stored."""
    corners = (120 + west / 100, 30 + south / 100, 120 + east / 100, 30 + north / 100)
    return normalise(shapely.box(*(round(corner, 9) for corner in corners)))


def make_listed(code: str, shape: BaseGeometry, row: int = 1, **more: object) -> ListedArea:
    """A grid of a file."""
    values: dict[str, object] = {"kind": "grid", "name": code}
    return ListedArea(row=row, code=code, shape=shape, **values | more)  # type: ignore[arg-type]


def collection(*features: tuple[BaseGeometry | None, dict[str, object]]) -> str:
    """A GeoJSON file of shapes and their properties."""
    listed = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": None if shape is None else shapely.geometry.mapping(shape),
        }
        for shape, properties in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": listed}, ensure_ascii=False)
