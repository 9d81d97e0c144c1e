"""Backs up the file store (photos, files of batches) beside the register.

The archive is a plain tar, readable with any tool. It is written after the snapshot of the
register, so it contains all files that the snapshot refers to, except those of a batch cancelled in
between.
"""

import hashlib
import os
import tarfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from service.core.errors import StoredFileNotFound
from service.core.faults import EnvironmentFault
from service.core.files import FileStore


@dataclass(frozen=True, slots=True)
class FilesNote:
    """The metadata of an archive: number of files, their bytes, and its SHA-256."""

    count: int
    size: int
    sha256: str


def archive_of(backup: Path) -> Path:
    """The path of the archive of a backup."""
    return backup.with_name(f"{backup.name}.files.tar")


def archive_files(store: FileStore, archive: Path) -> FilesNote:
    """Write all files of the store to a new archive, sorted by name.

    Raises:
        FilesUnavailable: the store does not answer.
        OSError: the archive cannot be written; nothing is left behind.
    """
    part = archive.with_name(f"{archive.name}.part")
    count = size = 0
    try:
        part.touch(mode=0o600)
        with tarfile.open(part, "w", format=tarfile.PAX_FORMAT) as tar:
            for name in store.list_names():
                # one that was deleted meanwhile is left out
                with suppress(StoredFileNotFound), store.reading(name) as (file, length):
                    member = tarfile.TarInfo(name)
                    member.size, member.mode = length, 0o600
                    tar.addfile(member, file)
                    count, size = count + 1, size + length
        with part.open("rb+") as written:
            os.fsync(written.fileno())
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
        part.replace(archive)
    finally:
        part.unlink(missing_ok=True)
    return FilesNote(count, size, sha256)


def require_whole(archive: Path, note: FilesNote) -> None:
    """Refuse an archive that is missing, or whose checksum differs.

    Raises:
        EnvironmentFault: it is.
    """
    try:
        with archive.open("rb") as content:
            sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise EnvironmentFault(
            f"the files of the backup cannot be read: {archive}: {error.strerror or error}",
            hint="copy it from where it was kept, or restore the register alone with --no-files",
        ) from None
    if sha256 != note.sha256:
        raise EnvironmentFault(
            f"{archive} is not what was written: its SHA-256 differs",
            hint="copy it again from where it was kept; it was damaged or changed",
        )


def restore_files(store: FileStore, archive: Path) -> int:
    """Write the files of an archive to the store, replacing existing ones; returns how many.

    Files that are not in the archive are left alone.

    Raises:
        EnvironmentFault: it is not an archive of files.
        FilesUnavailable: the store cannot be written to.
    """
    count = 0
    try:
        with tarfile.open(archive, "r") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is None:
                    continue
                with store.writing(member.name) as file:
                    while part := content.read(1 << 20):
                        file.write(part)
                count += 1
    except (tarfile.TarError, ValueError) as error:
        raise EnvironmentFault(
            f"{archive} is not an archive of files: {error}", hint="give the one `db backup` wrote"
        ) from None
    return count
