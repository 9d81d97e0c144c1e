from pathlib import Path

import pytest

from qr.errors import OutputRefused
from qr.output import save_file


def test_a_file_is_written_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    save_file(tmp_path / "new" / "a.png", b"one")
    save_file(tmp_path / "new" / "a.png", b"two")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.png"]
    assert (tmp_path / "new" / "a.png").read_bytes() == b"two"


def test_a_place_that_cannot_be_written_names_plate_and_hint(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    with pytest.raises(OutputRefused, match=r"plate K7: .*a\.png .*another folder"):
        save_file(tmp_path / "a.png", b"one", plate_id="K7")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
