import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from address_model.shipped import data_folder
from tests.command_line import menpai
from tests.database import TestDatabase, migrated_database
from tests.factories.audit import SECRET

ENVIRONMENT, USAGE, SOME_REFUSED = 3, 2, 1


@pytest.fixture(scope="module")
def register() -> Iterator[TestDatabase]:
    with migrated_database() as database:
        assert menpai("divisions", "load", database=database).code == 0
        yield database


def write(folder: Path, content: str | bytes, name: str = "list.csv") -> str:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(file)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://menpai_app@/menpai?host=/nonexistent",
        "postgresql+psycopg://menpai_app@127.0.0.1:1/menpai",
        "mysql://nobody@nowhere/x",
        "not a url",
    ],
)
def test_a_wrong_database_url_is_named_with_the_hint(url: str) -> None:
    done = menpai("divisions", "load", database_url=url)
    assert done.code == ENVIRONMENT
    assert "MENPAI_DATABASE_URL" in done.err
    assert "Traceback" not in done.err


def test_an_empty_database_is_told_to_be_initialised(bare_database: TestDatabase) -> None:
    done = menpai("divisions", "load", database=bare_database)
    assert done.code == ENVIRONMENT
    assert "menpai db init" in done.err


def test_bad_encoding_is_named_with_row_and_hint(register: TestDatabase, tmp_path: Path) -> None:
    file = write(tmp_path, "地址\n上城区河坊街1号\n".encode() + b"\xff\xfe\xfa\n")
    done = menpai("addresses", "import", file, database=register)
    assert done.code in (USAGE, ENVIRONMENT)
    assert "row 3" in done.err.lower() or "row 2" in done.err.lower()
    assert "Hint" in done.err
    assert "Traceback" not in done.err


def test_a_file_without_an_address_column_is_refused(
    register: TestDatabase, tmp_path: Path
) -> None:
    file = write(tmp_path, "姓名,备注\n甲,乙\n")
    done = menpai("addresses", "import", file, database=register)
    assert done.code == USAGE
    assert "--map" in done.err


def test_a_map_to_an_unknown_field_names_the_known_ones(
    register: TestDatabase, tmp_path: Path
) -> None:
    file = write(tmp_path, "门址\n上城区河坊街1号\n")
    done = menpai("addresses", "import", file, "--map", "门址=adress", database=register)
    assert done.code == USAGE
    assert "text" in done.err


def test_an_unknown_division_is_a_row_error_and_the_rest_goes_in(
    register: TestDatabase, tmp_path: Path
) -> None:
    file = write(
        tmp_path,
        "市,县,街路巷,门牌号\n杭州市,上城区,河坊街,1号\n杭州市,上县,河坊街,2号\n",
    )
    errors = tmp_path / "errors.csv"
    done = menpai("addresses", "import", file, "--errors", str(errors), "--json", database=register)
    assert done.code == SOME_REFUSED
    assert (done.json["new"], done.json["errors"]) == (1, 1)
    assert "县" in errors.read_text("utf-8-sig")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(register: TestDatabase, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    done = menpai("plates", "print", "--out", str(closed), database=register)
    assert done.code == ENVIRONMENT


def test_an_output_folder_that_is_a_file_is_named_with_the_hint(
    register: TestDatabase, tmp_path: Path
) -> None:
    file = write(tmp_path, "市,县,街路巷,门牌号\n杭州市,上城区,河坊街,7号\n")
    assert menpai("addresses", "import", file, database=register).code == 0
    assert menpai("plates", "issue", database=register).code == 0
    blocked = write(tmp_path, "here", "plates")
    done = menpai("plates", "print", "--out", blocked, database=register)
    assert done.code == ENVIRONMENT
    assert "--out" in done.err
    assert Path(blocked).read_text() == "here"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_named_and_leaves_no_half_a_file(
    register: TestDatabase, tmp_path: Path
) -> None:
    done = menpai("addresses", "export", "/dev/full/out.csv", database=register)
    assert done.code in (USAGE, ENVIRONMENT)
    assert "Traceback" not in done.err


def test_a_taken_port_is_named_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = menpai("demo", "--port", str(port), home=str(tmp_path / "home"))
    assert done.code == ENVIRONMENT
    assert f"--port {port + 1}" in done.err
    assert not (tmp_path / "home").exists()


def test_an_unknown_division_code_of_an_export_is_refused(
    register: TestDatabase, tmp_path: Path
) -> None:
    done = menpai(
        "addresses", "export", str(tmp_path / "x.csv"), "--division", "杭州", database=register
    )
    assert done.code == USAGE
    assert "divisions find" in done.err


def test_a_code_with_a_wrong_digit_is_explained(register: TestDatabase) -> None:
    done = menpai("codes", "explain", "3301 0612 3456 7893", database=register)
    assert done.code == USAGE
    assert "check digits" in done.err


def test_every_failing_check_says_what_hints_it(bare_database: TestDatabase) -> None:
    done = menpai("check", "--json", database=bare_database)
    assert done.code == ENVIRONMENT
    failing = [check for check in done.json["checks"] if not check["ok"]]
    assert failing
    assert all(check["hint"] and check["fault"] for check in failing)


def test_a_sound_system_passes_every_check(register: TestDatabase) -> None:
    done = menpai("check", "--json", database=register, secret_key=SECRET)
    assert [c for c in done.json["checks"] if not c["ok"]] == []
    assert done.code == 0


def test_the_demo_data_lies_where_the_commands_expect_it() -> None:
    assert (data_folder() / "demo" / "addresses.csv").is_file()


def test_a_number_too_long_is_refused_in_words(register: TestDatabase) -> None:
    done = menpai("runs", "show", "9" * 20, database=register)
    assert done.code == USAGE
    assert "no record can hold" in done.err
    assert "Traceback" not in done.err
