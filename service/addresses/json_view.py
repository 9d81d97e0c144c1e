"""An address as the API writes it, for its viewer: the one place for route, list and look-up."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from address_model.codes import format_code
from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from address_model.masking import mask
from address_model.positions import Accuracy, Position, PositionKind, kind_row
from address_model.sensitivity import Viewer
from service.addresses.queries import AddressRow


def show_address(
    row: AddressRow, viewer: Viewer, successors: Sequence[AddressRow] | None = None
) -> Mapping[str, object]:
    """An address in the form of ``AddressOut``; with ``successors`` of ``AddressAnswer``.

    What the viewer may not see is left out.
    """
    shown = row.position
    answer: dict[str, object] = {
        "code": row.code,
        "code_text": format_code(row.code),
        "standard_text": row.standard_text,
        "elements": show_elements(row.elements),
        "division": row.division_code,
        "level": row.level,
        "status": row.status,
        "status_reason": row.status_reason,
        "successor_code": row.successor_code,
        "parent_code": row.parent_code,
        "geometry": show_point(shown.point) if shown else None,
        "position": show_position(shown) if shown else None,
        "point_note": row.point_note,
        "sample": row.is_sample,
        "version": row.version,
    }
    if successors is not None:
        answer["successors"] = [_show_successor(one) for one in successors]
    return mask(answer, "address", viewer, division=row.division_code)


def show_elements(elements: Elements) -> Mapping[str, object]:
    """Elements in the form of ``ElementsOut``."""
    shown: dict[str, object] = elements._asdict()
    shown["lanes"] = [_show_numbered(lane) for lane in elements.lanes]
    for name in _NUMBERED:
        value = getattr(elements, name)
        if value is not None:
            shown[name] = _show_numbered(value)
    return shown


def show_point(point: Point) -> Mapping[str, object]:
    """A point in the form of ``PointOut``."""
    return {"type": "Point", "coordinates": (point.lon, point.lat)}


def show_position(position: Position) -> Mapping[str, object]:
    """A position in the form of ``PositionOut``."""
    return _show_kind(position.kind, position.accuracy, position.label)


@lru_cache(maxsize=1024)
def _show_kind(kind: PositionKind, accuracy: Accuracy, label: str) -> Mapping[str, object]:
    return {
        "kind": kind,
        "kind_name": kind_row(kind).name,
        "label": label,
        "accuracy": accuracy,
        "within_m": accuracy.metres,
    }


@lru_cache(maxsize=8192)
def _show_numbered(value: Numbered) -> Mapping[str, object]:
    """A number in the form of ``NumberedOut``; most doors share theirs with many."""
    return {
        "text": str(value),
        "number": value.number,
        "prefix": value.prefix,
        "suffix": value.suffix,
        "quantifier": value.quantifier,
    }


def _show_successor(row: AddressRow) -> Mapping[str, object]:
    return {
        "code": row.code,
        "code_text": format_code(row.code),
        "standard_text": row.standard_text,
        "status": row.status,
    }


_NUMBERED = ("group", "number", "building", "unit", "floor", "room", "thing")
