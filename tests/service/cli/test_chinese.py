"""The command line in Chinese and in English, by the locale of the shell."""

import json
import os

import pytest

from scripts.prose import HAN
from service.cli import COMMANDS
from service.cli.chinese import shell_language
from service.core.words import Language
from tests.command_line import Outcome, menpai_in

CHINESE = {"LANG": "zh_CN.UTF-8"}
ENGLISH = {"LANG": "C.UTF-8"}


def run(*arguments: str, **shell: str) -> Outcome:
    """Run ``menpai`` in a shell of its own: what is said is chosen once, at the start."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return menpai_in(kept | {"COLUMNS": "80"} | shell, *arguments)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, Language.EN),
        ({"LANG": "zh_CN.UTF-8"}, Language.ZH),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, Language.EN),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_CN"}, Language.ZH),
        ({"LANG": "zh_CN.UTF-8", "MENPAI_LANGUAGE": "en"}, Language.EN),
        ({"MENPAI_LANGUAGE": "zh", "LC_ALL": "C"}, Language.ZH),
        ({"MENPAI_LANGUAGE": "", "LANG": "zh_CN.UTF-8"}, Language.ZH),
    ],
)
def test_the_first_variable_that_is_set_decides(
    environment: dict[str, str], language: Language
) -> None:
    assert shell_language(environment) is language


def test_the_list_of_commands_is_in_the_language_of_the_shell() -> None:
    chinese, english = run("--help", **CHINESE), run("--help", **ENGLISH)
    assert not HAN.search(english.out.replace("门牌", "")) or "Divisions" in english.out
    listed = [line for line in chinese.out.splitlines() if line.startswith("│ ")]
    assert all(HAN.search(line) for line in listed), listed
    assert "Show this message" in english.out


@pytest.mark.parametrize("command", [name for name, entry in COMMANDS.items() if not entry.hidden])
def test_the_help_of_every_command_has_no_line_of_english_left(command: str) -> None:
    said = run(command, "--help", **CHINESE).out
    assert "用法：" in said
    words = [line for line in said.splitlines() if line.startswith("│") and not HAN.search(line)]
    prose = [line for line in words if " of " in line or " the " in line or " a " in line]
    assert not prose, prose


def test_errors_are_in_the_language_of_the_shell_and_keep_their_exit_code() -> None:
    chinese, english = (run("codes", "explain", "33", **shell) for shell in (CHINESE, ENGLISH))
    assert chinese.code == english.code == 2
    assert english.err.startswith("menpai: This is not an address code.")
    assert chinese.err.startswith("menpai：这不是地址编码：地址编码为 16 位数字，这里有 2 位：33")
    assert "办法：" in chinese.err


def test_a_wrong_option_and_a_wrong_setting_are_told_in_chinese() -> None:
    assert "没有命令「batc」" in run("plates", "batc", **CHINESE).err
    wrong = run("parse", "河坊街1号", "--json", "--nothing", **CHINESE)
    assert "没有选项 --nothing" in wrong.err
    setting = run("db", "status", MENPAI_TIMEZONE="Nowhere", **CHINESE)
    assert "设置有误：MENPAI_TIMEZONE" in setting.err
    assert "不是 IANA 时区" in setting.err


def test_json_is_the_same_in_both_languages() -> None:
    asked = ("parse", "杭州市上城区河坊街12号", "--json")
    chinese, english = run(*asked, **CHINESE).out, run(*asked, **ENGLISH).out
    assert json.loads(chinese) == json.loads(english)
