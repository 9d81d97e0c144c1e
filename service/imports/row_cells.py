"""The cells of a row as they are read: cleaned, and refused where no person wrote them.

Formulas without a value, errors of a spreadsheet, dates where a number was typed, identifiers that
were rounded, telephone numbers: none of them is an address, and none is dropped in silence.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from address_model.personal_numbers import find_personal_numbers
from address_model.written_numbers import lost_digits, plain_number
from service.core.sheets import Row, RowFault
from service.imports.headings import LOCAL_FIELDS, NAME_FIELDS, Columns
from service.imports.rules import Rule

CELL_LIMIT = 300
"""Characters of a cell; longer ones are no part of an address."""

_ABSENT = {"无", "/", "\\", "-", "--", "—", "——", "null", "none", "nan", "n/a", "\\n"}
_LONGEST_ABSENT = max(map(len, _ABSENT))
_DIGIT = re.compile(r"\d")
_LONG = re.compile(r"\d[\d -]{5}")
"""No number of a person is shorter."""

_ERROR_VALUE = re.compile(r"#(?:REF|DIV/0|VALUE|NUM|NULL|SPILL|CALC)!|#N/A|#NAME\?|#+", re.I)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9:]{8})?")
_PENDING = re.compile("待定|待命名|未命名|未定名")
_PENDING_REMARK = re.compile("待定|待命名|未命名|未定|无名|没有路名|没有名")
_FREE_FIELDS = ("text", "community", *LOCAL_FIELDS)
_NAMES = ("thoroughfare", "estate", "natural_village")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def clean_cell(cell: str) -> str:
    """Return a cell without blanks around it, line ends and invisible characters.

    What stands for an absent level (无, NULL, a dash) becomes empty.
    """
    if not cell.isprintable():
        kept = (" " if c.isspace() else c for c in cell if not _is_invisible(c))
        cell = "".join(kept)
    cell = cell.strip()
    return "" if len(cell) <= _LONGEST_ABSENT and cell.lower() in _ABSENT else cell


def mask_personal(text: str) -> str:
    """A text whose telephone, identity and postal numbers cannot be read any more."""
    for one in find_personal_numbers(text):
        masked = _DIGIT.sub("＊", text[one.start : one.end])
        text = text[: one.start] + masked + text[one.end :]
    return text


def mask_row(row: Row, columns: Columns) -> Row:
    """A row without personal numbers in the cells of its address."""
    held = {columns.by_field[name] for name in _FREE_FIELDS if name in columns.by_field}
    masked = {
        name: mask_personal(cell) if name in held else cell for name, cell in row.values.items()
    }
    return row._replace(values=masked)


def is_identity_number(text: str) -> bool:
    """Whether 18 characters are a resident identity number: its date and check character agree."""
    if len(text) != 18 or not text[:17].isdecimal():
        return False
    weighed = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, text, strict=False))
    is_day = "1900" <= text[6:10] <= "2099" and "01" <= text[10:12] <= "12"
    return is_day and "10X98765432"[weighed % 11] == text[17].upper()


def _is_invisible(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn")


@dataclass(slots=True)
class RowReading:
    """A row while it is read: its cleaned cells by field, and what was found wrong."""

    number: int
    columns: Columns
    cells: dict[str, str] = field(default_factory=dict)
    faults: list[RowFault] = field(default_factory=list)

    def clean(self, row: Row) -> None:
        """Take the cells of the known columns, and refuse those that nobody wrote."""
        values, cells = row.values, self.cells
        for name, column in self.columns.by_field.items():
            cell = values[column]
            if not cell:
                continue
            cells[name] = cell = clean_cell(cell)
            if len(cell) > CELL_LIMIT:
                self.refuse(name, Rule.TOO_LONG, limit=CELL_LIMIT)
                cells[name] = cell[:CELL_LIMIT]
            if cell[:1] in "=#" and cell:
                self._refuse_machine(name, cell)
        for name in self.columns.identities:
            self._check_identity(name)
        self._check_free()

    def refuse(self, name: str, rule: Rule, **values: object) -> None:
        """Note a fault of a field, named by its column; an empty name means the whole row."""
        column = self.columns.by_field.get(name, "")
        self.faults.append(rule.fault(self.number, column, **values))

    def _refuse_machine(self, name: str, cell: str) -> None:
        if cell[0] == "=" and len(cell) > 1:
            self.refuse(name, Rule.FORMULA, cell=cell[:40])
        elif _ERROR_VALUE.fullmatch(cell):
            self.refuse(name, Rule.ERROR_VALUE, cell=cell)

    def _check_identity(self, name: str) -> None:
        cell = self.cells.get(name, "")
        if not cell:
            return
        if lost_digits(cell):
            self.refuse(name, Rule.ROUNDED, cell=cell)
            return
        self.cells[name] = cell = plain_number(cell)
        if name == "code":
            return
        if is_identity_number(cell):
            self.refuse(name, Rule.PERSONAL)

    def _check_free(self) -> None:
        """Refuse dates, names that are still to be decided, and personal numbers."""
        cells = self.cells
        named = [cells[name] for name in _FREE_FIELDS if name in cells]
        told = "\n".join(named)
        if "-" in told:
            for name in NAME_FIELDS:
                if _DATE.fullmatch(cells.get(name, "")):
                    self.refuse(name, Rule.DATE, cell=cells[name], example="12-1号")
        if _LONG.search(told):
            for name in _FREE_FIELDS:
                if find_personal_numbers(cells.get(name, "")):
                    self.refuse(name, Rule.PERSONAL)
        pending = _PENDING.search(told)
        if pending:
            self.refuse("", Rule.NO_NAME, cell=pending[0])
        elif "remark" in cells and not any(map(cells.get, ("text", *_NAMES))):
            pending = _PENDING_REMARK.search(cells["remark"])
            if pending:
                self.refuse("", Rule.NO_NAME, cell=cells["remark"][:40])
