import pytest
from hypothesis import given
from hypothesis import strategies as st

from address_model.comparison import Fit, compare
from address_model.elements import (
    Elements,
    Numbered,
    elements_from_plain,
    elements_to_plain,
    local_text,
)
from address_model.gazetteer import Gazetteer, load_gazetteer
from address_model.parsing import Verdict, parse
from address_model.places import counting_of, fold_numbered, second_counting_of
from address_model.street_order import street_order
from address_model.things import KIND_OF, KINDS, find_thing, kind_of, make_thing
from qr.designs import list_designs

FRONT = "浙江省杭州市上城区清波街道"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def test_no_word_means_two_kinds_and_every_kind_has_a_design() -> None:
    words = [word for row in KINDS for word in (row.name, *row.words)]
    assert len(words) == len(set(words)) == len(KIND_OF)
    assert {row.design for row in KINDS} <= set(list_designs())
    assert len({row.code for row in KINDS}) == len(KINDS)


@pytest.mark.parametrize(
    ("local", "rest", "thing"),
    [
        ("示例路12号路灯", Elements(thoroughfare="示例路"), Numbered("12", "号路灯")),
        (
            "示例路12号AED",
            Elements(thoroughfare="示例路", number=Numbered("12", "号")),
            Numbered("", "AED"),
        ),
        (
            "示例路12号2号AED",
            Elements(thoroughfare="示例路", number=Numbered("12", "号")),
            Numbered("2", "号AED"),
        ),
        (
            "示例路12号3号公交站",
            Elements(thoroughfare="示例路", number=Numbered("12", "号")),
            Numbered("3", "号公交站"),
        ),
        (
            "示例路12号3幢2号充电桩",
            Elements(
                thoroughfare="示例路", number=Numbered("12", "号"), building=Numbered("3", "幢")
            ),
            Numbered("2", "号充电桩"),
        ),
        ("示例路A12-1号灯杆", Elements(thoroughfare="示例路"), Numbered("A12-1", "号灯杆")),
        ("荷叶塘小区公共厕所", Elements(estate="荷叶塘小区"), Numbered("", "公共厕所")),
    ],
)
def test_a_thing_is_read_behind_its_street_door_or_estate(
    gazetteer: Gazetteer, local: str, rest: Elements, thing: Numbered
) -> None:
    reading = parse(FRONT + local, gazetteer)
    assert reading.verdict is Verdict.OK
    (plate,) = reading.plates
    assert plate.thing == thing
    bare = plate.with_divisions(province="", city="", county="", township="")
    assert bare == rest._replace(thing=thing)
    assert local_text(plate) == local
    last = reading.elements[-1]
    assert (last.level, last.text) == ("thing", str(thing))


@pytest.mark.parametrize(
    ("local", "verdict"),
    [
        ("示例路路灯", Verdict.AMBIG),
        ("示例路12、13号路灯", Verdict.AMBIG),
        ("示例路12-13号、15号路灯", Verdict.AMBIG),
        ("示例路12号对面公交站", Verdict.NOPLATE),
        ("公厕", Verdict.NOPLATE),
    ],
)
def test_what_is_no_one_thing_is_left_to_a_person(
    gazetteer: Gazetteer, local: str, verdict: Verdict
) -> None:
    assert parse(FRONT + local, gazetteer).verdict is verdict


numbers = st.one_of(
    st.integers(1, 99_999).map(str),
    st.tuples(st.sampled_from("ABC"), st.integers(1, 999)).map(lambda pair: f"{pair[0]}{pair[1]}"),
    st.tuples(st.integers(1, 999), st.integers(1, 99)).map(lambda pair: f"{pair[0]}-{pair[1]}"),
)
doors = st.one_of(
    st.none(),
    st.tuples(st.integers(1, 999), st.sampled_from(["", "1", "甲", "之二", "附3"])).map(
        lambda pair: Numbered(str(pair[0]), "号", suffix=pair[1])
    ),
)


@given(st.sampled_from(sorted(KIND_OF)), st.one_of(st.just(""), numbers), doors)
def test_the_text_of_a_thing_says_the_same_thing_again(
    word: str, number: str, door: Numbered | None
) -> None:
    thing = make_thing(word, number)
    assert thing is not None
    kind = kind_of(thing)
    rest = Elements(thoroughfare="示例路", number=door)
    text = local_text(rest._replace(thing=thing))
    assert text == local_text(rest) + str(thing) or "附" in text
    may_follow = bool(number) or not (kind.counts and door and text.count("号"))
    if number and not kind.counts:
        may_follow = door is not None
    if not may_follow:
        return
    found = find_thing(text)
    assert found is not None
    if number or not kind.counts:
        assert found == (len(text) - len(str(thing)), thing)


@given(st.sampled_from(sorted(KIND_OF)), numbers)
def test_a_thing_is_stored_and_read_again_and_its_words_are_one_key(word: str, number: str) -> None:
    thing = make_thing(word, number)
    assert thing is not None
    elements = Elements(thoroughfare="示例路", thing=thing)
    assert elements_from_plain(elements_to_plain(elements)) == elements
    first = make_thing(kind_of(thing).name, number)
    assert fold_numbered(thing) == fold_numbered(first)
    counting, other = counting_of(elements), counting_of(elements._replace(thing=first))
    assert counting is not None
    assert other is not None
    assert counting.local == other.local
    assert counting.local.startswith("t")


def test_a_thing_in_an_estate_counts_along_it_and_leads_to_it_by_its_gate() -> None:
    aed = Numbered("", "AED")
    door = {"thoroughfare": "示例路", "number": Numbered("138", "号"), "estate": "东方示例大厦"}
    elements = Elements(**door, thing=aed)  # type: ignore[arg-type]
    first, second = counting_of(elements), second_counting_of(elements)
    assert first is not None
    assert second is not None
    assert (first.name, first.local) == ("东方示例大厦", "tAED")
    assert (second.name, second.local) == ("示例路", "n138号|tAED")


def test_a_thing_is_never_the_door_it_is_at_nor_another_thing() -> None:
    door = Elements(thoroughfare="示例路", number=Numbered("12", "号"))
    aed, toilet = (door._replace(thing=make_thing(kind)) for kind in ("AED", "公厕"))
    assert compare(door, aed).fit is Fit.BELOW
    assert compare(aed, door).fit is Fit.ABOVE
    assert compare(aed, toilet).fit is Fit.OTHER
    lamp, stop = (
        Elements(thoroughfare="示例路", thing=make_thing(kind, "12")) for kind in ("路灯", "公交站")
    )
    assert compare(lamp, stop).fit is Fit.OTHER
    assert compare(lamp, lamp._replace(thing=make_thing("灯杆", "12"))).fit is Fit.WHOLE


def test_things_stand_behind_the_door_they_are_at_in_the_order_of_the_street() -> None:
    door = Elements(thoroughfare="示例路", number=Numbered("12", "号"))
    next_door = door._replace(number=Numbered("13", "号"))
    ranked = [
        door,
        door._replace(thing=make_thing("充电桩", "2")),
        door._replace(thing=make_thing("充电桩", "10")),
        next_door,
    ]
    keys = [street_order("330102001000", one) for one in ranked]
    assert keys == sorted(keys)
    assert len(set(keys)) == 4
    assert street_order("330102001000", door._replace(thing=make_thing("AED"))) not in keys
