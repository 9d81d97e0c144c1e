"""An uploaded layer of areas: read in a process of its own, limited to the person's divisions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from service.areas.features import read_features
from service.areas.headings import AREA_FIELDS, map_columns
from service.areas.queries import HeldArea
from service.areas.rows import ListedArea, read_area_features
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.errors import BadRequest
from service.core.sheets import RowFault

MOST_FEATURES = 5_000
"""More areas are loaded by ``menpai areas load``."""


@dataclass(frozen=True, slots=True)
class LayerTerms:
    """What is declared about a layer: kind of area, coordinate system, whether to mend shapes."""

    kind: str = ""
    crs: str = ""
    repair_shape: bool = False


@dataclass(frozen=True, slots=True)
class ReadLayer:
    """The areas of a layer, the faults of its refused features, and the columns that it has."""

    listed: tuple[ListedArea, ...]
    faults: tuple[RowFault, ...]
    columns: frozenset[str]
    features: int


def read_layer_file(path: Path, terms: LayerTerms) -> ReadLayer:
    """Read a layer of at most ``MOST_FEATURES``.

    Raises:
        LayerRefused, LayerUnreadable, BadRequest: it cannot be read, or is too long.
    """
    features = read_features(path, crs=terms.crs)
    if len(features.listed) > MOST_FEATURES:
        raise BadRequest(
            f"it has more than {MOST_FEATURES:,} features",
            hint="split it",
            zh=f"图形超过 {MOST_FEATURES:,} 个，请按乡镇街道分开上传。",
        )
    listed, faults = read_area_features(features, kind=terms.kind, repair_shape=terms.repair_shape)
    columns = frozenset(map_columns(features.headings, AREA_FIELDS))
    return ReadLayer(tuple(listed), tuple(faults), columns, len(features.listed))


def limit_to_own(
    layer: ReadLayer, held: Sequence[HeldArea], member: StaffMember, division: str
) -> tuple[list[ListedArea], list[RowFault]]:
    """The areas that the person may load, and the faults of the others.

    What a layer without such a column does not say stays as registered: the parent, and the
    division, which of a new area is ``division``.
    """
    known = {(one.kind, one.code): one for one in held}
    own: list[ListedArea] = []
    faults: list[RowFault] = []
    for item in layer.listed:
        present = known.get((item.kind, item.code))
        told = item
        if not item.division:
            told = replace(told, division=present.division if present else division)
        if present and "parent" not in layer.columns:
            told = replace(told, parent=present.parent)
        places = {told.division.ljust(12, "0") if told.division else ""}
        places |= {present.division} if present else set()
        if all(may(member, Permission.AREAS_WRITE, place) for place in places):
            own.append(told)
        else:
            faults.append(
                RowFault(item.row, "division", "不在您负责的区划内", "改正区划，或请上级办理")
            )
    return own, faults
