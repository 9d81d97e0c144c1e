import pytest

from service.core.html import Html, Part, joined, prefers_json

FACE = Part("<p>\x000\x00</p><b>100%</b>\x001\x00", 2)


def test_a_part_escapes_what_is_not_a_piece_of_a_page() -> None:
    assert FACE("<i>", Html("<i>")) == "<p>&lt;i&gt;</p><b>100%</b><i>"


def test_a_gap_may_hold_per_cent_signs() -> None:
    assert FACE("5 %s", "%d") == "<p>5 %s</p><b>100%</b>%d"


def test_a_piece_that_was_added_to_is_escaped_again_rather_than_trusted() -> None:
    assert "&lt;" in FACE(Html("<i>") + "<script>", "")
    assert FACE(joined(Html("<i>"), Html("</i>")), "") == "<p><i></i></p><b>100%</b>"


@pytest.mark.parametrize("text", ["\x000\x00", "\x001\x00\x000\x00", "\x000\x00\x000\x00\x001\x00"])
def test_a_part_that_loses_doubles_or_turns_its_values_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="once each, in order"):
        Part(text, 2)


def test_a_part_takes_as_many_values_as_it_has_gaps() -> None:
    with pytest.raises(TypeError):
        FACE("a")
    with pytest.raises(TypeError):
        FACE("a", "b", "c")


@pytest.mark.parametrize(
    ("accept", "is_json"),
    [
        ("*/*", False),
        ("", False),
        ("text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("application/json", True),
        ("application/json, text/html;q=0.5", True),
        ("text/html, application/json;q=0.9", False),
        ("application/json;q=oops", False),
    ],
)
def test_the_accept_header_decides_between_page_and_json(accept: str, is_json: bool) -> None:
    assert prefers_json(accept) is is_json
