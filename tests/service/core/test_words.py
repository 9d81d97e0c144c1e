import re
from datetime import date
from pathlib import Path

from scripts.catalogue import source_texts
from service.core.words import CATALOGUES, WORDS, Language, read_catalogue

EN, ZH = WORDS[Language.EN], WORDS[Language.ZH]


def test_every_text_of_the_pages_is_translated_and_none_is_left_over() -> None:
    texts = {str(entry.id) for entry in source_texts() if entry.id}
    assert len(texts) > 100
    assert set(read_catalogue(CATALOGUES / "en.po")) == texts


def test_a_translation_keeps_gaps_tags_and_telephone_numbers() -> None:
    for chinese, english in read_catalogue(CATALOGUES / "en.po").items():
        for pattern in (r"\{\w+\}", r"</?\w+[^>]*>", r"\b(?:110|119|120|12345|96110)\b"):
            assert sorted(re.findall(pattern, chinese)) == sorted(re.findall(pattern, english))
        assert not re.search(r"[一-龥，。！？、]", english), english


def test_days_are_written_as_people_write_them() -> None:
    day = date(2026, 5, 1)
    assert (ZH.day(day), EN.day(day)) == ("2026年5月1日", "1 May 2026")
    assert (ZH.near_day(day), EN.near_day(day)) == ("5月1日", "1 May")


def test_an_unknown_text_stays_chinese() -> None:
    assert EN("没有译文") == "没有译文"
    assert EN("{day}核对", day="1 May") == "confirmed 1 May"


def test_an_unfinished_translation_is_not_used(tmp_path: Path) -> None:
    file = tmp_path / "xx.po"
    file.write_text('#, fuzzy\nmsgid "a"\nmsgstr "b"\n\nmsgid "c"\nmsgstr ""\n', encoding="utf-8")
    assert read_catalogue(file) == {}
