"""The JSON form of an address for a viewer, shared by route, list and fast look-up."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from address_model.below_door import lies_below_door
from address_model.codes import format_code
from address_model.coordinates import Point
from address_model.elements import Elements, Numbered, elements_to_plain, numbered_from_plain
from address_model.positions import Accuracy, Position, PositionKind, counting_position, kind_row
from address_model.sensitivity import Viewer, mask
from service.addresses.queries import AddressColumns, AddressRow


def show_address(
    row: AddressRow, viewer: Viewer, successors: Sequence[AddressRow] | None = None
) -> Mapping[str, object]:
    """An address in the form of ``AddressOut``, or with ``successors`` of ``AddressAnswer``.

    Fields that the viewer may not see are left out.
    """
    return show_columns(row.columns, viewer, successors)


def show_columns(
    stored: AddressColumns, viewer: Viewer, successors: Sequence[AddressRow] | None = None
) -> Mapping[str, object]:
    """As ``show_address``, directly from the stored columns."""
    own = entrance = None
    if stored.lon is not None:
        own = (PositionKind.CENTRE, stored.lon, stored.lat, stored.point_accuracy, "")
    if stored.entrance_lon is not None:
        entrance = (PositionKind.ENTRANCE, *stored[-4:])
    shown = counting_position(own, entrance)
    answer: dict[str, object] = {
        "code": stored.code,
        "code_text": format_code(stored.code),
        "standard_text": stored.standard_text,
        "elements": show_elements(stored.elements),
        "division": stored.division_code,
        "level": stored.level,
        "status": stored.status,
        "status_reason": stored.status_reason,
        "successor_code": stored.successor_code,
        "parent_code": stored.parent_code,
        "geometry": {"type": "Point", "coordinates": shown[1:3]} if shown else None,
        "position": _show_kind(shown[0], *shown[3:]) if shown else None,
        "point_note": stored.point_note,
        "sample": stored.is_sample,
        "version": stored.version,
    }
    if successors is not None:
        answer["successors"] = [
            {
                "code": one.code,
                "code_text": format_code(one.code),
                "standard_text": one.standard_text,
                "status": one.status,
            }
            for one in successors
        ]
    deep = lies_below_door(stored.level, stored.elements)
    return mask(answer, "address", viewer, division=stored.division_code, is_deep=deep)


def is_seen(row: AddressRow, viewer: Viewer) -> bool:
    """Whether a viewer sees that there is such an address."""
    deep = lies_below_door(row.level, elements_to_plain(row.elements))
    return bool(viewer.classes_in(row.division_code, is_deep=deep))


def show_elements(plain: Mapping[str, Any]) -> Mapping[str, object]:
    """Stored elements in the form of ``ElementsOut``."""
    shown = _ABSENT.copy()
    for name, value in plain.items():
        if name in _ABSENT:
            shown[name] = value if type(value) is str else _show_element(value)
    return shown


def _show_element(value: Any) -> object:
    """A stored element as a text, a number or a list of numbers."""
    if isinstance(value, list):
        return [_show_element(one) for one in value]
    return _show_numbered(numbered_from_plain(value)) if isinstance(value, dict) else value


def show_point(point: Point) -> Mapping[str, object]:
    """A point in the form of ``PointOut``."""
    return {"type": "Point", "coordinates": (point.lon, point.lat)}


def show_position(position: Position) -> Mapping[str, object]:
    """A position in the form of ``PositionOut``."""
    return _show_kind(position.kind, position.accuracy, position.label)


@lru_cache(maxsize=1024)
def _show_kind(kind: PositionKind, accuracy: str, label: str) -> Mapping[str, object]:
    grade = Accuracy(accuracy)
    return {
        "kind": kind,
        "kind_name": kind_row(kind).name,
        "label": label,
        "accuracy": grade,
        "within_m": grade.metres,
    }


@lru_cache(maxsize=8192)
def _show_numbered(value: Numbered) -> Mapping[str, object]:
    """A number in the form of ``NumberedOut``; cached, because many doors share a number."""
    return {
        "text": str(value),
        "number": value.number,
        "prefix": value.prefix,
        "suffix": value.suffix,
        "quantifier": value.quantifier,
    }


_ABSENT: dict[str, object] = {
    name: list(value) if isinstance(value, tuple) else value
    for name, value in Elements()._asdict().items()
}
