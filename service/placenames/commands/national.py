"""Imports and exports place names under the field names of the national database."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from address_model.division_codes import division_prefix
from address_model.heritage.catalogue import PlaceNameRecord
from address_model.written_numbers import plain_number
from service.core.actor import Actor
from service.core.sheets import Row, write_rows
from service.divisions.queries import load_register
from service.divisions.register import DivisionRegister
from service.placenames.commands.names import load_place_names, lock_names
from service.placenames.national import FIELDS, SOURCE, Upper, from_row, number_of, to_row
from service.placenames.pinyin_reading import with_reading
from service.placenames.queries import list_records


@dataclass
class ImportedNames:
    """The result of an import; ``refused`` has the reason by row."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def export_national(session: Session, records: Iterable[PlaceNameRecord], path: Path) -> int:
    """Write records under the national field names; return how many."""
    register = load_register(session)
    count = 0
    with write_rows(path, FIELDS) as sink:
        for record in records:
            upper = []
            for digits in (2, 4, 6):
                row = register.find(record.division[:digits].ljust(12, "0"))
                has_it = len(division_prefix(record.division)) >= digits
                upper.append((row.code[:digits], row.name) if row and has_it else ("", ""))
            sink.write_values(to_row(record, Upper(*upper)))
            count += 1
    return count


def import_national(
    session: Session, rows: Iterable[Row], actor: Actor, *, plan: str = ""
) -> ImportedNames:
    """Store rows with the national field names.

    A stored name is updated by its row: a new standard name makes the old one a former name, and
    no data of this register (citations, precision, manual readings) is lost. Township codes are
    those of the civil-affairs lists, which differ from ours: a township is matched by name within
    the county, else the county is taken.
    ``plan`` is the document that renaming a listed place needs.
    """
    listed, registers = list(rows), (load_register(session), load_register(session, "mca"))
    seen, _ = _read_all(session, listed, registers)
    lock_names(session, [record for _, record in seen.values()])
    report = ImportedNames()
    records, report.refused = _read_all(session, listed, registers)
    read = [record for _, record in records.values()]
    loaded = load_place_names(session, read, actor, plan=plan)
    report.new, report.changed, report.same = loaded.new, loaded.changed, loaded.same
    report.refused += [(records[key][0], why) for key, why in loaded.refused.items()]
    return report


def _read_all(
    session: Session, rows: Sequence[Row], registers: tuple[DivisionRegister, DivisionRegister]
) -> tuple[dict[str, tuple[int, PlaceNameRecord]], list[tuple[int, str]]]:
    """The records of rows merged with the stored ones, with row numbers; and the refused rows."""
    numbers: list[str] = []
    for row in rows:
        with suppress(ValueError):
            numbers.append(number_of(row.values))
    held = {one.number: one for one in list_records(session, numbers)}
    records: dict[str, tuple[int, PlaceNameRecord]] = {}
    refused = []
    for row in rows:
        try:
            record = _read(row, *registers, held)
            records[record.number] = (row.number, record)
        except ValueError as error:
            refused.append((row.number, str(error)))
    return records, refused


def _read(
    row: Row,
    ours: DivisionRegister,
    theirs: DivisionRegister,
    held: Mapping[str, PlaceNameRecord],
) -> PlaceNameRecord:
    """The record of a row in its division, merged with the stored one.

    Raises:
        ValueError: the row is damaged, or its county is unknown or named otherwise.
    """
    if row.fault and row.fault.field != "gdm":  # a geometry may be an object, not its text
        raise ValueError(row.fault.reason)
    before = held.get(number_of(row.values))
    if before and not row.values.get("area", "").strip():
        known = ours.find(before.division)
        if known is None:
            raise ValueError(f"there is no division {before.division}")
        division = known
    else:
        # the smallest division that the code of the row identifies for certain
        area = plain_number(row.values.get("area", "").strip())
        code = area or row.values.get("place_code", "").strip()[:9]
        county = ours.find(code[:6].ljust(12, "0")) if len(code) >= 6 else None
        if county is None:
            raise ValueError(f"area {code!r}: no county has this code")
        named = row.values.get("area_name", "").strip()
        if named and named != county.name:
            raise ValueError(f"area {code[:6]} is {county.name}, the row says {named}")
        township = theirs.find(code[:9].ljust(12, "0")) if len(code) >= 9 else None
        same = ours.find_child(county.id, township.name) if township else None
        division = same or county
    is_own = division.name == row.values.get("standard_name", "").strip()
    record = from_row(row.values, division.code, before, is_division=is_own)
    if before and record.standard_name == before.standard_name:
        return record
    return with_reading(record, row.values.get("roman_alphabet_spelling", "").strip(), SOURCE)
