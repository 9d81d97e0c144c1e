"""The map of coverage: a mark for each county on the outline of the land, shaded by its share.

It shows no boundaries: those that are shipped are not for publishing (``data/NOTICE.md``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.heritage.sketch import Frame, draw_land, whole_frame

CLASSES = (20, 40, 60, 80)
"""The lower bounds, in percent, of the classes of shade after the first."""


@dataclass(frozen=True, slots=True)
class CountyMark:
    """A county on the map; ``shade`` is 0 (least) to 4, None where the share is not told."""

    county: str
    x: int
    y: int
    share: int | None
    shade: int | None


@dataclass(frozen=True, slots=True)
class CoverageMap:
    """What the template draws, in units of the frame."""

    frame: Frame
    land: str
    marks: Sequence[CountyMark]


def draw_coverage(
    shares: Mapping[str, int | None], centres: Mapping[str, tuple[float, float]]
) -> CoverageMap:
    """Draw the shares (percent) of counties that have a centre (degrees), the untold ones below."""
    frame = whole_frame()
    marks = []
    for county, share in shares.items():
        if county in centres:
            x, y = frame.place(*centres[county])
            marks.append(CountyMark(county, round(x), round(y), share, shade_of(share)))
    # Counties of one city overlap: what is not told hides nobody's share.
    marks.sort(key=lambda mark: (mark.share is not None, mark.y, mark.x))
    return CoverageMap(frame, draw_land(frame), marks)


def shade_of(share: int | None) -> int | None:
    """The class of a share."""
    return None if share is None else sum(share >= least for least in CLASSES)
