import json

from address_model.coordinates import Point
from address_model.heritage.catalogue import Citation, Listing, NameForm
from service.heritage.citations import Sources, safe_link
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
        sources=(Citation("新闻", "https://news.test/1"),),
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
        "https://maps.cga.harvard.edu/tgaz/placename/hvd_40067",
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


def test_one_address_is_one_source_with_one_number() -> None:
    page = Citation("某报", "https://news.test/1")
    entry = entry_of(
        sources=(page, Citation("志书")),
        recognitions=(Listing("A", "名录", "recognized", document="https://news.test/1"),),
    )
    sources = Sources(entry)
    assert [one.number for one in sources.list_all()] == [1, 2]
    assert sources.number(page) == 1
    assert sources.general == [1, 2]
