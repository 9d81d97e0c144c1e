"""Area in square metres of shapes in degrees, on the CGCS2000 ellipsoid."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

_SEMI_MAJOR = 6378137.0
_FLATTENING = 1 / 298.257222101
_ECCENTRICITY_SQUARED = _FLATTENING * (2 - _FLATTENING)


def square_metres(shape: BaseGeometry) -> float:
    """The area of a shape in degrees (EPSG:4490), each edge straight on an equal-area map.

    The map is Lambert's cylindrical equal-area projection of the ellipsoid, so the figure is
    exact for the given corners; lines have no area.
    """
    return float(shapely.area(shapely.transform(shape, _equal_area)))


def _equal_area(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    sine = np.sin(np.radians(corners[:, 1]))
    root = np.sqrt(_ECCENTRICITY_SQUARED)
    authalic = (1 - _ECCENTRICITY_SQUARED) * (
        sine / (1 - _ECCENTRICITY_SQUARED * sine**2) + np.arctanh(root * sine) / root
    )
    east = _SEMI_MAJOR * np.radians(corners[:, 0])
    return np.column_stack([east, _SEMI_MAJOR * authalic / 2])
