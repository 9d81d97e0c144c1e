"""Errors about a whole sheet, each with a hint that an officer can act on."""

import errno
from pathlib import Path

from service.core.disk_room import FULL
from service.core.errors import BadRequest, MenpaiError


class SheetFault(MenpaiError):
    """A sheet cannot be read or written."""

    def __init__(self, detail: str, hint: str) -> None:
        super().__init__(detail, hint=hint)


class SheetUnreadable(SheetFault, BadRequest):
    """The sheet cannot be read."""


class SheetMissing(SheetUnreadable):
    """There is no such file, or it may not be read."""


class EndingUnknown(SheetUnreadable):
    """The ending of the file name is not that of a known format."""

    def __init__(self, detail: str, hint: str, ending: str = "") -> None:
        super().__init__(detail, hint)
        self.ending = ending


class EncodingUnknown(SheetUnreadable):
    """The text is neither UTF-8 nor GB18030."""


class HeadingsUnclear(SheetUnreadable):
    """The heading row is missing, too wide, or names a column twice."""


class ArchiveBroken(SheetUnreadable):
    """The packed file is damaged or cut off."""


class SheetTooLarge(SheetUnreadable):
    """The sheet, or what it unpacks to, passes a limit."""


class WorkbookRefused(SheetUnreadable):
    """The workbook is encrypted, broken, or holds what is never read."""


class WorkbookTooHeavy(SheetUnreadable):
    """The workbook asks for more memory or time than a reader is given."""


class SheetNotWritten(SheetFault):
    """The sheet cannot be written."""


class FolderNotWritable(SheetNotWritten):
    """The folder of the file to write is missing or closed."""


class SheetOverflow(SheetNotWritten):
    """The format cannot hold so much."""


class DiskFull(SheetNotWritten):
    """The disk or the quota is full."""


def reading_fault(path: Path, error: OSError) -> SheetFault:
    """The fault for an operating system error while reading a file."""
    if isinstance(error, FileNotFoundError):
        return SheetMissing(f"There is no file {path}", "Check the path")
    if isinstance(error, IsADirectoryError):
        return SheetMissing(f"{path} is a folder", "Name a file in it")
    if isinstance(error, PermissionError):
        return SheetMissing(f"{path} may not be read", "Give this user the right to read it")
    return SheetMissing(f"{path} cannot be read: {error.strerror or error}", "Check the disk")


def writing_fault(path: Path, error: OSError) -> SheetFault:
    """The fault for an operating system error while writing a file."""
    if error.errno in FULL:
        return DiskFull(f"No room left to write {path}", "Free some space or write to another disk")
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return FolderNotWritable(f"There is no folder {path.parent}", "Make the folder first")
    if error.errno == errno.EISDIR:
        return FolderNotWritable(f"{path} is a folder", "Name a file in it")
    return FolderNotWritable(
        f"{path.parent} cannot be written to: {error.strerror or error}",
        "Choose a folder that this user may write to",
    )
