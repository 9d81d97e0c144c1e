"""Nothing is lost, swapped or invented: generated addresses of every level, in every order."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from address_model.elements import standard_text
from address_model.gazetteer import load_gazetteer
from address_model.parsing import Verdict, parse

GAZETTEER = load_gazetteer()
UPPER = "浙江省杭州市上城区清波街道"
NAMES = st.text("澜沐樾渊霁昕曜翊", min_size=2, max_size=3)
COUNTS = st.integers(1, 399).map(str)
CODES = st.one_of(COUNTS, st.builds("{}{}".format, st.sampled_from("ABCDEG"), st.integers(1, 99)))


@dataclass(frozen=True)
class Part:
    """A piece of an address and how deep its level lies."""

    depth: int
    text: str


def named(depth: int, *generic: str) -> st.SearchStrategy[Part]:
    return st.builds(lambda n, g: Part(depth, n + g), NAMES, st.sampled_from(generic))


def numbered(
    depth: int, codes: st.SearchStrategy[str], *quantifiers: str
) -> st.SearchStrategy[Part]:
    return st.builds(lambda c, q: Part(depth, c + q), codes, st.sampled_from(quantifiers))


SUFFIXED = st.builds(
    lambda prefix, count, suffix: prefix + count + suffix,
    st.sampled_from(["", "", "临", "附"]),
    COUNTS,
    st.sampled_from(["号", "号", "甲号", "B号", "号之一"]),
)
PARTS = st.one_of(
    named(0, "工业园", "开发区"),
    named(1, "自然村"),
    numbered(2, st.integers(1, 20).map(str), "组"),
    named(3, "路", "街", "大道", "巷"),
    numbered(4, COUNTS, "弄"),
    named(5, "小区", "花园", "大厦"),
    SUFFIXED.map(lambda text: Part(6, text)),
    numbered(7, CODES, "幢", "号楼", "栋"),
    numbered(8, st.integers(1, 9).map(str), "单元"),
    numbered(9, st.integers(1, 33).map(str), "层", "楼"),
    numbered(10, st.integers(101, 2999).map(str), "室"),
)
ADDRESSES = st.lists(PARTS, min_size=2, max_size=7, unique_by=lambda part: part.depth)


def assert_conserved(local: str) -> None:
    """A text without short forms that is one plate is its own standard text."""
    parsed = parse(UPPER + local, GAZETTEER)
    if parsed.verdict is Verdict.OK:
        assert standard_text(parsed.plates[0]) == UPPER + local
    else:
        assert parsed.verdict in (Verdict.AMBIG, Verdict.NOPLATE)


@settings(max_examples=400)
@given(ADDRESSES)
def test_an_address_in_its_order_is_its_own_standard_text(parts: list[Part]) -> None:
    local = "".join(part.text for part in sorted(parts, key=lambda part: part.depth))
    assert parse(UPPER + local, GAZETTEER).verdict in (Verdict.OK, Verdict.NOPLATE)
    assert_conserved(local)


@settings(max_examples=400)
@given(ADDRESSES)
def test_in_any_other_order_nothing_is_swapped_without_a_word(parts: list[Part]) -> None:
    assert_conserved("".join(part.text for part in parts))


@settings(max_examples=200)
@given(st.lists(PARTS.filter(lambda part: part.text[0] != "附"), min_size=2, max_size=9))
def test_levels_named_twice_are_kept_or_left_to_a_person(parts: list[Part]) -> None:
    """附 behind a number is its suffix and has a form of its own (94号附1), so it is left out."""
    assert_conserved("".join(part.text for part in parts))


@settings(max_examples=200)
@given(
    st.tuples(named(3, "路", "街"), SUFFIXED.map(lambda text: Part(6, text))),
    st.lists(
        st.one_of(
            numbered(7, COUNTS, "幢"),
            numbered(8, st.integers(1, 9).map(str), "单元"),
            numbered(10, st.integers(101, 2999).map(str), "室"),
        ),
        max_size=3,
        unique_by=lambda part: part.depth,
    ),
    st.sampled_from("，、；/, "),
)
def test_marks_between_levels_change_nothing(
    door: tuple[Part, Part], inside: list[Part], mark: str
) -> None:
    ordered = [part.text for part in sorted(inside, key=lambda part: part.depth)]
    plain = "".join(part.text for part in door) + "".join(ordered)
    marked = mark.join(["".join(part.text for part in door), *ordered])
    parsed = parse(UPPER + marked, GAZETTEER)
    assert parsed.verdict is Verdict.OK
    assert standard_text(parsed.plates[0]) == UPPER + plain
