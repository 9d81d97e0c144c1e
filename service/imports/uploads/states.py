"""The steps of an uploaded list, what a person declares about it, and where its files lie."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath

from address_model.coordinates import CoordinateSystem


class UploadState(StrEnum):
    """How far an uploaded list has come."""

    READ = "read"
    CHECKING = "checking"
    CHECKED = "checked"
    AWAITING_APPROVAL = "awaiting"
    STORING = "storing"
    STORED = "stored"
    ABANDONED = "abandoned"


STATE_NAMES = {
    UploadState.READ: "识别",
    UploadState.CHECKING: "正在核对",
    UploadState.CHECKED: "核对",
    UploadState.AWAITING_APPROVAL: "待审批",
    UploadState.STORING: "正在入库",
    UploadState.STORED: "已入库",
    UploadState.ABANDONED: "已放弃",
}
OPEN_STATES = (UploadState.READ, UploadState.CHECKED)
"""The states in which declarations may be changed and the list may be checked."""

CORRECTABLE_STATES = (UploadState.CHECKED, UploadState.STORED)
"""The states in which rows may be corrected; a stored list is open again by that."""

RUNNING_STATES = (UploadState.CHECKING, UploadState.STORING)
"""The states in which a run is at work, or a request."""

QUICK_ROWS = 4_000
"""The rows of a list that a request checks and stores at once; longer ones are runs."""

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Declared:
    """What the person declares; empty means as found. ``columns`` are fields by heading."""

    sheet: str = ""
    heading: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    system: CoordinateSystem = CoordinateSystem.CGCS2000
    source: str = ""

    @property
    def overrides(self) -> list[str]:
        """The columns as ``COLUMN=FIELD``."""
        return [f"{column}={name}" for column, name in self.columns.items()]


def folder_of(upload_id: int) -> str:
    """The folder of an uploaded list in the file store."""
    return f"lists/{upload_id}"


def list_name(file_name: str) -> str:
    """The name under which a list is kept: ``list`` with the endings of its own name."""
    endings = [one.lower() for one in PurePosixPath(file_name).suffixes]
    return "list" + "".join(endings[-2:] if endings[-1:] == [".gz"] else endings[-1:])


def source_of(file_name: str) -> str:
    """The source that a list is taken to come from: its name without endings."""
    stem = file_name.split(".", maxsplit=1)[0].strip()
    return stem.removesuffix("-问题行") or "上传的清单"
