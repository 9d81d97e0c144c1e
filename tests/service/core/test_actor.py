"""An actor in the words of pages."""

import pytest

from service.core.actor import COMMAND_LINE, Actor, name_actor


@pytest.mark.parametrize(
    ("actor", "words"),
    [
        (Actor("staff", "zhang.wei"), "张示例"),
        (Actor("staff", "li.na"), "li.na"),
        (Actor("shell", "zhang.wei"), "张示例（命令行）"),
        (Actor("client", "示例程序"), "接口 示例程序"),
        (Actor("resident", "?"), "居民"),
        (COMMAND_LINE, "命令行"),
        (Actor("system", "retention"), "系统"),
        ("", ""),
    ],
)
def test_whoever_acts_is_named_in_chinese(actor: Actor | str, words: str) -> None:
    assert name_actor(str(actor), {"zhang.wei": "张示例"}) == words
