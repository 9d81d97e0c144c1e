"""Two places that are one: their doors, their pairs, and who may decide at once."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from address_model.tables import HeritageEntry, PlaceName
from service.addresses.commands import merge_addresses, retire_address
from service.addresses.queries import get_address
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.core.errors import Conflict
from service.naming.commands import (
    DoorsUndecided,
    merge_places,
    undo_decision,
)
from service.naming.queries import list_decisions
from service.placenames.commands import hold_counties
from service.placenames.queries import get_place, get_record
from tests.factories.lists import ask, codes_of, counts, import_texts, take_in
from tests.service.naming.decided import merge, undo
from tests.service.naming.houses import (
    COUNTY,
    LINSHAN,
    ONE,
    OTHER,
    SIMEN,
    YUYAO,
    led,
    places,
    require_whole,
)


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
