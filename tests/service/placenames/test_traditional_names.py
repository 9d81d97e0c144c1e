"""A name in traditional characters finds the place, wherever names are searched."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import PlaceName, PlaceNameForm
from service.divisions.queries import get_division_by_text, list_divisions
from service.heritage.queries import EntryFilter, list_summaries
from service.heritage.reconciliation.queries import list_candidates
from service.heritage.reconciliation.scores import Names, ReconcileQuery, reconcile
from service.placenames.queries import NameFilter, list_place_names


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [("西興街道", "西兴街道"), ("諸葛村", "诸葛村"), ("鹽官鎮", "盐官镇"), ("澉浦鎮", "澉浦镇")],
)
def test_place_names_entries_and_reconciliation_know_it(
    catalogue: Session, traditional: str, simplified: str
) -> None:
    plain = list_place_names(catalogue, NameFilter(simplified))
    assert plain
    assert list_place_names(catalogue, NameFilter(traditional)) == plain
    entries = list_summaries(catalogue, EntryFilter(text=simplified))
    assert entries
    assert list_summaries(catalogue, EntryFilter(text=traditional)) == entries
    names = Names(list_candidates(catalogue))
    wanted = reconcile(ReconcileQuery(simplified), names)
    assert wanted[0].is_match
    assert reconcile(ReconcileQuery(traditional), names) == wanted


def test_a_name_that_is_stored_in_traditional_characters_is_found_by_either(
    catalogue: Session,
) -> None:
    place = catalogue.scalars(select(PlaceName).where(PlaceName.number == "ZJH-0048")).one()
    catalogue.add(PlaceNameForm(place_name_id=place.id, position=99, text="試驗鎮", kind="former"))
    catalogue.flush()
    for asked in ("試驗鎮", "试验镇", "試验鎭", "驗鎮"):
        found = list_place_names(catalogue, NameFilter(asked))
        assert [one.number for one in found] == ["ZJH-0048"], asked
    (best, *_) = reconcile(ReconcileQuery("试验镇"), Names(list_candidates(catalogue)))
    assert (best.candidate.id, best.by_name, best.is_match) == ("ZJH-0048", "試驗鎮", True)


def test_a_place_that_narrows_a_query_may_be_traditional(catalogue: Session) -> None:
    names = Names(list_candidates(catalogue))
    asked = [ReconcileQuery("乌镇", (place,)) for place in ("桐乡市", "桐鄉市", "桐鄉")]
    (first, *others) = [reconcile(one, names) for one in asked]
    assert first[0].is_match
    assert all(one == first for one in others)


@pytest.mark.parametrize(
    ("traditional", "name"), [("蕭山區", "萧山区"), ("樂清市", "乐清市"), ("龍灣區", "龙湾区")]
)
def test_a_division_is_found_by_it(catalogue: Session, traditional: str, name: str) -> None:
    assert get_division_by_text(catalogue, traditional).name == name
    beginning = traditional[:2]
    found = list_divisions(catalogue, name=beginning, level=3)
    assert [one.name for one in found] == [name]
    assert list_divisions(catalogue, name=beginning) == list_divisions(catalogue, name=name[:2])


def test_signs_of_a_pattern_in_a_query_are_characters(catalogue: Session) -> None:
    for asked in (".*", "[乌", "乌|镇", "镇$", "\\"):
        assert list_place_names(catalogue, NameFilter(asked)) == []
        assert list_divisions(catalogue, name=asked) == []
