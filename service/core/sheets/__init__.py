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
from service.core.sheets.reading import open_rows
from service.core.sheets.rows import ERROR_COLUMNS, Row, RowFault, RowSource
from service.core.sheets.whole_files import whole_file
from service.core.sheets.writing import RowSink, write_rows

__all__ = [
    "ERROR_COLUMNS",
    "ArchiveBroken",
    "Cell",
    "DiskFull",
    "EncodingUnknown",
    "EndingUnknown",
    "ErrorsFile",
    "FolderNotWritable",
    "HeadingsUnclear",
    "Row",
    "RowFault",
    "RowSink",
    "RowSource",
    "SheetFault",
    "SheetMissing",
    "SheetNotWritten",
    "SheetOverflow",
    "SheetTooLarge",
    "SheetUnreadable",
    "WorkbookRefused",
    "WorkbookTooHeavy",
    "open_rows",
    "whole_file",
    "write_errors",
    "write_rows",
]
