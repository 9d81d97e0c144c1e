"""The file store (photos, files of batches): a folder, or anything that fsspec supports.

Writes are atomic: in a folder by a temporary file and a rename, in object stores by uploading the
complete file.
"""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO, Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from service.core.disk_room import FULL
from service.core.errors import FilesFull, FilesUnavailable, StoredFileNotFound
from service.core.settings import Settings

_PART = 1 << 18
_UNFINISHED = ".part"
_MEND = "check MENPAI_FILES_URL, the room on its disk, and that this user may write there"


class FileStore:
    """Files by their names, such as ``photos/2a/2a5f….jpg``, under one URL of fsspec."""

    def __init__(self, url: str) -> None:
        """``url`` is a folder or an fsspec URL; it is opened on first use."""
        self._url = url

    def write(self, name: str, data: bytes) -> None:
        """Store a file, replacing one of the same name.

        Raises:
            FilesUnavailable: the store cannot be written to.
        """
        with self.writing(name) as file:
            file.write(data)

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        """Open a file to write; it appears when the block succeeds, and is discarded otherwise.

        Raises:
            FilesUnavailable: the store cannot be written to.
        """
        place = self._place(name)
        try:
            if isinstance(self._system, LocalFileSystem):
                # A temporary file beside the place is renamed at the end, which is atomic.
                part = Path(f"{place}.{secrets.token_hex(6)}{_UNFINISHED}")
                self._make_folders(part.parent)
                try:
                    with open(part, "wb", opener=_private) as file:
                        yield file
                    part.replace(place)
                finally:
                    part.unlink(missing_ok=True)
            else:
                with tempfile.NamedTemporaryFile() as whole:
                    yield whole
                    whole.flush()
                    self._system.put_file(whole.name, place)  # objects appear complete
        except OSError as error:
            raise _fault(f"{name} cannot be stored", error) from error

    def read(self, name: str) -> bytes:
        """The bytes of a file.

        Raises:
            StoredFileNotFound, FilesUnavailable: it does not exist, or the store fails.
        """
        with _reading(name):
            return bytes(self._system.cat_file(self._place(name)))

    def stream(self, name: str) -> Iterator[bytes]:
        """The bytes of a file in parts of 256 KiB; opened at once, so that errors come first.

        Raises:
            StoredFileNotFound, FilesUnavailable: there is none, or the store does not answer.
        """
        with _reading(name):
            return read_parts(self._system.open(self._place(name), "rb"))

    @contextmanager
    def reading(self, name: str) -> Iterator[tuple[IO[bytes], int]]:
        """Open a file to read; yields it with its size in bytes.

        Raises:
            StoredFileNotFound, FilesUnavailable: there is none, or the store does not answer.
        """
        place = self._place(name)
        with _reading(name):
            size = int(self._system.size(place))
            file = self._system.open(place, "rb")
        with file:
            yield file, size

    def list_names(self, folder: str = "") -> list[str]:
        """The sorted names of all complete files of a folder, or of the store.

        Raises:
            FilesUnavailable: the store does not answer.
        """
        root = self._opened[1]
        try:
            found = self._system.find(self._place(folder) if folder else root)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _fault("the store cannot be read", error) from error
        names = (str(place).removeprefix(f"{root}/") for place in found)
        return sorted(name for name in names if not name.endswith(_UNFINISHED))

    def exists(self, name: str) -> bool:
        """Whether there is a file of this name."""
        try:
            return bool(self._system.exists(self._place(name)))
        except OSError as error:
            raise _fault(f"{name} cannot be read", error) from error

    def remove(self, name: str) -> None:
        """Delete a file if it exists."""
        with suppress(FileNotFoundError):
            self._system.rm(self._place(name))

    def remove_folder(self, name: str) -> None:
        """Delete all files of a folder, if there are any."""
        with suppress(FileNotFoundError):
            self._system.rm(self._place(name), recursive=True)

    def _make_folders(self, folder: Path) -> None:
        """Create a folder of the store and its parents, closed to other users of the machine."""
        root = Path(self._opened[1])
        if not root.exists():
            root.mkdir(parents=True, exist_ok=True)
        inside = folder.relative_to(root)
        for part in (root / step for step in [*reversed(inside.parents), inside]):
            part.mkdir(exist_ok=True)
            if part.stat().st_mode & 0o077:
                with suppress(PermissionError):  # a folder owned by another user
                    part.chmod(0o700)

    @cached_property
    def _opened(self) -> tuple[Any, str]:
        system, root = fsspec.core.url_to_fs(self._url)
        return system, str(root).rstrip("/")

    @property
    def _system(self) -> Any:
        return self._opened[0]

    def _place(self, name: str) -> str:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts or "\x00" in name:
            raise ValueError(f"{name!r} is not the name of a file in the store")
        return f"{self._opened[1]}/{path}"


def _private(path: str, flags: int) -> int:
    """Open a file that other users of the machine cannot read."""
    return os.open(path, flags, 0o600)


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Turn errors of reading into ours, which name the file."""
    try:
        yield
    except FileNotFoundError as error:
        raise StoredFileNotFound(f"there is no file {name}") from error
    except OSError as error:
        raise _fault(f"{name} cannot be read", error) from error


def _fault(what: str, error: OSError) -> FilesUnavailable:
    kind = FilesFull if error.errno in FULL else FilesUnavailable
    return kind(f"{what}: {error}", hint=_MEND)


def read_parts(file: IO[bytes]) -> Iterator[bytes]:
    """The bytes of an open file in parts of 256 KiB; closes it at the end."""
    with file:
        while part := file.read(_PART):
            yield part


def open_files(settings: Settings) -> FileStore:
    """The configured file store: MENPAI_FILES_URL, or the folder ``files`` in the home."""
    return FileStore(settings.files_url or str(settings.home / "files"))
