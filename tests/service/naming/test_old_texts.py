"""Old texts of streets that were renamed, merged and divided beside a namesake."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from service.addresses.commands import (
    correct_address,
    merge_addresses,
)
from service.addresses.drafts import draft_of
from service.addresses.queries import get_address
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.core.errors import Conflict
from service.imports.commands import answer_question, list_questions
from service.placenames.queries import list_places
from tests.factories.lists import ask, codes_of, counts, import_texts, refused, take_in
from tests.service.naming.decided import divide, merge, undo
from tests.service.naming.houses import (
    COUNTY,
    ONE,
    OTHER,
    SIMEN,
    YUYAO,
    led,
    merge_towns,
    place_of,
    places,
    require_whole,
    with_two_towns,
)
from tests.service.naming.renamings import number_of, rename

FENGSHAN, LANJIANG = f"{YUYAO}凤山街道人民路", f"{YUYAO}兰江街道人民路"


@pytest.fixture(autouse=True)
def towns(database: Database) -> Iterator[None]:
    """临山镇 and 泗门镇 are two towns again after each test."""
    yield
    with_two_towns(database)


def rename_street_of(database: Database, code: str) -> None:
    with database.reading() as session:
        number = number_of(session, code)
    rename(database, number, "解放路")


@pytest.mark.parametrize(("who", "number"), [(OTHER, 2), (OTHER, 3), (ONE, 3)])
def test_an_old_text_leads_to_its_house_though_another_street_has_the_name_now(
    database: Database, tmp_path: Path, who: str, number: int
) -> None:
    other = ONE if who == OTHER else OTHER
    import_texts(database, tmp_path, [f"{who}{number}号", f"{other}2号"])
    before = codes_of(database)
    rename_street_of(database, before[f"{who}{number}号"])
    merge_towns(database)
    assert led(database, *before) == list(before.values())
    # the list that is taken in again is told where each leads
    again = import_texts(database, tmp_path, list(before))
    assert (again.new, again.same + again.conflicts) == (0, 2)
    # a number that the old street never had is not guessed by its old name
    assert ask(database, f"{who}9号")[0].category == "C"


def test_a_list_with_old_words_is_told_whose_they_are(database: Database, tmp_path: Path) -> None:
    import_texts(database, tmp_path, [f"{ONE}2号", f"{OTHER}2号"])
    before = codes_of(database)
    merge_towns(database)
    rename_street_of(database, before[f"{OTHER}2号"])
    columns = "县,乡镇街道,街路巷,门牌号\n余姚市,临山镇,人民路,2号\n余姚市,泗门镇,人民路,2号\n"
    for content in (f"地址\n{OTHER}2号\n{ONE}2号\n", columns):
        assert counts(take_in(database, tmp_path, content)) == (0, 0, 1, 1, 0)
        (told,) = refused(tmp_path)
        assert any("解放路2号" in cell for cell in told.values()), told


def test_a_house_that_was_merged_leads_on_by_its_own_words(
    database: Database, tmp_path: Path
) -> None:
    import_texts(database, tmp_path, [f"{OTHER}3号", f"{FENGSHAN}3号", f"{ONE}3号"])
    codes, held = codes_of(database), places(database)
    with database.session() as session:
        merge_addresses(session, [codes[f"{FENGSHAN}3号"]], codes[f"{OTHER}3号"], ME, reason="r")
    merge(database, held[SIMEN], held["330281002000"])
    assert led(database, f"{FENGSHAN}3号", f"{ONE}3号") == [
        codes[f"{OTHER}3号"],
        codes[f"{ONE}3号"],
    ]


def test_texts_of_a_town_that_went_up_go_with_its_place(database: Database, tmp_path: Path) -> None:
    import_texts(database, tmp_path, [f"{ONE}4号", f"{FENGSHAN}3号"])
    merge_towns(database)
    held = places(database)
    merge(database, held["330281002000"], held[SIMEN])
    import_texts(database, tmp_path, [f"{OTHER}2号"])
    (street,) = {one.number: one for one in places(database).values()}.values()
    divide(database, street, "330281002000")
    again = import_texts(database, tmp_path, [f"{OTHER}2号", f"{ONE}4号", f"{FENGSHAN}3号"])
    assert counts(again) == (0, 0, 3, 0, 0)
    require_whole(database)


def test_a_merger_is_not_taken_back_when_nothing_would_be_left(
    database: Database, tmp_path: Path
) -> None:
    import_texts(database, tmp_path, [f"{FENGSHAN}3号", f"{ONE}2号"])
    held = places(database)
    done = merge(database, held[SIMEN], held["330281002000"])
    off = divide(database, places(database)[SIMEN], "330281002000")
    with pytest.raises(Conflict, match="nothing would be left"):
        undo(database, done)
    undo(database, off)
    undo(database, done)
    require_whole(database)


def test_a_later_list_waits_for_the_question_that_is_open(
    database: Database, tmp_path: Path
) -> None:
    first = import_texts(database, tmp_path, [f"{FENGSHAN}4号", f"{LANJIANG}4号"])
    later = import_texts(database, tmp_path, [f"{LANJIANG}3号"])
    assert (first.waiting, later.waiting) == (1, 1)
    with database.session() as session:
        (one,) = list_questions(session)
        assert one.rows == 2
        answer_question(session, one.place.number, one.township, ME, is_one=False)
    assert sorted(codes_of(database)) == [f"{LANJIANG}3号", f"{LANJIANG}4号", f"{FENGSHAN}4号"]
    require_whole(database)


@pytest.mark.parametrize("is_one", [True, False])
def test_an_answer_meets_what_stands_there_by_now(
    database: Database, tmp_path: Path, *, is_one: bool
) -> None:
    import_texts(database, tmp_path, [f"{FENGSHAN}4号", f"{LANJIANG}4号", f"{ONE}1号"])
    held = places(database)
    with database.session() as session:
        (one,) = list_questions(session)
        session.execute(
            text("update place_township set township = :t where place_id = :p"),
            {"t": one.township, "p": held[SIMEN].id},
        )
    if is_one:
        with database.session() as session, pytest.raises(Conflict, match="lies in"):
            answer_question(session, one.place.number, one.township, ME, is_one=True)
        merge(database, held[SIMEN], one.place)
    with database.session() as session:
        answer_question(session, one.place.number, one.township, ME, is_one=is_one)
        assert list_questions(session) == []
    codes = codes_of(database)
    assert (f"{LANJIANG}4号" in codes) is not is_one  # of one street it is the same door
    expected = one.place.id if is_one else held[SIMEN].id
    assert led(database, f"{LANJIANG}4号") == [codes[f"{FENGSHAN if is_one else LANJIANG}4号"]]
    assert place_of(database, codes[f"{FENGSHAN if is_one else LANJIANG}4号"]) == expected


def test_a_house_corrected_to_a_number_has_it_now(database: Database, tmp_path: Path) -> None:
    import_texts(database, tmp_path, [f"{ONE}1号", f"{ONE}2号"])
    codes = codes_of(database)
    for before, after in (("1", "3"), ("2", "1")):
        with database.session() as session:
            held = get_address(session, codes[f"{ONE}{before}号"])
            assert held.elements.number
            number = held.elements.number._replace(number=after)
            draft = draft_of(held)
            elements = held.elements._replace(number=number)
            made = type(draft)(draft.county, draft.division_id, draft.division_code, elements)
            correct_address(session, held, made, ME)
    assert led(database, f"{ONE}1号", f"{ONE}2号", f"{ONE}3号") == [
        codes[f"{ONE}2号"],
        codes[f"{ONE}2号"],
        codes[f"{ONE}1号"],
    ]


def test_a_street_renamed_while_a_question_is_open(database: Database, tmp_path: Path) -> None:
    import_texts(database, tmp_path, [f"{FENGSHAN}2号", f"{LANJIANG}2号", f"{LANJIANG}5号"])
    ((name, code),) = codes_of(database).items()
    rename_street_of(database, code)
    with database.session() as session:
        (one,) = list_questions(session)
        answer_question(session, one.place.number, one.township, ME, is_one=True)
    codes = codes_of(database)
    assert codes == {
        f"{YUYAO}凤山街道解放路2号": code,
        f"{YUYAO}兰江街道解放路5号": codes[f"{YUYAO}兰江街道解放路5号"],
    }
    assert led(database, name, f"{LANJIANG}2号") == [code, code]
    require_whole(database)


def test_of_two_streets_of_one_town_each_takes_back_its_own(
    database: Database, tmp_path: Path
) -> None:
    import_texts(database, tmp_path, [f"{ONE}3号", f"{OTHER}4号", f"{FENGSHAN}1号"])
    merge_towns(database)
    with database.reading() as session:
        street, other, third = list_places(session, COUNTY)
    assert (street.townships[0].code, other.townships[0].qualifier) == (SIMEN, "临山镇")
    first, second = merge(database, other, street), merge(database, street, third)
    undo(database, first)
    codes = codes_of(database)
    assert place_of(database, codes[f"{ONE}3号"]) == third.id
    assert place_of(database, codes[f"{ONE}4号"]) == other.id
    undo(database, second)
    assert place_of(database, codes[f"{ONE}3号"]) == street.id
    require_whole(database)


def test_a_street_named_by_its_former_name_lies_elsewhere_too(
    database: Database, tmp_path: Path
) -> None:
    import_texts(database, tmp_path, [f"{LANJIANG}3号"])
    ((_, code),) = codes_of(database).items()
    rename_street_of(database, code)
    import_texts(database, tmp_path, [f"{LANJIANG}3号", f"{FENGSHAN}1号", f"{LANJIANG}4号"])
    require_whole(database)
    with database.reading() as session:
        (street,) = list_places(session, COUNTY)
    assert street.name == "解放路"
    assert {one.name for one in street.townships} == {"凤山街道", "兰江街道"}
