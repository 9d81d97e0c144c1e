"""The page of rules has every rule under its code; refused rows lead to theirs."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from service.core.database import Database
from service.imports import register_comparison
from service.imports.rules import Rule
from tests.factories.staff import sign_in

COMPARED = re.compile(r"Rule\.([A-Z_]+)")
ERRORS_OF_CODES = {Rule.CODE_UNKNOWN, Rule.CODE_ELSEWHERE}
"""Found by the comparison with the register, and errors of the row all the same."""


class Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name == "id" and value]


@pytest.fixture(scope="module")
def page(register: Database) -> str:
    answer = sign_in(register, "clerk").get("/admin/imports/rules")
    assert answer.status_code == 200
    return str(answer.text)


def test_every_rule_stands_on_the_page_once_under_its_code(page: str) -> None:
    reader = Anchors()
    reader.feed(page)
    assert [one for one in reader.found if one in set(Rule)] == list(Rule)


@pytest.mark.parametrize("rule", Rule)
def test_a_rule_says_in_chinese_what_is_wrong_and_what_to_do(page: str, rule: Rule) -> None:
    row = page.partition(f'<tr id="{rule}">')[2].partition("</tr>")[0]
    reason, hint = re.findall(r'<td data-label="(?:原因|改法)">(.*?)</td>', row)
    for said in (rule.summary, reason, hint):
        assert re.search("[一-龥]", said)
        assert not re.search(r"[{}]|menpai|--[a-z]", said)
    assert ("冲突" in row) == rule.is_conflict


def test_conflicts_are_what_the_comparison_with_the_register_finds() -> None:
    source = Path(str(register_comparison.__file__)).read_text(encoding="utf-8")
    named = {Rule[name] for name in COMPARED.findall(source)} - ERRORS_OF_CODES
    assert {rule for rule in Rule if rule.is_conflict} == named


def test_who_imports_nothing_needs_no_rules(register: Database) -> None:
    assert sign_in(register, "reader").get("/admin/imports/rules").status_code == 403
