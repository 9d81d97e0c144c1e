"""Back up, issue a thousand codes, restore, issue a thousand more: none is given twice."""

from pathlib import Path

import pytest

from service.core import homes
from tests.command_line import menpai

LIST = "市,县,街路巷,门牌号\n" + "".join(
    f"杭州市,上城区,示例{{run}}路,{number}号\n" for number in range(1, 1001)
)


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return homes.test_home() / f"restore-{tmp_path_factory.mktemp('x').parent.name}"


def issue(home: Path, folder: Path, run: str) -> set[str]:
    """Take in a thousand addresses and return the codes of the register."""
    file = folder / f"{run}.csv"
    file.write_text(LIST.format(run=run), "utf-8")
    done = menpai("addresses", "import", str(file), "--json", home=str(home))
    assert done.json["new"] == 1000, done.err
    out = folder / f"{run}-out.csv"
    assert menpai("addresses", "export", str(out), home=str(home)).code == 0
    return {line.split(",")[0] for line in out.read_text("utf-8-sig").splitlines()[1:]}


def test_no_code_is_the_same_before_and_after_a_restore(home: Path, tmp_path: Path) -> None:
    backup = tmp_path / "register.dump"
    try:
        assert menpai("db", "init", home=str(home)).code == 0
        assert menpai("divisions", "load", home=str(home)).code == 0
        photo = home / "files" / "photos" / "2a" / "2a5f.jpg"
        photo.parent.mkdir(parents=True)
        photo.write_bytes(b"as it was")
        assert menpai("db", "backup", str(backup), home=str(home)).code == 0
        photo.write_bytes(b"lost")
        lost = issue(home, tmp_path, "甲")
        restored = menpai("db", "restore", str(backup), home=str(home))
        assert restored.code == 0, restored.err
        assert "1,000,000" in restored.out + restored.err
        assert photo.read_bytes() == b"as it was"
        fresh = issue(home, tmp_path, "乙")
        assert len(lost) == len(fresh) == 1000
        assert not lost & fresh
        assert menpai("check", home=str(home)).code == 0
    finally:
        menpai("db", "drop", "--yes-delete", home.name, home=str(home))
