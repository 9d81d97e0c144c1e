from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.heritage.catalogue_filter import CatalogueFilter, Show, read_filter

TEXTS = st.text(max_size=60)


def test_a_link_changes_one_thing_keeps_the_rest_and_begins_at_the_first_page() -> None:
    asked = CatalogueFilter(q="海盐", kind="ancient_county", after="ZJH-0024", v="elder", lang="en")
    link = urlsplit(asked.link(place="3304"))
    assert link.path == "/heritage"
    assert dict(parse_qsl(link.query)) == {
        "q": "海盐",
        "kind": "ancient_county",
        "place": "3304",
        "v": "elder",
        "lang": "en",
    }
    assert asked.carried == "?v=elder&lang=en"
    assert CatalogueFilter().link() == "/heritage"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"place": "3304"}, "3304"),
        ({"place": "330424"}, "330424"),
        ({"place": "33%"}, ""),
        ({"place": "３３０４"}, ""),
        ({"place": "330424000000"}, ""),
    ],
)
def test_a_place_is_a_city_or_a_county(given: dict[str, str], kept: str) -> None:
    assert read_filter(given, elder=False, english=False).place == kept


def test_what_is_not_understood_is_as_if_it_were_not_there() -> None:
    asked = {
        "show": "hologram",
        "kind": "a'b",
        "scheme": "x" * 25,
        "after": "<b>",
        "q": "  a \n b ",
    }
    assert read_filter(asked, elder=False, english=False) == CatalogueFilter(q="a b")


@example(asked={"q": "0" * 39 + " 0"}, show=Show.LIST)
@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("q", "kind", "place", "dynasty", "scheme", "after"), TEXTS)
    ),
    st.sampled_from(list(Show)),
)
def test_an_address_says_again_what_was_read_from_it(asked: dict[str, str], show: Show) -> None:
    read = read_filter(asked | {"show": show}, elder=False, english=True)
    told = dict(parse_qsl(read.query.removeprefix("?")))
    assert read_filter(told, elder=False, english=True) == read
