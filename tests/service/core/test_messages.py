"""Every message of an error or a command has its Chinese text, and a planted one is found."""

import ast
import re
from functools import cache

import pytest

from scripts.messages import SHELL, Module, find_messages
from scripts.prose import HAN
from service.core.errors import BadRequest, Conflict
from service.core.messages import IN_CHINESE, Messages
from service.core.words import CATALOGUES, read_catalogue

ZH = read_catalogue(CATALOGUES / "zh.po")
GAP = re.compile(r"\{(\d+)\}")
messages = cache(find_messages)


def find_planted(source: str, *, name: str = "service/planted.py") -> set[str]:
    return set(Module(name, ast.parse(source), {"BadRequest", "EnvironmentFault"}).messages({}))


def test_every_message_is_in_the_catalogue_and_none_is_left_over() -> None:
    assert len(messages()) > 1000
    missing = {text: places for text, places in messages().items() if text not in ZH}
    assert not missing, "python -m scripts.catalogue adds them to zh.po; write their Chinese there"
    assert not set(ZH) - set(messages()), "python -m scripts.catalogue drops them"


def test_a_translation_is_chinese_and_keeps_the_gaps() -> None:
    for english, chinese in ZH.items():
        assert sorted(GAP.findall(english)) == sorted(GAP.findall(chinese)), english
        assert HAN.search(chinese) or not re.search(r"[a-z]{2,} [a-z]{2,}", english), english


def test_each_message_is_recognised_when_its_gaps_are_filled() -> None:
    side_by_side = re.compile(r"(\{\d+\})(?=\{)")
    for english, chinese in ZH.items():
        filled = GAP.sub(lambda gap: f"甲{gap[1]}", side_by_side.sub(r"\1 ", english))
        wanted = GAP.sub(lambda gap: f"甲{gap[1]}", chinese)
        assert IN_CHINESE(filled).replace(" ", "") == wanted.replace(" ", ""), english


@pytest.mark.parametrize(
    "source",
    [
        'raise BadRequest("planted and untranslated")',
        'def f(n):\n    raise BadRequest("x", hint=f"planted {n} and untranslated")',
        'TEXT = "planted and untranslated"\nraise BadRequest(TEXT)',
        'def why():\n    return "planted and untranslated"\nraise BadRequest(why())',
        'say("planted and untranslated")',
        'REASONS = {1: "planted and untranslated"}\nraise EnvironmentFault(REASONS[1])',
        'def find_role_fault():\n    return "planted and untranslated"',
    ],
)
def test_a_planted_message_is_found(source: str) -> None:
    (found,) = find_planted(source)
    assert re.fullmatch(r"planted (?:\{0\} )?and untranslated", found)
    assert found not in ZH


def test_help_of_commands_is_found_and_a_docstring_of_others_is_not() -> None:
    source = '@app.command("go")\ndef go():\n    """Planted help of a command."""\n'
    assert find_planted(source, name=f"{SHELL}planted.py") == {"Planted help of a command."}
    assert find_planted(source.splitlines()[1] + '\n    """No help at all."""') == set()


@pytest.mark.parametrize(
    "source",
    [
        'raise BadRequest("没有这个编号")',
        'session.execute(text("select code from address where name = :name"))',
        '_log.info("a note for the log")',
    ],
)
def test_chinese_texts_statements_and_logs_are_no_messages(source: str) -> None:
    assert find_planted(source) == set()


def test_what_fills_a_gap_is_translated_where_it_is_a_message_and_unquoted_where_it_is_a_word() -> (
    None
):
    said = Messages({"a {0}: {1}": "甲{0}：{1}", "it is lost": "已丢失", "no {0}": "没有「{0}」"})
    assert said("a 3: it is lost") == "甲3：已丢失"
    assert said("no '杭州'") == "没有「杭州」"
    assert said("no 'it''s'") == "没有「it''s」"


def test_english_in_no_catalogue_stays_as_it_is() -> None:
    said = Messages({"{0} to {1}": "{0} 至 {1}", "it is lost": "已丢失"})
    assert said("3 to 5") == "3 至 5"
    assert said("the plates that are to be hung") == "the plates that are to be hung"
    assert said("x: it is lost") == "x：已丢失"
    assert said("330102") == "330102"


def test_the_text_of_a_page_leaves_out_advice_for_the_shell_and_for_programs() -> None:
    fault = BadRequest("no account is left", hint="see `menpai accounts list`")
    assert "menpai" not in fault.page_text
    shown = Conflict("an account named 'li' exists already", hint="choose another name")
    assert shown.page_text == "已有名为「li」的账号；请换一个名称。"
    assert Conflict("x", zh="已有。").page_text == "已有。"


def test_the_reason_of_a_failed_run_is_put_together_of_its_messages() -> None:
    stored = "no address has the code 3301. compare the code with the plate, digit by digit"
    assert IN_CHINESE(stored) == "没有地址编码 3301。请与门牌逐位核对"
