"""Reads addresses by code for the look-up that many ask at once."""

from collections.abc import Mapping
from typing import Any

from address_model.codes import format_code
from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from address_model.positions import Accuracy, Position, PositionKind, counting_position
from service.addresses.queries import ENTRANCE_JOIN, entrance_of
from service.addresses.schemas import ElementsOut
from service.core.lanes import Lanes

_NUMBERED = ("number", "prefix", "suffix", "quantifier")
_ADDRESSES = f"""
select a.code, a.standard_text, a.elements, d.code, a.level, a.status, a.status_reason,
  a.parent_code, ST_X(a.geom), ST_Y(a.geom), a.point_accuracy, a.point_note, a.is_sample, a.version,
  entrance.lon, entrance.lat, entrance.accuracy, entrance.label
from address a join division d on d.id = a.division_id
{ENTRANCE_JOIN}
where a.code = any(%s) and a.successor_code is null
  and not exists (select 1 from address_succession s where s.code = a.code)
"""  # noqa: S608 - our own constant


async def find_answers(lanes: Lanes, codes: list[str]) -> dict[str, Mapping[str, object]]:
    """The answers about addresses that nothing came in place of, as ``AddressAnswer`` has them."""
    rows = await lanes.rows(_ADDRESSES, codes)
    return {row[0]: _answer(row) for row in rows}


def _answer(row: tuple[Any, ...]) -> Mapping[str, object]:
    code, text, plain, division, level, status, reason, parent, lon, lat = row[:10]
    accuracy, note, sample, version = row[10:14]
    own = None
    if lon is not None:
        own = Position(PositionKind.CENTRE, Point(lon, lat), Accuracy(accuracy))
    shown = counting_position(own, entrance_of(*row[14:]))
    return {
        "code": code,
        "code_text": format_code(code),
        "standard_text": text,
        "elements": show_elements(plain),
        "division": division,
        "level": level,
        "status": status,
        "status_reason": reason,
        "successor_code": None,
        "parent_code": parent,
        "geometry": show_point(shown.point) if shown else None,
        "position": show_position(shown) if shown else None,
        "point_note": note,
        "sample": sample,
        "version": version,
        "successors": (),
    }


def show_point(point: Point) -> Mapping[str, object]:
    """A point in the form of ``PointOut``."""
    return {"type": "Point", "coordinates": (point.lon, point.lat)}


def show_position(position: Position) -> Mapping[str, object]:
    """A position in the form of ``PositionOut``."""
    return {
        "kind": position.kind,
        "kind_name": position.name,
        "label": position.label,
        "accuracy": position.accuracy,
        "within_m": position.accuracy.metres,
    }


def show_elements(plain: Mapping[str, Any]) -> Mapping[str, object]:
    """Elements as they are stored, in the form of ``ElementsOut``."""
    return _ABSENT | {name: _shown(plain[name]) for name in plain if name in _ABSENT}


def _shown(value: Any) -> object:
    """A text, a number, or a list of numbers, out of how an address is stored."""
    if isinstance(value, str) or not value:
        return value
    if not isinstance(value[0], str):
        return [_shown(one) for one in value]
    numbered = Numbered(*value)
    return {"text": str(numbered)} | {name: getattr(numbered, name) for name in _NUMBERED}


_ABSENT = {
    name: list(value) if isinstance(value, tuple) else value
    for name, value in Elements()._asdict().items()
    if name in ElementsOut.model_fields
}
