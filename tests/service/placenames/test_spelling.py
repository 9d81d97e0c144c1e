from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.readings import is_reading
from service.core.actor import COMMAND_LINE
from service.core.database import finish
from service.core.errors import BadRequest
from service.heritage.commands import load_catalogue
from service.heritage.seed import Seed
from service.placenames.commands import load_place_names, set_reading
from service.placenames.queries import NameFilter, PlaceNameNotFound, list_place_names


def unsure(session: Session) -> str:
    """The first name whose reading is a guess with tones."""
    found = list_place_names(session, NameFilter(needs_review=True))
    return next(one.number for one in found if is_reading(one.standard_name, one.pinyin))


def test_a_reading_set_by_hand_is_audited_and_outlives_every_load(
    catalogue: Session, seed: Seed
) -> None:
    number = unsure(catalogue)
    [before] = [one for one in seed.entries if one.id == number]
    read = set_reading(
        catalogue, number, before.place.pinyin, source="县地名办 2026", actor=COMMAND_LINE
    )
    assert (read.needs_review, read.pinyin_source) == (False, "审定：县地名办 2026")
    finish(catalogue)
    entry = catalogue.execute(
        text("select action, subject from audit_entry order by position desc limit 1")
    ).one()
    assert tuple(entry) == ("place_names:spell", number)
    load_catalogue(catalogue, seed.entries, [], COMMAND_LINE)
    load_place_names(catalogue, [before.place], COMMAND_LINE)
    [after] = [
        one for one in list_place_names(catalogue, NameFilter(), limit=999) if one.number == number
    ]
    assert after == read
    renamed = replace(before.place, standard_name=before.place.standard_name + "新")
    load_place_names(catalogue, [renamed], COMMAND_LINE, plan="x")
    assert number in [
        one.number for one in list_place_names(catalogue, NameFilter(needs_review=True), limit=999)
    ]


@pytest.mark.parametrize(
    "reading", ["Hǎiyàn Xiàn", "Haiyan Xian", "Hǎiyán", "Hǎiyán Xiàn Xiàn", ""]
)
def test_a_reading_that_no_dictionary_gives_is_refused(catalogue: Session, reading: str) -> None:
    with pytest.raises(BadRequest) as refused:
        set_reading(catalogue, "ZJH-0001", reading, source="x", actor=COMMAND_LINE)
    assert "盐" in refused.value.detail


def test_a_reading_without_a_source_or_a_place_is_refused(catalogue: Session) -> None:
    with pytest.raises(BadRequest):
        set_reading(catalogue, "ZJH-0001", "Hǎiyán Xiàn", source=" ", actor=COMMAND_LINE)
    with pytest.raises(PlaceNameNotFound):
        set_reading(catalogue, "NONE", "Hǎiyán Xiàn", source="x", actor=COMMAND_LINE)
