"""Whether a text in the source is English for people, Chinese already, or for programs."""

import re

HAN = re.compile(r"[\u3400-\u9fff]")
_CODE = re.compile(r"`[^`]*`|--\w[-\w]*|menpai [-\w]+(?: [-\w]+)*|\{\d+\}")
_WORD_LIST = re.compile(r"[a-z_]+(?: [a-z_0-9]+)*(?: \w*[\u3400-\u9fff]\w*)+")
"""Headings by which a column is known, in both languages."""
_PROGRAM = re.compile(
    r"^\s*(?:select|insert into|delete from|with \w+ as|lock table|vacuum|analyze"
    r"|set (?:local|session|constraints|transaction|role|\w+ =))\b"
    r"|filename=|^import sys|^(?:sudo|brew) |^https?:|^ *menpai \w[-\w ]*(?:[-{]|$)"
    r"|^\S*\{\d\}\S*$|^text address |^(?:page|plate) \{0\}/"
)
"""Statements, headers, commands to type, headings, and the last lines of `menpai demo`."""
_ANNOTATED = re.compile(r"[A-Z]\w+ \(.+\)\.")
_CHINESE = re.compile(
    r"(?:\{0\})?[\u3400-\u9fff]+ ?\w*，|\{0\}[\u3400-\u9fff]|[\u3400-\u9fff].*。", re.DOTALL
)
"""Begins as a Chinese sentence, whatever stands behind it."""


def is_prose(text: str) -> bool:
    """Whether it is English for people: two words, or one beside a gap."""
    if _PROGRAM.search(text) or _WORD_LIST.fullmatch(text) or is_chinese(text):
        return False
    plain = re.sub(r"\{\d+\}", " … ", text)
    words = re.findall(r"(?<![\w./`{<-])[a-z]{2,}(?![\w/=(])|\b[A-Z][a-z]+\b", plain)
    enough = 1 if plain != text or _ANNOTATED.match(text) else 2
    return len(words) >= enough and " " in plain.strip()


def is_chinese(text: str) -> bool:
    """Whether it is written in Chinese already, whatever commands and names stand in it."""
    if _CHINESE.match(text):
        return True
    words = _CODE.sub("", text)
    return len(HAN.findall(words)) > len(re.findall(r"[a-z]", words))
