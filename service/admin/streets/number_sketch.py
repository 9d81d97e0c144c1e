"""A sketch of a street's doors in their places, with what was found in their numbers."""

from dataclasses import dataclass

from address_model.coordinates import metres_per_degree
from service.addresses.drafts import number_order
from service.admin.streets.numbers import StreetNumbers

WIDTH, MARGIN = 1040, 36
_LEAST, _MOST = 160, 560
_LABELS = 44


@dataclass(frozen=True, slots=True)
class NumberDot:
    """A door at a place of the sketch, in pixels; ``label`` is "" where there is no room for it."""

    x: float
    y: float
    title: str
    label: str
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class NumberSketch:
    """The doors in the order of their numbers, and a line along each row of them."""

    height: int
    dots: tuple[NumberDot, ...]
    rows: tuple[str, ...]


def draw_numbers(street: StreetNumbers) -> NumberSketch | None:
    """The sketch, north above; None if fewer than two doors have a point."""
    held = [(door, door.position.point) for door in street.doors if door.position]
    if len(held) < 2:
        return None
    west, south = min(p.lon for _, p in held), min(p.lat for _, p in held)
    east_m, north_m = metres_per_degree(south)
    across = max((max(p.lon for _, p in held) - west) * east_m, 20.0)
    up = max((max(p.lat for _, p in held) - south) * north_m, 20.0)
    scale = min((WIDTH - 2 * MARGIN) / across, (_MOST - 2 * MARGIN) / up)
    height = max(_LEAST, round(up * scale + 2 * MARGIN))
    left, low = (WIDTH - across * scale) / 2, (height + up * scale) / 2
    wrong = {code for fault in street.open_faults for code in fault.finding.codes}
    every = max(1, len(held) // _LABELS)
    dots, paths = [], dict[int, list[str]]()
    for place, (door, point) in enumerate(held):
        x = round(left + (point.lon - west) * east_m * scale, 1)
        y = round(low - (point.lat - south) * north_m * scale, 1)
        number = str(door.elements.number)
        is_wrong = door.code in wrong
        label = number.removesuffix("号") if is_wrong or place % every == 0 else ""
        dots.append(NumberDot(x, y, number, label, is_wrong))
        row = street.rule.row_of(number_order(door.elements) or 0)
        paths.setdefault(row, []).append(f"{x} {y}")
    return NumberSketch(
        height, tuple(dots), tuple("M" + " L".join(points) for points in paths.values())
    )
