"""What a sketch says in a sentence: side of the street and next doors, or what lies near."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.scans.street_fit import StreetFit, wind_of

Home = tuple[int, int, int, str, str, bool]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A home named in a caption: the wind it lies in (0 east, 2 north, …), its label and kind."""

    wind: int
    label: str
    is_block: bool


@dataclass(frozen=True, slots=True)
class Caption:
    """The facts of a caption, for words in any language.

    On a street: ``street``, the ``side`` of it as a wind, the next doors of that side in ``near``.
    Otherwise ``side`` is None, ``near`` holds the nearest homes, and ``street`` may name the
    nearest street with its ``wind`` and ``metres``.
    """

    label: str
    is_block: bool
    street: str = ""
    side: int | None = None
    near: tuple[Neighbour, ...] = ()
    wind: int = 0
    metres: int = 0


def caption_of(
    own: Home, homes: Sequence[Home], fits: Mapping[str, StreetFit], metre: int
) -> Caption:
    """Return the facts about a home in the middle of others, which come nearest first.

    ``metre`` is the length of a metre in the units of the homes.
    """
    fit = fits.get(own[4])
    if fit is None:
        return _without_street(own, homes, fits, metre)
    street, (ux, uy) = own[4], fit.direction
    is_left = fit.left_of(0, 0) > 0
    ahead, behind = _next_doors([home for home in homes if home[4] == street], fit, is_left=is_left)
    near = []
    if ahead is not None:
        near.append(Neighbour(wind_of(ux, uy), ahead[3], ahead[5]))
    if behind is not None:
        near.append(Neighbour(wind_of(-ux, -uy), behind[3], behind[5]))
    return Caption(own[3], own[5], street, wind_of(*fit.towards(0, 0)), tuple(near))


def _next_doors(
    homes: Sequence[Home], fit: StreetFit, *, is_left: bool
) -> tuple[Home | None, Home | None]:
    """The next doors on one side of the street, forwards and backwards along it."""
    ahead = behind = None
    first, last = float("inf"), float("-inf")
    for home in homes:
        offset = fit.along(home[1], home[2])
        if offset > first or offset < last or -4 <= offset <= 4:
            continue
        if (fit.left_of(home[1], home[2]) > 0) is not is_left:
            continue
        if offset > 0:
            ahead, first = home, offset
        else:
            behind, last = home, offset
    return ahead, behind


def _without_street(
    own: Home, homes: Sequence[Home], fits: Mapping[str, StreetFit], metre: int
) -> Caption:
    """For villages and estates: the nearest of its kind, and the way to the nearest street."""
    label, is_block = own[3], own[5]
    names = [home for home in homes if home[5] == is_block and home[3] != label][:3]
    near = tuple(Neighbour(wind_of(x, y), name, block) for _, x, y, name, _, block in names)
    if not fits:
        return Caption(label, is_block, near=near)
    ways = {street: fit.nearest_to(0, 0) for street, fit in fits.items()}
    street = min(ways, key=lambda name: ways[name][0] ** 2 + ways[name][1] ** 2)
    east, north = ways[street]
    metres = round((east * east + north * north) ** 0.5 / metre, -1)
    return Caption(label, is_block, street, None, near, wind_of(east, north), int(metres))
