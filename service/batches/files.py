"""The files of a batch that is ready: which there are, where they lie, and what they are."""

from dataclasses import dataclass

from address_model.lifecycle import WITH_FILES
from service.batches.commands.batches import PRESS
from service.batches.documents import MANIFEST, PROOF, VERIFICATION, folder_of, zip_name
from service.batches.queries.batches import BatchRow
from service.core.database import Session
from service.core.errors import StoredFileNotFound
from service.runs.queries import list_results

ZIP = "batch.zip"
_PAPERS = (ZIP, PROOF, *MANIFEST, *VERIFICATION)
_TYPES = {
    "zip": "application/zip",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class PlateFile:
    """One file of plates as it was proven: all its symbols were read from bytes of this digest."""

    name: str
    plates: int
    pages: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Where a file of a batch lies in the store, and its media type."""

    path: str
    media_type: str


def has_files(batch: BatchRow) -> bool:
    """Whether the maker's files of a batch can be taken; plates issued at once have none."""
    return batch.run_id is not None and batch.status in WITH_FILES


def list_plate_files(session: Session, batch: BatchRow) -> list[PlateFile]:
    """The files of plates of a batch that is ready, in the order of its list."""
    if batch.run_id is None or not has_files(batch):
        return []
    fields = PlateFile.__match_args__
    results = [found for found in list_results(session, batch.run_id, PRESS) if found]
    return [PlateFile(**{name: found[name] for name in fields}) for found in results]


def find_file(session: Session, batch: BatchRow, name: str) -> StoredFile:
    """The file of a batch by its name: the ZIP, a paper, or one file of plates.

    Raises:
        StoredFileNotFound: a batch has no such file, or has none yet.
    """
    if not has_files(batch):
        raise StoredFileNotFound(f"batch {batch.id} has no files yet", zh="这个批次还没有文件。")
    if name not in _PAPERS and name not in {f.name for f in list_plate_files(session, batch)}:
        raise StoredFileNotFound(f"batch {batch.id} has no file {name!r}", zh="没有这个文件。")
    path = zip_name(batch.id) if name == ZIP else f"{folder_of(batch.id)}/{name}"
    return StoredFile(path, _TYPES[name.rsplit(".", 1)[1]])
