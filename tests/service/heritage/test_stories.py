"""Rows 11 of the feature table: from a plate's address to the story of its place, by id only."""

import csv

import pytest
from sqlalchemy.orm import Session

from address_model.shipped import data_folder
from service.core.actor import COMMAND_LINE
from service.heritage.queries import find_story, list_stories, load_story_register
from service.heritage.seed import Seed
from service.linking.commands import assign_place, link_places, unassign_place
from tests.factories.doors import enter


def test_row_11_a_scan_on_hefang_street_tells_of_the_prince_of_qinghe(catalogue: Session) -> None:
    code = enter(catalogue, "330102001", county="上城区", thoroughfare="河坊街")
    assert link_places(catalogue, COMMAND_LINE).added == 0
    story = find_story(catalogue, code)
    assert story is not None
    assert (story.name, story.path) == ("河坊街", "/heritage/ZJH-0087")
    assert "清河郡王" in story.zh
    assert "Zhang Jun" in story.en


def test_a_street_of_the_same_name_in_another_county_tells_nothing(catalogue: Session) -> None:
    code = enter(catalogue, "330212110", county="鄞州区", thoroughfare="河坊街")
    link_places(catalogue, COMMAND_LINE)
    story = find_story(catalogue, code)
    assert story is not None
    assert story.name == "鄞州区"


def test_a_plate_in_zhuge_village_tells_of_the_village(catalogue: Session) -> None:
    code = enter(catalogue, "330781104", county="兰溪市", natural_village="诸葛村")
    link_places(catalogue, COMMAND_LINE)
    story = find_story(catalogue, code)
    assert story is not None
    assert story.entry_id == "ZJH-0080"


def test_the_two_furong_villages_are_never_mixed(catalogue: Session) -> None:
    yongjia = enter(catalogue, "330324108", county="永嘉县", natural_village="芙蓉村")
    linhai = enter(catalogue, "331082114", county="临海市", natural_village="芙蓉村")
    by_code = enter(catalogue, "331082114292", county="临海市", natural_village="下村")
    elsewhere = enter(
        catalogue, "331082112", county="临海市", natural_village="芙蓉村", township="杜桥镇"
    )
    link_places(catalogue, COMMAND_LINE)
    told = {
        code: story.entry_id
        for code, story in list_stories(catalogue, [yongjia, linhai, by_code, elsewhere]).items()
    }
    assert told[yongjia] == "ZJH-0067"
    assert told[linhai] == told[by_code] == "ZJH-0076"
    assert told.get(elsewhere) != "ZJH-0067"
    assert told.get(elsewhere) != "ZJH-0076"


def test_the_nearest_place_speaks_and_divisions_stand_in(catalogue: Session) -> None:
    code = enter(catalogue, "330127100", county="淳安县", thoroughfare="示例路")
    link_places(catalogue, COMMAND_LINE)
    story = find_story(catalogue, code)
    assert story is not None
    assert story.name == "淳安县"
    assign_place(catalogue, code, "ZJH-0091", kind="building", reason="test", actor=COMMAND_LINE)
    link_places(catalogue, COMMAND_LINE)
    story = find_story(catalogue, code)
    assert story is not None
    assert story.name == "涌金门"
    assert unassign_place(catalogue, code, "ZJH-0091", COMMAND_LINE)
    assert not unassign_place(catalogue, code, "ZJH-0091", COMMAND_LINE)


def test_for_one_address_no_more_is_read_than_may_be_told_of_it(catalogue: Session) -> None:
    whole = load_story_register(catalogue)
    keys = ["330102001000 ", "330127100000 street:999999", "331082114292 "]
    for key in keys:
        part = load_story_register(catalogue, [key])
        assert part.find_by_key(key) == whole.find_by_key(key)
        assert len(part.places) <= 3 < len(whole.places)
    part = load_story_register(catalogue, keys)
    assert [part.find_by_key(key) for key in keys] == [whole.find_by_key(key) for key in keys]
    assert load_story_register(catalogue, []).places == set()


@pytest.mark.parametrize("linked", ["", "street:999999"])
def test_an_address_without_a_story_has_none(catalogue: Session, linked: str) -> None:
    register = load_story_register(catalogue)
    assert register.find("331003001001", linked) is None


def test_every_line_told_is_short_in_two_languages_and_calls_a_legend_one(seed: Seed) -> None:
    with (data_folder() / "heritage" / "stories.csv").open(encoding="utf-8") as file:
        told = {row["id"] for row in csv.DictReader(file)}
    entries = {one.id: one for one in seed.entries}
    assert len(told) >= 70
    for one in (entries[key] for key in told):
        assert 8 <= len(one.story_zh) <= 40, one.id
        assert one.story_en.endswith("."), one.id
        assert one.sources, one.id
        if {told.kind for told in one.accounts} == {"legend"}:
            assert any(word in one.story_zh for word in ("相传", "传说", "一说")), one.story_zh
