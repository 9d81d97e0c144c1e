"""Every text that stands in a template or a table of words is Chinese, or has its English."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.prose import HAN
from tests.architecture.source_tree import ROOT

TEMPLATES = ROOT / "service" / "templates"
STAFF = sorted((TEMPLATES / "admin").rglob("*.html"))
PUBLIC = sorted({*TEMPLATES.rglob("*.html")} - {*STAFF})
BILINGUAL = {"api-page.html", "list.html", "type.html"}
"""Pages for developers, which say each thing in both languages beside each other."""

KEPT = {"数字门牌", "中文", "我在", "地址编码", "旧门牌是，", "原，", "旧地址编码"} | {
    "这里已分为，不知是哪一个，"
}
"""The product's name, the switch back to Chinese, and what is read out to 110 on every page."""
NAMES = {"Excel", "WPS", "WeChat", "English", "Shapefile", "Polygon", "Ctrl"}
_CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|<(?:style|code|svg|script)\b.*?</\w+>|<[^>]*>", re.DOTALL)
_ALT = re.compile(r'(?:alt|title|placeholder|aria-label)="([^"{]*)"')
_QUOTED = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_LITERAL = re.compile(r"'([^']*)'")
_WORDS = re.compile(r"[A-Za-z]{3,}(?: [A-Za-z]+)+|\b[A-Z][a-z]{2,}\b")


def texts_of(template: str) -> Iterator[str]:
    """What a reader sees or hears of a template, without what is filled in."""
    yield from _ALT.findall(template)
    for shown in _QUOTED.findall(template):
        yield from _ALT.findall(shown)
        yield from (w for w in _LITERAL.findall(shown) if HAN.search(w) and '="' not in w)
    yield from (
        t.strip() for t in _CODE.sub("\n", _QUOTED.sub("", template)).splitlines() if t.strip()
    )


def english_in(template: str) -> list[str]:
    """English words of a page of staff."""
    found = [word for text in texts_of(template) for word in _WORDS.findall(text)]
    return [word for word in found if word not in NAMES]


def unmarked_in(template: str) -> list[str]:
    """Chinese texts of a public page that no catalogue can translate."""
    plain = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", template, flags=re.DOTALL)
    found = [*_ALT.findall(plain), *_CODE.sub("\n", plain).splitlines()]
    return [text.strip() for text in found if HAN.search(text)]


@pytest.mark.parametrize("path", STAFF, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_page_of_staff_is_chinese(path: Path) -> None:
    assert english_in(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_text_of_a_public_page_comes_from_the_catalogue(path: Path) -> None:
    if path.name not in BILINGUAL or path.parent.name == "heritage":
        found = unmarked_in(path.read_text(encoding="utf-8"))
        assert [text for text in found if text not in KEPT] == []


def test_planted_texts_are_found() -> None:
    assert english_in("<p>Nothing was found</p>") == ["Nothing was found"]
    assert english_in('<img alt="A plate of a door">') == ["plate of a door"]
    assert unmarked_in("<p>没有译文</p>") == ["没有译文"]
    assert unmarked_in("<p>{{ _('没有译文') }}</p>") == []


def test_every_chinese_text_of_an_error_is_chinese() -> None:
    found = 0
    for path in (ROOT / "service").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "zh":
                texts = [
                    part.value
                    for part in ast.walk(node.value)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                ]
                found += bool(texts)
                assert not texts or texts == ["fault"] or HAN.search("".join(texts)), (
                    f"{path}:{node.value.lineno}"
                )
    assert found > 60


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("service/core/problem_types.csv", ("title_zh", "remedy_zh")),
        ("service/imports/rules.csv", ("summary",)),
        ("service/admin/audit_names.csv", ("name_zh",)),
    ],
)
def test_every_row_of_a_table_of_words_is_chinese(table: str, columns: tuple[str, ...]) -> None:
    with (ROOT / table).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert all(HAN.search(row[column]) for column in columns), row
