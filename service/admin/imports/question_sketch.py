"""A sketch of the doors on both sides of a question: where they lie to each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians

from service.imports.uploads.queries.questions import QuestionDoor, QuestionEvidence

WIDTH, HEIGHT, MARGIN = 560, 320, 24
_METRES_A_DEGREE = 111_320
_LENGTHS_M = (20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)


@dataclass(frozen=True, slots=True)
class SketchDot:
    """A door at a place of the sketch, in pixels."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class QuestionSketch:
    """The doors of both sides, and a scale of so many pixels for ``scale_m`` metres."""

    registered: tuple[SketchDot, ...]
    waiting: tuple[SketchDot, ...]
    scale_m: int
    scale_px: float


def draw_question(evidence: QuestionEvidence) -> QuestionSketch | None:
    """The sketch, north above; None if one of the sides has no points."""
    points = [d.point for d in (*evidence.registered, *evidence.waiting) if d.point]
    if not all(any(d.point for d in side) for side in (evidence.registered, evidence.waiting)):
        return None
    west, south = min(p.lon for p in points), min(p.lat for p in points)
    across = (max(p.lon for p in points) - west) * _metres_east(south)
    up = (max(p.lat for p in points) - south) * _METRES_A_DEGREE
    wide, high = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
    scale = min(wide / max(across, 50), high / max(up, 50))
    left, low = (WIDTH - across * scale) / 2, (HEIGHT + up * scale) / 2

    def place(doors: Iterable[QuestionDoor]) -> tuple[SketchDot, ...]:
        return tuple(
            SketchDot(
                round(left + (point.lon - west) * _metres_east(south) * scale, 1),
                round(low - (point.lat - south) * _METRES_A_DEGREE * scale, 1),
                door.number,
            )
            for door in doors
            if (point := door.point)
        )

    length = max((one for one in _LENGTHS_M if one * scale <= wide / 3), default=_LENGTHS_M[0])
    return QuestionSketch(
        place(evidence.registered), place(evidence.waiting), length, round(length * scale, 1)
    )


def _metres_east(latitude: float) -> float:
    """The metres of a degree of longitude at a latitude."""
    return _METRES_A_DEGREE * cos(radians(latitude))


def tell_distance(metres: int) -> str:
    """A distance in words."""
    if metres < 1000:
        return f"{metres} 米"
    return f"{metres / 1000:.2g} 公里" if metres < 10_000 else f"{metres / 1000:.0f} 公里"
