"""What `pip install` gives: the whole product, without the checkout."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from service.cluster.local_postgres import drop_cluster
from service.core.homes import test_home

ROOT = Path(__file__).resolve().parents[1]
UV = Path(sys.executable).with_name("uv")
LONGEST_S = 600


def run(*command: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        list(map(str, command)),
        cwd="/",
        env={name: value for name, value in os.environ.items() if not name.startswith("MENPAI_")}
        | settings,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    run(UV, "build", "--quiet", "--wheel", "--out-dir", out, ROOT)
    (made,) = out.glob("*.whl")
    return made


@pytest.fixture
def home() -> Iterator[Path]:
    place = test_home() / f"{os.getpid()}-wheel"
    yield place
    drop_cluster(place)


def test_it_carries_all_that_is_no_code(wheel: Path) -> None:
    held = set(ZipFile(wheel).namelist())
    for folder in ("address_model", "qr", "service", "migrations", "menpai"):
        others = {
            str(file.relative_to(ROOT))
            for file in (ROOT / folder).rglob("*")
            if file.is_file() and "__pycache__" not in file.parts
        }
        assert others <= held, sorted(others - held)[:10]
    data = {
        f"address_model/shipped_data/{file.relative_to(ROOT / 'data')}"
        for file in (ROOT / "data").rglob("*")
        if file.is_file()
    }
    assert data <= held, sorted(data - held)[:10]


def test_the_demo_runs_from_it(wheel: Path, tmp_path: Path, home: Path) -> None:
    """In a folder of its own before everything else; what it needs is that of the tests."""
    site = tmp_path / "site"
    run(UV, "pip", "install", "--quiet", "--no-deps", "--target", site, wheel)
    settings = {"PYTHONPATH": str(site), "MENPAI_HOME": str(home)}
    found = run(sys.executable, "-c", "import service; print(service.__file__)", **settings)
    assert found.stdout.startswith(str(site))
    done = run(sys.executable, "-m", "service", "demo", "--no-serve", **settings)
    page, plate = done.stdout.splitlines()
    assert page.startswith("page http://")
    assert plate.startswith("plate http://")
