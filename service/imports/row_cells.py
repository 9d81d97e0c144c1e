"""Cleans the cells of a row and refuses those that cannot be right.

Formulas without a value, spreadsheet errors, dates instead of numbers, rounded identifiers and
telephone numbers are each refused with a fault; nothing is dropped silently.
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
"""The maximum number of characters in a cell of an address."""

_INVISIBLE = ("Cc", "Cf", "Co", "Cn")
_ABSENT = {"无", "/", "\\", "-", "--", "—", "——", "null", "none", "nan", "n/a", "\\n"}
_LONGEST_ABSENT = max(map(len, _ABSENT))
_DIGIT = re.compile(r"\d")
_LONG = re.compile(r"\d[\d -]{5}")
"""No personal number is shorter."""

_ERROR_VALUE = re.compile(r"#(?:REF|DIV/0|VALUE|NUM|NULL|SPILL|CALC)!|#N/A|#NAME\?|#+", re.I)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9:]{8})?")
_PENDING = re.compile("待定|待命名|未命名|未定名")
_PENDING_REMARK = re.compile("待定|待命名|未命名|未定|无名|没有路名|没有名")
_FREE_FIELDS = ("text", "community", *LOCAL_FIELDS)
_NAMES = ("thoroughfare", "estate", "natural_village")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def clean_cell(cell: str) -> str:
    """Return a cell without surrounding blanks, line ends and invisible characters.

    Marks of an absent level (无, NULL, a dash) become empty.
    """
    if not cell.isprintable():
        spaced = (" " if c.isspace() else c for c in cell)
        cell = "".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE)
    cell = cell.strip()
    return "" if len(cell) <= _LONGEST_ABSENT and cell.lower() in _ABSENT else cell


def mask_personal(text: str) -> str:
    """Mask the telephone, identity and postal numbers in a text."""
    for one in find_personal_numbers(text):
        masked = _DIGIT.sub("＊", text[one.start : one.end])
        text = text[: one.start] + masked + text[one.end :]
    return text


def mask_row(row: Row, columns: Columns) -> Row:
    """A row whose address cells have their personal numbers masked."""
    held = {columns.by_field[name] for name in _FREE_FIELDS if name in columns.by_field}
    masked = {
        name: mask_personal(cell) if name in held else cell for name, cell in row.values.items()
    }
    return row._replace(values=masked)


def is_identity_number(text: str) -> bool:
    """Whether a text is a resident identity number: 18 characters, valid date and check digit."""
    if len(text) != 18 or not text[:17].isdecimal():
        return False
    weighed = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, text, strict=False))
    is_day = "1900" <= text[6:10] <= "2099" and "01" <= text[10:12] <= "12"
    return is_day and "10X98765432"[weighed % 11] == text[17].upper()


@dataclass(slots=True)
class RowReading:
    """A row being read: its cleaned cells by field, and its faults."""

    number: int
    columns: Columns
    cells: dict[str, str] = field(default_factory=dict)
    faults: list[RowFault] = field(default_factory=list)

    def clean(self, row: Row) -> None:
        """Clean the cells of the known columns, and refuse generated or damaged values."""
        values, cells = row.values, self.cells
        for name, column in self.columns.by_field.items():
            cell = values[column]
            if not cell:
                continue
            cells[name] = cell = clean_cell(cell)
            if len(cell) > CELL_LIMIT:
                self.refuse(name, Rule.TOO_LONG, limit=CELL_LIMIT)
                cells[name] = cell[:CELL_LIMIT]
            if cell[:1] == "=" and len(cell) > 1:
                self.refuse(name, Rule.FORMULA, cell=cell[:40])
            elif cell[:1] == "#" and _ERROR_VALUE.fullmatch(cell):
                self.refuse(name, Rule.ERROR_VALUE, cell=cell)
        for name in self.columns.identities:
            cell = cells.get(name, "")
            if cell and lost_digits(cell):
                self.refuse(name, Rule.ROUNDED, cell=cell)
            elif cell:
                cells[name] = cell = plain_number(cell)
                if name != "code" and is_identity_number(cell):
                    self.refuse(name, Rule.PERSONAL)
        self._check_texts()

    def refuse(self, name: str, rule: Rule, **values: object) -> None:
        """Note a fault of a field, named by its column; an empty name means the whole row."""
        column = self.columns.by_field.get(name, "")
        self.faults.append(rule.fault(self.number, column, **values))

    def _check_texts(self) -> None:
        """Refuse dates, pending names and personal numbers in the address cells."""
        cells = self.cells
        text = "\n".join(cells[name] for name in _FREE_FIELDS if name in cells)
        if "-" in text:
            for name in NAME_FIELDS:
                if _DATE.fullmatch(cells.get(name, "")):
                    self.refuse(name, Rule.DATE, cell=cells[name], example="12-1号")
        if _LONG.search(text):
            for name in _FREE_FIELDS:
                if find_personal_numbers(cells.get(name, "")):
                    self.refuse(name, Rule.PERSONAL)
        pending = _PENDING.search(text)
        if pending:
            self.refuse("", Rule.NO_NAME, cell=pending[0])
        elif "remark" in cells and not any(map(cells.get, ("text", *_NAMES))):
            pending = _PENDING_REMARK.search(cells["remark"])
            if pending:
                self.refuse("", Rule.NO_NAME, cell=cells["remark"][:40])
