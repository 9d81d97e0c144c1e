"""Judges the archive of a workbook in the sandbox, before a library opens it."""

import re
import zipfile
from contextlib import suppress
from typing import Any
from xml.parsers import expat

from service.core.sandbox_child import ChildRefused

MAX_ENTRIES, MAX_UNPACKED = 64, 512 << 20
MAX_RATIO, RATIO_COUNTS_FROM = 100, 1 << 20
SIMPLER = "Copy the rows into a new workbook, or save the sheet as CSV UTF-8"

_LISTS = {
    "xl/workbook.xml": (
        re.compile(rb"<(?:\w+:)?sheet[\s/>]"), MAX_ENTRIES, 1 << 20,
        "The workbook lists too many sheets",
    ),
    "xl/styles.xml": (
        re.compile(rb"<(?:\w+:)?xf[\s/>]"), 140_000, 32 << 20,
        "The workbook holds too many cell formats",
    ),
}  # fmt: skip
"""Parts whose entries openpyxl makes into objects: entries, how many of them, bytes, the refusal.

Excel keeps 65,490 formats of cells, and as many styles at most."""


class _RootReached(Exception):
    """The prologue of an XML part has ended."""


def check_archive(path: str) -> None:
    """Refuse a ZIP directory that passes a limit, macros, encryption and document types."""
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES:
            raise ChildRefused(
                f"The workbook has {len(entries)} parts, at most 64 are read", SIMPLER
            )
        if any(entry.flag_bits & 1 for entry in entries):
            raise ChildRefused("The workbook is encrypted", "Save it without a password")
        if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
            raise ChildRefused("The workbook holds macros", "Save it as .xlsx, without macros")
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise ChildRefused("The workbook unpacks to more than 512 MB", SIMPLER)
        for entry in entries:
            name = entry.filename.lower()
            if entry.file_size > max(RATIO_COUNTS_FROM, MAX_RATIO * entry.compress_size):
                raise ChildRefused(f"{entry.filename} unpacks to over 100 times its size", SIMPLER)
            if name in _LISTS:
                pattern, most, size, reason = _LISTS[name]
                if entry.file_size > size or len(pattern.findall(archive.read(entry))) > most:
                    raise ChildRefused(reason, SIMPLER)
            if name.endswith((".xml", ".rels", ".vml")):
                with archive.open(entry) as part:
                    check_prologue(part)


def check_prologue(part: Any) -> None:
    """Refuse a part with a document type: entities are never needed and are an attack vector."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = _reach_root
    with suppress(_RootReached):
        while chunk := part.read(65_536):
            parser.Parse(chunk)


def _refuse_doctype(*_: object) -> None:
    raise ChildRefused("The workbook declares XML entities", SIMPLER)


def _reach_root(*_: object) -> None:
    raise _RootReached
