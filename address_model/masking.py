"""Removes from a response the fields its viewer may not see (脱敏), by ``sensitivity``."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar

from address_model.elements import Elements
from address_model.sensitivity import FIELDS, PARTS, Viewer

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Plan:
    """The visible fields of a kind of record, and the plans of its nested records."""

    shown: frozenset[str]
    parts: Mapping[str, "_Plan"]
    hides: bool


def mask(
    answer: Mapping[str, Any], kind: str, viewer: Viewer, *, division: str = ""
) -> Mapping[str, Any]:
    """Return a response without the fields its viewer may not see; they are removed, not emptied.

    A response without hidden fields is returned as it is, at no cost.

    Args:
        answer: a JSON record, with nested records and lists of records.
        kind: its kind, a key of ``sensitivity.FIELDS``.
        viewer: the viewer.
        division: the code of the division it lies in.
    """
    plan = _plan(kind, viewer.classes_in(division))
    if not plan.hides and plan.shown.issuperset(answer):
        return answer
    return _masked(answer, plan)


def mask_record(record: R, kind: str, viewer: Viewer, *, division: str = "") -> R:
    """Return a frozen dataclass with its hidden fields set to their defaults.

    Raises:
        TypeError: a field to be hidden has no default.
    """
    shown = _plan(kind, viewer.classes_in(division)).shown
    empty = {}
    for field in fields(record):  # type: ignore[arg-type]
        if field.name not in shown:
            if field.default is MISSING:
                raise TypeError(f"{kind}.{field.name} cannot be hidden: it has no default")
            empty[field.name] = field.default
    return replace(record, **empty) if empty else record  # type: ignore[type-var]


def cut_at_door(elements: Elements) -> Elements:
    """An address as anybody may see it: down to the door plate, or a thing that is in no home."""
    if elements.thing is not None and elements.room is None:
        return elements
    return elements._replace(unit=None, floor=None, room=None, thing=None)


@lru_cache(maxsize=256)
def _plan(kind: str, classes: frozenset[str]) -> _Plan:
    shown = frozenset(name for name, one in FIELDS[kind].items() if one in classes)
    parts = {
        name: _plan(part, classes) for name, part in PARTS.get(kind, {}).items() if name in shown
    }
    hides = len(shown) < len(FIELDS[kind]) or any(part.hides for part in parts.values())
    return _Plan(shown, MappingProxyType(parts), hides)


def _masked(answer: Mapping[str, Any], plan: _Plan) -> dict[str, Any]:
    return {
        name: _masked_part(value, plan.parts[name]) if name in plan.parts else value
        for name, value in answer.items()
        if name in plan.shown
    }


def _masked_part(value: Any, plan: _Plan) -> Any:
    """Mask a nested record, a list of records, or null."""
    if isinstance(value, Mapping):
        return _masked(value, plan)
    if isinstance(value, list | tuple):
        return [_masked_part(one, plan) for one in value]
    return value
