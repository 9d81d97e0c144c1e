from pathlib import Path

import fsspec
import pytest

from service.core.errors import FilesUnavailable, StoredFileNotFound
from service.core.files import FileStore, open_files
from service.core.settings import Settings


@pytest.fixture(params=["folder", "memory"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    fsspec.filesystem("memory").store.clear()
    return FileStore(str(tmp_path) if request.param == "folder" else "memory://menpai")


def break_off(files: FileStore) -> None:
    with files.writing("batch/1.zip") as file:
        file.write(b"half")
        raise RuntimeError


def test_what_is_written_is_read_again(files: FileStore) -> None:
    files.write("photos/2a/one.jpg", b"picture")
    assert files.exists("photos/2a/one.jpg")
    assert files.read("photos/2a/one.jpg") == b"picture"
    files.write("photos/2a/one.jpg", b"other")
    assert files.read("photos/2a/one.jpg") == b"other"
    files.remove("photos/2a/one.jpg")
    assert not files.exists("photos/2a/one.jpg")
    files.remove("photos/2a/one.jpg")


def test_a_file_that_is_broken_off_was_never_there(files: FileStore) -> None:
    with pytest.raises(RuntimeError):
        break_off(files)
    assert not files.exists("batch/1.zip")


def test_nothing_is_left_beside_a_file_that_failed(tmp_path: Path) -> None:
    files = FileStore(str(tmp_path))
    with pytest.raises(RuntimeError):
        break_off(files)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_that_is_not_there_is_said_to_be_missing(files: FileStore) -> None:
    with pytest.raises(StoredFileNotFound):
        files.read("photos/none.jpg")


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x", "", "a\x00b"])
def test_names_stay_within_the_store(files: FileStore, name: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        files.read(name)


def test_a_store_that_cannot_be_written_to_says_so(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where the folder should be")
    with pytest.raises(FilesUnavailable, match="cannot be stored"):
        FileStore(str(tmp_path / "files")).write("a/b", b"")


def test_files_lie_in_the_home_unless_the_settings_say_otherwise(tmp_path: Path) -> None:
    open_files(Settings(home=tmp_path)).write("a", b"1")
    assert (tmp_path / "files" / "a").read_bytes() == b"1"
    fsspec.filesystem("memory").store.clear()
    open_files(Settings(home=tmp_path, files_url="memory://m")).write("a", b"2")
    assert fsspec.filesystem("memory").cat("/m/a") == b"2"
