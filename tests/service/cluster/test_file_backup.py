"""What is backed up of the files comes back as it was, and nothing half."""

import tarfile
from pathlib import Path

import pytest

from service.cluster.file_backup import (
    archive_files,
    archive_of,
    require_whole,
    restore_files,
)
from service.core.faults import EnvironmentFault
from service.core.files import FileStore


def store_of(folder: Path, files: dict[str, bytes]) -> FileStore:
    store = FileStore(str(folder))
    for name, data in files.items():
        store.write(name, data)
    return store


def contents(store: FileStore) -> dict[str, bytes]:
    return {name: store.read(name) for name in store.list_names()}


FILES = {
    "photos/2a/2a5f.jpg": b"\xff\xd8 a photo",
    "batches/7/batch-7.zip": b"PK" * 5000,
    "batches/7/proof.pdf": b"%PDF",
    "甲/空": b"",
}


def test_all_files_come_back_and_later_ones_stay(tmp_path: Path) -> None:
    store = store_of(tmp_path / "files", FILES)
    archive = archive_of(tmp_path / "register")
    note = archive_files(store, archive)
    assert (note.count, note.size) == (4, sum(map(len, FILES.values())))
    store.remove("photos/2a/2a5f.jpg")
    store.write("batches/7/proof.pdf", b"another")
    store.write("batches/8/proof.pdf", b"later")
    require_whole(archive, note)
    assert restore_files(store, archive) == 4
    assert contents(store) == FILES | {"batches/8/proof.pdf": b"later"}
    assert (archive.stat().st_mode & 0o777) == 0o600


def test_any_tool_reads_the_archive_and_the_same_files_make_the_same(tmp_path: Path) -> None:
    store = store_of(tmp_path / "files", FILES)
    notes = [archive_files(store, tmp_path / f"{n}.tar") for n in (1, 2)]
    assert notes[0] == notes[1]
    with tarfile.open(tmp_path / "1.tar") as tar:
        assert tar.getnames() == sorted(FILES)


def test_a_store_with_nothing_in_it_is_an_archive_with_nothing_in_it(tmp_path: Path) -> None:
    store = FileStore(str(tmp_path / "files"))
    archive = tmp_path / "a.tar"
    assert archive_files(store, archive).count == 0
    assert restore_files(store, archive) == 0


def test_what_is_being_written_is_not_backed_up(tmp_path: Path) -> None:
    store = store_of(tmp_path / "files", FILES)
    with store.writing("batches/9/proof.pdf") as file:
        file.write(b"half")
        file.flush()
        assert sorted(store.list_names()) == sorted(FILES)


@pytest.mark.parametrize("harm", ["cut", "changed", "away", "no tar"])
def test_an_archive_that_is_not_what_was_written_is_refused(tmp_path: Path, harm: str) -> None:
    store, archive = store_of(tmp_path / "files", FILES), tmp_path / "a.tar"
    note = archive_files(store, archive)
    data = archive.read_bytes()
    if harm == "cut":
        archive.write_bytes(data[:-1024])
    elif harm == "changed":
        archive.write_bytes(data.replace(b"a photo", b"a fraud"))
    elif harm == "away":
        archive.unlink()
    else:
        archive.write_bytes(b"nothing")
        with pytest.raises(EnvironmentFault, match="not an archive"):
            restore_files(store, archive)
    with pytest.raises(EnvironmentFault):
        require_whole(archive, note)
    assert contents(store) == FILES


def test_a_name_that_leads_out_of_the_store_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "evil.tar"
    (tmp_path / "x").write_bytes(b"evil")
    with tarfile.open(archive, "w") as tar:
        tar.add(tmp_path / "x", "../escaped")
    store = FileStore(str(tmp_path / "files"))
    with pytest.raises(EnvironmentFault, match="not an archive"):
        restore_files(store, archive)
    assert not (tmp_path / "escaped").exists()
