import json

import pytest

from address_model.coordinates import Point
from address_model.heritage.catalogue import Listing, NameForm
from address_model.heritage.claims import Citation, Claim
from service.core.words import WORDS, Language
from service.heritage.citations import list_cited_claims, safe_link, say_seen
from service.heritage.linked_data import write_json_ld
from tests.factories.heritage import entry_of, place_of
from tests.factories.xss import VECTORS

HERE = Point(120.94856, 30.51539)


def read(entry: object, point: Point | None = HERE) -> dict[str, object]:
    text = write_json_ld(entry, "https://dz.test/heritage/T-1", "嘉兴市海盐县", point)  # type: ignore[arg-type]
    return dict(json.loads(text))


def test_an_entry_says_its_names_its_circle_and_its_sources() -> None:
    entry = entry_of(
        place_of(forms=(NameForm("展武县"),), precision="county_seat_1km"),
        name_since=-222,
        links=("geonames:1790862", "tgaz:hvd_40067", "evil:javascript"),
        recognitions=(Listing("CN-QNGX", "千年古县", "recognized", year=2017),),
        claims=(Claim("origin", "甲", citations=(Citation("新闻", url="https://news.test/1"),)),),
    )
    data = read(entry)
    assert data["alternateName"] == ["展武县"]
    assert data["temporalCoverage"] == "-0222/.."
    assert data["geo"] == {
        "@type": "GeoCircle",
        "geoMidpoint": {"@type": "GeoCoordinates", "latitude": 30.51539, "longitude": 120.94856},
        "geoRadius": 1000,
    }
    assert data["sameAs"] == [
        "https://sws.geonames.org/1790862",
        "https://chgis.hudci.org/tgaz/placename/hvd_40067",
    ]
    assert data["award"] == ["千年古县 2017"]


def test_an_estimated_position_is_left_out() -> None:
    assert "geo" not in read(entry_of(place_of(precision="approximate_1km")))
    assert "geo" not in read(entry_of(), None)


def test_no_text_ends_the_element_it_stands_in() -> None:
    for vector in VECTORS:
        text = write_json_ld(entry_of(story_zh=vector), "https://dz.test", vector, None)
        assert not {"<", ">", "&"} & set(text)
        assert json.loads(text)["description"] == vector


def test_only_addresses_of_the_web_are_links() -> None:
    assert safe_link("https://a.test/甲?b=1#c") == "https://a.test/甲?b=1#c"
    for bad in (
        "javascript:x",
        "data:text/html,x",
        "http://",
        "//a.test",
        "https://a b",
        "http://[",
        "",
    ):
        assert safe_link(bad) == ""


def test_citations_are_numbered_through_the_page_and_grouped_by_claim() -> None:
    page, book = Citation("某报", url="https://news.test/1"), Citation("志书", locator="卷8")
    entry = entry_of(
        claims=(Claim("name", year=872, citations=(book, page)), Claim("point"),
                Claim("origin", "甲", "legend", citations=(page,))),
    )  # fmt: skip
    told = list_cited_claims(entry, WORDS[Language.ZH])
    assert [one.numbers for one in told] == [[1, 2], [], [3]]
    assert [one.citation for one in told[0].citations] == [book, page]
    assert [one.link for one in told[0].citations] == ["", "https://news.test/1"]


@pytest.mark.parametrize(
    ("title", "seen_as", "said"),
    [
        ("《宋史》(四库本)", "transcription_read", "据四库本转录核对"),
        ("《水经注》(四部丛刊本)", "transcription_read", "据四部丛刊本转录核对"),
        ("《澉水志》", "transcription_read", "据转录本核对"),
        ("《吴郡志》", "quoted_in_gazetteer", "据地方志转引"),
        ("《县志》(四库本)", "quoted_in_press", "据报刊转引"),
        ("《县志》", "not_seen", "未见原书"),
    ],
)
def test_how_a_source_was_seen_is_said_in_plain_words(title: str, seen_as: str, said: str) -> None:
    assert say_seen(Citation(title, seen_as=seen_as), WORDS[Language.ZH]) == said
