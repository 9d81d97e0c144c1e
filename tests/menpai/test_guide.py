"""What docs/department.md says can be typed, is typed: against a served register, from zero."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from service.core.database import Database
from tests.database import migrated_database
from tests.factories import make_place, make_plates
from tests.servers import running_server

GUIDE = Path(__file__).parents[2] / "docs" / "department.md"
SETTINGS = {
    "MENPAI_ENV": "demo",
    "MENPAI_SECRET_KEY": "of the tests: neither long nor secret",
}
BLOCKS = re.findall(r"```(sh|python)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
SHELL = f"""set -euo pipefail
menpai() {{ {sys.executable} -m service "$@"; }}
source state
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Path, str]]:
    """A service over 河坊街: its address, its database, its home; and the plate of 河坊街88号."""
    home = tmp_path_factory.mktemp("home")
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            tokens = make_plates(session, 90, status="in_use", place=make_place(session))
        settings: dict[str, Any] = SETTINGS | {"MENPAI_HOME": str(home)}
        with running_server(made.app_url, **settings) as server:
            yield str(server.client.base_url).rstrip("/"), made.app_url, home, tokens[87]
        database.dispose()


def show_address(url: str, request: str, plate: str) -> str:
    """Do as a resident does; the token with which the browser goes back."""
    path = f"{url}{urlsplit(request).path}"
    found = httpx2.post(path, data={"plate": plate}, timeout=60)
    assert "河坊街88号" in found.text
    agreed = httpx2.post(path, data={"plate": plate, "agrees": "yes"}, timeout=60)
    (token,) = parse_qs(urlsplit(agreed.headers["location"]).query)["address_token"]
    return token


def test_every_example_of_the_guide_works(
    served: tuple[str, str, Path, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    url, database_url, home, plate = served
    environment = os.environ | SETTINGS | {"MENPAI_HOME": str(home)}
    environment |= {"MENPAI_DATABASE_URL": database_url, "PYTHONPATH": str(GUIDE.parents[1])}
    (tmp_path / "state").write_text("")
    names: dict[str, Any] = {}
    assert len(BLOCKS) > 10
    for kind, text in BLOCKS:
        if kind == "sh":
            typed = text.replace("http://127.0.0.1:8000", url)
            script = f"{SHELL}{typed}\nexport -p > state"
            done = subprocess.run(
                ["bash", "-c", script],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert done.returncode == 0, text + done.stdout + done.stderr
            for name in ("URL", "KEY"):
                found = re.search(
                    rf'^declare -x {name}="(.*)"$', (tmp_path / "state").read_text(), re.M
                )
                if found:
                    monkeypatch.setenv(name, found[1])
        else:
            exec(compile(text, "guide", "exec"), names)  # noqa: S102 - our own guide
            if "request" in names and "address_token" not in names:
                names["address_token"] = show_address(url, names["request"]["url"], plate)
    said = capfd.readouterr().out
    assert names["found"]["category"] == "A"
    assert names["handed"]["code"] == names["found"]["address"]["code"]
    assert names["position"] > 0
    assert "address-not-found" in said
    answered = (tmp_path / "answered.csv").read_text("utf-8").splitlines()
    assert answered[0].startswith("编号,地址,category,code")
    assert [line.split(",")[2] for line in answered[1:]] == ["A", "B"]
