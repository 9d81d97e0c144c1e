"""Updates service/locale/*.po from the texts in the source: ``python -m scripts.catalogue``.

``en.po`` has the Chinese texts of pages in English, ``zh.po`` the English messages of errors and
commands in Chinese.
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from scripts.messages import find_messages

ROOT = Path(__file__).resolve().parents[1]
SERVICE = ROOT / "service"
KEYWORDS = {"_": None, "mark": None}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]


def source_texts() -> Catalog:
    """All texts of the pages as a catalogue without translations, in source order."""
    catalogue = Catalog(project="Menpai", charset="utf-8")
    options = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
    found = extract_from_dir(
        str(SERVICE), method_map=METHODS, options_map=options, keywords=KEYWORDS
    )
    texts = [(file, line, text) for file, line, text, *_ in found if isinstance(text, str)]
    for file, line, text in sorted(texts):
        catalogue.add(text, locations=[(f"service/{file}", line)])
    return catalogue


def source_messages() -> Catalog:
    """All messages of errors and commands, in the order of the files."""
    catalogue = Catalog(project="Menpai", charset="utf-8")
    for text, files in sorted(find_messages().items(), key=lambda item: (item[1], item[0])):
        catalogue.add(text, locations=[(file, 0) for file in files])
    return catalogue


SOURCES = {"en.po": source_texts, "zh.po": source_messages}


def update(path: Path) -> int:
    """Add new texts and drop removed ones; return the number of untranslated texts."""
    with path.open("rb") as file:
        catalogue = read_po(file, charset="utf-8")
    catalogue.update(SOURCES[path.name](), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, omit_header=True, include_lineno=False)
    return sum(1 for entry in catalogue if entry.id and not entry.string)


if __name__ == "__main__":
    for po in sorted((SERVICE / "locale").glob("*.po")):
        print(f"{po.name}: {update(po)} texts to translate")  # noqa: T201
