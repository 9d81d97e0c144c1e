import pytest
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from service.heritage.queries import (
    EntryFilter,
    count_facets,
    get_entry,
    list_nearby,
    list_summaries,
)
from service.heritage.queries.entries import EntryNotFound


def names(session: Session, text: str) -> list[str]:
    return [one.name for one in list_summaries(session, EntryFilter(text=text))]


@pytest.mark.parametrize("text", ["河坊街", "河坊", "hefang", "Héfāng", "清河坊", "qinghefang"])
def test_an_entry_is_found_by_characters_pinyin_and_former_names(
    catalogue: Session, text: str
) -> None:
    assert "河坊街" in names(catalogue, text)


@pytest.mark.parametrize("text", ["%", "_", "'; drop table place_name; --", "\\"])
def test_signs_of_patterns_are_only_signs(catalogue: Session, text: str) -> None:
    assert names(catalogue, text) == []


def test_facets_narrow_and_count(catalogue: Session) -> None:
    facets = count_facets(catalogue, EntryFilter())
    classes = {one.value: one.count for one in facets["heritage_class"]}
    assert classes["bridge"] == 4
    hangzhou = next(one for one in facets["city"] if one.value == "3301")
    found = list_summaries(catalogue, EntryFilter(division="3301"), limit=200)
    assert (hangzhou.label, hangzhou.count) == ("杭州市", len(found))
    listed = next(one for one in facets["scheme"] if one.value == "ZJ-QNGZ")
    on_list = list_summaries(catalogue, EntryFilter(scheme="ZJ-QNGZ"), limit=200)
    assert listed.count == len(on_list)


def test_pages_of_a_search_follow_each_other(catalogue: Session) -> None:
    first = list_summaries(catalogue, EntryFilter(), limit=100)
    rest = list_summaries(catalogue, EntryFilter(), after=first[-1].id, limit=100)
    assert len({one.id for one in first + rest}) == 187


def test_an_entry_comes_with_everything(catalogue: Session) -> None:
    entry = get_entry(catalogue, "ZJH-0001")
    assert entry.place.standard_name == "海盐县"
    assert [form.text for form in entry.place.forms] == ["展武县", "海盐州"]
    assert entry.recognitions[0].year == 2017
    assert entry.sources
    with pytest.raises(EntryNotFound):
        get_entry(catalogue, "ZJH-9999")


def test_row_12_an_estimated_point_is_never_given_a_distance(catalogue: Session) -> None:
    near = list_nearby(catalogue, Point(120.1665, 30.2405), radius=3000, limit=50)
    assert near
    for one in near:
        estimated = one.entry.precision in ("approximate_1km", "none")
        assert (one.metres is None) == estimated, one.entry.name
    assert all(
        one.metres is None
        for one in list_nearby(catalogue, Point(120.1665, 30.2405), radius=500, limit=50)
    )
