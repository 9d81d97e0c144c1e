"""Features of others: what is taken from them, and what is said to be left out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.heritage.foreign_places import ForeignPlace
from address_model.heritage.linked_places import read_feature, to_feature
from tests.factories.heritage import entry_of, place_of


def feature(*names: dict[str, Any], **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "@id": "https://example.test/places/TST-7/",
        "type": "Feature",
        "properties": {"title": "Lizhen", "division": "330424"},
        "names": list(names) or [{"toponym": "示例镇", "lang": "zh"}],
        "geometry": None,
    }
    return given | more


def span(first: str | None, last: str | None = None) -> dict[str, Any]:
    limits = {"start": first, "end": last}
    return {name: {"in": year} for name, year in limits.items() if year}


def forms(read: ForeignPlace) -> list[tuple[str, int | None, int | None]]:
    return [(one.text, one.year_from, one.year_to) for one in read.entry.place.forms]


LATIN = {"toponym": "Lizhen Zhen", "lang": "zh-Latn-pinyin"}


@pytest.mark.parametrize(
    ("names", "standard", "pinyin", "others"),
    [
        ([LATIN, {"toponym": "例镇", "lang": "zh"}], "例镇", "Lizhen Zhen", []),
        ([{"toponym": "Lizhen"}, {"toponym": "例鎮", "lang": "zh-Hant"}], "例鎮", "", ["Lizhen"]),
        ([{"toponym": "Chen", "lang": "en"}, {"toponym": "例镇"}], "例镇", "", ["Chen"]),
        (
            [{"toponym": "例町", "lang": "ja"}, {"toponym": "例镇", "lang": "zh-Hans"}],
            "例镇", "", ["例町"],
        ),
        (
            [{"toponym": "甲例镇", "lang": "lzh"}, {"toponym": "乙例镇", "lang": "zh"}, LATIN],
            "甲例镇", "Lizhen Zhen", ["乙例镇"],
        ),
        ([{"toponym": "𪿖头镇"}, {"toponym": "𪿖头镇", "lang": "zh-Hans"}], "𪿖头镇", "", []),
    ],
)  # fmt: skip
def test_the_first_chinese_name_is_the_standard_one(
    names: list[dict[str, Any]], standard: str, pinyin: str, others: list[str]
) -> None:
    read = read_feature(feature(*names))
    place = read.entry.place
    assert (read.entry.id, place.standard_name, place.pinyin) == ("TST-7", standard, pinyin)
    assert [one.text for one in place.forms] == others
    assert read.left_out == ()


def test_without_a_chinese_name_that_is_said() -> None:
    read = read_feature(feature(LATIN, {"toponym": "Chen", "lang": "en"}))
    assert read.entry.place.standard_name == "Chen"
    assert read.left_out == ("a Chinese name: it has none, and is called Chen",)


def test_every_timespan_of_a_name_is_a_form() -> None:
    former = {
        "toponym": "旧例镇",
        "when": {"timespans": [span("0742", "0758"), span("-0110", "0009"), span("1912")]},
        "citations": [{"label": "县志"}, {"@id": "https://example.test/2"}, {}],
    }
    standard = {"toponym": "示例镇", "when": {"timespans": [span("0960", "1279"), span("1949")]}}
    read = read_feature(feature(standard, former))
    assert forms(read) == [
        ("旧例镇", 742, 758), ("旧例镇", -110, 9), ("旧例镇", 1912, None), ("示例镇", 960, 1279),
    ]  # fmt: skip
    assert {one.citation for one in read.entry.place.forms[:3]} == {"县志; https://example.test/2"}
    told = [(one.subject, one.year) for one in read.entry.attestations]
    assert told == [("name", 960), ("name", 1949)]
    assert read.left_out == ()


@pytest.mark.parametrize(
    ("when", "years"),
    [
        ({"start": {"in": "0872"}}, [872]),
        ({"timespans": [{"start": "0872"}]}, [872]),
        ({"timespans": {"start": {"in": "0872-05-01"}}}, [872]),
        ([{"timespans": [{"start": {"in": 872}}]}], [872]),
        ({"timespans": [{"start": {"earliest": "-0221"}}]}, [-221]),
        ({"timespans": [{"start": {"in": 872.0}}]}, [872]),
        (None, []),
        ({}, []),
        ({"timespans": None}, []),
        ({"timespans": []}, []),
        ({"timespans": [{"start": None, "end": {}}]}, []),
    ],
)
def test_the_shapes_of_when_are_read(when: Any, years: list[int]) -> None:
    read = read_feature(feature(when=when))
    assert [one.year for one in read.entry.attestations] == years
    assert read.left_out == ()
    named = read_feature(feature({"toponym": "示例镇"}, {"toponym": "别名", "when": when}))
    assert [first for _, first, _ in forms(named)] == (list[int | None](years) or [None])


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ({"timespans": [span("约960年")]}, "the place: start 约960年"),
        ({"timespans": [span("0000")]}, "the place: start 0000"),
        ({"timespans": [span("0872", "0911")]}, "the place: end 911"),
        ({"timespans": [{"start": {"earliest": "0872", "latest": "0879"}}]},
         "the place: start 0879"),
        ({"periods": [{"name": "唐"}]}, "the place: periods"),
        ("872", "the place: a when that is no object"),
        ({"timespans": ["872"]}, "the place: a timespan that is no object"),
    ],
)  # fmt: skip
def test_a_year_that_is_not_kept_is_said(when: Any, said: str) -> None:
    assert read_feature(feature(when=when)).left_out == (said,)


def test_links_are_kept_and_pages_are_sources() -> None:
    kept = {
        "gn:1790999": "geonames:1790999",
        "https://www.geonames.org/1790999/example.html": "geonames:1790999",
        "https://sws.geonames.org/1790998": "geonames:1790998",
        "wd:Q999": "wikidata:Q999",
        "http://www.wikidata.org/entity/Q998": "wikidata:Q998",
        "https://maps.cga.harvard.edu/tgaz/placename/hvd_999": "tgaz:hvd_999",
        "tgn:7001999": "tgn:7001999",
        "https://example.test/place/1": "https://example.test/place/1",
    }
    links = [{"type": "closeMatch", "identifier": one} for one in kept]
    links += [{"type": "skos:exactMatch", "identifier": "viaf:999"}, {"identifier": "bnf:999"}]
    pages = [{"type": "seeAlso", "identifier": "https://example.test/page"}]
    read = read_feature(feature(links=[*links, *pages])).entry
    assert read.links == (*dict.fromkeys(kept.values()), "viaf:999", "bnf:999")
    assert [(one.title, one.url) for one in read.sources] == [("https://example.test/page",) * 2]
    back = read_feature(to_feature(read))
    assert back.entry.links == read.links


@pytest.mark.parametrize("link", ["was:ZJH-0001", "division:330424000000", ""])
def test_a_link_that_would_lead_others_here_is_left_out(link: str) -> None:
    read = read_feature(feature(links=[{"type": "closeMatch", "identifier": link}]))
    assert read.entry.links == ()
    assert read.left_out == (f"the link {link or 'without identifier'}",)


def test_what_has_no_place_here_is_said() -> None:
    more = {"relations": [{"relationTo": "x"}], "depictions": [{"@id": "https://x.test/1.jpg"}]}
    assert read_feature(feature(**more)).left_out == ("relations", "depictions")


def test_what_we_write_ourselves_leaves_nothing_out_for_others() -> None:
    written = to_feature(entry_of(place_of(pinyin="Shìlì Xiàn")), "https://example.test/")
    del written["menpai"]
    assert read_feature(written).left_out == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"names": None}, "names"),
        ({"names": [{"lang": "zh"}]}, "names"),
        ({"names": ["示例镇"]}, "names"),
        ({"geometry": {"type": "Point"}}, "geometry"),
        ({"geometry": "POINT(120 30)"}, "geometry"),
        ({"menpai": {"id": 5}}, "entry"),
    ],
)
def test_a_feature_that_cannot_be_read_says_why(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_feature(feature(**change))


def test_properties_may_be_null() -> None:
    assert read_feature(feature(properties=None)).entry.place.division == ""


KEYS = [
    *("timespans", "start", "end", "in", "earliest", "toponym", "lang", "when", "label"),
    *("citations", "value", "type", "identifier", "coordinates", "periods"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)
    ),
    max_leaves=12,
)
FIELDS = ["@id", "names", "when", "links", "descriptions", "geometry", "properties", "menpai"]


@given(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4), st.lists(JSON, max_size=3))
def test_whatever_shape_it_has_it_is_read_or_refused_with_a_reason(
    change: dict[str, Any], names: list[Any]
) -> None:
    for spoilt in (feature() | change, feature(names=[{"toponym": "例镇", "when": names}])):
        reason = ""
        try:
            assert read_feature(spoilt).entry.place.standard_name
        except ValueError as refusal:
            reason = str(refusal) or "none"
        assert reason != "none"


@given(JSON)
def test_what_is_no_feature_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_feature(value)
