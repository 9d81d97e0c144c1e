"""Areas as a sketch (SVG) and as the GeoJSON that the map draws over it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from address_model.coordinates import metres_per_degree
from service.areas.border_faults import BorderFault, FaultKind
from service.areas.queries import HeldArea
from service.tiles.grid import Bounds

WIDTH, HEIGHT, MARGIN = 720, 420, 16
_LENGTHS_M = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
_SHORTEST_M = 60.0
"""The sketch shows at least so many metres."""


class ShapeRole(StrEnum):
    """What a shape is on the map; the words are classes of the style sheet."""

    OWN = "own"
    NEIGHBOUR = "neighbour"
    PARENT = "parent"
    FORMER = "former"
    OVERLAP = FaultKind.OVERLAP
    GAP = FaultKind.GAP
    OUTSIDE = FaultKind.OUTSIDE


@dataclass(frozen=True, slots=True)
class ChartShape:
    """A shape to draw: its label, and the id of its area, 0 if it is none."""

    role: ShapeRole
    label: str
    shape: BaseGeometry
    area_id: int = 0


@dataclass(frozen=True, slots=True)
class SketchPath:
    """A shape of the sketch: SVG path data, and where its label stands, in pixels."""

    role: ShapeRole
    label: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class AreaChart:
    """The sketch with its scale, where it lies, and the shapes that are drawn."""

    paths: tuple[SketchPath, ...]
    scale_m: int
    scale_px: float
    bounds: Bounds
    shapes: tuple[ChartShape, ...]

    @property
    def features(self) -> str:
        """The shapes as GeoJSON, for the script of the map."""
        features = [
            {
                "type": "Feature",
                "geometry": orjson.Fragment(shapely.to_geojson(one.shape)),
                "properties": {"role": one.role, "name": one.label, "area": one.area_id},
            }
            for one in self.shapes
        ]
        return orjson.dumps({"type": "FeatureCollection", "features": features}).decode()


def shapes_of(areas: Sequence[HeldArea], role: ShapeRole) -> list[ChartShape]:
    """Areas as shapes of one role."""
    return [ChartShape(role, one.name, one.shape, one.id) for one in areas]


def faults_of(faults: Sequence[BorderFault]) -> list[ChartShape]:
    """Faults as shapes."""
    return [ChartShape(ShapeRole(one.kind), "", one.shape) for one in faults]


def draw_chart(
    shapes: Sequence[ChartShape], focus: Sequence[BaseGeometry] = ()
) -> AreaChart | None:
    """Draw shapes, north above, the first below the later ones; None without any.

    The sketch shows what is in ``focus`` whole, and of the others what fits.
    """
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds(list(focus) or [one.shape for one in shapes])
    metres = np.array(metres_per_degree((south + north) / 2))
    size = np.maximum(np.array([east - west, north - south]) * metres, _SHORTEST_M)
    scale = float(min((np.array([WIDTH, HEIGHT]) - 2 * MARGIN) / size))
    middle = np.array([west + east, south + north]) / 2
    steps = metres * np.array([scale, -scale])
    offset = np.array([WIDTH, HEIGHT]) / 2
    reach = offset / np.abs(steps)
    window = shapely.box(*(middle - reach), *(middle + reach))
    paths = []
    for one in shapes:
        seen = shapely.clip_by_rect(one.shape, *window.bounds)
        if seen.is_empty:
            continue
        flat = shapely.transform(one.shape, lambda degrees: (degrees - middle) * steps + offset)
        x, y = ((shapely.point_on_surface(seen).coords[0] - middle) * steps + offset).round(1)
        paths.append(SketchPath(one.role, one.label, path_data(flat), float(x), float(y)))
    length = max((one for one in _LENGTHS_M if one * scale <= WIDTH / 4), default=_LENGTHS_M[0])
    return AreaChart(
        tuple(paths),
        length,
        round(length * scale, 1),
        (west, south, east, north),
        tuple(shapes),
    )


def path_data(flat: BaseGeometry) -> str:
    """A shape in pixels as SVG path data."""
    rings = shapely.get_rings(shapely.get_parts(shapely.simplify(flat, 0.3)))
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(ring)[:-1]) + "Z"
        for ring in rings
    )
