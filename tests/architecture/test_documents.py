"""Documents name files and folders that exist."""

import re
from functools import cache
from itertools import chain
from pathlib import Path

from tests.architecture.source_tree import ROOT

DOCUMENTS = sorted(
    chain(ROOT.glob("*.md"), (ROOT / "docs").glob("*.md"), (ROOT / "docs/decisions").glob("*.md"))
)
HISTORY = {"CHANGELOG.md"}
"""Says what was, under the names of its day."""

_CODE = re.compile(r"`([^`\s]+)`")
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_SOURCE = re.compile(r"(?:[a-z_0-9]+/)*[a-z_0-9]+\.py")
_FOLDER = re.compile(
    r"(?:address_model|qr|service|migrations|tests|scripts|benchmarks|docs|data)/.*"
)


@cache
def _tree() -> set[str]:
    """Every file and folder of the source, with each of its endings: ``a/b.py`` and ``b.py``."""
    found = set()
    for top in ROOT.iterdir():
        if not top.name.startswith("."):
            for path in [top, *top.rglob("*")]:
                parts = path.relative_to(ROOT).parts
                found |= {"/".join(parts[at:]) for at in range(len(parts))}
    return found


def _missing_files(text: str) -> set[str]:
    named = {name.rstrip("/") for name in _CODE.findall(text)}
    paths = {name for name in named if _SOURCE.fullmatch(name) or _FOLDER.fullmatch(name)}
    return {path for path in paths if not set("*<{…") & set(path)} - _tree()


def _broken_links(document: Path) -> set[str]:
    targets = {t for t in _LINK.findall(document.read_text(encoding="utf-8")) if "://" not in t}
    return {target for target in targets if not (document.parent / target).exists()}


def _faults(document: Path) -> set[str]:
    superseded = "*Superseded" in (text := document.read_text(encoding="utf-8"))
    return _broken_links(document) | (set() if superseded else _missing_files(text))


def test_documents_name_files_that_exist() -> None:
    checked = [document for document in DOCUMENTS if document.name not in HISTORY]
    faults = {str(d.relative_to(ROOT)): _faults(d) for d in checked}
    assert {name: sorted(found) for name, found in faults.items() if found} == {}


def test_a_missing_file_is_found() -> None:
    assert _missing_files("`service/core/nowhere.py`, `errors.py`, `docs/none/`") == {
        "service/core/nowhere.py",
        "docs/none",
    }
