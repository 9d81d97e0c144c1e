"""Decisions about places that are taken back, follow one another and are listed."""

from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from address_model.tables import AddressPlaceName, PlaceName, PlaceNameForm
from service.addresses.commands import retire_address
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.core.errors import Conflict, NotFound
from service.imports.commands import answer_question, list_questions
from service.linking.commands import assign_place
from service.naming.commands import (
    undo_decision,
)
from service.naming.queries import list_decisions
from service.placenames.queries import PlaceRow, get_place
from tests.factories.lists import codes_of, counts, import_texts
from tests.service.naming.decided import merge, undo
from tests.service.naming.houses import (
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
    with pytest.raises(Conflict, match="undone already"):
        undo(database, done)
    with pytest.raises(Conflict, match="is itself an undo"):
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
        session.flush()
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
