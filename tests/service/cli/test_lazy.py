import subprocess
import sys

import pytest

from service.cli import COMMANDS
from service.cli.lazy import load
from tests.command_line import ROOT, menpai


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_shows_the_help_of_each(name: str) -> None:
    entry = COMMANDS[name]
    command = load(name, entry._replace(more=()))
    assert (command.help or "").splitlines()[0] == entry.help
    assert command.name == name


def test_help_imports_no_command() -> None:
    script = (
        "import sys; sys.argv = ['menpai', '--help']\n"
        "from service.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'sqlalchemy', 'fastapi', 'pypinyin', 'shapely'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in COMMANDS)


def test_a_command_that_does_not_exist_is_told() -> None:
    done = menpai("resolv", "x")
    assert done.code == 2
    assert "No such command" in done.err


def test_groups_hold_the_commands_of_all_their_files() -> None:
    done = menpai("addresses", "--help")
    assert done.code == 0, done.err
    assert all(name in done.out for name in ("import", "export", "retire", "identify"))
