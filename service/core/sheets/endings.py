"""The format of a sheet, told by the ending of its file name."""

from dataclasses import dataclass
from pathlib import Path

from service.core.sheets.faults import EndingUnknown

KINDS = {".csv": "csv", ".tsv": "tsv", ".xlsx": "xlsx", ".ndjson": "ndjson", ".jsonl": "ndjson"}

_HINTS = {
    ".xls": "Open it in Excel or WPS and save it as .xlsx",
    ".xlsm": "Save it as .xlsx: workbooks with macros are not read",
    ".xlsb": "Save it as .xlsx",
    ".et": "Save it as .xlsx in WPS",
    ".ods": "Save it as .xlsx or as CSV UTF-8",
    ".txt": "Rename it to .csv (commas or semicolons) or .tsv (tabs)",
}


@dataclass(frozen=True, slots=True)
class Ending:
    """``kind`` is csv, tsv, xlsx or ndjson; ``packed`` means gzip."""

    kind: str
    packed: bool


def read_ending(path: Path) -> Ending:
    """Return the format of a file name; raise EndingUnknown for any other."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = suffixes[-1:] == [".gz"]
    last = suffixes[-2 if packed else -1 :][:1]
    suffix = last[0] if last else ""
    if suffix not in KINDS:
        known = ", ".join(KINDS)
        hint = _HINTS.get(suffix, f"Use a file that ends in {known}, with .gz behind it if packed")
        raise EndingUnknown(f"The format of {path.name} is not known", hint)
    return Ending(KINDS[suffix], packed)
