"""A guide and its English twin say the same: sections, commands, settings, links."""

import re
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT

TWINS = sorted(
    path.with_name(path.name.replace(".en.md", ".md"))
    for path in [*ROOT.glob("*.en.md"), *(ROOT / "docs").glob("*.en.md")]
)
GUIDES = (
    "README.md",
    *(f"docs/{n}.md" for n in ("administrator", "crew", "datasets", "department", "deprecation")),
    *(f"docs/{n}.md" for n in ("operator", "replication", "resident", "webhooks")),
)
HAN = re.compile(r"[\u3400-\u9fff]")

_BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
_SPAN = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_COMMENT = re.compile(r"\s*(?:#|--) .*|\s+$", re.MULTILINE)


def structure(text: str) -> list[str]:
    """What does not depend on the language: levels of headings, items and rows by kind."""
    text = _BLOCK.sub("", text)
    return [found[1] for found in re.finditer(r"^(#+) ", text, flags=re.MULTILINE)]


def blocks(text: str) -> list[str]:
    """What is to be typed, without what is said about it."""
    return [_COMMENT.sub("", found[2]) for found in _BLOCK.finditer(text)]


def spans(text: str) -> set[str]:
    """Commands, settings, paths and fields that are named."""
    found = (" ".join(span.split()) for span in _SPAN.findall(_BLOCK.sub("", text)))
    return {span for span in found if not HAN.search(span)}


def links(text: str) -> set[str]:
    """The files that are linked; a guide links guides of its own language."""
    found = {target.partition("#")[0].replace(".en.md", ".md") for target in _LINK.findall(text)}
    return {Path(target).name for target in found if "://" not in target}


def test_every_guide_has_its_twin_and_is_chinese_first() -> None:
    assert {str(path.relative_to(ROOT)) for path in TWINS} == set(GUIDES)
    for path in TWINS:
        text = _SPAN.sub("", _BLOCK.sub("", path.read_text(encoding="utf-8")))
        assert len(HAN.findall(text)) > len(re.findall(r"[A-Za-z]+", text)), path


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_and_its_twin_say_the_same(guide: str) -> None:
    chinese = (ROOT / guide).read_text(encoding="utf-8")
    english = (ROOT / guide.replace(".md", ".en.md")).read_text(encoding="utf-8")
    assert structure(chinese) == structure(english)
    assert blocks(chinese) == blocks(english)
    assert spans(chinese) == spans(english)
    assert links(chinese) == links(english)


def test_a_command_that_only_one_of_them_names_is_found() -> None:
    assert spans("用 `menpai check` 检查") != spans("look with `menpai serve`")
    assert blocks("```sh\nmenpai a # 一\n```") == blocks("```sh\nmenpai a    # one\n```")
    assert structure("# a\n\n## b\n") != structure("# a\n")
