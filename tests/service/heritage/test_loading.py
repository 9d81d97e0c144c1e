from dataclasses import replace

from sqlalchemy.orm import Session

from service.core.actor import COMMAND_LINE
from service.heritage.commands import load_catalogue
from service.heritage.queries import get_entry, list_all_entries, list_schemes
from service.heritage.seed import Seed


def test_all_116_entries_and_71_known_from_lists_alone_are_loaded_as_they_were_read(
    catalogue: Session, seed: Seed
) -> None:
    held = list_all_entries(catalogue)
    assert len([one for one in held if one.confidence != "list_only"]) == 113
    assert len(held) == 187
    assert held == sorted(seed.entries, key=lambda one: one.id)


def test_the_16_classes_are_schemes_with_a_version(catalogue: Session, seed: Seed) -> None:
    schemes = list_schemes(catalogue)
    assert schemes == seed.schemes
    assert len([one for one in schemes if one.evidence or one.source]) == 16
    assert {one.version for one in schemes} == {"2026-11"}


def test_every_coded_row_is_a_recognition_that_names_its_source(seed: Seed) -> None:
    dated = [one for entry in seed.entries for one in entry.recognitions if one.published]
    assert len(dated) >= 25
    documents = {one.document for entry in seed.entries for one in entry.recognitions}
    assert "" not in documents


def test_loading_again_changes_nothing_and_leaves_reviewed_entries_alone(
    catalogue: Session, seed: Seed
) -> None:
    again = load_catalogue(catalogue, seed.entries, seed.schemes, COMMAND_LINE)
    assert (again.new, again.changed, again.same, again.schemes) == ([], [], 187, 0)
    entry = seed.entries[0]
    mine = replace(entry, story_zh="海边盐田，县以产盐得名。", review_state="reviewed")
    assert load_catalogue(catalogue, [mine], [], COMMAND_LINE).changed == [entry.id]
    report = load_catalogue(catalogue, [entry], [], COMMAND_LINE)
    assert report.kept == [entry.id]
    assert get_entry(catalogue, entry.id).story_zh == mine.story_zh


def test_an_entry_in_an_unknown_division_is_refused_by_itself(
    catalogue: Session, seed: Seed
) -> None:
    lost = replace(seed.entries[0].place, number="X-1", division="999999")
    wrong = replace(seed.entries[0], id="X-1", place=lost)
    report = load_catalogue(catalogue, [wrong], [], COMMAND_LINE)
    assert report.refused == {"X-1": "there is no division 999999000000"}


def test_doubtful_entries_are_marked_and_there(catalogue: Session) -> None:
    held = {one.id: one for one in list_all_entries(catalogue)}
    assert held["ZJH-0003"].review_state == "doubtful"
    assert held["ZJH-0036"].review_state == "doubtful"
    assert all(one.review_state == "doubtful" for one in held.values() if one.id > "ZJH-0116")
