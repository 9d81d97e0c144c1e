"""What enters the rooms of a building at once, and the table that shows them before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from address_model.room_grid import LEVELS, GridCell, expand_grid
from address_model.written_ranges import UnclearRange
from service.addresses import commands
from service.addresses.queries import AddressRow, list_descendants
from service.admin.address.action_form import Act, ActionForm
from service.admin.address.field_reader import Refused
from service.core.database import Session
from service.linking.commands import link_addresses, link_mentions

MOST_BELOW = 20_000
MOST_TICKED = 900
"""Up to so many rooms have a box each, which is what a form may have of fields."""
_FIELDS = {"building": "buildings", "unit": "units", "floor": "floors"}


@dataclass(frozen=True, slots=True)
class TableCell:
    """A room of the table: ``held`` is the address that it is already.

    ``beside`` is one of the same number in the same building that names no unit: perhaps the same.
    """

    text: str
    label: str
    is_ticked: bool
    held: AddressRow | None = None
    beside: AddressRow | None = None


@dataclass(frozen=True, slots=True)
class BuildingTable:
    """One building: its units as columns, its storeys from the top as rows of cells by unit."""

    title: str
    units: Sequence[str]
    storeys: Sequence[tuple[str, Sequence[Sequence[TableCell]]]]


@dataclass(frozen=True, slots=True)
class RoomTable:
    """All buildings that were typed; ``new`` counts the addresses that would be entered."""

    buildings: Sequence[BuildingTable]
    new: int
    has_boxes: bool

    @property
    def cells(self) -> list[TableCell]:
        """All cells."""
        return [
            cell
            for building in self.buildings
            for _, units in building.storeys
            for cells in units
            for cell in cells
        ]


def build(act: Act) -> list[AddressRow]:
    """Enter the ticked rooms with the buildings and units that they lie in."""
    form, held = act.form, act.address
    cells = read_cells(form, held)
    if form.step != "look" and form.listed and form.listed != form.grid_source:
        raise Refused("rooms", "填写的内容改过了，请重新看结果。")
    doubtful = set() if form.is_chosen else set(find_beside(act.session, held, cells))
    left_out = {*form.left_out.split(), *doubtful}
    chosen = [cell for cell in cells if cell.text not in left_out]
    if not chosen:
        raise Refused("rooms", "一户也没有勾选。")
    made = commands.enter_building(
        act.session,
        held.code,
        chosen,
        act.member.actor,
        reason=form.reason.strip(),
        document=act.document,
        seen=form.seen,
    )
    codes = [row.code for row in made]
    if held.point:
        link_addresses(act.session, codes)
    if held.elements.natural_village:
        link_mentions(act.session, codes)
    return made


def read_cells(form: ActionForm, address: AddressRow) -> list[GridCell]:
    """The rooms that were typed.

    Raises:
        Refused: a field cannot be read, or names a level that the address has.
    """
    for level, field in _FIELDS.items():
        if getattr(address.elements, level) is not None and getattr(form, field).strip():
            raise Refused(field, "这个地址已经写到这一级，这一栏请留空。")
    if address.elements.unit is not None and form.buildings.strip():
        raise Refused("buildings", "这个地址已经写到单元，这一栏请留空。")
    try:
        return expand_grid(form.grid_text)
    except UnclearRange as unclear:
        raise Refused(unclear.field, str(unclear)) from None


def find_beside(
    session: Session, address: AddressRow, cells: Sequence[GridCell]
) -> Mapping[str, AddressRow]:
    """By the texts of cells with a unit, living addresses of their number that name no unit."""
    below = list_below(session, address)
    bare = (cell._replace(unit=None).folded for cell in cells)
    return {
        cell.text: below[folded]
        for cell, folded in zip(cells, bare, strict=True)
        if cell.unit and cell.room and folded in below
    }


def list_below(session: Session, address: AddressRow) -> dict[tuple[str, ...], AddressRow]:
    """The living addresses in this one, by their levels below it as they are compared."""
    own = [level for level in LEVELS if getattr(address.elements, level) is not None]
    found: dict[tuple[str, ...], AddressRow] = {}
    for _, row in list_descendants(session, [address.code], most=MOST_BELOW):
        levels = {name: getattr(row.elements, name) for name in LEVELS if name not in own}
        found[GridCell(**levels).folded] = row
    return found


def make_table(
    session: Session, address: AddressRow, form: ActionForm, new: Collection[str]
) -> RoomTable:
    """The rooms that were typed, after ``new`` ones were entered that will be taken back."""
    cells = read_cells(form, address)
    below, beside = list_below(session, address), find_beside(session, address, cells)
    left_out = set(form.left_out.split())

    def draw(cell: GridCell) -> TableCell:
        row, doubt = below.get(cell.folded), beside.get(cell.text)
        deepest = [str(value) for value in cell.levels.values()][-1]
        if row is not None and row.code not in new:
            return TableCell(cell.text, deepest, True, held=row)
        ticked = cell.text not in left_out if form.is_chosen else doubt is None
        return TableCell(cell.text, deepest, ticked, beside=doubt)

    tables: list[BuildingTable] = []
    for building, group in groupby(cells, key=lambda cell: cell.building):
        held = list(group)
        units = list(dict.fromkeys(cell.unit for cell in held))
        storeys = sorted({cell.storey for cell in held}, reverse=True)
        rows = [
            (
                f"地下{-storey}层" if storey < 0 else f"{storey}层" if storey else "",
                [
                    [draw(cell) for cell in held if (cell.storey, cell.unit) == (storey, unit)]
                    for unit in units
                ],
            )
            for storey in storeys
        ]
        titles = [str(unit) if unit else "" for unit in units]
        tables.append(BuildingTable(str(building) if building else "", titles, rows))
    return RoomTable(tables, len(new), len(cells) <= MOST_TICKED)
