"""What an edit of borders changes: areas, addresses, contacts and faults; read, then undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from address_model.ground_area import square_metres
from service.addresses.queries import find_addresses
from service.admin.areas.chart import ChartShape, ShapeRole, faults_of, shapes_of
from service.areas.border_faults import BorderFault
from service.areas.queries import DutyRow, HeldArea, load_duty_register
from service.areas.queries.borders import list_border_faults, list_neighbours
from service.core.web import WriteSession
from service.linking.commands import AreaEdit
from service.linking.differences import LinkDifference

MOST_NAMED = 20
"""At most so many addresses are named."""


@dataclass(frozen=True, slots=True)
class AreaChange:
    """An area that is changed: square metres before and after (None: new, ended), its contacts,
    and how many addresses it gives and takes.
    """

    name: str
    before_m2: float | None
    after_m2: float | None
    contacts: tuple[DutyRow, ...]
    gives: int
    takes: int


@dataclass(frozen=True, slots=True)
class AddressMove:
    """Addresses that go from one area to another; "" is none."""

    before: str
    after: str
    count: int


@dataclass(frozen=True, slots=True)
class BorderPreview:
    """The result of an edit; ``shown`` are the versions of the other areas that it changes."""

    changes: tuple[AreaChange, ...]
    moves: tuple[AddressMove, ...]
    named: tuple[tuple[str, str], ...]
    addresses: int
    faults: tuple[BorderFault, ...]
    shown: str
    shapes: tuple[ChartShape, ...]
    focus: tuple[HeldArea, ...]


def preview_edit(session: WriteSession, edit: AreaEdit, today: date) -> BorderPreview:
    """Read what an edit has done in this transaction; the first area is the edited one."""
    before = {one.id: one for one in edit.before}
    after = {one.id: one for one in edit.after}
    names = {id_: one.name for id_, one in (before | after).items()}
    codes, routes = read_moves(edit.links.difference)
    counts: dict[tuple[str, str], int] = {}
    for left, entered in routes:
        key = names.get(left, ""), names.get(entered, "")
        counts[key] = counts.get(key, 0) + 1
    held = find_addresses(session, codes[:MOST_NAMED])
    duties = load_duty_register(session, today, only=names)
    changes = [
        AreaChange(
            names[id_],
            square_metres(before[id_].shape) if id_ in before else None,
            square_metres(after[id_].shape) if id_ in after else None,
            duties.by_area.get(id_, ()),
            sum(left == id_ for left, _ in routes),
            sum(entered == id_ for _, entered in routes),
        )
        for id_ in names
    ]
    faults = list_border_faults(session, edit.after, today)
    focus = edit.after or edit.before
    around = list_neighbours(session, focus[0].kind, focus[0].shape, today)
    return BorderPreview(
        tuple(changes),
        tuple(AddressMove(*key, count) for key, count in sorted(counts.items())),
        tuple((code, held[code].standard_text) for code in codes[:MOST_NAMED] if code in held),
        len(codes),
        tuple(faults),
        ",".join(f"{one.id}:{one.version}" for one in edit.before),
        (
            *shapes_of([one for one in around if one.id not in after], ShapeRole.NEIGHBOUR),
            *shapes_of(edit.after, ShapeRole.OWN),
            *(ChartShape(ShapeRole.FORMER, "", one.shape) for one in edit.before),
            *faults_of(faults),
        ),
        tuple(focus),
    )


def read_shown(text: str) -> Mapping[int, int]:
    """The versions of areas in a form, as ``BorderPreview.shown`` writes them; no others."""
    pairs = [one.partition(":") for one in text.split(",")]
    return {int(key): int(seen) for key, _, seen in pairs if key.isdecimal() and seen.isdecimal()}


def read_moves(difference: LinkDifference | None) -> tuple[list[str], Sequence[tuple[int, int]]]:
    """The addresses that change area, in order of code, and for each the area left and entered."""
    left: dict[str, int] = {}
    entered: dict[str, int] = {}
    if difference is not None:
        gone = difference.gone
        left = dict(zip(gone.codes.astype(str).tolist(), gone.areas.tolist(), strict=True))
        for pairs in difference.new.values():
            entered |= zip(pairs.codes.astype(str).tolist(), pairs.areas.tolist(), strict=True)
    codes = sorted({*left, *entered})
    return codes, [(left.get(code, 0), entered.get(code, 0)) for code in codes]
