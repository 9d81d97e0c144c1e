"""Rows in and out of CSV, TSV, XLSX and NDJSON files, each also packed."""

from service.core.sheets.cells import Cell
from service.core.sheets.errors_file import ErrorsFile, write_errors
from service.core.sheets.faults import (
    ArchiveBroken,
    DiskFull,
    EncodingUnknown,
    EndingUnknown,
    FolderNotWritable,
    HeadingsUnclear,
    SheetFault,
    SheetMissing,
    SheetNotWritten,
    SheetOverflow,
    SheetTooLarge,
    SheetUnreadable,
    WorkbookRefused,
    WorkbookTooHeavy,
)
from service.core.sheets.heading_rows import HeadingGuess, find_heading, read_heading_rows
from service.core.sheets.reader import SheetPreview, open_rows, preview_sheets
from service.core.sheets.rows import (
    ERROR_COLUMNS,
    IGNORED_COLUMNS,
    HeadingRows,
    Row,
    RowFault,
    RowSource,
)
from service.core.sheets.whole_files import whole_file
from service.core.sheets.writer import RowSink, write_rows

__all__ = [
    "ERROR_COLUMNS",
    "IGNORED_COLUMNS",
    "ArchiveBroken",
    "Cell",
    "DiskFull",
    "EncodingUnknown",
    "EndingUnknown",
    "ErrorsFile",
    "FolderNotWritable",
    "HeadingGuess",
    "HeadingRows",
    "HeadingsUnclear",
    "Row",
    "RowFault",
    "RowSink",
    "RowSource",
    "SheetFault",
    "SheetMissing",
    "SheetNotWritten",
    "SheetOverflow",
    "SheetPreview",
    "SheetTooLarge",
    "SheetUnreadable",
    "WorkbookRefused",
    "WorkbookTooHeavy",
    "find_heading",
    "open_rows",
    "preview_sheets",
    "read_heading_rows",
    "whole_file",
    "write_errors",
    "write_rows",
]
