"""A small drawing of the stops of a printed round: where they lie to each other, north up."""

from collections.abc import Sequence
from dataclasses import dataclass

from address_model.coordinates import LocalFrame, Point

WIDTH, HEIGHT, EDGE = 720, 360, 24
_LEAST_M = 40.0
"""A round of fewer metres is not drawn larger."""
_SPOT_M = 5.0


@dataclass(frozen=True, slots=True)
class SketchStop:
    """A stop by its number on the list, at pixels from the upper left corner."""

    place: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class RouteSketch:
    """The stops that have a point, on a drawing of this size in pixels."""

    stops: tuple[SketchStop, ...]
    width: int = WIDTH
    height: int = HEIGHT


def draw_route(points: Sequence[tuple[int, Point]]) -> RouteSketch | None:
    """The drawing of points with their numbers on the list; None if they are all at one spot."""
    if not points:
        return None
    frame = LocalFrame(points[0][1])
    metres = [(place, *frame.to_metres(point)) for place, point in points]
    west, east = min(m[1] for m in metres), max(m[1] for m in metres)
    south, north = min(m[2] for m in metres), max(m[2] for m in metres)
    if max(east - west, north - south) < _SPOT_M:
        return None
    scale = min(
        (WIDTH - 2 * EDGE) / max(east - west, _LEAST_M),
        (HEIGHT - 2 * EDGE) / max(north - south, _LEAST_M),
    )
    stops = tuple(
        SketchStop(place, round(EDGE + (x - west) * scale, 1), round(EDGE + (north - y) * scale, 1))
        for place, x, y in metres
    )
    return RouteSketch(stops)
