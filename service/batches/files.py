"""The files of a finished batch: their names, paths in the store and media types."""

from dataclasses import dataclass

from address_model.lifecycle import WITH_FILES
from service.batches.commands.batches import RENDER
from service.batches.documents import MANIFEST, PROOF, VERIFICATION, folder_of, zip_name
from service.batches.queries.batches import BatchRow
from service.core.database import Session
from service.core.errors import StoredFileNotFound
from service.runs.queries import list_results

ZIP = "batch.zip"
_DOCUMENTS = (ZIP, PROOF, *MANIFEST, *VERIFICATION)
_TYPES = {
    "zip": "application/zip",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class PlateFile:
    """One proven file of plates; ``sha256`` is of the bytes that were read back."""

    name: str
    plates: int
    pages: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """The path of a file in the store, and its media type."""

    path: str
    media_type: str


def has_files(batch: BatchRow) -> bool:
    """Whether a batch has files to download; plates issued without a list have none."""
    return batch.run_id is not None and batch.status in WITH_FILES


def list_plate_files(session: Session, batch: BatchRow) -> list[PlateFile]:
    """The files of plates of a finished batch, in the order of its list."""
    if batch.run_id is None or not has_files(batch):
        return []
    fields = PlateFile.__match_args__
    results = [found for found in list_results(session, batch.run_id, RENDER) if found]
    return [PlateFile(**{name: found[name] for name in fields}) for found in results]


def find_file(session: Session, batch: BatchRow, name: str) -> StoredFile:
    """The file of a batch by its name: the ZIP, a document, or one file of plates.

    Raises:
        StoredFileNotFound: the batch has no such file, or has none yet.
    """
    if not has_files(batch):
        raise StoredFileNotFound(f"batch {batch.id} has no files yet", zh="这个批次还没有文件。")
    if name not in _DOCUMENTS and name not in {f.name for f in list_plate_files(session, batch)}:
        raise StoredFileNotFound(f"batch {batch.id} has no file {name!r}", zh="没有这个文件。")
    path = zip_name(batch.id) if name == ZIP else f"{folder_of(batch.id)}/{name}"
    return StoredFile(path, _TYPES[name.rsplit(".", 1)[1]])
