"""Decisions about places: two that are one, one that is two, and taking either back."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from address_model.tables import AddressPlaceName, HeritageEntry, PlaceName, PlaceNameForm
from service.addresses.commands import merge_addresses, retire_address
from service.addresses.queries import get_address
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.core.errors import Conflict, NotFound
from service.exchange.commands import answer_question, list_questions
from service.linking.commands import assign_place
from service.naming.commands import (
    DoorsUndecided,
    MovedDoors,
    divide_place,
    merge_places,
    undo_decision,
)
from service.naming.queries import list_decisions
from service.placenames.commands import hold_counties
from service.placenames.queries import PlaceRow, get_place, get_record
from tests.factories.lists import ask, codes_of, counts, import_texts, take_in
from tests.service.naming.houses import (
    COUNTY,
    LINSHAN,
    MAZHU,
    ONE,
    OTHER,
    SIMEN,
    YUYAO,
    keys_of,
    led,
    place_of,
    places,
    require_whole,
)


def merge(database: Database, here: PlaceRow, there: PlaceRow) -> MovedDoors:
    with database.session() as session:
        return merge_places(session, here.number, there.number, ME, reason="实地核查")


def divide(database: Database, place: PlaceRow, *townships: str) -> MovedDoors:
    with database.session() as session:
        return divide_place(session, place.number, townships, ME, reason="实地核查")


def undo(database: Database, done: MovedDoors) -> MovedDoors:
    with database.session() as session:
        return undo_decision(session, done.decision, ME, reason="误判")


def test_two_streets_that_are_one_become_one_with_all_their_doors(
    database: Database, tmp_path: Path
) -> None:
    texts = [f"{ONE}{n}号" for n in (2, 4)] + [f"{OTHER}{n}号" for n in (1, 3)]
    import_texts(database, tmp_path, texts)
    before, held = codes_of(database), places(database)
    done = merge(database, held[LINSHAN], held[SIMEN])
    assert done.place.number == held[SIMEN].number
    assert sorted(done.codes) == sorted(before[one] for one in texts[2:])
    assert codes_of(database) == before
    require_whole(database)
    after = places(database)
    assert after[LINSHAN].id == after[SIMEN].id == held[SIMEN].id
    (plain,) = ask(database, f"{YUYAO}人民路3号")
    assert (plain.category, plain.address and plain.address.code) == ("A", before[texts[3]])
    with database.reading() as session:
        old = held[LINSHAN].number
        assert get_place(session, old).number == held[SIMEN].number
        assert get_record(session, old).number == held[SIMEN].number
    assert counts(import_texts(database, tmp_path, texts)) == (0, 0, 4, 0, 0)


def test_equal_doors_stop_a_merger_until_each_is_decided(
    database: Database, tmp_path: Path
) -> None:
    texts = [f"{ONE}{n}号" for n in (2, 4, 6)] + [f"{OTHER}{n}号" for n in (2, 4, 5)]
    import_texts(database, tmp_path, texts)
    codes, held = codes_of(database), places(database)
    with pytest.raises(DoorsUndecided) as stopped:
        merge(database, held[LINSHAN], held[SIMEN])
    assert {(pair.code, pair.other) for pair in stopped.value.pairs} == {
        (codes[f"{OTHER}{n}号"], codes[f"{ONE}{n}号"]) for n in (2, 4)
    }
    assert {one.number for one in places(database).values()} == {
        one.number for one in held.values()
    }
    with database.session() as session:
        merge_addresses(session, [codes[f"{OTHER}2号"]], codes[f"{ONE}2号"], ME, reason="一户")
        retire_address(session, codes[f"{OTHER}4号"], ME, reason="拆除")
    merge(database, held[LINSHAN], held[SIMEN])
    require_whole(database)
    assert led(database, f"{ONE}2号", f"{OTHER}2号") == [codes[f"{ONE}2号"]] * 2


def test_a_gate_and_a_door_of_one_number_are_a_pair(database: Database, tmp_path: Path) -> None:
    texts = [f"{ONE}66号示例佳苑1幢101室", f"{OTHER}66号1幢101室"]
    import_texts(database, tmp_path, texts)
    with database.reading() as session:
        streets = session.scalars(
            select(PlaceName.number).where(PlaceName.kind == "street").order_by(PlaceName.number)
        ).all()
    with pytest.raises(DoorsUndecided), database.session() as session:
        merge_places(session, streets[0], streets[1], ME, reason="x")


@pytest.mark.parametrize("twice", [False, True])
def test_a_merger_is_taken_back_with_what_came_since(
    database: Database, tmp_path: Path, twice: bool
) -> None:
    texts = [f"{ONE}{n}号" for n in (2, 4)] + [f"{OTHER}{n}号" for n in (1, 3, 5)]
    import_texts(database, tmp_path, texts)
    held = places(database)
    done = merge(database, held[LINSHAN], held[SIMEN])
    more = [f"{OTHER}7号", f"{ONE}8号"]
    assert import_texts(database, tmp_path, more).new == 2
    codes = codes_of(database)
    with database.session() as session:
        retire_address(session, codes[f"{OTHER}5号"], ME, reason="拆除")
    back = undo(database, done)
    assert back.place.number == held[LINSHAN].number
    require_whole(database)
    for one, code in codes.items():
        wanted = held[LINSHAN if "临山" in one else SIMEN]
        assert place_of(database, code) == wanted.id
        assert keys_of(database, code) == {str(wanted.id)}
    assert counts(import_texts(database, tmp_path, [*texts[:4], *more])) == (0, 0, 6, 0, 0)
    with pytest.raises(Conflict, match="taken back already"):
        undo(database, done)
    with pytest.raises(Conflict, match="takes one back itself"):
        undo(database, back)
    if twice:
        undo(database, merge(database, held[LINSHAN], held[SIMEN]))
        require_whole(database)
        assert codes_of(database) == codes


def test_two_mergers_in_a_row_are_taken_back_in_either_order(
    database: Database, tmp_path: Path
) -> None:
    third = f"{YUYAO}马渚镇人民路"
    texts = [f"{ONE}2号", f"{OTHER}4号", f"{third}6号"]
    import_texts(database, tmp_path, texts)
    codes, held = codes_of(database), places(database)
    for order in (0, 1):
        done = [
            merge(database, held[LINSHAN], held[SIMEN]),
            merge(database, held[SIMEN], held[MAZHU]),
        ]
        with database.reading() as session:
            assert {get_place(session, one.number).id for one in held.values()} == {held[MAZHU].id}
        undo(database, done[order])
        require_whole(database)
        undo(database, done[1 - order])
        require_whole(database)
        assert places(database) == held
        assert [place_of(database, codes[one]) for one in texts] == [
            held[where].id for where in (SIMEN, LINSHAN, MAZHU)
        ]


def test_a_street_is_divided_and_doors_without_township_are_listed(
    database: Database, tmp_path: Path
) -> None:
    yiwu, through = "浙江省金华市义乌市", ("稠城街道", "北苑街道", "福田街道")
    texts = [f"{yiwu}{through[n % 3]}丹溪北路{n}号" for n in range(1, 10)]
    import_texts(database, tmp_path, [*texts, f"{yiwu}丹溪北路20号"])
    codes, held = codes_of(database), places(database, "330782")
    (street,) = {one.number: one for one in held.values()}.values()
    with pytest.raises(Conflict, match="lies in"):
        divide(database, street, *(one.code for one in street.townships))
    with pytest.raises(Conflict, match="lies in"):
        divide(database, street, "330782100000")
    done = divide(database, street, "330782004000")
    assert [where for _, where in done.unplaced] == [f"{yiwu}丹溪北路20号"]
    assert sorted(done.codes) == sorted(c for one, c in codes.items() if "北苑" in one)
    require_whole_but_unplaced(database, f"{yiwu}丹溪北路20号")
    assert codes_of(database) == codes
    # the other part is taken from what stays, then both come back
    more = divide(database, street, "330782008000")
    with database.session() as session:
        merge_places(session, more.place.number, done.place.number, ME, reason="x")
    with pytest.raises(Conflict, match="since"):
        undo(database, more)
    undo(database, done)
    assert {place_of(database, code) for code in codes.values()} == {street.id}
    require_whole(database)
    assert counts(import_texts(database, tmp_path, texts)) == (0, 0, 9, 0, 0)


def require_whole_but_unplaced(database: Database, unplaced: str) -> None:
    """The text without township means either street now; all others lead to their codes."""
    codes = codes_of(database)
    del codes[unplaced]
    assert led(database, *codes) == list(codes.values())


def test_a_division_is_not_taken_back_while_both_have_a_door(
    database: Database, tmp_path: Path
) -> None:
    yiwu = "浙江省金华市义乌市"
    texts = [f"{yiwu}稠城街道丹溪北路1号", f"{yiwu}北苑街道丹溪北路2号"]
    import_texts(database, tmp_path, texts)
    street = places(database, "330782")["330782001000"]
    done = divide(database, street, "330782004000")
    assert import_texts(database, tmp_path, [f"{yiwu}北苑街道丹溪北路1号"]).new == 1
    with pytest.raises(DoorsUndecided):
        undo(database, done)
    codes = codes_of(database)
    with database.session() as session:
        merge_addresses(
            session, [codes[f"{yiwu}北苑街道丹溪北路1号"]], codes[texts[0]], ME, reason="x"
        )
    undo(database, done)
    require_whole(database)


def test_a_former_text_goes_where_its_own_words_say(database: Database, tmp_path: Path) -> None:
    yiwu = "浙江省金华市义乌市"
    texts = [f"{yiwu}稠城街道丹溪北路1号", f"{yiwu}北苑街道丹溪北路2号"]
    import_texts(database, tmp_path, texts)
    codes = codes_of(database)
    moved = f"{yiwu}稠城街道丹溪北路2号"
    assert take_in(database, tmp_path, f"code,地址\n{codes[texts[1]]},{moved}\n").changed == 1
    street = places(database, "330782")["330782001000"]
    done = divide(database, street, "330782004000")
    assert place_of(database, codes[texts[1]]) == street.id
    assert led(database, moved, texts[1]) == [codes[texts[1]]] * 2
    undo(database, done)
    assert led(database, moved, texts[1]) == [codes[texts[1]]] * 2
    require_whole(database)


def test_other_names_links_and_waiting_rows_follow_and_come_back(
    database: Database, tmp_path: Path
) -> None:
    yiwu = "浙江省金华市义乌市"
    texts = [f"{yiwu}稠城街道丹溪北路{n}号" for n in (1, 3)]
    texts += [f"{yiwu}北苑街道丹溪北路3号", f"{yiwu}佛堂镇丹溪北路8号"]
    import_texts(database, tmp_path, texts)
    codes, held = codes_of(database), places(database, "330782")
    town, street = held["330782100000"], held["330782001000"]
    with database.session() as session:
        session.add(
            PlaceNameForm(place_name_id=street.id, position=0, text="旧北路", kind="former")
        )
        assign_place(
            session, codes[texts[3]], street.number, kind="historical", reason="x", actor=ME
        )
    done = merge(database, street, town)
    with database.reading() as session:
        (question,) = list_questions(session)
        assert question.place.number == town.number
        assert session.scalars(select(AddressPlaceName.place_name_id)).all() == [town.id]
    assert led(database, f"{yiwu}稠城街道旧北路1号") == [codes[texts[0]]]
    undo(database, done)
    with database.reading() as session:
        (question,) = list_questions(session)
        assert question.place.number == street.number
        assert session.scalars(select(AddressPlaceName.place_name_id)).all() == [street.id]
        assert get_place(session, town.number).other_names == ()
    assert led(database, f"{yiwu}稠城街道旧北路1号") == [codes[texts[0]]]
    with database.session() as session:
        done_ = answer_question(session, street.number, question.township, ME, is_one=False)
    assert len(done_.new) == 1
    require_whole(database)


def test_a_place_of_the_heritage_does_not_end(database: Database, tmp_path: Path) -> None:
    import_texts(database, tmp_path, [f"{ONE}2号", f"{OTHER}1号"])
    held = places(database)
    with database.session() as session:
        session.add(
            HeritageEntry(id="ZJH-9001", place_name_id=held[LINSHAN].id, heritage_class="street")
        )
    with pytest.raises(Conflict, match="ZJH-9001"):
        merge(database, held[LINSHAN], held[SIMEN])
    merge(database, held[SIMEN], held[LINSHAN])
    require_whole(database)


def test_rooms_keep_their_building_through_merger_and_division(
    database: Database, tmp_path: Path
) -> None:
    texts = [f"{ONE}16号3幢301室", f"{ONE}16号3幢", f"{ONE}16号", f"{OTHER}18号"]
    import_texts(database, tmp_path, texts)
    codes, held = codes_of(database), places(database)
    done = merge(database, held[SIMEN], held[LINSHAN])
    require_parents(database, codes, texts)
    undo(database, done)
    require_parents(database, codes, texts)
    require_whole(database)


def require_parents(database: Database, codes: dict[str, str], texts: list[str]) -> None:
    """The room lies in its building, that at its door."""
    with database.reading() as session:
        parents = [get_address(session, codes[one]).parent_code for one in texts[:3]]
    assert parents == [codes[texts[1]], codes[texts[2]], None]


def at_once(*steps: Callable[[], object]) -> list[Future[object]]:
    with ThreadPoolExecutor(len(steps)) as pool:
        return [pool.submit(step) for step in steps]


def test_two_mergers_of_one_pair_at_once_are_one(database: Database, tmp_path: Path) -> None:
    import_texts(database, tmp_path, [f"{ONE}{n}号" for n in (2, 4)] + [f"{OTHER}1号"])
    held = places(database)
    done = at_once(
        lambda: merge(database, held[LINSHAN], held[SIMEN]),
        lambda: merge(database, held[SIMEN], held[LINSHAN]),
    )
    refused = [one.exception() for one in done if one.exception()]
    assert len(refused) == 1
    assert isinstance(refused[0], Conflict)
    require_whole(database)
    with database.reading() as session:
        assert len(list_decisions(session, county=COUNTY)) == 1


def test_a_merger_waits_for_an_import_of_its_county(database: Database, tmp_path: Path) -> None:
    import_texts(database, tmp_path, [f"{ONE}2号", f"{OTHER}1号"])
    held = places(database)
    with ThreadPoolExecutor(2) as pool:
        with hold_counties(database, [COUNTY]):
            waits = pool.submit(merge, database, held[LINSHAN], held[SIMEN])
            assert not waits.done()
            with database.reading() as session:
                assert list_decisions(session) == []
        waits.result(timeout=60)
    texts = [f"{where}{n}号" for where in (ONE, OTHER) for n in range(10, 40, 2)]
    file = tmp_path / "again"
    file.mkdir()
    done = at_once(
        lambda: import_texts(database, file, texts[:15] + [f"{OTHER}{n}号" for n in (11, 13)]),
        lambda: undo_last(database),
    )
    for one in done:
        one.result()
    require_whole(database)
    assert len(codes_of(database)) == 19


def undo_last(database: Database) -> None:
    with database.session() as session:
        (last, *_) = list_decisions(session, county=COUNTY)
        undo_decision(session, last.number, ME, reason="x")


def test_decisions_are_listed_newest_first(database: Database, tmp_path: Path) -> None:
    import_texts(database, tmp_path, [f"{ONE}2号", f"{OTHER}1号"])
    held = places(database)
    done = merge(database, held[LINSHAN], held[SIMEN])
    back = undo(database, done)
    with database.reading() as session:
        newest, oldest = list_decisions(session, county="3302")
        assert list_decisions(session, county="3301") == []
        assert list_decisions(session, before=newest.number, limit=1) == [oldest]
    assert (newest.number, newest.kind, newest.undoes) == (back.decision, "undone", done.decision)
    assert (oldest.kind, oldest.undone_by, oldest.doors) == ("merged", back.decision, 1)
    with pytest.raises(NotFound), database.session() as session:
        undo_decision(session, 10**6, ME, reason="x")


def rename_by_hand(session: Session, place: PlaceRow, name: str) -> None:
    """What a renaming does to the register of places; texts of addresses are its own matter."""
    session.add(PlaceNameForm(place_name_id=place.id, position=0, text=place.name, kind="former"))
    session.execute(update(PlaceName).where(PlaceName.id == place.id).values(standard_name=name))
    session.execute(
        text("update place_township set folded = :f where place_id = :p and valid_to is null"),
        {"f": name, "p": place.id},
    )


def test_a_street_renamed_since_comes_back_under_its_new_name(
    database: Database, tmp_path: Path
) -> None:
    import_texts(database, tmp_path, [f"{ONE}2号", f"{OTHER}1号"])
    codes, held = codes_of(database), places(database)
    done = merge(database, held[LINSHAN], held[SIMEN])
    with database.session() as session:
        rename_by_hand(session, held[SIMEN], "解放路")
    back = undo(database, done)
    assert (back.place.name, back.place.other_names) == ("解放路", ("人民路",))
    assert led(database, f"{OTHER}1号", f"{YUYAO}临山镇解放路1号") == [codes[f"{OTHER}1号"]] * 2


def test_a_former_text_leads_to_its_house_though_another_has_its_number_now(
    database: Database, tmp_path: Path
) -> None:
    import_texts(database, tmp_path, [f"{ONE}2号", f"{OTHER}4号"])
    code = codes_of(database)[f"{OTHER}4号"]
    assert take_in(database, tmp_path, f"code,地址\n{code},{OTHER}6号\n").changed == 1
    import_texts(database, tmp_path, [f"{ONE}4号"])
    held = places(database)
    merge(database, held[LINSHAN], held[SIMEN])
    (found,) = ask(database, f"{OTHER}4号")
    assert (found.category, found.address and found.address.code) == ("B", code)
    require_whole(database)
