"""The audited lists of pinyin: what is right, and that nothing is guessed in silence."""

import csv
import gzip
import random
import re
from pathlib import Path

import pytest

from address_model.pinyin import read_name
from address_model.readings import load_readings
from address_model.shipped import data_folder

GOLDEN = Path(__file__).with_name("pinyin_golden.csv")
KINDS = {"division": "", "street": ""}
VILLAGE = re.compile(r"(居民委员会|村民委员会|村委会|居委会)$")


def golden() -> list[dict[str, str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def overrides() -> list[dict[str, str]]:
    with (data_folder() / "pinyin" / "overrides.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def polyphonic_villages(count: int) -> list[tuple[str, str]]:
    """Villages of the register with a polyphonic character and no audited reading of the name."""
    table, audited = load_readings(), {row["text"] for row in overrides()}
    with gzip.open(
        data_folder() / "divisions" / "zj_divisions_2023.csv.gz", "rt", encoding="utf-8"
    ) as file:
        rows = [row for row in csv.DictReader(file) if row["level"] == "village"]
    names = sorted({(VILLAGE.sub("", row["name"]), row["code12"]) for row in rows})
    fitting = [
        (name, code)
        for name, code in names
        if any(map(table.is_polyphonic, name.removesuffix("社区"))) and name not in audited
    ]
    return random.Random(20261125).sample(fitting, count)


def test_the_golden_list_is_long_and_every_reading_has_a_source() -> None:
    rows = golden()
    assert len({row["name"] for row in rows}) == len(rows) >= 300
    assert all(row["source"] for row in rows)


@pytest.mark.parametrize("row", golden(), ids=lambda row: str(row["name"]))
def test_a_name_of_the_golden_list_is_spelled_as_its_source_says(row: dict[str, str]) -> None:
    assert read_name(row["name"], kind=KINDS.get(row["kind"], row["kind"])).toned == row["pinyin"]


def test_two_hundred_village_names_are_flagged_or_read_after_a_source() -> None:
    table = load_readings()
    for name, code in polyphonic_villages(200):
        spelled = read_name(name, code, "village")
        for syllable in spelled.syllables:
            if table.is_polyphonic(syllable.written):
                assert syllable.is_guess or syllable.source, (name, syllable)
        assert spelled.needs_review == any(s.is_guess for s in spelled.syllables)


def test_every_syllable_of_them_is_a_reading_of_its_character_in_unihan() -> None:
    table = load_readings()
    for name, code in polyphonic_villages(200):
        for syllable in read_name(name, code, "village").syllables:
            assert syllable.read in table.list_readings(syllable.written), (name, syllable)


def test_every_audited_reading_has_a_source_and_a_syllable_for_each_character() -> None:
    for row in overrides():
        assert row["source"], row
        assert len(row["reading"].split()) == len(row["text"]), row
        assert row["kind"] in ("name", "start", "word", "character"), row


@pytest.mark.parametrize(
    ("name", "division", "toned", "doubtful"),
    [
        ("鲒埼村", "330213", "Jiéqícūn", ()),
        ("莘塍街道", "330381", "Xīnchéng Jiēdào", ()),
        ("莘塍街道", "371522", "Xīnchéng Jiēdào", ("莘",)),
        ("天台路", "330106", "Tiāntāi Lù", ()),
        ("华家村", "330106", "Huájiācūn", ("华",)),
        ("长乐村", "330110", "Chánglècūn", ("长", "乐")),
        ("吕山乡", "330522", "Lǚshān Xiāng", ()),
    ],
)
def test_a_reading_counts_in_its_division_and_a_guess_says_so(
    name: str, division: str, toned: str, doubtful: tuple[str, ...]
) -> None:
    spelled = read_name(name, division, "village" if name.endswith("村") else "")
    assert spelled.toned == toned
    assert spelled.doubtful == doubtful


def test_an_unknown_character_stays_and_is_flagged() -> None:
    spelled = read_name("\U00030000村", kind="village")
    assert spelled.needs_review
    assert spelled.doubtful == ("\U00030000",)
