"""The face of a plate by its address: design, name and number."""

from address_model.elements import Elements, Numbered, local_parts
from address_model.things import kind_of

_NUMBERED = ("number", "building", "unit", "floor", "room", "thing")
_BELOW_NUMBER = _NUMBERED[:0:-1]
INDOOR = {"room": "room", "unit": "unit", "building": "building"}


def design_name(elements: Elements) -> str:
    """The design of an address's level: 事物牌, 户室牌, 单元牌, 楼牌, or one of the 门牌.

    临 numbers take the temporary plate, numbers in a village the village's, a lane's own number the
    lane's; every other door takes 中门牌.
    """
    if elements.thing is not None:
        return kind_of(elements.thing).design
    for level, design in INDOOR.items():
        if getattr(elements, level) is not None:
            return design
    if elements.number and elements.number.prefix == "临":
        return "temporary"
    if elements.thoroughfare:
        return "lane" if elements.number is None and elements.lanes else "medium"
    return "village" if elements.natural_village or elements.community else "medium"


def face_text(elements: Elements) -> str:
    """The name and number that a plate made now would bear, as one text: 河坊街88号."""
    door = design_name(elements) not in INDOOR.values()
    numbered, parts = number_and_name(elements, door=door)
    return f"{''.join(parts)}{numbered or ''}"


def number_and_name(elements: Elements, *, door: bool) -> tuple[Numbered | None, tuple[str, ...]]:
    """The number printed large, and the name above it: all elements before the number."""
    if elements.thing is not None:
        return elements.thing, _local_before(elements, "thing")
    if door and elements.number is not None:
        return elements.number, _local_before(elements, "number")
    for level in _BELOW_NUMBER:
        value: Numbered | None = getattr(elements, level)
        if value is not None:
            return value, _local_before(elements, level)
    if elements.number is not None:
        return elements.number, _local_before(elements, "number")
    if elements.lanes:
        street = elements.thoroughfare or elements.estate
        return elements.lanes[-1], (street, *map(str, elements.lanes[:-1]))
    return None, (elements.street,)


def _local_before(elements: Elements, level: str) -> tuple[str, ...]:
    above = _NUMBERED[: _NUMBERED.index(level)]
    counts_elsewhere = elements.thoroughfare or elements.estate
    kept = Elements(
        thoroughfare=elements.thoroughfare,
        lanes=elements.lanes,
        natural_village="" if counts_elsewhere else elements.natural_village or elements.community,
        group=None if counts_elsewhere else elements.group,
        estate="" if level == "number" and elements.thoroughfare else elements.estate,
        **{name: getattr(elements, name) for name in above},
    )
    return local_parts(kept)
