"""Rows of the feature table that the rules alone can show, on the shipped catalogue."""

import csv
import json
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from address_model.heritage.catalogue import CatalogueEntry, Scheme
from address_model.heritage.criteria import CriterionVerdict, fails, judge
from address_model.heritage.inconsistencies import list_inconsistencies
from address_model.heritage.linked_places import (
    from_linked_places,
    to_feature,
    to_linked_places,
)
from address_model.shipped import data_folder
from service.heritage.queries import EntryFilter, list_all_entries, list_summaries
from service.heritage.seed import Seed


@pytest.fixture
def entries(seed: Seed) -> dict[str, CatalogueEntry]:
    return {one.id: one for one in seed.entries}


@pytest.fixture
def schemes(seed: Seed) -> dict[str, Scheme]:
    return {one.code: one for one in seed.schemes}


def test_row_1_wuzhen_fails_by_its_name_and_not_by_its_settlement(
    entries: dict[str, CatalogueEntry], schemes: dict[str, Scheme]
) -> None:
    wuzhen = entries["ZJH-0048"]
    assert (wuzhen.settlement_since, wuzhen.name_since) == (872, 1190)
    found = {one.criterion: one for one in judge(wuzhen, schemes["ZJ-QNGZ"], 2026)}
    assert found["settlement_age"].verdict is CriterionVerdict.MET
    assert found["name_age"].verdict is CriterionVerdict.NOT_MET
    assert "乌墩" in found["name_age"].reason
    assert "不足 1000 年" in found["name_age"].reason


def test_row_1_short_breaks_are_forgiven_in_haiyan(
    entries: dict[str, CatalogueEntry], schemes: dict[str, Scheme]
) -> None:
    assert not fails(judge(entries["ZJH-0001"], schemes["CN-QNGX"], 2026))


def test_row_2_chunan_has_its_former_names_with_sources_or_says_there_is_none(
    entries: dict[str, CatalogueEntry],
) -> None:
    forms = entries["ZJH-0020"].place.forms
    assert len(forms) >= 6
    assert "淳化县" in [one.text for one in forms]
    told = [one for one in entries["ZJH-0020"].claims if one.subject == "former_name"]
    for form in forms:
        claim, *_ = [one for one in told if form.text in one.value]
        assert claim.citations or claim.note, form.text


def test_row_3_yiwu_shows_legend_and_philology_apart(entries: dict[str, CatalogueEntry]) -> None:
    kinds = [one.kind for one in entries["ZJH-0009"].accounts]
    assert {"legend", "scholarly", "documented"} <= set(kinds)
    assert all(one.citations for one in entries["ZJH-0009"].accounts)


def test_row_5_jieqi_was_shortlisted_in_2016_and_recognised_in_2021(
    entries: dict[str, CatalogueEntry],
) -> None:
    history = [(one.year, one.status) for one in entries["ZJH-0073"].recognitions]
    assert history == [(2016, "shortlisted"), (2021, "recognized")]
    assert all(one.document for one in entries["ZJH-0073"].recognitions)


def test_row_6_another_scheme_is_another_value_and_scores_all_entries(seed: Seed) -> None:
    steps = [[500, 5], [1000, 10]]
    rules = [
        {"id": f"{measure}-{n}", "kind": "score", "measure": measure, "steps": steps}
        for n in range(6)
        for measure in (
            *("settlement_years", "name_years", "forms", "accounts", "recognitions", "sources"),
        )
    ]
    scheme = Scheme("JS-GL", "2022", "江苏省级地名文化遗产", {"criteria": rules})
    assert len(scheme.criteria["criteria"]) == 36  # type: ignore[arg-type]
    for entry in seed.entries:
        assert len(judge(entry, scheme, 2026)) == 36
    best = sum(one.points for one in judge(seed.entries[0], scheme, 2026))
    assert best == 120


def test_row_22_no_claim_has_a_grade_above_what_was_seen_and_none_is_silent(seed: Seed) -> None:
    read = {"transcription_read"}
    for entry in seed.entries:
        for claim in entry.claims:
            assert claim.citations or claim.note or claim.subject == "origin", (entry.id, claim)
            seen = {one.seen_as for one in claim.bearing}
            if claim.grade == "A":
                assert seen & read, (entry.id, claim)
            if claim.grade == "B":
                assert seen & {*read, "quoted_in_gazetteer", "page_read"}, (entry.id, claim)
            if claim.grade:
                assert "未核" not in claim.note or claim.grade > "A", (entry.id, claim)


def test_row_23_guali_is_told_to_the_editor(
    entries: dict[str, CatalogueEntry], schemes: dict[str, Scheme]
) -> None:
    told = list_inconsistencies(entries["ZJH-0029"], schemes, 2026)
    assert any("乾隆" in one for one in told)
    assert any("是否满 1000 年待考" in one for one in told)
    assert list_inconsistencies(entries["ZJH-0087"], schemes, 2026) == []


def test_row_17_catalogue_to_linked_places_and_back_is_identity(catalogue: Session) -> None:
    held = list_all_entries(catalogue)
    file = json.dumps(to_linked_places(held), ensure_ascii=False)
    assert from_linked_places(json.loads(file)) == held


def test_row_17_a_file_of_others_is_read_by_the_formats_own_fields(
    entries: dict[str, CatalogueEntry],
) -> None:
    feature = to_feature(entries["ZJH-0020"])
    del feature["menpai"]
    feature["properties"]["division"] = "330127"
    [read] = from_linked_places({"type": "FeatureCollection", "features": [feature]})
    assert read.place.standard_name == "淳安县"
    assert read.review_state == "doubtful"
    assert ("始新县", 208, None) in [(f.text, f.year_from, f.year_to) for f in read.place.forms]


@pytest.mark.parametrize("broken", [{}, {"type": "FeatureCollection", "features": [{}]}])
def test_what_is_no_linked_places_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"Linked Places|feature 1"):
        from_linked_places(broken)


def test_row_18_a_former_name_leads_to_the_present_place(catalogue: Session) -> None:
    found = list_summaries(catalogue, EntryFilter(text="西陵"))
    assert [one.name for one in found] == ["西兴街道"]


def test_every_row_of_the_coded_list_is_in_the_catalogue(seed: Seed) -> None:
    with (data_folder() / "heritage" / "heritage_zj_codes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [one.place.standard_name for one in seed.entries]
    assert len(rows) == 70
    for row in rows:
        assert any(row["name"].replace("村村", "村").endswith(name) for name in names), row["name"]
    assert replace(seed.entries[0]) == seed.entries[0]
