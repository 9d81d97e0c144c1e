"""Who sees which field: the class of every response field, the classes each audience may see, and
masking (脱敏), which removes from a response the fields its viewer may not see.

Design §6 and §9: a card, a JSON response and a list show a field only as this table allows. A field
missing from it is shown to nobody, and a test fails.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar

from address_model.elements import Elements
from address_model.nested_records import PARTS


class FieldClass(StrEnum):
    """The visibility of a field, from the widest to the narrowest."""

    PUBLIC = "public"
    """Printed on the wall, or in a published register."""

    CONTACT = "contact"
    """Responsible contacts: visible at the plate, never by the address code."""

    REGISTER = "register"
    """What offices need: an address's source, former names and plates."""

    INTERNAL = "internal"
    """For staff only."""


class Audience(StrEnum):
    """The audience of a response."""

    ANYBODY = "anybody"
    """Access by address code, which anybody may type or guess."""

    RESIDENT = "resident"
    """Access by plate token, so most likely in front of the plate."""

    CLIENT = "client"
    """A department, by API key: of this it sees what its grants say."""

    STAFF = "staff"


SEEN: Mapping[Audience, frozenset[FieldClass]] = MappingProxyType(
    {
        Audience.ANYBODY: frozenset({FieldClass.PUBLIC}),
        Audience.RESIDENT: frozenset({FieldClass.PUBLIC, FieldClass.CONTACT}),
        Audience.CLIENT: frozenset({FieldClass.PUBLIC, FieldClass.REGISTER}),
        Audience.STAFF: frozenset(FieldClass),
    }
)
"""The classes that each audience sees."""

_OUTSIDE = SEEN[Audience.ANYBODY]


@dataclass(frozen=True, slots=True)
class Reach:
    """What is seen in a division (a code or its beginning), with ``is_deep`` below the door too."""

    division: str
    classes: frozenset[FieldClass]
    is_deep: bool = True


@dataclass(frozen=True, slots=True)
class Viewer:
    """An audience and its divisions; outside them a viewer sees what anybody sees.

    ``divisions`` are codes of divisions or their beginnings; "" is everywhere. A viewer with
    ``reaches`` sees what these say and, outside them, nothing: also not that a record exists.
    """

    audience: Audience
    divisions: tuple[str, ...] = ("",)
    reaches: tuple[Reach, ...] | None = None
    _inside: frozenset[FieldClass] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_inside", SEEN[self.audience])

    def classes_in(self, division: str, *, is_deep: bool = False) -> frozenset[FieldClass]:
        """The field classes visible in a division (12 digits); none if nothing is.

        ``is_deep``: of a record that lies below the door plate.
        """
        if self.reaches is None:
            return self._inside if division.startswith(self.divisions) else _OUTSIDE
        found = _NOTHING
        for one in self.reaches:
            if division.startswith(one.division) and (one.is_deep or not is_deep):
                found = found | one.classes if found else one.classes
        return found

    @property
    def stops_at_the_door(self) -> bool:
        """Whether addresses are shown no deeper than the door plate, wherever they are."""
        if self.reaches is None:
            return self.audience is Audience.ANYBODY
        return not any(one.is_deep for one in self.reaches)


_NOTHING: frozenset[FieldClass] = frozenset()
ANYBODY, RESIDENT = map(Viewer, (Audience.ANYBODY, Audience.RESIDENT))


def _all(field_class: FieldClass, names: str) -> dict[str, FieldClass]:
    return dict.fromkeys(names.split(), field_class)


_PUBLIC, _CONTACT, _REGISTER = FieldClass.PUBLIC, FieldClass.CONTACT, FieldClass.REGISTER

FIELDS: Mapping[str, Mapping[str, FieldClass]] = MappingProxyType(
    {
        "card": _all(
            _PUBLIC,
            "code standard_text elements status token community pinyin romanised spelled division "
            "payload address_state reason successors printed position sketch story services "
            "nearby data is_demo is_trial",
        )
        | _all(_CONTACT, "contacts grid"),
        "scan": _all(
            _PUBLIC,
            "token code code_grouped standard_text romanised pinyin divisions community status "
            "address_status reason state printed_text successor successors point position maps "
            "story services nearby data sample trial",
        )
        | _all(_CONTACT, "contacts grid"),
        "scan.successor": _all(_PUBLIC, "path local_text code since ended"),
        "scan.position": _all(_PUBLIC, "kind name accuracy within_m"),
        "scan.story": _all(_PUBLIC, "name zh en path"),
        "scan.service": _all(_PUBLIC, "name name_en office hours phone link sample"),
        "scan.facility": _all(_PUBLIC, "kind name local_text metres hours phone note sample"),
        "scan.data": _all(
            _PUBLIC, "dataset owner name label label_en value source_id as_of link sample"
        ),
        "scan.contact": _all(
            _CONTACT,
            "role display_name organisation phone hours confirmed_at unconfirmed sample",
        ),
        "maps": _all(_PUBLIC, "amap tencent baidu system"),
        "point": _all(_PUBLIC, "type coordinates"),
        "address": _all(
            _PUBLIC,
            "code code_text standard_text elements division level status successor_code geometry "
            "position sample version successors at unknown",
        )
        | _all(
            _REGISTER,
            "status_reason parent_code point_note place positions names identifiers areas plates "
            "parent children",
        ),
        "elements": _all(
            _PUBLIC,
            "province city county township community devzone parent_place thoroughfare lanes "
            "natural_village group estate number building unit floor room thing",
        ),
        "numbered": _all(_PUBLIC, "text number prefix suffix quantifier"),
        "position": _all(_PUBLIC, "kind kind_name label accuracy within_m geometry")
        | _all(_REGISTER, "source note valid_from valid_to version"),
        "successor": _all(_PUBLIC, "code code_text standard_text status"),
        "place": _all(_PUBLIC, "number name kind townships other_names continues"),
        "name": _all(_REGISTER, "text kind source source_id valid_from valid_to"),
        "identifier": _all(_REGISTER, "scheme value valid_from valid_to"),
        "area": _all(_PUBLIC, "kind code name"),
        "area_record": _all(
            _PUBLIC,
            "key kind code name parent division valid_from valid_to sample version geometry",
        ),
        "plate": _all(_REGISTER, "token status generation"),
        "tile": _all(
            _PUBLIC,
            "code label standard_text status entrance here street addresses name level",
        ),
        "history": _all(
            _PUBLIC, "code code_text registered_at predecessors successors kept_since next"
        )
        | _all(_REGISTER, "names positions identifiers events"),
        "event": _all(_REGISTER, "position action version at"),
        "kin": _all(_PUBLIC, "code code_text standard_text level status"),
    }
)
"""The class of each field, by the kind of record that shows it."""


R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Plan:
    """The visible fields of a kind of record, and the plans of its nested records."""

    shown: frozenset[str]
    parts: Mapping[str, "_Plan"]
    hides: bool


def mask(
    answer: Mapping[str, Any],
    kind: str,
    viewer: Viewer,
    *,
    division: str = "",
    is_deep: bool = False,
) -> Mapping[str, Any]:
    """Return a response without the fields its viewer may not see; they are removed, not emptied.

    A response without hidden fields is returned as it is, at no cost.

    Args:
        answer: a JSON record, with nested records and lists of records.
        kind: its kind, a key of ``sensitivity.FIELDS``.
        viewer: the viewer.
        division: the code of the division it lies in.
        is_deep: whether it lies below the door plate.
    """
    plan = _plan(kind, viewer.classes_in(division, is_deep=is_deep))
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
    for one in fields(record):  # type: ignore[arg-type]
        if one.name not in shown:
            if one.default is MISSING:
                raise TypeError(f"{kind}.{one.name} cannot be hidden: it has no default")
            empty[one.name] = one.default
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
